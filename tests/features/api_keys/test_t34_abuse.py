"""T34: what can be tried with a signed request that was seen, changed, kept or sent from elsewhere."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from redis.exceptions import ConnectionError as RedisGone

from cryptovault.entrypoints.api import Api, create_app
from cryptovault.infra.local_engine import LocalEngine
from cryptovault.kit.api_keys import KEPT_SECONDS, WINDOW_MS
from cryptovault.settings import Settings
from fixtures.api import SignIn, client_of
from fixtures.signing import new_key

KINDS = [None, Ed25519PrivateKey.generate()]
GUIDE = Path(__file__).parents[3] / "docs" / "reference" / "api-keys.md"
ORDER = {"market": "BTC-USDT", "side": "buy", "type": "limit", "price": "60000", "qty": "0.001"}


def code(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal."""
    return answer.status_code, answer.json()["error"]["code"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("method", "path"), [("GET", "/orders"), ("DELETE", "/orders"), ("POST", "/orders")])
async def test_t34_replay(
    sign_in: SignIn, client: httpx.AsyncClient, method: str, path: str, kind: Ed25519PrivateKey | None
) -> None:
    """T34: of 20 copies of one signed request at once, exactly one is heard; a later copy is not."""
    program = await new_key(await sign_in("ada"), client, scopes=["read", "trade"], private_key=kind)
    body = {"json": ORDER} if method == "POST" else {}
    request = program.request(method, path, **body)
    answers = await asyncio.gather(*(client.send(request) for _ in range(20)))
    assert sum(answer.status_code == 401 for answer in answers) == 19
    assert code(await client.send(request)) == (401, "AUTHENTICATION_ERROR")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("skew_ms", "heard"),
    [(0, True), (-28_000, True), (28_000, True), (-31_000, False), (31_000, False), (-86_400_000, False)],
)
async def test_t34_skew(
    sign_in: SignIn, client: httpx.AsyncClient, skew_ms: int, heard: bool, kind: Ed25519PrivateKey | None
) -> None:
    """T34: a time within 30 s of ours is believed, before and after; anything further is refused."""
    program = await new_key(await sign_in("ada"), client, private_key=kind)
    answer = await program("GET", "/orders", skew_ms=skew_ms)
    assert answer.status_code == (200 if heard else 401)


def put(name: str, value: str) -> Callable[[httpx.Request], None]:
    """Change a header of a signed request."""
    return lambda request: request.headers.update({name: value.encode()})


def drop(name: str) -> Callable[[httpx.Request], None]:
    """Take a header away."""
    return lambda request: request.headers.pop(name)


def onto(path: str) -> Callable[[httpx.Request], None]:
    """Send the signature with another address."""

    def change(request: httpx.Request) -> None:
        request.url = request.url.copy_with(raw_path=path.encode())

    return change


def by(method: str) -> Callable[[httpx.Request], None]:
    """Send the signature with another method."""

    def change(request: httpx.Request) -> None:
        request.method = method

    return change


CHANGES = [
    put("X-Nonce", "another-nonce"),
    put("X-Timestamp", "1700000000000"),
    put("X-Timestamp", "0" * 5000),
    put("X-Timestamp", "-1"),
    put("X-Timestamp", "1e12"),
    put("X-Nonce", "short"),
    put("X-Nonce", "a b c d e f g"),
    put("X-Nonce", "x" * 65),
    put("X-Signature", ""),
    put("X-Signature", "0" * 64),
    put("X-Signature", "A" * 88),
    put("X-Signature", "~" * 88),
    put("X-Signature", "0" * 10_000),
    put("X-API-Key", "cvk_" + "0" * 24),
    put("X-API-Key", ""),
    put("X-API-Key", '{"$ne":""}'),
    drop("X-Timestamp"),
    drop("X-Nonce"),
    drop("X-Signature"),
    onto("/api/v1/orders?limit=5&status=all"),
    onto("/api/v1/orders?limit=6"),
    onto("/api/v1/orders"),
    onto("/api/orders?limit=5"),
    onto("/api/v1/wallet/balance?limit=5"),
    by("DELETE"),
]


