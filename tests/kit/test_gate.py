import asyncio
import sys
from typing import Any

import httpx
import pytest

from cryptovault.engine.commands import DefineAsset
from cryptovault.entrypoints.api import Api, create_app
from cryptovault.infra.engine_frames import EngineBusy, EngineTimeout, EngineUnavailable
from cryptovault.infra.local_engine import LocalEngine
from cryptovault.kit.deadlines import Deadlines
from cryptovault.kit.network import ClientAddress, counted_as
from cryptovault.settings import Settings
from fixtures.api import ORIGIN, SignIn, client_of

FRIEND = "https://app.example.com"
RENAME = {"json": {"name": "Countess"}}
JSON_TYPE = {"Content-Type": "application/json"}


@pytest.fixture(name="settings")
def _settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"cors_origins": FRIEND})


async def test_api_is_an_alias(client: httpx.AsyncClient) -> None:
    """/api and /api/v1 are the same routes, and only the canonical one is documented."""
    assert (await client.get("/api/markets")).json() == (await client.get("/api/v1/markets")).json()
    paths = (await client.get("/openapi.json")).json()["paths"]
    assert all(path.startswith("/api/v1/") for path in paths)


@pytest.mark.parametrize(("given", "kept"), [("abc-1.2_Z", True), ("a b", False), ("x" * 65, False), ('"\\n', False)])
async def test_request_id(client: httpx.AsyncClient, given: str, kept: bool) -> None:
    """A harmless request id is passed through; anything that could forge a log line is replaced (T36)."""
    answer = await client.get("/api/config", headers={"X-Request-ID": given})
    assert (answer.headers["x-request-id"] == given) is kept
    assert answer.headers["x-request-id"]


async def test_cors_is_exact(client: httpx.AsyncClient) -> None:
    """Only whole, listed origins may read answers with credentials; never a wildcard, prefix or suffix."""
    answer = await client.get("/api/config", headers={"Origin": FRIEND})
    assert answer.headers["access-control-allow-origin"] == FRIEND
    assert answer.headers["access-control-allow-credentials"] == "true"
    for origin in (
        "https://app.example.com.evil.net",
        "http://app.example.com",
        "https://evil.net",
        "null",
        FRIEND + ":1",
    ):
        answer = await client.get("/api/config", headers={"Origin": origin})
        assert "access-control-allow-origin" not in answer.headers
        assert answer.headers["vary"] == "Origin"


async def test_preflight(client: httpx.AsyncClient) -> None:
    """A friend's preflight is granted; a stranger's gets nothing."""
    ask = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-csrf-token"}
    granted = await client.options("/api/v1/orders", headers={"Origin": FRIEND, **ask})
    assert granted.status_code == 204
    assert granted.headers["access-control-allow-origin"] == FRIEND
    assert granted.headers.get_list("access-control-allow-origin") == [FRIEND]
    assert "X-CSRF-Token" in granted.headers["access-control-allow-headers"]
    refused = await client.options("/api/v1/orders", headers={"Origin": "https://evil.net", **ask})
    assert not [name for name in refused.headers if name.startswith("access-control")]


async def test_t22_csrf_variants(sign_in: SignIn) -> None:
    """T22: a cookie alone changes nothing: missing, foreign, malformed or planted tokens are refused."""
    ada, bob = await sign_in("ada"), await sign_in("bob")
    own = ada.headers.pop("X-CSRF-Token")
    foreign = bob.cookies["csrf_token"]
    url = "/api/v1/auth/profile"
    variants: list[dict[str, str]] = [
        {},
        {"X-CSRF-Token": ""},
        {"X-CSRF-Token": "x.y"},
        {"X-CSRF-Token": own[:-1]},
        {"X-CSRF-Token": foreign},
        {"X-CSRF-Token": own, "Origin": "https://evil.net"},
        {"X-CSRF-Token": own, "Origin": "null"},
        {"X-CSRF-Token": own, "Sec-Fetch-Site": "cross-site"},
    ]
    for headers in variants:
        answer = await ada.put(url, headers=headers, **RENAME)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "CSRF_FAILED"), headers
    planted = {"Cookie": f"access_token={ada.cookies['access_token']}; csrf_token={foreign}", "X-CSRF-Token": foreign}
    async with httpx.AsyncClient(transport=ada._transport, base_url=ORIGIN) as planter:
        assert (await planter.put(url, headers=planted, **RENAME)).status_code == 403
    for origin in (ORIGIN, FRIEND):
        assert (await ada.put(url, headers={"X-CSRF-Token": own, "Origin": origin}, **RENAME)).status_code == 200


async def test_bearer_needs_no_csrf(sign_in: SignIn, client: httpx.AsyncClient) -> None:
    """A header that no other site can make a browser send is proof enough."""
    ada = await sign_in("ada")
    bearer = {"Authorization": f"Bearer {ada.cookies['access_token']}"}
    assert (await client.put("/api/v1/auth/profile", headers=bearer, **RENAME)).status_code == 200
    for wrong in ("Basic abc", "Bearer", "Bearer x", "bearer " + "x" * 9000):
        assert (await client.get("/api/v1/auth/me", headers={"Authorization": wrong})).status_code == 401


