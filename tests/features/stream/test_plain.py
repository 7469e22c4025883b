"""/ws/stream: the same messages as on Socket.IO, without Socket.IO."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import msgspec
import pytest
import socketio
import websockets
from websockets.asyncio.client import ClientConnection

from cryptovault.entrypoints.api import Api
from cryptovault.features.stream import policy
from cryptovault.infra.fanout import RESYNC
from cryptovault.kit.catalogue import Terms
from fixtures.api import SignIn
from fixtures.book_vectors import recorded
from fixtures.signing import new_key

BTC = Terms("BTC-USDT", "BTC", "USDT", 8, 8, 10**6)
TAPE = recorded(30, seed=5)


class Client:
    """A real WebSocket client of /ws/stream."""

    def __init__(self, ws: ClientConnection) -> None:
        self.ws = ws

    async def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a request and give its answer; messages that come before it are dropped."""
        await self.ws.send(json.dumps({"id": method, "method": method, "params": params}))
        while (answer := await self.next()).get("id") != method:
            pass
        return answer

    async def next(self) -> dict[str, Any]:
        """The next message, or a failed test after five seconds."""
        message: dict[str, Any] = json.loads(await asyncio.wait_for(self.ws.recv(), 5))
        return message


Open = Callable[..., Awaitable[Client]]


@pytest.fixture(name="open_")
async def _open(api: Api, live: str) -> AsyncIterator[Open]:
    api.services.catalogue._markets = {"BTC-USDT": BTC}
    async with AsyncExitStack() as stack:

        async def connect(**headers: str) -> Client:
            url = live.replace("http", "ws") + "/ws/stream"
            return Client(
                await stack.enter_async_context(websockets.connect(url, additional_headers=headers, max_queue=None))
            )

        yield connect


async def publish(api: Api, *messages: tuple[str, str, Any]) -> None:
    """What the publishers do: [room, event, seq, JSON], many in one message of Redis."""
    frames = [
        msgspec.msgpack.encode([room, event, 1, json.dumps(payload).encode()]) for room, event, payload in messages
    ]
    while not await api.services.redis.publish("cv:event_batches", msgspec.msgpack.encode(frames)):
        await asyncio.sleep(0.01)


def book(step: int) -> tuple[str, str, Any]:
    """A message of the recorded book."""
    return "book:BTC-USDT", TAPE[step]["event"], TAPE[step]["data"]


async def test_rooms_are_entered_and_left(api: Api, open_: Open) -> None:
    """Each request is answered under its id with all rooms the client is in; messages name their room."""
    client = await open_()
    assert await client.ask("subscribe", rooms=["prices", "top:BTC-USDT"]) == {
        "id": "subscribe", "status": 200, "result": {"rooms": ["prices", "top:BTC-USDT"]},
    }  # fmt: skip
    await publish(api, ("user:x", "order", {}), ("prices", "prices", {"prices": {}}))
    assert await client.next() == {"event": "prices", "room": "prices", "data": {"prices": {}}}
    assert (await client.ask("unsubscribe", rooms=["prices"]))["result"] == {"rooms": ["top:BTC-USDT"]}
    assert (await client.ask("rooms"))["result"] == {"rooms": ["top:BTC-USDT"]}


@pytest.mark.parametrize("text", [
    "", "x", "[]", "{}", '{"method": 1}', '{"method": "subscribe"}', '{"method": "subscribe", "params": {"rooms": 1}}',
    '{"method": "subscribe", "params": {"rooms": ["user:abc"]}}', '{"method": "emit", "id": 7}',
    '{"method": "subscribe", "params": {"rooms": ["book:NO-SUCH"]}}', '{"method": "rooms", "more": 1}',
    '{"method": "subscribe", "params": {"rooms": ["candles:BTC-USDT:2m"]}}', "[" * 5_000,
])  # fmt: skip
async def test_t24_nonsense_is_answered_and_joins_nothing(open_: Open, text: str) -> None:
    """T24: what is not understood gets an error, nobody gets into a room by it, and the connection goes on."""
    client = await open_()
    await client.ws.send(text)
    answer = await client.next()
    assert (answer["status"], answer["error"]["code"]) == (400, "VALIDATION_ERROR")
    assert (await client.ask("rooms"))["result"] == {"rooms": []}


async def test_both_kinds_of_connection_are_told_the_same(api: Api, live: str, open_: Open) -> None:
    """Every message of every room has the same name and the same data on Socket.IO and on a plain WebSocket."""
    rooms = ["book:BTC-USDT", "candles:BTC-USDT:1m", "prices", "ticker:BTC-USDT", "top:BTC-USDT", "trades:BTC-USDT"]
    plain, heard = await open_(), asyncio.Queue[tuple[str, Any]]()
    client = socketio.AsyncClient(reconnection=False)
    client.on("*", lambda event, data: heard.put_nowait((event, data)))
    await client.connect(live, transports=["websocket"])
    await client.call("subscribe", {"rooms": rooms})
    assert (await plain.ask("subscribe", rooms=rooms))["result"]["rooms"] == rooms
    others = [(room, room.partition(":")[0], {"says": room, "größe": 1}) for room in rooms[1:]]
    candles = ("candles", "candles", {"BTC-USDT:1m": {"open_time": 1}, "ETH-USDT:1m": {}})
    messages = [book(0), book(1), *others, candles]
    await publish(api, *messages)
    for _ in messages:
        message = await plain.next()
        assert await asyncio.wait_for(heard.get(), 5) == (message["event"], message["data"])
    assert heard.empty()
    await client.disconnect()