@pytest.mark.parametrize("kind", KINDS)
async def test_t34_changed_requests(sign_in: SignIn, client: httpx.AsyncClient, kind: Ed25519PrivateKey | None) -> None:
    """T34: no part of a signed request can be changed, left out or moved to another request."""
    ada = await sign_in("ada")
    program = await new_key(ada, client, scopes=["read", "trade"], private_key=kind)
    for change in CHANGES:
        request = program.request("GET", "/orders?limit=5")
        change(request)
        assert code(await client.send(request)) == (401, "AUTHENTICATION_ERROR")
    assert (await program("GET", "/orders?limit=5")).status_code == 200


async def test_t34_body_is_signed(sign_in: SignIn, client: httpx.AsyncClient) -> None:
    """T34: a signed order cannot be made another order, on the way that is not the framework's either."""
    program = await new_key(await sign_in("ada"), client, scopes=["trade"])
    signed = program.request("POST", "/orders", json=ORDER)
    other = program.http.build_request("POST", "/api/v1/orders", json=ORDER | {"qty": "9"}, headers={})
    other.headers.update({name: value for name, value in signed.headers.items() if name.startswith("x-")})
    assert (await client.send(other)).status_code == 401
    assert (await client.send(signed)).json()["error"]["code"] == "MARKET_UNKNOWN"


async def test_t34_foreign_key_pair(sign_in: SignIn, client: httpx.AsyncClient) -> None:
    """T34: the signature of one's own key does not open another's."""
    ada, bob = await sign_in("ada"), await sign_in("bob")
    mine, yours = await new_key(ada, client), await new_key(bob, client)
    yours.key_id = mine.key_id
    assert (await yours("GET", "/orders")).status_code == 401


async def test_t34_scopes(sign_in: SignIn, client: httpx.AsyncClient) -> None:
    """T34: a key does what its scopes say; account, keys and faucet are out of reach of every key."""
    ada = await sign_in("ada")
    reader = await new_key(ada, client, scopes=["read"])
    trader = await new_key(ada, client, scopes=["trade"])
    payer = await new_key(ada, client, scopes=["withdraw"], networks=["127.0.0.1"])
    every = await new_key(ada, client, scopes=["read", "trade", "withdraw"], networks=["127.0.0.1"])
    for program in (reader, payer):
        assert code(await program("POST", "/orders", json=ORDER)) == (403, "AUTHORIZATION_ERROR")
        assert code(await program("DELETE", "/orders")) == (403, "AUTHORIZATION_ERROR")
    for program in (trader, payer):
        assert code(await program("GET", "/orders")) == (403, "AUTHORIZATION_ERROR")
    assert (await trader("DELETE", "/orders")).status_code == 200
    for method, path in (
        ("GET", "/auth/me"),
        ("POST", "/auth/logout"),
        ("GET", "/api-keys"),
        ("DELETE", f"/api-keys/{every.key_id}"),
        ("POST", "/wallet/faucet"),
    ):
        body: dict[str, Any] = {"json": {"asset": "BTC"}} if path == "/wallet/faucet" else {}
        assert code(await every(method, path, **body)) == (403, "AUTHORIZATION_ERROR"), path
    assert code(await every("POST", "/api-keys", json={"name": "child"})) == (403, "AUTHORIZATION_ERROR")


async def test_t34_addresses(sign_in: SignIn, client: httpx.AsyncClient) -> None:
    """T34: a key with a list of networks works from there only, whatever X-Forwarded-For claims."""
    ada = await sign_in("ada")
    away = await new_key(ada, client, networks=["203.0.113.0/24", "2001:db8::/32"])
    home = await new_key(ada, client, networks=["203.0.113.0/24", "127.0.0.0/8"])
    assert code(await away("GET", "/orders")) == (403, "AUTHORIZATION_ERROR")
    claimed = {"X-Forwarded-For": "203.0.113.7"}
    assert code(await away("GET", "/orders", headers=claimed)) == (403, "AUTHORIZATION_ERROR")
    assert (await home("GET", "/orders")).status_code == 200


async def test_t34_key_beside_a_cookie(sign_in: SignIn, client: httpx.AsyncClient) -> None:
    """T34: with a key's headers the key speaks: a cookie beside it neither helps a bad key nor widens a good one."""
    ada = await sign_in("ada")
    program = await new_key(ada, client)
    ada.headers.pop("X-CSRF-Token")
    program.http = ada
    assert (await program("GET", "/api-keys")).status_code == 403
    forged = program.request("GET", "/orders")
    forged.headers["X-Signature"] = "0" * 64
    assert (await ada.send(forged)).status_code == 401