async def test_t22_login_csrf(client: httpx.AsyncClient) -> None:
    """T22: a form on another site can neither sign a visitor in nor send what is not JSON."""
    body = {"email": "ada@example.com", "password": "four plain words here"}
    foreign = await client.post("/api/v1/auth/login", json=body, headers={"Origin": "https://evil.net"})
    assert foreign.status_code == 403
    form = await client.post("/api/v1/auth/login", content=b'{"email":"a"}', headers={"Content-Type": "text/plain"})
    assert form.status_code == 400


async def test_t31_body_limit(client: httpx.AsyncClient, sign_in: SignIn) -> None:
    """T31: more than 1 MB is refused, declared or not, on framework and raw routes alike."""
    ada = await sign_in("ada")
    large = b" " * (1024 * 1024 + 1)

    async def chunks() -> Any:
        yield large

    for url in ("/api/v1/auth/login", "/api/v1/orders"):
        who = ada if url.endswith("orders") else client
        assert (await who.post(url, content=large, headers=JSON_TYPE)).status_code == 413
        assert (await who.post(url, content=chunks(), headers=JSON_TYPE)).status_code == 413


@pytest.mark.parametrize("body", [b"[" * 100_000, b"{", b"\xff\xfe", b"", b"null", b'{"a":' * 5000, b"1e999"])
@pytest.mark.parametrize("url", ["/api/v1/auth/login", "/api/v1/orders"])
async def test_t31_hostile_json(sign_in: SignIn, url: str, body: bytes) -> None:
    """T31: deep, broken or foreign bytes are bad input."""
    ada = await sign_in("ada")
    answer = await ada.post(url, content=body, headers=JSON_TYPE)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "VALIDATION_ERROR")


async def test_t31_deep_json_never_reaches_the_parser(sign_in: SignIn) -> None:
    """T31: deep JSON is refused before it is parsed, so that a raised recursion limit cannot end the process."""
    ada = await sign_in("ada")
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(10**6)
    try:
        answer = await ada.post("/api/v1/auth/login", content=b"[" * 900_000, headers=JSON_TYPE)
    finally:
        sys.setrecursionlimit(limit)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "VALIDATION_ERROR")


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "expected"),
    [
        ("", "203.0.113.7", "1.2.3.4", "203.0.113.7"),
        ("10.0.0.0/8", "203.0.113.7", "1.2.3.4", "203.0.113.7"),
        ("10.0.0.0/8", "10.0.0.1", "1.2.3.4", "1.2.3.4"),
        ("10.0.0.0/8", "10.0.0.1", "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        ("10.0.0.0/8", "10.0.0.1", "1.2.3.4, 10.0.0.2", "1.2.3.4"),
        ("10.0.0.0/8", "10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.0/8", "10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.0/8,::1", "::1", "2001:db8::1", "2001:db8::1"),
        ("10.0.0.0/8", "unix", "1.2.3.4", "unix"),
        ("10.0.0.0/8", "10.0.0.1", "10.0.0.9", "10.0.0.9"),
        ("10.0.0.0/8", "10.0.0.1", "1.2.3.4, nonsense", "10.0.0.1"),
        ("10.0.0.0/8", "10.0.0.1", "1.2.3.4:80", "10.0.0.1"),
        ("10.0.0.0/8", "10.0.0.1", ", ".join(["6.6.6.6"] * 500 + ["1.2.3.4"]), "1.2.3.4"),
        ("10.0.0.0/8", "2001:db8::9", "1.2.3.4", "2001:db8::9"),
    ],
)
def test_t30_forwarded_addresses(settings: Settings, trusted: str, peer: str, forwarded: str, expected: str) -> None:
    """T30: a forwarded address counts only from named proxies, and only the last one they did not make themselves."""
    addresses = ClientAddress(settings.model_copy(update={"trusted_proxies": trusted}))
    assert addresses.of(peer, forwarded.encode()) == expected


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("unix", "unix"),
        (":", ":"),
    ],
)
def test_t30_a_network_of_addresses_counts_as_one(address: str, counted: str) -> None:
    """T30: whoever has an IPv6 network, as every customer of a provider, is counted once and not 2^64 times."""
    assert counted_as(address) == counted


async def test_t29_signing_in_is_counted_by_address(client: httpx.AsyncClient, sign_in: SignIn) -> None:
    """T29: who holds many accounts gets no more tries at others by showing them."""
    shown = [{"Authorization": f"Bearer {(await sign_in(name)).cookies['access_token']}"} for name in ("ada", "bob")]
    body = {"email": "eve@example.com", "code": "000000"}
    statuses = [
        (await client.post("/api/v1/auth/verify-email", json=body, headers=headers)).status_code
        for headers in shown
        for _ in range(20)
    ]
    assert 429 in statuses[:30]
    assert statuses[-1] == 429


