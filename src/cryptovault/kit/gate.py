"""The one layer around everything: what is the same for every request is done here, once, as plain ASGI.

In order: canonical path, request id, who asks, CORS preflight, body limit, origin and CSRF of what changes
something, rate class; then the route, under a time limit; then security headers, access log and metrics.
"""

import asyncio
import itertools
import re
from collections.abc import Awaitable, Callable, Mapping
from secrets import token_hex
from time import perf_counter
from typing import Any

from cryptovault.infra.logging import AccessLine, get_logger, log_access
from cryptovault.kit.call import SCOPE_KEY, Call
from cryptovault.kit.deadlines import Deadlines
from cryptovault.kit.engine_errors import as_api_error
from cryptovault.kit.errors import ApiError, BadInput, CsrfFailed, NotAuthenticated, TooLarge, Unavailable, error_body
from cryptovault.kit.origins import Header, api_headers, page_headers
from cryptovault.kit.raw import MAX_BODY, RawRoute, read_body, serve_raw
from cryptovault.kit.schemas import iso_ms
from cryptovault.kit.services import Services

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

API = "/api/v1"
TIMEOUT_SECONDS = 30.0
MAX_BRACKETS = 2_000
"""Opening brackets and braces in a body: far more than any request of ours has, far less than a parser's stack."""

_NO_STORE = (b"cache-control", b"no-store")
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
# Posted by a page of the provider's. The route believes nothing but a state of ours with this browser's cookie, and
# never asks who is signed in.
_FOREIGN_FORMS = frozenset({f"{API}/auth/oauth/apple/callback"})
_QUIET = frozenset({"/health", "/ready", "/metrics", f"{API}/health", f"{API}/ready"})
_UNLOGGED = "/auth/validate-reset-token/"
"""What follows it is a secret and stays out of the log."""
_log = get_logger("api")


class Gate:
    """ASGI application around the application."""

    def __init__(
        self, app: App, services: Callable[[], Services], raw_routes: Mapping[tuple[str, str], RawRoute]
    ) -> None:
        self._app = app
        self._services = services
        self._raw_routes = raw_routes
        self._page_headers: list[Header] = []
        self._api_headers: list[Header] = []
        self._deadlines = Deadlines(TIMEOUT_SECONDS)
        # Unique without asking the system for randomness each time: a random start for the worker, then counted.
        self._ids = itertools.count(int(token_hex(7), 16) << 8)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            if scope["type"] == "websocket":
                scope[SCOPE_KEY] = Call(self._services(), scope)
            await self._app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        services = self._services()
        if not self._page_headers:
            self._page_headers = page_headers(services.settings)
            self._api_headers = api_headers(services.settings)
        _canonical(scope)
        call = scope[SCOPE_KEY] = Call(services, scope)
        call.request_id = self._request_id(call.headers.get(b"x-request-id"))
        answer = self._answering(call, send)
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine that runs is in a task
        self._deadlines.enter(task)
        late = False
        try:
            await self._guarded(call, scope, receive, answer)
        except asyncio.CancelledError:
            late = self._deadlines.leave(task)
            if not late or task.uncancel():
                raise
        except Exception as error:  # noqa: BLE001 - the last resort: nothing may leave without an envelope
            await _answer_error(call, error, answer)
        finally:
            self._deadlines.leave(task)
        if late:
            await _answer_error(call, Unavailable("The request took too long."), answer)
        _account(call, scope)

    async def _guarded(self, call: Call, scope: Scope, receive: Receive, send: Send) -> None:
        if call.method == "OPTIONS" and b"access-control-request-method" in call.headers:
            await _answer_preflight(call, send)
            return
        _check_size(call.headers.get(b"content-length", b""))
        if b"x-api-key" in call.headers:
            receive = await _identify_key(call, scope, receive)
        if call.method not in _SAFE and call.path not in _FOREIGN_FORMS:
            _check_origin(call)
        rate = call.services.rates.of(call.path, by_key=call.key is not None)
        if rate is not None:
            if rate.lazy:
                call.services.limiter.check_lazy(rate, call.caller)
            else:
                signs_in = rate is call.services.rates.login_network
                await call.services.limiter.check(rate, call.stranger if signs_in else call.caller)
        if call.method not in _SAFE:
            receive = _shallow(call, receive)
        raw = self._raw_routes.get((call.method, call.path))
        if raw is not None:
            await serve_raw(raw, call, receive, send)
        else:
            await self._app(scope, receive, send)

    def _answering(self, call: Call, send: Send) -> Send:
        """Wrap `send`: remember the status and add the headers that every answer carries."""

        async def answer(message: Any) -> None:
            if message["type"] == "http.response.start":
                call.status = message["status"]
                message["headers"] = [*message.get("headers", ()), *self._headers(call)]
            await send(message)

        return answer

    def _headers(self, call: Call) -> list[Header]:
        request_id = (b"x-request-id", call.request_id.encode())
        if not call.path.startswith("/api/"):
            headers = [*self._page_headers, request_id]
        else:
            headers = [*self._api_headers, request_id]
            if call.method in _SAFE:  # answers to anything else are not cached unless they ask for it
                headers.append(_NO_STORE)
        origin = call.headers.get(b"origin")
        if origin is not None:
            headers += call.services.origins.cors(origin, call.headers.get(b"host", b""))
        if call.seq:
            headers.append((b"x-seq", b"%d" % call.seq))
            if call.via_cookie:
                headers.append((b"set-cookie", call.services.cookies.seq(call.seq)))
        return headers

    def _request_id(self, given: bytes | None) -> str:
        """The caller's own id where it is harmless to log, else a new one."""
        if given is not None and _REQUEST_ID.fullmatch(given):
            return given.decode()
        return f"{next(self._ids):016x}"