async def test_t34_no_csrf_for_keys(sign_in: SignIn, client: httpx.AsyncClient) -> None:
    """T34: a signature proves more than a CSRF token, so a program needs none; pages of strangers still may not ask."""
    program = await new_key(await sign_in("ada"), client, scopes=["trade"])
    assert (await program("DELETE", "/orders")).status_code == 200
    foreign = {"Origin": "https://evil.net"}
    assert (await program("DELETE", "/orders", headers=foreign)).status_code == 403


async def test_t34_redis_away(
    api: Api, sign_in: SignIn, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T34: while Redis is away nobody can tell a repetition, so what changes something is closed; reading goes on."""
    program = await new_key(await sign_in("ada"), client, scopes=["read", "trade"])

    async def gone(*_: object, **__: object) -> None:
        raise RedisGone

    monkeypatch.setattr(api.services.redis, "set", gone)
    assert code(await program("DELETE", "/orders")) == (503, "SERVICE_UNAVAILABLE")
    assert code(await program("POST", "/orders", json=ORDER)) == (503, "SERVICE_UNAVAILABLE")
    read = program.request("GET", "/orders")
    assert (await client.send(read)).status_code == 200
    assert (await client.send(read)).status_code == 401


async def test_t34_replay_at_another_worker(
    settings: Settings, api: Api, sign_in: SignIn, client: httpx.AsyncClient, local_engine: LocalEngine
) -> None:
    """T34: a nonce used at one worker is used at all; a key deleted at one is refused at the others within a second."""
    program = await new_key(await sign_in("ada"), client)
    del api
    second = create_app(settings, engine=local_engine)
    async with second.running() as services, client_of(second) as elsewhere:
        request = program.request("GET", "/orders")
        assert (await client.send(request)).status_code == 200
        assert (await elsewhere.send(request)).status_code == 401
        program.http = elsewhere
        assert (await program("GET", "/orders")).status_code == 200
        await services.db["api_keys"].delete_one({"_id": program.key_id})  # no message reaches this worker
        await asyncio.sleep(KEPT_SECONDS + 0.05)
        assert (await program("GET", "/orders")).status_code == 401


async def test_t34_guessing_is_counted(
    settings: Settings, api: Api, sign_in: SignIn, client: httpx.AsyncClient
) -> None:
    """T34: whoever signs wrongly again and again is held up by address; the key itself goes on working elsewhere."""
    del api
    program = await new_key(await sign_in("ada"), client)
    good, program.secret = program.secret, "guess"
    statuses = [(await program("GET", "/orders")).status_code for _ in range(settings.rate_limit_per_minute + 1)]
    assert statuses[-1] == 429
    assert set(statuses[:-1]) == {401}
    program.secret = good
    assert (await program("GET", "/orders")).status_code == 200


async def test_own_rate_class(settings: Settings, sign_in: SignIn, client: httpx.AsyncClient) -> None:
    """Programs are counted in a class of their own: more than the pages' limit, and not at the pages' expense."""
    ada = await sign_in("ada")
    program = await new_key(ada, client)
    asked = settings.rate_limit_per_minute + 5
    assert {(await program("GET", "/wallet/balance")).status_code for _ in range(asked)} == {200}
    assert (await ada.get("/api/v1/wallet/balance")).status_code == 200


async def test_the_documented_client_works(live: str, sign_in: SignIn, client: httpx.AsyncClient) -> None:
    """The Python program printed in the guide signs in a way the exchange accepts, as it stands."""
    snippet = re.search(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert snippet is not None
    program = await new_key(await sign_in("ada"), client, scopes=["read", "trade"])
    names: dict[str, Any] = {}
    exec(compile(snippet[1], str(GUIDE), "exec"), names)  # noqa: S102 - our own document
    call = names["call"]
    asked = (live, program.key_id, program.secret)
    status, listed = await asyncio.to_thread(call, *asked, "GET", "/api/v1/orders?status=open&limit=5")
    assert (status, listed["items"]) == (200, [])
    status, refused = await asyncio.to_thread(call, *asked, "POST", "/api/v1/orders", ORDER)
    assert (status, refused["error"]["code"]) == (404, "MARKET_UNKNOWN")


def test_the_guide_tells_the_window() -> None:
    """The guide and the code agree on the window."""
    assert f"{WINDOW_MS // 1000} seconds" in GUIDE.read_text(encoding="utf-8")