async def test_rate_limit_is_told(api: Api, client: httpx.AsyncClient) -> None:
    """Beyond the class's figure the answer is 429 with Retry-After in the envelope's company."""
    api.services.rates.default = api.services.rates.default._replace(limit=2)
    statuses = [(await client.get("/api/v1/auth/me")).status_code for _ in range(3)]
    assert statuses == [401, 401, 429]
    refused = await client.get("/api/v1/auth/me")
    assert refused.json()["error"]["code"] == "RATE_LIMIT_EXCEEDED"
    assert int(refused.headers["retry-after"]) >= 1


class Failing(LocalEngine):
    """An engine that does not take commands."""

    error: Exception

    async def submit(self, command: Any, *, timeout: float = 5.0) -> Any:  # noqa: ARG002, ASYNC109
        raise self.error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (EngineBusy("full"), "OVERLOADED"),
        (EngineTimeout("late"), "OUTCOME_UNKNOWN"),
        (EngineUnavailable("away"), "SERVICE_UNAVAILABLE"),
    ],
)
async def test_engine_failures_are_503(settings: Settings, error: Exception, code: str) -> None:
    """J11: what the engine could not take is 503 with Retry-After, and says whether to repeat it."""
    engine = Failing()
    engine.error = error
    app = create_app(settings, engine=engine)
    async with app.running() as services, client_of(app) as client:
        token = services.tokens.issue("a" * 24, "s1", "user")
        answer = await client.delete("/api/v1/orders", headers={"Authorization": f"Bearer {token}"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, code)
        assert answer.headers["retry-after"]


async def test_unexpected_errors_say_nothing(settings: Settings) -> None:
    """A fault of our own is 500 with an id to ask about, and no detail (T36)."""
    engine = Failing()
    engine.error = ZeroDivisionError("secret detail")
    app = create_app(settings, engine=engine)
    async with app.running() as services, client_of(app) as client:
        token = services.tokens.issue("a" * 24, "s1", "user")
        answer = await client.delete("/api/v1/orders", headers={"Authorization": f"Bearer {token}"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (500, "INTERNAL_ERROR")
        assert "secret" not in answer.text


async def test_slow_requests_are_cancelled() -> None:
    """A request that takes longer than allowed is cancelled from outside; a quick one is not."""
    deadlines = Deadlines(0.1)

    async def request(seconds: float) -> bool:
        task = asyncio.current_task()
        assert task is not None
        deadlines.enter(task)
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            return deadlines.leave(task)
        return deadlines.leave(task)

    assert await asyncio.gather(request(5), request(0.01)) == [True, False]


async def test_own_writes_are_waited_for(api: Api, sign_in: SignIn, local_engine: LocalEngine) -> None:
    """J10: a read after ack(seq s) sees s or more, or is told to come back; the client may name s itself."""
    ada = await sign_in("ada")
    local_engine.listeners.clear()
    ack = await local_engine.submit(DefineAsset("BTC", 8))
    ahead = {"X-Seq": str(ack.seq)}
    behind = await ada.get("/api/v1/orders", headers=ahead)
    assert (behind.status_code, behind.json()["error"]["code"]) == (503, "READS_BEHIND")
    reading = asyncio.create_task(ada.get("/api/v1/orders", headers=ahead))
    await asyncio.sleep(0.05)
    assert not reading.done()
    await api.services.redis.publish("cv:watermark", str(ack.seq))
    assert (await reading).status_code == 200


async def test_the_watermark_is_found_without_redis(api: Api, sign_in: SignIn, local_engine: LocalEngine) -> None:
    """Where no announcement comes, the position stored in MongoDB is found."""
    ada = await sign_in("ada")
    local_engine.listeners.clear()
    await api.services.db["watermarks"].insert_one({"_id": "read_models", "seq": 7})
    assert (await ada.get("/api/v1/orders", headers={"X-Seq": "7"})).status_code == 200


@pytest.mark.parametrize("seq", ["-1", "x", "9" * 40, "", "1e3"])
async def test_nonsense_seq_is_ignored(sign_in: SignIn, seq: str) -> None:
    """A position nobody can have been given makes nobody wait."""
    ada = await sign_in("ada")
    assert (await ada.get("/api/v1/orders", headers={"X-Seq": seq})).status_code == 200


class Sleeping(LocalEngine):
    """An engine that does not answer."""

    async def submit(self, command: Any, *, timeout: float = 5.0) -> Any:  # noqa: ARG002, ASYNC109
        await asyncio.sleep(60)


async def test_slow_answers_are_given_up(settings: Settings) -> None:
    """A request that takes too long is 503 in the envelope, not a connection that hangs."""
    app = create_app(settings, engine=Sleeping())
    app._gate._deadlines = Deadlines(0.1)
    async with app.running() as services, client_of(app) as client:
        token = services.tokens.issue("a" * 24, "s1", "user")
        answer = await client.delete("/api/v1/orders", headers={"Authorization": f"Bearer {token}"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "SERVICE_UNAVAILABLE")
