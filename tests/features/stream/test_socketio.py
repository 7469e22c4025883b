import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import msgspec
import pytest
import socketio
import websockets

from cryptovault.entrypoints.api import Api
from fixtures.api import SignIn

Connect = Callable[..., Awaitable[socketio.AsyncClient]]


class Inbox:
    """What a client has received, by event."""

    def __init__(self, client: socketio.AsyncClient) -> None:
        self.items: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        client.on("*", self._put)

    async def _put(self, event: str, data: Any) -> None:
        self.items.put_nowait((event, data))

    async def next(self) -> tuple[str, Any]:
        """The next message, or a failed test after two seconds."""
        return await asyncio.wait_for(self.items.get(), 2)


@pytest.fixture(name="connect")
async def _connect(live: str) -> AsyncIterator[Connect]:
    clients = []

    async def connect(headers: dict[str, str] | None = None, auth: Any = None) -> socketio.AsyncClient:
        client = socketio.AsyncClient(reconnection=False)
        client.inbox = Inbox(client)
        clients.append(client)
        await client.connect(live, headers=headers or {}, auth=auth, transports=["websocket"])
        return client

    yield connect
    for client in clients:
        await client.disconnect()


async def publish(api: Api, room: str, event: str, payload: Any) -> None:
    """What the publisher does."""
    message = msgspec.msgpack.encode([room, event, 1, json.dumps(payload).encode()])
    while not await api.services.redis.publish("cv:events", message):
        await asyncio.sleep(0.01)


async def test_public_rooms(api: Api, connect: Connect) -> None:
    """A subscriber gets the messages of its room and of no other."""
    client = await connect()
    assert await client.call("subscribe", {"rooms": ["prices"]}) == {"ok": True, "rooms": ["prices"]}
    await publish(api, "user:somebody", "balance", {"secret": 1})
    await publish(api, "prices", "prices", {"at": 1, "prices": {"BTC-USDT": {"last": "65000"}}})
    assert await client.inbox.next() == ("prices", {"at": 1, "prices": {"BTC-USDT": {"last": "65000"}}})


async def test_private_room(api: Api, connect: Connect, sign_in: SignIn) -> None:
    """Who shows a token gets the private messages, and loses the connection with the session."""
    ada = await sign_in("ada")
    client = await connect(auth={"token": ada.cookies["access_token"]})
    await asyncio.sleep(0.05)
    await publish(api, f"user:{ada.user_id}", "balance", {"asset": "BTC"})
    assert await client.inbox.next() == ("balance", {"asset": "BTC"})
    assert (await ada.post("/api/v1/auth/logout")).status_code == 204
    await asyncio.wait_for(client.wait(), 2)


async def test_plain_websocket(api: Api, live: str) -> None:
    """A plain WebSocket client gets the prices wrapped with their event."""
    async with websockets.connect(live.replace("http", "ws") + "/ws/prices") as ws:
        await asyncio.sleep(0.05)
        await publish(api, "prices", "prices", {"at": 1, "source": {}, "prices": {"BTC-USDT": {"last": "1"}}})
        assert json.loads(await asyncio.wait_for(ws.recv(), 2)) == {
            "event": "prices",
            "data": {"at": 1, "source": {}, "prices": {"BTC-USDT": {"last": "1"}}},
        }