async def test_a_snapshot_joins_up_with_the_differences(api: Api, open_: Open) -> None:
    """Whoever comes, whenever: the first message is the whole book, and each further one names the one before it."""
    clients = []
    for step in range(20):
        await publish(api, book(step))
        if step % 4 == 2:
            clients.append(await open_())
            await clients[-1].ask("rooms")
            await clients[-1].ws.send('{"method": "subscribe", "params": {"rooms": ["book:BTC-USDT"]}}')
    for step in range(20, 25):
        await publish(api, book(step))
    for client in clients:
        told = [message for message in [await client.next() for _ in range(6)] if "event" in message]
        assert told[0]["event"] == "book"
        assert told[0]["data"] == next(step["book"] for step in TAPE if step["data"]["seq"] == told[0]["data"]["seq"])
        assert len(told) >= 5
        for earlier, later in itertools.pairwise(told):
            assert later["data"]["prev_seq"] == earlier["data"]["seq"]


async def test_subscribing_again_brings_the_snapshot_again(api: Api, open_: Open) -> None:
    """A client whose book does not add up asks for the room again and gets it whole."""
    client = await open_()
    await publish(api, book(0), book(1))
    for _ in range(2):
        await client.ws.send('{"id": 1, "method": "subscribe", "params": {"rooms": ["book:BTC-USDT"]}}')
        while (message := await client.next()).get("event") != "book":
            pass
        assert message["data"] == TAPE[1]["book"]
        assert (await client.next())["status"] == 200


async def test_a_lost_message_is_mended_without_the_client(api: Api, open_: Open) -> None:
    """Where a difference is lost between publisher and worker, the room gets a snapshot that goes on."""
    client = await open_()
    await publish(api, book(0))
    await client.ask("subscribe", rooms=["book:BTC-USDT"])
    await api.services.redis.set("cv:book:BTC-USDT", json.dumps(TAPE[3]["book"]))
    await publish(api, book(1), book(3))
    assert (await client.next())["data"] == TAPE[1]["data"]
    assert (await client.next())["data"] == TAPE[3]["book"]
    await publish(api, book(4))
    assert (await client.next())["data"] == TAPE[4]["data"]


async def test_private_messages_and_the_end_of_the_session(api: Api, open_: Open, sign_in: SignIn) -> None:
    """Who is signed in hears what is theirs in the room `user`, until the session ends."""
    ada, bob = await sign_in("ada"), await sign_in("bob")
    own = await open_(Cookie=f"access_token={ada.cookies['access_token']}")
    other = await open_(Authorization=f"Bearer {bob.cookies['access_token']}")
    assert (await own.ask("rooms"))["result"] == {"rooms": ["user"]}
    assert (await other.ask("rooms"))["result"] == {"rooms": ["user"]}
    await publish(api, (f"user:{ada.user_id}", "balance", {"asset": "BTC"}))  # type: ignore[attr-defined]
    assert await own.next() == {"event": "balance", "room": "user", "data": {"asset": "BTC"}}
    assert (await ada.post("/api/v1/auth/logout")).status_code == 204
    await asyncio.wait_for(own.ws.wait_closed(), 5)
    assert (own.ws.close_code, own.ws.close_reason) == (1008, "the session has ended")
    assert (await other.ask("rooms"))["result"] == {"rooms": ["user"]}


async def test_an_api_key_opens_the_private_room(
    api: Api, live: str, open_: Open, *, sign_in: SignIn, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A signed handshake opens the owner's room, once, with the scope `read`, and as long as the key is good."""
    monkeypatch.setattr(policy, "KEY_CHECK_SECONDS", 0.05)
    ada = await sign_in("ada")
    program = await new_key(ada, client, scopes=["read"])
    handshake = {name.decode(): value.decode() for name, value in program.headers(handshake_of(live)).items()}
    own = await open_(**handshake)
    assert (await own.ask("rooms"))["result"] == {"rooms": ["user"]}
    with pytest.raises(websockets.InvalidStatus):
        await open_(**handshake)
    trader = await new_key(ada, client, scopes=["trade"])
    with pytest.raises(websockets.InvalidStatus, match="403"):
        await open_(**{name.decode(): value.decode() for name, value in trader.headers(handshake_of(live)).items()})
    past = datetime.now(UTC) - timedelta(seconds=1)
    await api.services.db["api_keys"].update_one({"_id": program.key_id}, {"$set": {"expires_at": past}})
    await asyncio.wait_for(own.ws.wait_closed(), 5)
    assert own.ws.close_code == 1008


def handshake_of(live: str) -> httpx.Request:
    """What a key signs."""
    return httpx.Request("GET", live + "/ws/stream")


async def test_a_token_that_is_none_opens_nothing(open_: Open) -> None:
    """A program that shows a bad token is told so; a browser with an old cookie is served as anybody."""
    with pytest.raises(websockets.InvalidStatus, match="401"):
        await open_(Authorization="Bearer forged")
    anonymous = await open_(Cookie="access_token=forged")
    assert (await anonymous.ask("rooms"))["result"] == {"rooms": []}


async def test_lost_private_messages_are_admitted(api: Api, open_: Open, sign_in: SignIn) -> None:
    """After an interruption between publishers and worker, private rooms are told to read again over HTTP."""
    ada = await sign_in("ada")
    own = await open_(Authorization=f"Bearer {ada.cookies['access_token']}")
    await own.ask("rooms")
    await api.services.redis.publish("cv:events", RESYNC)
    assert await own.next() == {"event": "resync", "room": "user", "data": {}}


async def test_talkative_clients_are_cut_off(open_: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """J11: a client may only say so much."""
    monkeypatch.setattr(policy, "MAX_ARRIVALS", 3)
    client = await open_()
    for _ in range(6):
        await client.ws.send('{"method": "rooms"}')
    await asyncio.wait_for(client.ws.wait_closed(), 5)
