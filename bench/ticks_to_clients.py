"""A price tick of 1 kB to 1,000 Socket.IO clients, against `websockets.broadcast` of the same bytes.

    python bench/ticks_to_clients.py [--clients 1000] [--ticks 60] [--rounds 2] [--plain-emit]

Time is from the moment before the server hands the tick over to the moment a client has read it from its socket, for
every client and tick; server and clients share the machine's monotonic clock. Each server runs in a process of its
own, and so do the clients, which speak just enough of the protocols and cost as little as they can. The exchange's
side is the whole way of a tick in an api worker: unpack the publisher's message, encode the frame, write it to each
transport under uvicorn. `--plain-emit` adds python-socketio's own emit, for comparison.
"""

import argparse
import asyncio
import base64
import contextlib
import json
import multiprocessing
import os
import statistics
import struct
import time
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection as Pipe
from types import SimpleNamespace
from typing import Any, NamedTuple

import msgspec
import socketio
import uvicorn
import uvloop
import websockets
from websockets.asyncio.server import broadcast

from cryptovault.features.stream.endpoints import Stream
from cryptovault.infra.metrics import ApiMetrics
from cryptovault.kit.call import SCOPE_KEY

PATHS = {
    "straight": "/socket.io/?EIO=4&transport=websocket",
    "plain": "/ws/stream",
    "emit": "/socket.io/?EIO=4&transport=websocket",
    "broadcast": "/",
}
TICK_BYTES = 1024
PATIENCE_SECONDS = 60.0
_SHORTEST = 2
_LENGTH_FOLLOWS = 126
_STAMP = b'"at":"'


class Load(NamedTuple):
    """What is sent: to which room, how often, what newcomers get first, and how the message of a number is made.

    A message carries the time of its making as the 20 digits of its `at`, in nanoseconds of the monotonic clock.
    """

    room: str
    event: str
    pause_seconds: float
    first: tuple[str, bytes]
    message: Callable[[int], bytes]


def tick(_number: int) -> bytes:
    """A prices message of 1 kB."""
    head = b'{"at":"%020d","prices":{' % time.monotonic_ns()
    return head + b'"x":"' + b"0" * (TICK_BYTES - len(head) - 8) + b'"}}'


