"""A cheap HTTP/1.1 load generator: keep-alive connections, requests encoded beforehand, one request in flight each.

It runs as a process of its own and reads a plan from standard input (msgpack), so that the client's work is not
the server's. A request may hold the bytes `########`, which become a number that never comes twice.
"""

import asyncio
import sys
from time import perf_counter

import msgspec
import uvloop

MARK = b"########"
FIRST_REFUSAL = 400


class Plan(msgspec.Struct):
    """What to send: connection i repeats `requests[i % len(requests)]`."""

    port: int
    connections: int
    seconds: float
    requests: list[bytes]
    first_number: int = 0


class Result(msgspec.Struct):
    """What came back. Times in milliseconds."""

    per_second: float
    total: int  # all answers, those before and after the measured time too
    p50: float
    p99: float
    statuses: dict[int, int]
    refusal: bytes


class Client(asyncio.Protocol):
    """One connection."""

    def __init__(self, load: "Load", request: bytes) -> None:
        self._load = load
        self._parts = request.split(MARK)
        self._transport: asyncio.Transport
        self._started = 0.0
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.WriteTransport) or hasattr(transport, "write")
        self._transport = transport  # type: ignore[assignment]

    def send(self) -> None:
        """Send the next request."""
        number = b"%08d" % self._load.next_number()
        self._started = perf_counter()
        self._transport.write(number.join(self._parts))

    def data_received(self, data: bytes) -> None:
        """Take the answer when all of it is there."""
        self._buffer += data
        head, end, body = self._buffer.partition(b"\r\n\r\n")
        if not end:
            return
        at = head.lower().index(b"content-length:") + 15
        length = int(head[at : head.find(b"\r\n", at) if head.find(b"\r\n", at) > 0 else None])
        if len(body) < length:
            return
        self._buffer = b""
        status = int(head[9:12])
        if status >= FIRST_REFUSAL:
            self._load.refusal = body
        if self._load.answered(status, perf_counter() - self._started):
            self.send()

    def connection_lost(self, _exc: Exception | None) -> None:
        """Only allowed at the end."""
        self._load.lost()


class Load:
    """All connections and what they have measured."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._number = plan.first_number
        self._latencies: list[float] = []
        self._statuses: dict[int, int] = {}
        self._measuring = False
        self._total = 0
        self.running = True
        self.refusal = b""

    def next_number(self) -> int:
        """A number no other request has."""
        self._number += 1
        return self._number

    def answered(self, status: int, seconds: float) -> bool:
        """Count an answer; False ends the connection's work."""
        self._total += 1
        if self._measuring:
            self._latencies.append(seconds)
            self._statuses[status] = self._statuses.get(status, 0) + 1
        return self.running

    def lost(self) -> None:
        """A connection is gone."""
        assert not self.running, "the server closed a connection"

    async def connect(self, number: int) -> None:
        """Open a connection, which begins to send."""
        request = self._plan.requests[number % len(self._plan.requests)]
        loop = asyncio.get_running_loop()
        _, client = await loop.create_connection(lambda: Client(self, request), "127.0.0.1", self._plan.port)
        client.send()

    async def run(self) -> Result:
        """Connect, send for the planned time, and sum up."""
        for number in range(self._plan.connections):
            await self.connect(number)
        await asyncio.sleep(min(1.0, self._plan.seconds / 4))  # what is cold at first is not measured
        self._measuring, started = True, perf_counter()
        await asyncio.sleep(self._plan.seconds)
        self._measuring, elapsed = False, perf_counter() - started
        self.running = False
        await asyncio.sleep(0.2)
        latencies = sorted(self._latencies) or [0.0]
        return Result(
            total=self._total,
            per_second=len(self._latencies) / elapsed,
            p50=latencies[len(latencies) // 2] * 1000,
            p99=latencies[int(len(latencies) * 0.99)] * 1000,
            statuses=self._statuses,
            refusal=self.refusal,
        )


async def measure(plan: Plan) -> Result:
    """Run a plan in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, __file__, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate(msgspec.msgpack.encode(plan))
    assert process.returncode == 0, "the load generator failed"
    return msgspec.msgpack.decode(output, type=Result)


if __name__ == "__main__":
    given = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Plan)
    sys.stdout.buffer.write(msgspec.msgpack.encode(uvloop.run(Load(given).run())))
