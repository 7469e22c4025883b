"""One live client, and the frames it is written. A frame is encoded once and is the same bytes for everybody.

An Engine.IO message in a WebSocket text frame, written whole between two frames of the server's own, is valid wherever
it stands; so messages go straight to the transport, past python-socketio's queue and task for each client.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from cryptovault.features.stream import policy

Send = Callable[[Any], Awaitable[None]]

_SHORT, _MEDIUM = 126, 1 << 16
_CLOSE = 0x88
SOCKETIO, PLAIN = 0, 1


class Form(NamedTuple):
    """A message as one kind of client is written it: the text, and the WebSocket frame around it."""

    text: bytes
    frame: bytes


Forms = tuple[Form, Form]
"""A message for clients of Socket.IO, and for plain WebSockets."""


def text_frame(text: bytes) -> bytes:
    """A whole unmasked WebSocket text message (RFC 6455, 5.2), as servers send it."""
    length = len(text)
    if length < _SHORT:
        return bytes((0x81, length)) + text
    if length < _MEDIUM:
        return b"\x81\x7e" + length.to_bytes(2) + text
    return b"\x81\x7f" + length.to_bytes(8) + text


def close_frame(code: int, reason: str) -> bytes:
    """A WebSocket close message with a short reason (RFC 6455, 5.5.1)."""
    body = code.to_bytes(2) + reason.encode()
    return bytes((_CLOSE, len(body))) + body


def form(text: bytes) -> Form:
    """A text and its frame."""
    return Form(text, text_frame(text))


def socketio_text(event: str, payload: bytes) -> bytes:
    """Engine.IO message (4) with a Socket.IO event (2) of the default namespace."""
    return b'42["' + event.encode() + b'",' + payload + b"]"


def plain_text(room: str, event: str, payload: bytes) -> bytes:
    """The same message for a plain WebSocket, which is told the room as well."""
    return b'{"event":"' + event.encode() + b'","room":"' + room.encode() + b'","data":' + payload + b"}"


def forms(room: str, event: str, payload: bytes) -> Forms:
    """Both forms of a message. A private room is called `user`, whoever's it is."""
    shown = "user" if room.startswith("user:") else room
    return form(socketio_text(event, payload)), form(plain_text(shown, event, payload))


class Connection:
    """One live client: where its bytes go, whose it is, which rooms it is in."""

    __slots__ = ("_queue", "_send", "_transport", "_writer", "kind", "rooms", "session_id", "user_id")

    def __init__(self, send: Send, *, kind: int = SOCKETIO, user_id: str = "", session_id: str = "") -> None:
        self.kind = kind
        self.user_id = user_id
        self.session_id = session_id
        self.rooms: set[str] = set()
        self._send = send
        self._queue: asyncio.Queue[bytes] | None = None
        self._writer: asyncio.Task[None] | None = None
        protocol = getattr(send, "__self__", None)
        straight = isinstance(protocol, WebSocketsSansIOProtocol)
        self._transport: asyncio.Transport | None = protocol.transport if straight else None  # type: ignore[union-attr]

    def deliver(self, message: Forms) -> bool:
        """Hand a message over without waiting; False where the client reads too slowly to be kept."""
        text, frame = message[self.kind]
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

    def give_up(self) -> None:
        """End the connection of a client that is too slow: what waits for it, the reason, and then the end of both."""
        self.close(policy.TOO_SLOW, policy.TOO_SLOW_REASON)

    def close(self, code: int, reason: str) -> None:
        """Say goodbye behind everything that was delivered; who does not read it is cut off soon."""
        transport = self._transport
        if transport is None:
            if self._writer is not None:
                self._writer.cancel()
            self._writer = asyncio.create_task(self._close(code, reason))
        elif not transport.is_closing():
            transport.write(close_frame(code, reason))
            transport.close()
            asyncio.get_running_loop().call_later(policy.SLOW_GRACE_SECONDS, transport.abort)

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

    async def _close(self, code: int, reason: str) -> None:
        try:
            async with asyncio.timeout(policy.SLOW_GRACE_SECONDS):
                await self._send({"type": "websocket.close", "code": code, "reason": reason})
        except (OSError, RuntimeError, TimeoutError):
            return
