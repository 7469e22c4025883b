"""The engine's side of the stream socket."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, cast

from cryptovault.engine.commands import Command, EpochBarrier
from cryptovault.engine.events import Verdict
from cryptovault.infra.clock import Clock
from cryptovault.infra.engine_frames import (
    NEWS_REQUEST,
    FrameError,
    FrameReader,
    FrameWriter,
    Status,
    pack,
    pack_tagged,
    parse_address,
    read_command,
)


class Caller(Protocol):
    """Who waits for the outcome of a command."""

    def answer(self, request_id: int, seq: int, verdict: Verdict) -> None:
        """The command is durable at `seq`."""
        ...

    def refuse(self, request_id: int, status: Status, retry_after: float, sentence: str) -> None:
        """The command was not taken; nothing happened."""
        ...


class Offer(Protocol):
    """The sequencer's intake."""

    def __call__(self, caller: Caller, request_id: int, command: Command, deadline: float, size: int) -> None:
        """Take a command of `size` bytes that is worth nothing after `deadline` (monotonic seconds)."""
        ...


_LAST_WORDS_SECONDS = 0.5


class Connection(asyncio.Protocol):
    """One client."""

    def __init__(self, server: "EngineServer") -> None:
        self._server = server
        self._reader = FrameReader()
        self._transport: asyncio.Transport
        self._writer: FrameWriter

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.Transport", transport)
        self._writer = FrameWriter(self._transport)
        self._server.connections.add(self)

    def connection_lost(self, _exc: Exception | None) -> None:
        """Forget the client; its commands go on, only nobody hears the answers."""
        self._server.connections.discard(self)
        self._server.listeners.discard(self)

    def pause_writing(self) -> None:
        """A client that does not read its answers is not listened to until it does."""
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        """It reads again."""
        self._transport.resume_reading()

    def data_received(self, data: bytes) -> None:
        """Offer each command that has arrived whole."""
        now = self._server.clock.monotonic()
        try:
            for frame, size in self._reader.feed(data):
                self._request(frame, size, now)
        except FrameError:
            self.close()

    def _request(self, frame: list[Any], size: int, now: float) -> None:
        try:
            request_id, milliseconds, fields = frame
            if request_id == NEWS_REQUEST:
                self._server.listeners.add(self)
                return
            command = read_command(fields)
            deadline = now + milliseconds / 1000
        except (ValueError, TypeError, KeyError, IndexError) as error:
            self._invalid(frame, error)
            return
        if type(command) is EpochBarrier:
            self.refuse(request_id, Status.INVALID, 0.0, "a barrier is for leaders to write")
            return
        self._server.offer(self, request_id, command, deadline, size)

    def _invalid(self, frame: list[Any], error: Exception) -> None:
        if not frame or type(frame[0]) is not int:
            raise FrameError("a request without an id") from error
        self.refuse(frame[0], Status.INVALID, 0.0, f"not a command: {error}")

    def answer(self, request_id: int, seq: int, verdict: Verdict) -> None:
        """Send the verdict."""
        self._writer.write(pack_tagged((request_id, Status.DONE, seq), verdict))

    def refuse(self, request_id: int, status: Status, retry_after: float, sentence: str) -> None:
        """Send a refusal."""
        self._writer.write(pack((request_id, status, int(retry_after * 1000), sentence)))

    def news(self, seq: int) -> None:
        """Say how far the journal is durable."""
        self._writer.write(pack((NEWS_REQUEST, Status.NEWS, seq, None)))

    def close(self) -> None:
        """Hang up, once the last answers are sent."""
        self._transport.close()

    def abort(self) -> None:
        """Hang up on somebody who does not read."""
        self._transport.abort()


class EngineServer:
    """Listens for commands while this engine leads."""

    def __init__(self, offer: Offer, clock: Clock) -> None:
        self.offer = offer
        self.clock = clock
        self.connections: set[Connection] = set()
        self.listeners: set[Connection] = set()
        self._server: asyncio.Server | None = None
        self._path: Path | None = None

    async def start(self, address: str) -> None:
        """Listen at `unix:///path` (mode 0600) or `tcp://host:port`. Raises ValueError, OSError."""
        where = parse_address(address)
        loop = asyncio.get_running_loop()
        make: Callable[[], Connection] = lambda: Connection(self)  # noqa: E731 - a factory, not a function
        if not where.path:
            self._server = await loop.create_server(make, where.host, where.port)
            return
        self._path = Path(where.path)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.unlink(missing_ok=True)  # left behind by a killed engine; the state directory's lock makes it ours
        self._server = await loop.create_unix_server(make, where.path)
        self._path.chmod(0o600)

    @property
    def port(self) -> int:
        """The TCP port it listens on, where port 0 was asked for."""
        listening = self._server.sockets if self._server else ()
        return int(listening[0].getsockname()[1]) if listening else 0

    def publish(self, seq: int) -> None:
        """Tell listeners that all commands up to seq are durable."""
        for listener in self.listeners:
            listener.news(seq)

    async def stop(self) -> None:
        """Stop listening and hang up."""
        if self._server is None:
            return
        self._server.close()
        for connection in tuple(self.connections):
            connection.close()
        deadline = self.clock.monotonic() + _LAST_WORDS_SECONDS
        while self.connections and self.clock.monotonic() < deadline:
            await self.clock.sleep(0.005)
        for connection in tuple(self.connections):
            connection.abort()
        if self._path is not None:
            self._path.unlink(missing_ok=True)
