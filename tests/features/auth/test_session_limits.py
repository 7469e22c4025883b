import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
import pytest
import socketio
from redis import Redis
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from cryptovault.entrypoints.api import Api, create_app
from cryptovault.features.auth.service import ensure_user
from cryptovault.features.auth.sessions import Sessions
from cryptovault.infra.local_engine import LocalEngine
from cryptovault.settings import Settings
from fixtures.accounts import log_in, mails_to
from fixtures.api import PASSWORD, client_of, serving
from fixtures.fake_clock import FakeClock
from fixtures.second_factors import SecurityKey, add_passkey, begin_log_in, prove

ADA = "ada@example.com"
ME = "/api/v1/auth/me"
SLACK = {"minutes": 1}
"""A use is known to others a little later; a session is never ended early for that."""


class House:
    """An exchange with settings of its own, where time stands until it is moved."""

    def __init__(self, api: Api, clock: FakeClock, client: httpx.AsyncClient) -> None:
        self.api, self.clock, self.ada = api, clock, client

    async def used(self) -> int:
        """Use the session once, and have the use written down."""
        status = (await self.ada.get(ME)).status_code
        await self.api.services.presence.write()
        return status

    async def refreshed(self) -> tuple[int, str]:
        """Ask for new tokens; the status, and the reason of a refusal."""
        headers = {"X-CSRF-Token": self.ada.cookies.get("csrf_token", "")}
        answer = await self.ada.post("/api/v1/auth/refresh", headers=headers)
        refusal = answer.json().get("error", {}).get("details") or {}
        return answer.status_code, refusal.get("reason", "")


Open = Callable[..., Awaitable[House]]


@pytest.fixture(name="opened")
async def _opened(settings: Settings) -> AsyncIterator[Open]:
    """Open an exchange with other settings, and sign Ada in."""
    with Redis.from_url(settings.redis_url) as redis:
        redis.flushdb()
    async with AsyncExitStack() as stack:

        async def open_house(*, admin: bool = False, **changed: Any) -> House:
            clock = FakeClock()
            api = create_app(settings.model_copy(update=changed), engine=LocalEngine(), clock=clock)
            services = await stack.enter_async_context(api.running())
            user_id = await ensure_user(services.db, services.passwords, ADA, PASSWORD, "Ada")
            if admin:
                await services.db["users"].update_one({"_id": user_id}, {"$set": {"role": "admin"}})
            client = await stack.enter_async_context(client_of(api))
            house = House(api, clock, client)
            answer = await log_in(client, "ada")
            if admin:
                answer = await enter_code(house, client, answer.json()["challenge"])
            assert answer.status_code == 200, answer.text
            return house

        yield open_house


async def enter_code(house: House, client: httpx.AsyncClient, challenge: str) -> httpx.Response:
    """Enter the code that administrators are mailed; the client is signed in after it."""
    mail = (await mails_to(house.api, ADA, "admin_code"))[0]
    answer = await prove(client, challenge, method="admin_code", code=mail["code"])
    client.headers["X-CSRF-Token"] = client.cookies["csrf_token"]
    return answer


async def test_a_user_has_seven_days(opened: Open) -> None:
    """As it is delivered, a session slides by seven days with each use and has no other end."""
    house = await opened()
    for _ in range(5):
        house.clock.move(days=6)
        assert await house.refreshed() == (200, "")
    house.clock.move(days=7, **SLACK)
    assert await house.refreshed() == (401, "idle")


async def test_idle_minutes(opened: Open) -> None:
    """SESSION_IDLE_MINUTES: a session in use goes on; one unused for so long ends, and its holder is told why."""
    house = await opened(session_idle_minutes=30)
    house.clock.move(minutes=20)
    assert await house.used() == 200
    house.clock.move(minutes=20)
    assert (await house.ada.get(ME)).status_code == 401  # no access token outlives the time a session may lie unused
    assert await house.refreshed() == (200, "")
    house.clock.move(minutes=31)
    assert await house.refreshed() == (401, "idle")
    assert await house.refreshed() == (401, "idle")


async def test_an_open_page_is_no_use(opened: Open) -> None:
    """A page that renews itself while nobody is there does not keep its session alive."""
    house = await opened(session_idle_minutes=30)
    house.ada.headers["X-Unattended"] = "1"
    for _ in range(3):
        house.clock.move(minutes=10)
        assert await house.refreshed() == (200, "")
        assert await house.used() == 200
    house.clock.move(**SLACK)
    assert await house.refreshed() == (401, "idle")


