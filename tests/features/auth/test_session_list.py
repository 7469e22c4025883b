import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
import socketio

from cryptovault.entrypoints.api import Api, create_app
from cryptovault.features.auth.devices.describe import device_name, place_of
from cryptovault.infra.local_engine import LocalEngine
from cryptovault.kit.presence import Presence
from fixtures.api import SignIn, client_of
from fixtures.confirming import confirming
from fixtures.second_factors import stop_clock

URL = "/api/v1/auth/sessions"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile Safari/604.1"


@pytest.fixture(name="other")
async def _other(api: Api) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a second worker."""
    worker = create_app(api.settings, engine=LocalEngine())
    async with worker.running(), client_of(worker) as client:
        yield client


async def test_sessions_are_listed(sign_in: SignIn) -> None:
    """Each sign-in is shown with its device and place; the present one first, and marked."""
    ada, _ = await sign_in("ada"), await sign_in("ada")
    await sign_in("bob")
    items = (await ada.get(URL)).json()["items"]
    assert [item["current"] for item in items] == [True, False]
    assert {(item["device"], item["place"]) for item in items} == {("python-httpx", "This computer")}
    assert items[0]["last_seen_at"] <= items[0]["expires_at"]


async def test_t23_one_session_is_ended_everywhere(sign_in: SignIn, other: httpx.AsyncClient) -> None:
    """T23, A2: a revoked session is refused on its next request, in this worker and within two seconds in another."""
    ada, lost = await sign_in("ada"), await sign_in("ada")
    bearer = {"Authorization": f"Bearer {lost.cookies['access_token']}"}
    assert (await other.get("/api/v1/auth/me", headers=bearer)).status_code == 200
    ended = next(item["id"] for item in (await ada.get(URL)).json()["items"] if not item["current"])
    assert (await ada.delete(f"{URL}/{ended}")).json()["error"]["details"] == {"act": "end_sessions"}
    assert (await ada.delete(f"{URL}/{ended}", auth=confirming(ada))).status_code == 204
    assert (await lost.get("/api/v1/auth/me")).status_code == 401
    async with asyncio.timeout(2):
        while (await other.get("/api/v1/auth/me", headers=bearer)).status_code == 200:
            await asyncio.sleep(0.02)
    assert (await ada.delete(f"{URL}/{ended}")).status_code == 404
    assert (await ada.get(URL)).json()["items"][0]["current"] is True


async def test_t23_all_others_are_ended(sign_in: SignIn) -> None:
    """T23: ending the others keeps this session alone."""
    ada, *lost = [await sign_in("ada") for _ in range(4)]
    assert (await ada.post(f"{URL}/revoke-others", auth=confirming(ada))).json() == {"ended": 3}
    assert [(await client.get("/api/v1/auth/me")).status_code for client in (ada, *lost)] == [200, 401, 401, 401]
    assert len((await ada.get(URL)).json()["items"]) == 1


async def test_t11_the_sessions_of_others_are_not_there(sign_in: SignIn) -> None:
    """T11: another user's session is 404, and goes on."""
    ada, bob = await sign_in("ada"), await sign_in("bob")
    his = (await bob.get(URL)).json()["items"][0]["id"]
    for unknown in (his, "0" * 32):
        assert (await ada.delete(f"{URL}/{unknown}")).status_code == 404
    assert (await bob.get("/api/v1/auth/me")).status_code == 200


async def test_t24_a2_open_sockets_end_with_their_session(sign_in: SignIn, live: str) -> None:
    """T24, A2: a live connection of a revoked session is closed within two seconds."""
    ada, lost = await sign_in("ada"), await sign_in("ada")
    socket, closed = socketio.AsyncClient(reconnection=False), asyncio.Event()
    socket.on("disconnect", lambda *_: closed.set())
    await socket.connect(live, auth={"token": lost.cookies["access_token"]}, transports=["websocket"])
    assert (await ada.post(f"{URL}/revoke-others", auth=confirming(ada))).status_code == 200
    async with asyncio.timeout(2):
        await closed.wait()
    await socket.disconnect()


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox on Windows"),
        (EDGE, "Edge on Windows"),
        (IPHONE, "Safari on iPhone"),
        ("curl/8.5.0", "curl"),
        ("", "Unknown device"),
        ("x" * 500, "x" * 40),
    ],
)
def test_devices_have_names(agent: str, name: str) -> None:
    """A browser is called what its owner calls it."""
    assert device_name(agent) == name


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("127.0.0.1", "This computer"),
        ("192.168.1.7", "Local network"),
        ("8.8.8.8", "Network 8.8.8.0/24"),
        ("", "Unknown network"),
    ],
)
def test_places(address: str, place: str) -> None:
    """A place is what the address alone tells."""
    assert place_of(address) == place


async def test_last_seen_moves_with_use(api: Api, sign_in: SignIn) -> None:
    """Each use is noted in memory and written for all sessions together; an ended session is not touched."""
    ada, gone = await sign_in("ada"), await sign_in("ada")
    clock = stop_clock(api)
    api.services.presence = Presence(api.services.db, clock)
    before = (await ada.get(URL)).json()["items"][0]["last_seen_at"]
    assert (await gone.post("/api/v1/auth/logout")).status_code == 204
    clock.move(minutes=5)
    await api.services.presence.write()
    items = (await ada.get(URL)).json()["items"]
    assert len(items) == 1
    assert items[0]["last_seen_at"] > before
    stored = await api.services.db["sessions"].find({"$expr": {"$gt": ["$last_seen_at", "$created_at"]}}).to_list()
    assert [session["_id"] for session in stored] == [items[0]["id"]]
