"""Rooms and who is in them. A message is encoded once and written as it is to each member's transport.

python-socketio serves the handshake, pings and acknowledgements. Its emit walks a queue, a task and an
encoder for each client, which saturates a core at a thousand clients; a broadcast therefore goes straight:
an Engine.IO message in a WebSocket text frame is the same bytes for everybody, and a frame written whole
between two frames of the server's own is valid wherever it stands.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import msgspec
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from cryptovault.features.stream import policy
from cryptovault.infra.metrics import ApiMetrics

Send = Callable[[Any], Awaitable[None]]

_decode_event = msgspec.msgpack.Decoder(tuple[str, str, int, bytes]).decode
_SHORT, _MEDIUM = 126, 1 << 16


def text_frame(text: bytes) -> bytes:
    """A whole unmasked WebSocket text message (RFC 6455, 5.2), as servers send it."""
    length = len(text)
    if length < _SHORT:
        return bytes((0x81, length)) + text
    if length < _MEDIUM:
        return b"\x81\x7e" + length.to_bytes(2) + text
    return b"\x81\x7f" + length.to_bytes(8) + text


def socketio_text(event: str, payload: bytes) -> bytes:
    """Engine.IO message (4) with a Socket.IO event (2) of the default namespace."""
    return b'42["' + event.encode() + b'",' + payload + b"]"


class Connection:
    """One live client: where its bytes go, whose it is, which rooms it is in."""

    __slots__ = (
        "_drop",
        "_queue",
        "_send",
        "_transport",
        "_writer",
        "rooms",
        "session_id",
        "user_id",
    )

    def __init__(self, send: Send, *, user_id: str = "", session_id: str = "") -> None:
        self.user_id = user_id
        self.session_id = session_id
        self.rooms: set[str] = set()
        self._send = send
        self._queue: asyncio.Queue[bytes] | None = None
        self._writer: asyncio.Task[None] | None = None
        protocol = getattr(send, "__self__", None)
        straight = isinstance(protocol, WebSocketsSansIOProtocol)
        self._transport: asyncio.Transport | None = protocol.transport if straight else None  # type: ignore[union-attr]

    def deliver(self, text: bytes, frame: bytes) -> bool:
        """Hand a message over without waiting; False where the client reads too slowly to be kept."""
        transport = self._transport
        if transport is None:
            return self._enqueue(text)
        if transport.is_closing():
            return True
        if transport.get_write_buffer_size() > policy.MAX_UNSENT_BYTES:
            return False
        transport.write(frame)
        return True

    def abort(self) -> None:
        """Cut the connection; the server notices and cleans up as for any lost client."""
        if self._transport is not None:
            self._transport.abort()
        elif self._writer is not None:
            self._writer.cancel()

    def _enqueue(self, text: bytes) -> bool:
        """The way of any other ASGI server: a bounded queue and a task that drains it."""
        if self._queue is None:
            self._queue = asyncio.Queue(policy.MAX_UNSENT_MESSAGES)
            self._writer = asyncio.create_task(self._drain(self._queue))
        if self._queue.full():
            return False
        self._queue.put_nowait(text)
        return True

    async def _drain(self, queue: asyncio.Queue[bytes]) -> None:
        while True:
            text = (await queue.get()).decode()
            try:
                await self._send({"type": "websocket.send", "text": text})
            except (OSError, RuntimeError):
                return


class Rooms:
    """Who is in which room, and the last message of each room that shows a state."""

    def __init__(self, metrics: ApiMetrics) -> None:
        self._members: dict[str, set[Connection]] = {}
        self._sessions: dict[str, set[Connection]] = {}
        self._last: dict[str, tuple[bytes, bytes]] = {}
        self._metrics = metrics
        self.count = 0

    def add(self, connection: Connection) -> None:
        """Take a client in."""
        self.count += 1
        self._metrics.stream_clients.set(self.count)
        if connection.session_id:
            self._sessions.setdefault(connection.session_id, set()).add(connection)

    def remove(self, connection: Connection) -> None:
        """Forget a client."""
        self.count -= 1
        self._metrics.stream_clients.set(self.count)
        self.leave(connection, list(connection.rooms))
        _discard(self._sessions, connection.session_id, connection)

    def join(self, connection: Connection, rooms: Iterable[str]) -> None:
        """Enter rooms."""
        for room in rooms:
            connection.rooms.add(room)
            self._members.setdefault(room, set()).add(connection)

    def leave(self, connection: Connection, rooms: Iterable[str]) -> None:
        """Leave rooms."""
        for room in rooms:
            connection.rooms.discard(room)
            _discard(self._members, room, connection)

    def of_session(self, session_id: str) -> list[Connection]:
        """The live connections of a session."""
        return list(self._sessions.get(session_id, ()))

    def last(self, room: str) -> tuple[bytes, bytes] | None:
        """The last message of a room that shows a state, as (text, frame)."""
        return self._last.get(room)

    def occupied(self, prefix: str) -> list[str]:
        """Rooms with members whose name starts so."""
        return [room for room in self._members if room.startswith(prefix)]

    def receive(self, data: bytes) -> None:
        """Broadcast one message of the publisher: msgpack [room, event, seq, JSON payload]."""
        room, event, _seq, payload = _decode_event(data)
        self.broadcast(room, socketio_text(event, payload), keep=room.startswith(policy.STATE_ROOMS))
        if room == policy.PRICES:
            self._plain_prices(payload)

    def broadcast(self, room: str, text: bytes, *, keep: bool = False) -> None:
        """Write one message to every member of a room; who cannot keep up is cut off."""
        frame = text_frame(text)
        if keep:
            self._last[room] = text, frame
        members = self._members.get(room)
        if not members:
            return
        for connection in tuple(members):
            if not connection.deliver(text, frame):
                self._metrics.stream_dropped.inc()
                connection.abort()
        self._metrics.stream_messages.inc(len(members))

    def _plain_prices(self, payload: bytes) -> None:
        """The same prices for plain WebSockets: all of them, and one market at a time."""
        self.broadcast(policy.PLAIN_PRICES, _wrapped(payload), keep=True)
        rooms = self.occupied(policy.PLAIN_PRICES + "/")
        if rooms:
            message = msgspec.json.decode(payload, type=dict[str, msgspec.Raw])
            prices = msgspec.json.decode(message["prices"], type=dict[str, msgspec.Raw])
            for room in rooms:
                self.broadcast(room, one_market(message, prices, room.rpartition("/")[2]))


def one_market(message: dict[str, msgspec.Raw], prices: dict[str, msgspec.Raw], market: str) -> bytes:
    """The prices message with one market in it, or none where it has no price."""
    chosen = {market: prices[market]} if market in prices else {}
    return _wrapped(msgspec.json.encode({**message, "prices": chosen}))


def _wrapped(payload: bytes) -> bytes:
    return b'{"event":"prices","data":' + payload + b"}"


def _discard(index: dict[str, set[Connection]], key: str, connection: Connection) -> None:
    """Remove from an index, and the entry with its last member."""
    members = index.get(key)
    if members is not None:
        members.discard(connection)
        if not members:
            del index[key]
