"""What clients send is looked at before python-socketio sees it: not much, and only what a client of ours would send.

The library logs a traceback for each packet it cannot read, and takes an event called `connect` for a new connection.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from cryptovault.features.stream import policy
from cryptovault.infra.clock import Clock

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]

_NOT_ALLOWED = 1008
_PLAIN = re.compile(r"1|3.{0,64}|40|41")  # close, pong, connect, disconnect
_DATA = re.compile(r"4(?:0|2[0-9]{0,9})(?=[\[{])")  # connect with credentials, event with or without acknowledgement
_OWN_EVENTS = {"connect", "disconnect"}


class Arrivals:
    """The receiving end of one connection; who sends too much, or nonsense where `readable`, has disconnected."""

    def __init__(self, receive: Receive, send: Send, clock: Clock, *, readable: bool) -> None:
        self._receive, self._send, self._clock = receive, send, clock
        self._readable = readable
        self._window, self._count = clock.monotonic(), 0

    async def __call__(self) -> Any:
        """The next ASGI message."""
        message = await self._receive()
        if message["type"] != "websocket.receive":
            return message
        if self._in_measure() and (not self._readable or is_packet(message.get("text"))):
            return message
        await self._send({"type": "websocket.close", "code": _NOT_ALLOWED})
        return {"type": "websocket.disconnect", "code": _NOT_ALLOWED}

    def _in_measure(self) -> bool:
        now = self._clock.monotonic()
        if now - self._window > policy.ARRIVALS_SECONDS:
            self._window, self._count = now, 0
        self._count += 1
        return self._count <= policy.MAX_ARRIVALS


def is_packet(text: str | None) -> bool:
    """Whether this is a Socket.IO packet that a client of ours sends."""
    if not text or _PLAIN.fullmatch(text):
        return bool(text)
    start = _DATA.match(text)
    if start is None or text.count("[") + text.count("{") > policy.MAX_BRACKETS:
        return False
    try:
        data = msgspec.json.decode(text[start.end() :])
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return False
    if isinstance(data, list):
        return text[1] == "2" and bool(data) and isinstance(data[0], str) and data[0] not in _OWN_EVENTS
    return text[1] == "0"
