"""What each route declares about its callers, read from the routes themselves.

A route says who may call it by the identity it asks for (`CurrentUser`, `Reader`, `Trader` of kit/access.py, or the
scope of a raw route). One that asks for nobody must be on the list of public routes. CSRF and rate class follow from
method and path. The OpenAPI document and the tests of the authorisation matrix are made from this.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple, TypeVar

from fastapi.routing import iter_route_contexts

F = TypeVar("F", bound=Callable[..., Any])

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
SECURITY_SCHEMES = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "access_token",
        "description": "With every request that is not GET also the header X-CSRF-Token.",
    },
    "bearer": {"type": "http", "scheme": "bearer", "description": "The access token of POST /auth/login."},
    "signed": {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
        "description": "With X-Timestamp, X-Nonce and X-Signature; see docs/reference/api-keys.md.",
    },
}


class Access(NamedTuple):
    """Whom an identity dependency lets through: users, or users of a role; keys only with a scope."""

    role: str = "user"
    scope: str = ""


class Rule(NamedTuple):
    """One route and method."""

    method: str
    path: str
    access: Access | None
    """None where nobody in particular is asked for."""
    parameters: tuple[str, ...]

    @property
    def name(self) -> str:
        """As the list of public routes writes it."""
        return f"{self.method} {self.path}"

    @property
    def csrf(self) -> bool:
        """Whether a cookie alone is not enough."""
        return self.access is not None and self.method not in SAFE

    @property
    def owned(self) -> bool:
        """Whether the path names something that belongs to somebody."""
        return self.access is not None and bool(self.parameters)

    def security(self) -> list[dict[str, list[str]]]:
        """As OpenAPI says it: any one of these."""
        if self.access is None:
            return []
        schemes = ["session", "bearer", *(["signed"] if self.access.scope else [])]
        return [{scheme: []} for scheme in schemes]


def identifies(role: str = "user", scope: str = "") -> Callable[[F], F]:
    """Mark a dependency that raises unless such a caller asks."""

    def mark(dependency: F) -> F:
        dependency.access = Access(role, scope)  # type: ignore[attr-defined]
        return dependency

    return mark


def rules(routes: Iterable[Any]) -> list[Rule]:
    """What all routes of an application declare."""
    found = []
    for route in iter_route_contexts(list(routes)):
        dependant = getattr(route, "dependant", None)
        if dependant is None or route.path is None:
            continue
        raw = getattr(route.endpoint, "raw_route", None)
        asked = [Access(scope=raw.scope)] if raw is not None else list(_asked(dependant))
        # The strictest counts: a role beside a plain user, and no scope beside one.
        access = max(asked, key=lambda each: (each.role != "user", not each.scope), default=None)
        parameters = tuple(part.strip("{}").partition(":")[0] for part in route.path.split("/") if part.startswith("{"))
        found += [
            Rule(method, route.path, access, parameters) for method in sorted(set(route.methods or ()) - {"HEAD"})
        ]
    return found


def _asked(dependant: Any) -> Iterator[Access]:
    for dependency in dependant.dependencies:
        access = getattr(dependency.call, "access", None)
        if access is not None:
            yield access
        yield from _asked(dependency)
