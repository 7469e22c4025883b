import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from zlib import crc32

import httpx
import msgspec
import pytest
import socketio
import websockets
from websockets.asyncio.client import ClientConnection

from cryptovault.entrypoints.api import Api
from cryptovault.features.stream import policy
from cryptovault.kit.catalogue import Terms
from fixtures.api import SignIn

BTC = Terms("BTC-USDT", "BTC", "USDT", 8, 8, 10**6)
PRICES = {"at": "t", "source": {}, "prices": {"BTC-USDT": {"last": "65000"}, "ETH-USDT": {"last": "3000"}}}

EMPTY_BOOK = {"market": "BTC-USDT", "seq": 9, "bids": [], "asks": [], "checksum": crc32(b"|"), "at": "t"}

Connect = Callable[..., Awaitable["Listener"]]


class Listener:
    """A real Socket.IO client and what it has received."""

    def __init__(self) -> None:
        self.client = socketio.AsyncClient(reconnection=False)
        self._items: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        self.client.on("*", self._put)

    async def _put(self, event: str, data: Any) -> None:
        self._items.put_nowait((event, data))

    async def next(self) -> tuple[str, Any]:
        """The next message, or a failed test after two seconds."""
        return await asyncio.wait_for(self._items.get(), 2)

    async def subscribe(self, *rooms: Any) -> dict[str, Any]:
        """Ask for rooms."""
        answer: dict[str, Any] = await self.client.call("subscribe", {"rooms": list(rooms)}, timeout=2)
        return answer

    @property
    def empty(self) -> bool:
        """Whether everything received was read."""
        return self._items.empty()


@pytest.fixture(name="connect")
async def _connect(api: Api, live: str) -> AsyncIterator[Connect]:
    listeners = []
    api.services.catalogue._markets = {"BTC-USDT": BTC}

    async def connect(auth: Any = None, **headers: str) -> Listener:
        listener = Listener()
        listeners.append(listener)
        await listener.client.connect(live, headers=headers, auth=auth, transports=["websocket"])
        return listener

    yield connect
    for listener in listeners:
        await listener.client.disconnect()
        if listener.client.eio.http is not None:  # stays open where a connection was refused
            await listener.client.eio.http.close()


async def in_private_room(listener: Listener) -> None:
    """Wait until the private room is open, which is at once but after the handshake."""
    async with asyncio.timeout(2):
        while (await listener.subscribe())["rooms"] != ["user"]:
            await asyncio.sleep(0.01)


async def publish(api: Api, room: str, event: str, payload: Any) -> None:
    """What the publisher does."""
    message = msgspec.msgpack.encode([room, event, 1, json.dumps(payload).encode()])
    while not await api.services.redis.publish("cv:events", message):
        await asyncio.sleep(0.01)


async def test_a_subscriber_gets_its_room_and_no_other(api: Api, connect: Connect) -> None:
    """Messages go to the members of their room, in the order of publishing."""
    listener = await connect()
    rooms = ["markets", "prices", "trades:BTC-USDT"]
    assert await listener.subscribe(*rooms) == {"ok": True, "rooms": rooms}
    await publish(api, "user:somebody", "balance", {"secret": 1})
    await publish(api, "book:BTC-USDT", "book", EMPTY_BOOK)
    await publish(api, "trades:BTC-USDT", "trade", {"price": "1", "text": "Zürich"})
    await publish(api, "prices", "prices", PRICES)
    await publish(api, "markets", "market", {"symbol": "BTC-USDT"})
    assert await listener.next() == ("trade", {"price": "1", "text": "Zürich"})
    assert await listener.next() == ("prices", PRICES)
    assert await listener.next() == ("market", {"symbol": "BTC-USDT"})
    assert listener.empty


@pytest.mark.parametrize("size", [100, 1_000, 70_000])
async def test_messages_of_any_size_arrive(api: Api, connect: Connect, size: int) -> None:
    """Each of the three forms of a frame's length is right."""
    listener = await connect()
    await listener.subscribe("prices")
    await publish(api, "prices", "prices", {"prices": {}, "x": "y" * size})
    assert len((await listener.next())[1]["x"]) == size


async def test_newcomers_get_the_present_state(api: Api, connect: Connect) -> None:
    """Who subscribes to a state gets it at once: from the worker's memory, or from Redis if it was never heard here."""
    await api.services.redis.set("cv:book:BTC-USDT", json.dumps(EMPTY_BOOK))
    await publish(api, "prices", "prices", PRICES)
    listener = await connect()
    await asyncio.sleep(0.05)
    await listener.subscribe("prices", "book:BTC-USDT", "trades:BTC-USDT")
    assert {(await listener.next())[0], (await listener.next())[0]} == {"prices", "book"}
    assert listener.empty


