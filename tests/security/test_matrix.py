"""T11, T12, T22 over every route and every kind of caller. What a route declares is what it does."""

import inspect
import re

import pytest

from cryptovault.entrypoints.api import create_app
from cryptovault.entrypoints.routes import PUBLIC
from cryptovault.features.stream.endpoints import Stream
from cryptovault.kit.api_keys import Scope
from cryptovault.kit.declarations import Rule, rules
from cryptovault.kit.rate_limit import RateClasses
from cryptovault.settings import Settings
from fixtures.signing import proof
from security.cast import PUBLIC_THINGS, Cast, Sender, body_for, code_of

APP = create_app(Settings(_env_file=None))
RULES = rules(APP.framework.routes)
USERS = [rule for rule in RULES if rule.access is not None]
REFUSED = {"AUTHENTICATION_ERROR", "AUTHORIZATION_ERROR", "CSRF_FAILED"}
PROVES_ITSELF = {"POST /api/v1/auth/refresh"}
"""Routes that anybody may call and that then want a proof of their own."""

IDENTITIES = ("nobody", "user", "read key", "trade key", "withdraw key", "admin")
EVENTS = {"connect", "disconnect", "subscribe", "unsubscribe", "*"}


def named(rule: Rule) -> str:
    """How a cell is called in the test report."""
    return rule.name.replace("/api/v1", "")


def expected(rule: Rule, who: str) -> int:
    """What the declaration promises: 401, 403, or 0 for being let through."""
    if rule.access is None:
        return 0
    if who == "nobody":
        return 401
    if who.endswith("key"):
        return 0 if rule.access.role == "user" and rule.access.scope == who.partition(" ")[0] else 403
    return 0 if rule.access.role in {"user", who} else 403


async def caller(cast: Cast, who: str) -> tuple[Sender, str]:
    """Somebody new of a kind, and where their requests go to."""
    if who == "nobody":
        return cast.http.request, ""
    if who.endswith("key"):
        scope = Scope(who.partition(" ")[0])
        owner = await cast.person()
        fields = {"name": who, "scopes": [scope], "networks": ["127.0.0.1"]}
        made = (await owner("POST", "/api/v1/api-keys", json=fields, headers=await proof(owner))).json()
        program = await cast.program(Scope.READ)
        program.key_id, program.secret = made["id"], made["secret"]
        return program, "/api/v1"
    return await cast.person(who), ""


def test_every_route_is_declared() -> None:
    """A route asks for an identity or is on the list of public routes; the list names no route that is not there."""
    open_routes = {rule.name for rule in RULES if rule.access is None}
    assert open_routes - PUBLIC == set(), "ask for CurrentUser, Reader or Trader, or add to routes.PUBLIC"
    assert PUBLIC - open_routes == set()


def test_every_thing_of_somebody_is_known() -> None:
    """Each parameter of a path that asks for a user is known to the two-user tests."""
    things = set(inspect.getattr_static(Cast, "things").fget.__code__.co_consts)
    unknown = {name for rule in USERS for name in rule.parameters} - set(PUBLIC_THINGS)
    assert {name for name in unknown if not any(name in str(known) for known in things)} == set()


def test_every_rule_has_a_rate_class() -> None:
    """Every route of the API counts in a class, whoever asks."""
    classes = RateClasses(Settings(_env_file=None))
    for rule in RULES:
        assert (classes.of(rule.path) is not None) is rule.path.startswith("/api/v1/")


def test_the_document_says_who_may_ask() -> None:
    """OpenAPI carries the same declarations: no security on public routes, the key scheme where a scope opens."""
    paths = APP.framework.openapi()["paths"]
    for rule in RULES:
        if rule.path not in paths:
            continue
        operation = paths[rule.path][rule.method.lower()]
        schemes = {scheme for each in operation["security"] for scheme in each}
        assert bool(schemes) is (rule.access is not None), rule.name
        assert ("signed" in schemes) is (rule.access is not None and bool(rule.access.scope)), rule.name


@pytest.mark.parametrize("who", IDENTITIES)
async def test_t12_matrix(cast: Cast, who: str) -> None:
    """T12: each cell of routes and callers answers as declared, raw routes and aliases without version included."""
    wrong = []
    for rule in RULES:
        owner = await cast.person(who) if who in {"user", "admin"} else await cast.person()
        send, cut = await caller(cast, who)
        if who in {"user", "admin"}:
            send = owner
        path = await cast.address(rule, owner)
        answer = await send(rule.method, path.removeprefix(cut), **body_for(rule))
        code, promised = code_of(answer), expected(rule, who)
        if promised:
            fine = answer.status_code == promised
        else:
            fine = answer.status_code < 500 and (code not in REFUSED or rule.name in PROVES_ITSELF)
        if not fine:
            wrong.append((rule.name, answer.status_code, code, f"promised {promised or 'to let through'}"))
    assert wrong == []


