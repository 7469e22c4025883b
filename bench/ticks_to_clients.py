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
from typing import Any

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
    "emit": "/socket.io/?EIO=4&transport=websocket",
    "broadcast": "/",
}
TICK_BYTES = 1024
PAUSE_SECONDS = 0.15
PATIENCE_SECONDS = 60.0
_SHORTEST = 2
_LENGTH_FOLLOWS = 126
_STAMP = b'"at":"'


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--clients", type=int, default=1000)
    parser.add_argument("--ticks", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--plain-emit", action="store_true", help="also python-socketio's own emit")
    options = parser.parse_args()
    ways = ["broadcast", "straight", *(["emit"] if options.plain_emit else [])]
    found: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
    for _ in range(options.rounds):
        for way in ways:
            found[way].append(measure(way, options.clients, options.ticks))
    base = statistics.median(p99 for _, p99 in found["broadcast"])
    base_p50 = statistics.median(p50 for p50, _ in found["broadcast"])
    print(f"{options.clients} clients, {TICK_BYTES} bytes, {options.ticks} ticks x {options.rounds} rounds")
    print("way         p50 ms   p99 ms   p50 ratio   p99 ratio")
    for way in ways:
        p50 = statistics.median(row[0] for row in found[way])
        p99 = statistics.median(row[1] for row in found[way])
        print(f"{way:10}  {p50:6.1f}   {p99:6.1f}   {p50 / base_p50:9.2f}   {p99 / base:9.2f}")


def measure(way: str, clients: int, ticks: int) -> tuple[float, float]:
    """p50 and p99 in milliseconds of one way, with fresh processes."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=serve, args=(way, theirs), daemon=True)
    server.start()
    port = ours.recv()
    crowd_ours, crowd_theirs = context.Pipe()
    crowd = context.Process(target=run_clients, args=(way, port, clients, ticks, crowd_theirs), daemon=True)
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


def tick() -> bytes:
    """A prices message of 1 kB that carries the time of its making."""
    head = b'{"at":"%020d","prices":{' % time.monotonic_ns()
    return head + b'"x":"' + b"0" * (TICK_BYTES - len(head) - 8) + b'"}}'


def serve(way: str, pipe: Pipe) -> None:
    """A server process: say the port, wait for the word, send ticks."""
    uvloop.run({"straight": serve_straight, "emit": serve_emit, "broadcast": serve_broadcast}[way](pipe))


async def serve_straight(pipe: Pipe) -> None:
    """The exchange's stream under uvicorn, fed with publisher's messages."""
    services: Any = SimpleNamespace(
        metrics=ApiMetrics(),
        tokens=SimpleNamespace(on_revoke=lambda _listener: None),
        clock=SimpleNamespace(monotonic=time.monotonic),
        origins=None,
    )
    stream = Stream(services)

    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        scope[SCOPE_KEY] = SimpleNamespace(identity=None)
        await stream(scope, receive, send)

    def send_tick() -> None:
        stream.rooms.receive(msgspec.msgpack.encode(("prices", "prices", 1, tick())))

    stream.rooms.receive(msgspec.msgpack.encode(("prices", "prices", 1, b"{}")))  # the state newcomers are given
    await under_uvicorn(app, pipe, send_tick)


async def serve_emit(pipe: Pipe) -> None:
    """python-socketio's own emit under uvicorn."""
    server = socketio.AsyncServer(async_mode="asgi", transports=["websocket"], cors_allowed_origins=[])

    async def subscribe(sid: str, _rooms: Any) -> None:
        await server.enter_room(sid, "prices")

    server.on("subscribe", subscribe)

    async def send_tick() -> None:
        await server.emit("prices", json.loads(tick()), room="prices")

    await under_uvicorn(socketio.ASGIApp(server), pipe, send_tick)


async def under_uvicorn(app: Any, pipe: Pipe, send_tick: Callable[[], Awaitable[None] | None]) -> None:
    """Serve an application as the exchange does, and send ticks when told to."""
    config = uvicorn.Config(
        app, port=0, ws="websockets-sansio", ws_per_message_deflate=False, log_config=None, lifespan="off", backlog=4096
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    pipe.send(server.servers[0].sockets[0].getsockname()[1])
    await send_ticks(pipe, send_tick)
    await serving


async def serve_broadcast(pipe: Pipe) -> None:
    """The library that sends one message to many, sending the bytes the exchange sends."""
    clients = set()

    async def handler(connection: Any) -> None:
        clients.add(connection)
        await connection.wait_closed()

    async with websockets.serve(handler, "127.0.0.1", 0, compression=None, ping_interval=None, backlog=4096) as server:
        pipe.send(next(iter(server.sockets)).getsockname()[1])

        def send_tick() -> None:
            broadcast(clients, '42["prices",' + tick().decode() + "]")

        await send_ticks(pipe, send_tick)
        await asyncio.Event().wait()


async def send_ticks(pipe: Pipe, send_tick: Callable[[], Awaitable[None] | None]) -> None:
    """Send as many ticks as the word says, apart from each other."""
    ticks = await asyncio.to_thread(pipe.recv)
    for _ in range(ticks):
        sent = send_tick()
        if sent is not None:
            await sent
        await asyncio.sleep(PAUSE_SECONDS)


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
            if self._path == "/":
                self._crowd.ready()
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
            begin = at + len(_STAMP)
            self._crowd.arrived(int(text[begin : begin + 20]))
        elif text.startswith(b"0"):  # Engine.IO is open: connect the namespace
            self._say(b"40")
        elif text.startswith(b"40"):
            self._say(b'421["subscribe",{"rooms":["prices"]}]')
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

    def __init__(self, clients: int, ticks: int) -> None:
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


def run_clients(way: str, port: int, clients: int, ticks: int, pipe: Pipe) -> None:
    """The process of all clients."""
    uvloop.run(_run_clients(way, port, clients, ticks, pipe))


async def _run_clients(way: str, port: int, clients: int, ticks: int, pipe: Pipe) -> None:
    crowd = Crowd(clients, ticks)
    loop = asyncio.get_running_loop()
    for _ in range(clients):
        await loop.create_connection(lambda: Client(crowd, PATHS[way]), "127.0.0.1", port)
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