async def test_unsubscribe(api: Api, connect: Connect) -> None:
    """Who leaves a room hears no more of it."""
    listener = await connect()
    await listener.subscribe("prices", "trades:BTC-USDT")
    answer = await listener.client.call("unsubscribe", {"rooms": ["prices"]}, timeout=2)
    assert answer == {"ok": True, "rooms": ["trades:BTC-USDT"]}
    await publish(api, "prices", "prices", PRICES)
    await publish(api, "trades:BTC-USDT", "trade", {})
    assert (await listener.next())[0] == "trade"


@pytest.mark.parametrize(
    "request_", [None, [], {}, {"rooms": "prices"}, {"rooms": [1]}, {"rooms": ["user:abc"]}, {"rooms": ["user"]},
                 {"rooms": ["book:NO-SUCH"]}, {"rooms": ["prices"] * 101}, {"rooms": ["ticker:BTC-USDT\n"]}, 7]
)  # fmt: skip
async def test_t24_only_public_rooms_can_be_joined(connect: Connect, request_: Any) -> None:
    """T24: a room that is private, unknown or no room at all is refused, and nothing is joined."""
    listener = await connect()
    answer = await listener.client.call("subscribe", request_, timeout=2)
    assert answer["ok"] is False
    assert (await listener.subscribe())["rooms"] == []


async def test_private_messages_by_token(api: Api, connect: Connect, sign_in: SignIn) -> None:
    """A token in the handshake opens the private room; it is closed with the session, within two seconds."""
    ada = await sign_in("ada")
    listener = await connect(auth={"token": ada.cookies["access_token"]})
    await in_private_room(listener)
    await publish(api, f"user:{ada.user_id}", "balance", {"asset": "BTC"})  # type: ignore[attr-defined]
    assert await listener.next() == ("balance", {"asset": "BTC"})
    assert (await ada.post("/api/v1/auth/logout")).status_code == 204
    await asyncio.wait_for(listener.client.wait(), 2)


async def test_private_messages_by_cookie(api: Api, connect: Connect, sign_in: SignIn) -> None:
    """The browser's cookie does the same; others hear nothing."""
    ada = await sign_in("ada")
    own = await connect(Cookie=f"access_token={ada.cookies['access_token']}")
    stranger = await connect()
    await in_private_room(own)
    await publish(api, f"user:{ada.user_id}", "order", {"id": "1"})  # type: ignore[attr-defined]
    assert await own.next() == ("order", {"id": "1"})
    assert stranger.empty


async def test_a_bad_token_is_refused(connect: Connect) -> None:
    """Who shows a token that is none gets no connection; a bad cookie makes an anonymous one."""
    with pytest.raises(socketio.exceptions.ConnectionError):
        await connect(auth={"token": "forged"})
    anonymous = await connect(Cookie="access_token=forged")
    assert (await anonymous.subscribe())["rooms"] == []


async def test_t24_foreign_origins_are_refused(live: str, connect: Connect) -> None:
    """T24: a page of another site cannot open a socket with its visitor's cookie, on either kind of socket."""
    with pytest.raises(socketio.exceptions.ConnectionError):
        await connect(Origin="https://evil.net")
    for path in ("/ws/prices", "/ws/stream", "/socket.io/?EIO=4&transport=websocket"):
        with pytest.raises(websockets.InvalidStatus):
            await websockets.connect(live.replace("http", "ws") + path, origin="https://evil.net")  # type: ignore[arg-type]
    await connect(Origin="http://localhost:8001")


async def test_polling_is_not_offered(live: str) -> None:
    """Long polling would need sticky sessions; it is refused with a plain 400."""
    async with httpx.AsyncClient(base_url=live) as client:
        assert (await client.get("/socket.io/?EIO=4&transport=polling")).status_code == 400