def _canonical(scope: Scope) -> None:
    """`/api/...` is the same API as `/api/v1/...`: an alias of the path, not a second set of routes."""
    path: str = scope["path"]
    if path.startswith("/api/") and not path.startswith("/api/v1/"):
        scope["path"] = API + path[4:]  # raw_path stays: it is what a client has signed


def _check_size(content_length: bytes) -> None:
    if content_length and (not content_length.isdigit() or int(content_length[:12]) > MAX_BODY):
        raise TooLarge


def _shallow(call: Call, receive: Receive) -> Receive:
    """Refuse deep JSON before it is parsed: how deep the parser itself dares to go is up to whoever set its limit."""
    if call.headers.get(b"content-type", b"").startswith(b"multipart/"):
        return receive
    opened = 0

    async def counted() -> Any:
        nonlocal opened
        message = await receive()
        body = message.get("body", b"")
        opened += body.count(b"[") + body.count(b"{")
        if opened > MAX_BRACKETS:
            raise BadInput("The body is nested too deeply.")
        return message

    return counted


def _check_origin(call: Call) -> None:
    """What changes something must come from a page of ours or from no page at all; with a cookie, provably so."""
    origin = call.headers.get(b"origin")
    if origin is not None:
        if not call.services.origins.allows(origin, call.headers.get(b"host", b"")):
            raise CsrfFailed("Requests from this origin are not accepted.")
    elif call.headers.get(b"sec-fetch-site") == b"cross-site":
        raise CsrfFailed("Requests from other sites are not accepted.")
    if call.via_cookie and call.identity is not None:
        call.check_csrf(call.identity.session_id)


async def _identify_key(call: Call, scope: Scope, receive: Receive) -> Receive:
    """Check a request's signature, for which its body has to be read; the result gives the body once more."""
    body = await read_body(receive)
    try:
        await call.sign_with_key(scope["raw_path"], scope["query_string"], body)
    except NotAuthenticated:
        await call.services.limiter.check(call.services.rates.bad_signatures, call.caller)
        raise
    messages = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def again() -> Any:
        return next(messages, None) or await receive()

    return again


async def _answer_preflight(call: Call, send: Send) -> None:
    headers = call.services.origins.preflight(call.headers.get(b"origin", b""))
    allowed = [header for header in headers if header[0].startswith(b"access-control-allow-m")]
    extra = [*allowed, *(header for header in headers if header[0].endswith((b"allow-headers", b"max-age")))]
    await send({"type": "http.response.start", "status": 204, "headers": extra})
    await send({"type": "http.response.body", "body": b""})


async def _answer_error(call: Call, error: Exception, send: Send) -> None:
    known = as_api_error(error)
    if known is None:
        _log.exception("unhandled", request_id=call.request_id, path=call.path, exc_info=error)
        known = ApiError()
    if call.status:  # the answer has begun: all that is left is to have it end early
        return
    body = error_body(known, call.request_id)
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body)), *known.headers()]
    await send({"type": "http.response.start", "status": known.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _account(call: Call, scope: Scope) -> None:
    """One log line and one measurement for each answer."""
    seconds = perf_counter() - call.started
    call.services.metrics.request(call.method, _template(call, scope), call.status, seconds)
    if call.path not in _QUIET:
        user_id = call.identity.id if call.identity is not None else None
        now = iso_ms(call.services.clock.now_ms())
        milliseconds = round(seconds * 1000, 2)
        path = call.path if _UNLOGGED not in call.path else _UNLOGGED
        line = AccessLine(call.request_id, user_id, call.method, path, call.status, milliseconds, call.address, now)
        log_access(line)


def _template(call: Call, scope: Scope) -> str:
    """The route with its parameters unnamed, so that paths do not become metrics without end."""
    route = scope.get("route")
    if route is not None:
        return getattr(route, "path", "unknown")
    return call.path if call.path == f"{API}/orders" else "unmatched"