async def test_absolute_hours(opened: Open) -> None:
    """SESSION_ABSOLUTE_HOURS: however much it is used, a session ends so long after it began."""
    house = await opened(session_absolute_hours=12)
    for _ in range(47):
        house.clock.move(minutes=15)
        assert await house.refreshed() == (200, "")
    state = (await house.ada.get("/api/v1/auth/session")).json()
    assert state["role"] == "user"
    assert state["idle_seconds"] == 7 * 86_400
    assert state["ends_at"] is not None
    assert (await house.ada.get(ME)).status_code == 200
    house.clock.move(minutes=15)
    assert (await house.ada.get(ME)).status_code == 401
    assert await house.refreshed() == (401, "absolute")


async def test_administrators_have_less(opened: Open) -> None:
    """A session with administrators' rights ends after 15 minutes without use, and after 8 hours in any case."""
    house = await opened(admin=True)
    house.clock.move(minutes=14)
    assert await house.refreshed() == (200, "")
    house.clock.move(minutes=15)
    assert (await house.ada.get(ME)).status_code == 401
    house.clock.move(**SLACK)
    assert await house.refreshed() == (401, "idle")
    again = await opened(admin=True)
    for _ in range(48):
        assert await again.refreshed() == (200, "")
        again.clock.move(minutes=10)
    assert await again.refreshed() == (401, "absolute")


async def test_stricter_for_users_is_stricter_for_administrators(opened: Open) -> None:
    """What is set for users is never longer for administrators."""
    house = await opened(admin=True, session_idle_minutes=5)
    assert (await house.ada.get("/api/v1/auth/session")).json()["idle_seconds"] == 300


@asynccontextmanager
async def connections(url: str, token: str) -> AsyncIterator[tuple[asyncio.Event, Any]]:
    """A live connection and an order socket of one session; the event says that the former was closed."""
    gone, stream = asyncio.Event(), socketio.AsyncClient(reconnection=False)
    stream.on("disconnect", gone.set)
    await stream.connect(url, auth={"token": token}, transports=["websocket"])
    headers = {"Authorization": f"Bearer {token}"}
    async with connect(f"ws{url.removeprefix('http')}/ws/orders", additional_headers=headers) as orders:
        yield gone, orders
    await stream.disconnect()


async def test_open_connections_end_with_the_session(opened: Open) -> None:
    """A session that is over by itself takes its live connection and its order socket with it."""
    house = await opened(session_idle_minutes=30)
    async with serving(house.api) as url, connections(url, house.ada.cookies["access_token"]) as (gone, orders):
        house.clock.move(minutes=29)
        await Sessions(house.api.services).end_overdue()
        await orders.send('{"id": 1, "method": "ping"}')
        assert "pong" in await orders.recv()
        house.clock.move(minutes=2)
        await Sessions(house.api.services).end_overdue()
        async with asyncio.timeout(2):
            await gone.wait()
            with pytest.raises(ConnectionClosed):
                await orders.recv()
    assert (await house.refreshed()) == (401, "idle")


async def test_orders_over_a_socket_are_use(opened: Open) -> None:
    """Who works on an order socket alone uses the session."""
    house = await opened(session_idle_minutes=30)
    async with serving(house.api) as url, connections(url, house.ada.cookies["access_token"]) as (_, orders):
        house.clock.move(minutes=29)
        await orders.send('{"id": 1, "method": "ping"}')
        assert "pong" in await orders.recv()
        await house.api.services.presence.write()
        house.clock.move(minutes=5)
        await Sessions(house.api.services).end_overdue()
        await orders.send('{"id": 2, "method": "ping"}')
        assert "pong" in await orders.recv()


@pytest.mark.parametrize(("required", "role"), [(True, "user"), (False, "admin")])
async def test_administrators_and_passkeys(opened: Open, required: bool, role: str) -> None:
    """ADMIN_PASSKEY_REQUIRED: only a sign-in with a passkey gives administrators' rights, whatever else was proven."""
    house = await opened(admin=True, admin_passkey_required=required)
    everything = "/api/v1/audit-logs?all=true"
    assert (await house.ada.get(ME)).json()["role"] == role
    assert (await house.ada.get(everything)).status_code == (403 if required else 200)
    key = SecurityKey()
    assert (await add_passkey(house.ada, key)).status_code == 201
    async with client_of(house.api) as elsewhere:
        asked = await begin_log_in(elsewhere, "ada")
        proven = await prove(elsewhere, asked["challenge"], method="passkey", credential=key.get(asked["passkey"]))
        entered = await enter_code(house, elsewhere, proven.json()["challenge"])
        assert entered.json()["user"]["role"] == "admin"
        assert (await elsewhere.get(everything)).status_code == 200
