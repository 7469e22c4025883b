"""The load generator of http_load for /ws/orders: each connection keeps `in_flight` requests under way.

Frames are written as they are (RFC 6455), masked with zeros, which leaves their bytes alone.
"""

import asyncio
import os
import sys
from base64 import b64encode
from time import perf_counter

import msgspec
import uvloop

from http_load import FIRST_REFUSAL, MARK, Load, Plan, Result

_SHORT, _MEDIUM = 126, 127
_FIRST_ID = 100_000_000
"""An id is a 1 and the eight digits of the request's number."""


class Client(asyncio.Protocol):
    """One connection; `request` is the text of its messages."""

    def __init__(self, load: Load, token: str, request: bytes, in_flight: int) -> None:
        self._load = load
        self._token = token
        self._parts = request.split(MARK)
        self._in_flight = in_flight
        self._transport: asyncio.Transport
        self._sent: dict[int, float] = {}
        self._buffer = b""
        self._open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Shake hands."""
        self._transport = transport  # type: ignore[assignment]
        key = b64encode(os.urandom(16)).decode()
        self._transport.write(
            (
                "GET /ws/orders HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\nAuthorization: Bearer {self._token}\r\n\r\n"
            ).encode()
        )

    def send(self) -> None:
        """Send the next request; its number is its id too."""
        number = self._load.next_number()
        self._sent[_FIRST_ID + number] = perf_counter()
        self._transport.write(_frame((b"%08d" % number).join(self._parts)))

    def data_received(self, data: bytes) -> None:
        """Take the answers that are there."""
        self._buffer += data
        if not self._open:
            head, end, rest = self._buffer.partition(b"\r\n\r\n")
            if not end:
                return
            assert head.startswith(b"HTTP/1.1 101"), self._buffer
            self._open, self._buffer = True, rest
            for _ in range(self._in_flight):
                self.send()
        for text in self._messages():
            self._answered(text)

    def _answered(self, text: bytes) -> None:
        answer = _decode(text)
        if answer.status >= FIRST_REFUSAL:
            self._load.refusal = text
        if self._load.answered(answer.status, perf_counter() - self._sent.pop(answer.id)):
            self.send()

    def _messages(self) -> list[bytes]:
        texts, start, buffer = [], 0, self._buffer
        while len(buffer) - start >= 2:  # noqa: PLR2004 - the head of a frame
            kind, length, body = buffer[start] & 15, buffer[start + 1], start + 2
            if length >= _SHORT:
                size = 2 if length == _SHORT else 8
                length, body = int.from_bytes(buffer[body : body + size]), body + size
            if len(buffer) < body + length:
                break
            if kind == 1:
                texts.append(buffer[body : body + length])
            start = body + length
        self._buffer = buffer[start:]
        return texts

    def connection_lost(self, _exc: Exception | None) -> None:
        """Only allowed at the end."""
        self._load.lost()


class _Answer(msgspec.Struct):
    id: int
    status: int


_decode = msgspec.json.Decoder(_Answer).decode


def _frame(text: bytes) -> bytes:
    length = len(text)
    if length < _SHORT:
        head = bytes((0x81, 0x80 | length))
    elif length < 1 << 16:
        head = bytes((0x81, 0x80 | _SHORT)) + length.to_bytes(2)
    else:
        head = bytes((0x81, 0x80 | _MEDIUM)) + length.to_bytes(8)
    return head + bytes(4) + text


class WsPlan(msgspec.Struct):
    """A Plan whose requests are message texts, with the token of each connection."""

    plan: Plan
    tokens: list[str]
    in_flight: int


async def run(given: WsPlan) -> Result:
    """Connect, send for the planned time, and sum up."""
    plan = given.plan

    class Sockets(Load):
        async def connect(self, number: int) -> None:
            text = plan.requests[number % len(plan.requests)]
            token = given.tokens[number % len(given.tokens)]
            loop = asyncio.get_running_loop()
            await loop.create_connection(lambda: Client(self, token, text, given.in_flight), "127.0.0.1", plan.port)

    return await Sockets(plan).run()


async def measure(plan: WsPlan) -> Result:
    """Run a plan in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, __file__, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate(msgspec.msgpack.encode(plan))
    assert process.returncode == 0, "the load generator failed"
    return msgspec.msgpack.decode(output, type=Result)


if __name__ == "__main__":
    sys.stdout.buffer.write(
        msgspec.msgpack.encode(uvloop.run(run(msgspec.msgpack.decode(sys.stdin.buffer.read(), type=WsPlan))))
    )