async def test_talkative_clients_are_cut_off(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    """J11: a client may only say so much."""
    monkeypatch.setattr(policy, "MAX_ARRIVALS", 3)
    listener = await connect()
    for _ in range(5):
        await listener.client.emit("anything", {})
    await asyncio.wait_for(listener.client.wait(), 2)


@pytest.mark.parametrize("text", ['42["connect",{},{}]', '42["disconnect"]', "42[[", "99", "45-[]"])
async def test_nonsense_ends_the_connection_quietly(live: str, text: str, caplog: pytest.LogCaptureFixture) -> None:
    """T24: what no client of ours sends ends the connection, and leaves no error in the log."""
    url = live.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
    async with websockets.connect(url) as ws:
        await ws.send("40")
        await ws.send(text)
        await asyncio.wait_for(ws.wait_closed(), 2)
    await asyncio.sleep(0.05)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_large_messages_end_the_connection(live: str) -> None:
    """T24: more than 64 KB in one message is not read."""
    async with websockets.connect(live.replace("http", "ws") + "/ws/prices") as ws:
        await ws.send("x" * (65 * 1024))
        with pytest.raises(websockets.ConnectionClosed):
            await asyncio.wait_for(ws.recv(), 2)


async def test_a_full_server_takes_no_more(live: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """J11: there is a limit to live connections, and the next one is refused in the handshake."""
    url = live.replace("http", "ws") + "/ws/prices"
    monkeypatch.setattr(policy, "MAX_CONNECTIONS", 1)
    async with websockets.connect(url):
        await asyncio.sleep(0.05)
        with pytest.raises(websockets.InvalidStatus):
            await websockets.connect(url)


@pytest.mark.parametrize("path", ["/ws/prices", "/ws/stream", "/socket.io/?EIO=4&transport=websocket"])
async def test_slow_clients_are_cut_off(api: Api, live: str, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """J11: a client that does not read costs bounded memory, then its connection, with a reason; others go on."""
    monkeypatch.setattr(policy, "MAX_UNSENT_BYTES", 256 * 1024)
    url = live.replace("http", "ws") + path
    async with websockets.connect(url, max_queue=1) as slow, websockets.connect(url) as quick:
        for ws in (slow, quick):
            await _enter(ws, path)
        slow.transport.pause_reading()
        received = asyncio.create_task(_count(quick))
        for _ in range(400):
            await publish(api, "prices", "prices", {"prices": {}, "x": "y" * 50_000})
            if "stream_dropped_total 1.0" in api.services.metrics.text().decode():
                break
        assert "stream_dropped_total 1.0" in api.services.metrics.text().decode()
        slow.transport.resume_reading()
        await asyncio.wait_for(_count(slow), 5)
        assert (slow.close_code, slow.close_reason) == (policy.TOO_SLOW, policy.TOO_SLOW_REASON)
        assert not received.done()
        received.cancel()


async def test_who_never_reads_again_is_forgotten(
    api: Api, live: str, monkeypatch: pytest.MonkeyPatch, connect: Connect
) -> None:
    """J11: what waits for a client that was given up is thrown away soon, and the client with it."""
    monkeypatch.setattr(policy, "MAX_UNSENT_BYTES", 64 * 1024)
    monkeypatch.setattr(policy, "SLOW_GRACE_SECONDS", 0.2)
    quick = await connect()
    await quick.subscribe("prices")
    async with websockets.connect(live.replace("http", "ws") + "/ws/stream", max_queue=1) as slow:
        await _enter(slow, "/ws/stream")
        slow.transport.pause_reading()
        sent = 0
        async with asyncio.timeout(10):
            while "stream_clients 1.0" not in api.services.metrics.text().decode():
                sent += 1
                await publish(api, "prices", "prices", {"prices": {}, "x": "y" * 50_000})
                await asyncio.sleep(0.005)
        for _ in range(sent):
            assert (await quick.next())[0] == "prices"
        slow.transport.abort()


async def _enter(ws: ClientConnection, path: str) -> None:
    """Get into the room of prices, on any kind of socket."""
    if path == "/ws/stream":
        await ws.send('{"id": 1, "method": "subscribe", "params": {"rooms": ["prices"]}}')
        await ws.recv()
    elif path != "/ws/prices":
        await ws.send("40")
        await ws.send('421["subscribe",{"rooms":["prices"]}]')
        while not str(await ws.recv()).startswith("431"):
            pass


async def _count(ws: ClientConnection) -> None:
    with contextlib.suppress(websockets.ConnectionClosed):
        async for _message in ws:
            pass


async def test_plain_websockets(api: Api, live: str, connect: Connect) -> None:
    """/ws/prices sends every market, /ws/prices/{symbol} one, each wrapped with its event."""
    await connect()  # makes the market known
    base = live.replace("http", "ws") + "/ws/prices"
    async with websockets.connect(base) as every, websockets.connect(base + "/btc") as one:
        await asyncio.sleep(0.05)
        await publish(api, "prices", "prices", PRICES)
        assert json.loads(await asyncio.wait_for(every.recv(), 2)) == {"event": "prices", "data": PRICES}
        only = {**PRICES, "prices": {"BTC-USDT": {"last": "65000"}}}
        assert json.loads(await asyncio.wait_for(one.recv(), 2)) == {"event": "prices", "data": only}


@pytest.mark.parametrize(
    "path", ["/ws/prices/NOPE", "/ws/prices/a b", "/ws/other", "/ws/prices/BTC-USDT/x", "/nowhere"]
)
async def test_unknown_sockets_are_refused(live: str, path: str) -> None:
    """A socket of an address that is none is refused in the handshake."""
    with pytest.raises(websockets.InvalidStatus):
        await websockets.connect(live.replace("http", "ws") + path.replace(" ", "%20"))
