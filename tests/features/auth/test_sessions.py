import asyncio
from unittest.mock import AsyncMock

import httpx
import pytest

from cryptovault.entrypoints.api import Api, create_app
from cryptovault.features.auth import policy
from cryptovault.infra.local_engine import LocalEngine
from fixtures.accounts import prove
from fixtures.api import PASSWORD, SignIn, client_of


async def refresh(client: httpx.AsyncClient) -> httpx.Response:
    """What the web app does when its access token has run out."""
    return await client.post("/api/v1/auth/refresh", headers={"X-CSRF-Token": client.cookies.get("csrf_token", "")})


async def test_refresh_rotates(sign_in: SignIn) -> None:
    """Each refresh gives new tokens, and the CSRF token that belongs to them."""
    ada = await sign_in("ada")
    before = dict(ada.cookies)
    answer = await refresh(ada)
    assert answer.status_code == 200, answer.text
    assert ada.cookies["refresh_token"] != before["refresh_token"]
    assert ada.cookies["csrf_token"] != before["csrf_token"]
    assert (await refresh(ada)).status_code == 200


async def test_t21_reuse_revokes_the_family(api: Api, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """T21: a refresh token that was used before ends the session for thief and owner alike, and the owner is told."""
    monkeypatch.setattr(policy, "REFRESH_GRACE", policy.REFRESH_GRACE * 0)
    ada = await sign_in("ada")
    stolen = dict(ada.cookies)
    assert (await refresh(ada)).status_code == 200
    async with httpx.AsyncClient(transport=ada._transport, base_url=ada.base_url, cookies=stolen) as thief:
        assert (await refresh(thief)).status_code == 401
    assert (await refresh(ada)).status_code == 401
    kinds = [notice["kind"] for notice in await api.services.db["notices"].find({}).to_list()]
    assert kinds.count("refresh_reused") == 1
    assert (await ada.get("/api/v1/auth/me")).status_code == 401


async def test_t21_two_tabs_at_once(api: Api, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """T21: of a hundred identical refreshes at once one rotates; the others get access, no second refresh token."""
    ada = await sign_in("ada")
    monkeypatch.setattr(api.services.limiter, "check", AsyncMock())  # the rate class would let few of them through
    cookie = "; ".join(f"{name}={value}" for name, value in ada.cookies.items())
    headers = {"Cookie": cookie, "X-CSRF-Token": ada.cookies["csrf_token"]}

    async def tab() -> httpx.Response:
        async with httpx.AsyncClient(transport=ada._transport, base_url=ada.base_url) as client:
            return await client.post("/api/v1/auth/refresh", headers=headers)

    answers = await asyncio.gather(*(tab() for _ in range(100)))
    assert {answer.status_code for answer in answers} <= {200}
    rotated = [answer for answer in answers if "refresh_token" in answer.cookies]
    assert len(rotated) == 1


async def test_t21_another_browser_is_no_twin(sign_in: SignIn) -> None:
    """T21: the grace for two tabs is not given to another browser."""
    ada = await sign_in("ada")
    stolen = dict(ada.cookies)
    assert (await refresh(ada)).status_code == 200
    headers = {"User-Agent": "thief"}
    async with httpx.AsyncClient(
        transport=ada._transport, base_url=ada.base_url, cookies=stolen, headers=headers
    ) as thief:
        assert (await refresh(thief)).status_code == 401
    assert (await ada.get("/api/v1/auth/me")).status_code == 401


@pytest.mark.parametrize("token", ["", "x", ".", "a.b", "a" * 5000])
async def test_nonsense_refresh_tokens(client: httpx.AsyncClient, token: str) -> None:
    """What is no refresh token is 401."""
    client.cookies.set("refresh_token", token)
    assert (await refresh(client)).status_code == 401


@pytest.mark.parametrize("with_redis", [True, False])
async def test_revocation_reaches_other_workers(api: Api, sign_in: SignIn, with_redis: bool) -> None:
    """A log-out on one worker is known to another within two seconds, even where Redis lost the message."""
    ada = await sign_in("ada")
    other = create_app(api.settings, engine=LocalEngine())
    bearer = {"Authorization": f"Bearer {ada.cookies['access_token']}"}
    async with other.running(), client_of(other) as client:
        assert (await client.get("/api/v1/auth/me", headers=bearer)).status_code == 200
        if not with_redis:
            await api.services.redis.client_kill_filter(_type="pubsub", skipme=False)
        assert (await ada.post("/api/v1/auth/logout")).status_code == 204
        async with asyncio.timeout(2):
            while (await client.get("/api/v1/auth/me", headers=bearer)).status_code == 200:
                await asyncio.sleep(0.02)


async def test_a_redis_that_hangs_delays_nobody(api: Api, sign_in: SignIn) -> None:
    """Sessions end at once while Redis does not answer: the announcement is for the other workers, who also poll."""
    ada, *others = [await sign_in("ada") for _ in range(4)]
    proof = await prove(ada, "end_sessions")
    await api.services.redis.client_pause(3_500)
    async with asyncio.timeout(3):
        assert (await ada.post("/api/v1/auth/sessions/revoke-others", headers=proof)).json() == {"ended": 3}
        assert [(await other.get("/api/v1/auth/me")).status_code for other in others] == [401] * 3


async def test_a_new_worker_knows_earlier_revocations(api: Api, sign_in: SignIn) -> None:
    """A worker that starts after the log-out refuses the token as well."""
    ada = await sign_in("ada")
    bearer = {"Authorization": f"Bearer {ada.cookies['access_token']}"}
    await ada.post("/api/v1/auth/logout")
    other = create_app(api.settings, engine=LocalEngine())
    async with other.running(), client_of(other) as client:
        assert (await client.get("/api/v1/auth/me", headers=bearer)).status_code == 401


async def test_sessions_are_bounded(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest session ends when there are too many (J11)."""
    monkeypatch.setattr(policy, "MAX_SESSIONS", 2)
    clients = [await sign_in("ada") for _ in range(3)]
    statuses = [(await client.get("/api/v1/auth/me")).status_code for client in clients]
    assert statuses == [401, 200, 200]


async def test_password_is_never_stored(api: Api, sign_in: SignIn) -> None:
    """Neither password nor refresh token is in the database (T23)."""
    ada = await sign_in("ada")
    stored = ""
    for name in await api.services.db.list_collection_names():
        stored += str(await api.services.db[name].find({}).to_list())
    assert PASSWORD not in stored
    assert ada.cookies["refresh_token"].partition(".")[2] not in stored
    assert "$argon2id$" in stored


async def test_t23_every_sign_in_is_a_session_of_its_own(api: Api, sign_in: SignIn) -> None:
    """T23: signing in where somebody is signed in already, or with planted cookies, gives new tokens and a new id."""
    ada = await sign_in("ada")
    planted = {name: ada.cookies[name] for name in ("access_token", "refresh_token", "csrf_token")}
    body = {"email": "ada@example.com", "password": PASSWORD}
    async with client_of(api) as victim:
        victim.cookies.update(planted)
        victim.headers["X-CSRF-Token"] = planted["csrf_token"]
        assert (await victim.post("/api/v1/auth/login", json=body)).status_code == 200
        fresh = {name: victim.cookies.get(name, domain="localhost.local") for name in planted}
    assert all(fresh[name] and fresh[name] != planted[name] for name in planted)
    sessions = await api.services.db["sessions"].find({}).to_list()
    assert len({session["_id"] for session in sessions}) == 2