TICKS = Load("prices", "prices", 0.15, ("prices", b"{}"), tick)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--clients", type=int, default=1000)
    parser.add_argument("--ticks", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--plain-emit", action="store_true", help="also python-socketio's own emit")
    options = parser.parse_args()
    compare(TICKS, ["broadcast", "straight", *(["emit"] if options.plain_emit else [])], options)


def compare(load: Load, ways: list[str], options: argparse.Namespace) -> None:
    """Measure each way as often as `options` says, in turn, and print their medians beside those of the first."""
    found: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
    for _ in range(options.rounds):
        for way in ways:
            found[way].append(measure(load, way, options.clients, options.ticks))
    size, rate = len(load.message(1)), 1 / load.pause_seconds
    print(f"{options.clients} clients, {size} bytes, {options.ticks} x {options.rounds} messages, {rate:.1f} a second")
    print("way         p50 ms   p99 ms   p50 ratio   p99 ratio")
    base_p50, base_p99 = (statistics.median(row[part] for row in found[ways[0]]) for part in (0, 1))
    for way in ways:
        p50, p99 = (statistics.median(row[part] for row in found[way]) for part in (0, 1))
        print(f"{way:10}  {p50:6.1f}   {p99:6.1f}   {p50 / base_p50:9.2f}   {p99 / base_p99:9.2f}")


def measure(load: Load, way: str, clients: int, ticks: int) -> tuple[float, float]:
    """p50 and p99 in milliseconds of one way, with fresh processes."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=serve, args=(load, way, theirs), daemon=True)
    server.start()
    port = ours.recv()
    crowd_ours, crowd_theirs = context.Pipe()
    crowd = context.Process(
        target=run_clients, args=(load.room, PATHS[way], port, (clients, ticks), crowd_theirs), daemon=True
    )
    crowd.start()
    try:
        _expect(crowd_ours, "connected")
        ours.send(ticks)
        latencies = sorted(_receive(crowd_ours))
    finally:
        server.kill()
        crowd.kill()
        server.join()
        crowd.join()
    assert len(latencies) == clients * ticks, f"{len(latencies)} of {clients * ticks} ticks arrived"
    return latencies[len(latencies) // 2] * 1000, latencies[int(len(latencies) * 0.99)] * 1000


def _receive(pipe: Pipe) -> Any:
    assert pipe.poll(PATIENCE_SECONDS), "a process of the bench does not answer"
    return pipe.recv()


def _expect(pipe: Pipe, word: str) -> None:
    assert _receive(pipe) == word


def serve(load: Load, way: str, pipe: Pipe) -> None:
    """A server process: say the port, wait for the word, send messages."""
    servers = {"straight": serve_straight, "plain": serve_straight, "emit": serve_emit, "broadcast": serve_broadcast}
    uvloop.run(servers[way](load, pipe))


async def serve_straight(load: Load, pipe: Pipe) -> None:
    """The exchange's stream under uvicorn, fed with publisher's messages."""

    async def market(_symbol: str) -> object:
        return object()

    services: Any = SimpleNamespace(
        metrics=ApiMetrics(),
        tokens=SimpleNamespace(on_revoke=lambda _listener: None),
        clock=SimpleNamespace(monotonic=time.monotonic),
        catalogue=SimpleNamespace(market=market),
        redis=None,
        origins=SimpleNamespace(allows=lambda *_: True),
    )
    stream = Stream(services)

    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        scope[SCOPE_KEY] = SimpleNamespace(identity=None, key=None, problem=None, headers={})
        await stream(scope, receive, send)

    def tell(event: str, payload: bytes) -> None:
        stream.feed.receive(msgspec.msgpack.encode((load.room, event, 1, payload)))

    tell(*load.first)
    await under_uvicorn(app, load, pipe, lambda number: tell(load.event, load.message(number)))


async def serve_emit(load: Load, pipe: Pipe) -> None:
    """python-socketio's own emit under uvicorn."""
    server = socketio.AsyncServer(async_mode="asgi", transports=["websocket"], cors_allowed_origins=[])

    async def subscribe(sid: str, _rooms: Any) -> None:
        await server.enter_room(sid, load.room)

    server.on("subscribe", subscribe)

    async def send(number: int) -> None:
        await server.emit(load.event, json.loads(load.message(number)), room=load.room)

    await under_uvicorn(socketio.ASGIApp(server), load, pipe, send)


async def under_uvicorn(app: Any, load: Load, pipe: Pipe, send: Callable[[int], Awaitable[None] | None]) -> None:
    """Serve an application as the exchange does, and send messages when told to."""
    config = uvicorn.Config(
        app, port=0, ws="websockets-sansio", ws_per_message_deflate=False, log_config=None, lifespan="off", backlog=4096
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    pipe.send(server.servers[0].sockets[0].getsockname()[1])
    await send_all(load, pipe, send)
    await serving


async def serve_broadcast(load: Load, pipe: Pipe) -> None:
    """The library that sends one message to many, sending the bytes the exchange sends."""
    clients = set()

    async def handler(connection: Any) -> None:
        clients.add(connection)
        await connection.wait_closed()

    async with websockets.serve(handler, "127.0.0.1", 0, compression=None, ping_interval=None, backlog=4096) as server:
        pipe.send(next(iter(server.sockets)).getsockname()[1])

        def send(number: int) -> None:
            broadcast(clients, f'42["{load.event}",' + load.message(number).decode() + "]")

        await send_all(load, pipe, send)
        await asyncio.Event().wait()


async def send_all(load: Load, pipe: Pipe, send: Callable[[int], Awaitable[None] | None]) -> None:
    """Send as many messages as the word says, at a fixed rate."""
    count = await asyncio.to_thread(pipe.recv)
    due = time.monotonic()
    for number in range(1, count + 1):
        sent = send(number)
        if sent is not None:
            await sent
        due += load.pause_seconds
        await asyncio.sleep(max(0.0, due - time.monotonic()))


class Client(asyncio.Protocol):
    """A WebSocket client of the least possible cost: it counts ticks and notes when each was complete."""

    def __init__(self, crowd: "Crowd", path: str) -> None:
        self._crowd = crowd
        self._path = path
        self._buffer = b""
        self._transport: Any = None
        self._upgraded = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        self._transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        self._transport.write(
            f"GET {self._path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        """Take whole frames out of what has arrived."""
        self._buffer += data
        if not self._upgraded:
            head, end, rest = self._buffer.partition(b"\r\n\r\n")
            if not end:
                return
            assert b" 101 " in head.split(b"\r\n")[0], head
            self._upgraded, self._buffer = True, rest
            if self._path == PATHS["broadcast"]:
                self._crowd.ready()
            elif self._path == PATHS["plain"]:
                self._say(b'{"id":1,"method":"subscribe","params":{"rooms":["%s"]}}' % self._crowd.room)
        while (frame := self._frame()) is not None:
            self._take(frame)

    def _frame(self) -> bytes | None:
        if len(self._buffer) < _SHORTEST:
            return None
        start, length = 2, self._buffer[1]
        if length == _LENGTH_FOLLOWS:
            start, length = 4, int.from_bytes(self._buffer[2:4])
        if len(self._buffer) < start + length:
            return None
        frame, self._buffer = self._buffer[start : start + length], self._buffer[start + length :]
        return frame

    def _take(self, text: bytes) -> None:
        at = text.find(_STAMP)
        if at > 0:
            stamp = text[at + len(_STAMP) :][:20]
            if stamp.isdigit():  # the first message a newcomer gets has none
                self._crowd.arrived(int(stamp))
        elif text.startswith(b'{"id":1,'):
            assert b'"status":200' in text, text
            self._crowd.ready()
        elif text.startswith(b"0"):  # Engine.IO is open: connect the namespace
            self._say(b"40")
        elif text.startswith(b"40"):
            self._say(b'421["subscribe",{"rooms":["%s"]}]' % self._crowd.room)
        elif text.startswith(b"431"):
            assert b'"ok":true' in text or text == b"431[]", text
            self._crowd.ready()
        elif text == b"2":
            self._say(b"3")

    def _say(self, text: bytes) -> None:
        mask = b"\0\0\0\0"  # a mask of zeros leaves the text as it is
        self._transport.write(struct.pack("!BB", 0x81, 0x80 | len(text)) + mask + text)


class Crowd:
    """All clients and what they have measured."""

    def __init__(self, room: str, clients: int, ticks: int) -> None:
        self.room = room.encode()
        self._missing = clients
        self._expected = clients * ticks
        self.latencies: list[float] = []
        self.all_connected = asyncio.Event()
        self.all_arrived = asyncio.Event()

    def ready(self) -> None:
        """One more client is in its room."""
        self._missing -= 1
        if not self._missing:
            self.all_connected.set()

    def arrived(self, sent_ns: int) -> None:
        """One client has a tick."""
        self.latencies.append((time.monotonic_ns() - sent_ns) / 1e9)
        if len(self.latencies) == self._expected:
            self.all_arrived.set()


def run_clients(room: str, path: str, port: int, counts: tuple[int, int], pipe: Pipe) -> None:
    """The process of all clients; `counts` are clients and messages."""
    uvloop.run(_run_clients(room, path, port, counts, pipe))


async def _run_clients(room: str, path: str, port: int, counts: tuple[int, int], pipe: Pipe) -> None:
    crowd = Crowd(room, *counts)
    loop = asyncio.get_running_loop()
    for _ in range(counts[0]):
        await loop.create_connection(lambda: Client(crowd, path), "127.0.0.1", port)
    async with asyncio.timeout(PATIENCE_SECONDS):
        await crowd.all_connected.wait()
    pipe.send("connected")
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE_SECONDS):
            await crowd.all_arrived.wait()
    pipe.send(crowd.latencies)
    await asyncio.Event().wait()


if __name__ == "__main__":
    main()