async def test_t12_other_methods_are_closed(cast: Cast) -> None:
    """T12: a method that a path does not declare is 405 there, with and without a session."""
    person = await cast.person()
    for address in {re.sub("[{}]", "", rule.path) for rule in RULES}:
        known = {rule.method for rule in RULES if re.fullmatch(re.sub(r"{.*?}", "[^/]+", rule.path), address)}
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - known:
            for send in (cast.http.request, person):
                answer = await send(method, address)
                assert answer.status_code in {404, 405}, (method, address)


async def test_t12_alias_is_as_closed(cast: Cast) -> None:
    """T12: /api without the version is no way around."""
    for rule in USERS:
        path = (await cast.address(rule, await cast.person())).replace("/api/v1/", "/api/")
        assert (await cast.http.request(rule.method, path, **body_for(rule))).status_code == 401


def test_every_stream_event_is_known(cast: Cast) -> None:
    """The live stream understands these events and no others; tests/features/stream has who may use which."""
    handlers = Stream(cast.services)._server.handlers["/"]
    assert set(handlers) == EVENTS


async def test_t11_others_things(cast: Cast) -> None:
    """T11: what belongs to another does not exist: 404 for every path with an id and every method."""
    owned = [rule for rule in USERS if set(rule.parameters) - set(PUBLIC_THINGS)]
    assert len(owned) >= 4
    for rule in owned:
        ada, bob = await cast.person(), await cast.person()
        path = await cast.address(rule, ada)
        valid = VALID.get(rule.name, body_for(rule))
        if act := PROVEN.get(rule.name):
            valid = valid | {"headers": await bob.proof(act)}
        foreign = await bob(rule.method, path, **valid)
        assert foreign.status_code == 404, (rule.name, foreign.text)
        assert ada.id not in foreign.text
        if act:
            valid = valid | {"headers": await ada.proof(act)}
        own = await ada(rule.method, path, **valid)
        assert own.status_code != 404, (rule.name, own.text)


VALID = {"PUT /api/v1/auth/passkeys/{passkey_id}": {"json": {"name": "mine"}}}
"""Bodies of routes that look at the body before they look for the thing."""
PROVEN = {
    "DELETE /api/v1/auth/passkeys/{passkey_id}": "change_second_factor",
    "DELETE /api/v1/auth/identities/{identity_id}": "change_sign_in_methods",
}
"""Routes that want a proof for an act before they look for the thing."""


async def test_t11_lists_hold_ones_own(cast: Cast) -> None:
    """T11: no list without an id in its path shows another user's things."""
    ada, bob = await cast.person(), await cast.person()
    made = [await make(ada) for make in cast.things.values()]
    for rule in USERS:
        if rule.method == "GET" and not rule.parameters:
            answer = await bob("GET", rule.path)
            assert ada.id not in answer.text
            assert [thing for thing in made if f'"{thing}"' in answer.text] == [], rule.name


@pytest.mark.parametrize("rule", [rule for rule in USERS if rule.csrf], ids=named)
async def test_t22_every_mutation_wants_a_csrf_token(cast: Cast, rule: Rule) -> None:
    """T22: with cookies alone, or with a token that is missing, foreign, cut, planted or from elsewhere: refused."""
    ada, bob = await cast.person(), await cast.person()
    path = await cast.address(rule, ada)
    body = body_for(rule)
    own = ada.csrf
    variants = [
        await ada.browse(rule.method, path, **body),
        await ada.browse(rule.method, path, csrf="", **body),
        await ada.browse(rule.method, path, csrf=bob.csrf, **body),
        await ada.browse(rule.method, path, csrf=own[:-1], **body),
        await ada.browse(rule.method, path, csrf=own, headers={"Origin": "https://evil.net"}, **body),
        await ada.browse(rule.method, path, csrf=own, headers={"Origin": "null"}, **body),
        await ada.browse(rule.method, path, csrf=own, headers={"Sec-Fetch-Site": "cross-site"}, **body),
        await ada.browse(
            rule.method,
            path,
            csrf=bob.csrf,
            headers={"cookie": f"access_token={ada.token}; csrf_token={bob.csrf}"},
            **body,
        ),
    ]
    assert [(each.status_code, code_of(each)) for each in variants] == [(403, "CSRF_FAILED")] * len(variants)
    assert code_of(await ada.browse(rule.method, path, csrf=own, **body)) != "CSRF_FAILED"


async def test_t22_reading_changes_nothing(cast: Cast) -> None:
    """T22: GET never mutates: the database is the same after every GET of the API, but for what counts or is cached."""
    ada = await cast.person()
    addresses = [await cast.address(rule, ada) for rule in RULES if rule.method == "GET"]
    before = await contents(cast)
    for address in addresses:
        await ada("GET", address)
    assert await contents(cast) == before


CACHES = {"portfolio_costs"}
"""What a GET may keep, because it only saves working it out again."""


async def contents(cast: Cast) -> dict[str, list[dict[str, object]]]:
    """Every document of the test's database."""
    db = cast.services.db
    names = set(await db.list_collection_names()) - CACHES
    return {name: await db[name].find().sort("_id", 1).to_list() for name in names}
