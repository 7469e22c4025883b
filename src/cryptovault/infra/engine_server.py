"""The engine's side of the stream socket."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol, cast

from cryptovault.engine.commands import Command, EpochBarrier
from cryptovault.engine.events import Verdict
from cryptovault.infra.clock import Clock
from cryptovault.infra.engine_frames import (
    MAX_SEVERAL,
    NEWS_REQUEST,
    FrameError,
    FrameReader,
    FrameWriter,
    Status,
    pack,
    pack_several,
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


class OfferSeveral(Protocol):
    """The same for commands that go into one record; all of them are taken, or none."""

    def __call__(
        self, caller: Caller, request_id: int, commands: Sequence[Command], deadline: float, size: int
    ) -> None:
        """Take the commands; `caller` is answered for each, with ids from `request_id` on."""
        ...


class Ask(Protocol):
    """Who answers questions."""

    def __call__(self, caller: "Asker", request_id: int, question: list[Any], deadline: float) -> None:
        """Take a question `[name, *fields]`, or refuse it now."""
        ...


class Asker(Protocol):
    """Who waits for the answer to a question."""

    def reply(self, request_id: int, seq: int, answer: Any) -> None:
        """The answer, true at `seq`."""
        ...

    def refuse(self, request_id: int, status: Status, retry_after: float, sentence: str) -> None:
        """There is no answer."""
        ...


class _Several:
    """Waits for the outcome of commands that came in one request, and answers with one frame."""

    def __init__(self, connection: "Connection", request_id: int, count: int) -> None:
        self._connection = connection
        self._request_id = request_id
        self._verdicts: list[Verdict] = []
        self._count = count
        self._refused = False

    def answer(self, request_id: int, seq: int, verdict: Verdict) -> None:
        """One more; with the last all are sent."""
        self._verdicts.append(verdict)
        if request_id == self._count - 1:
            self._connection.answer_several(self._request_id, seq - request_id, self._verdicts)

    def refuse(self, _request_id: int, status: Status, retry_after: float, sentence: str) -> None:
        """They share a deadline and a record, so what holds for one holds for all."""
        if not self._refused:
            self._refused = True
            self._connection.refuse(self._request_id, status, retry_after, sentence)


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
            deadline = now + milliseconds / 1000
            first = fields[0]
            if type(first) is int:
                self._command(request_id, read_command(fields), deadline, size)
            elif type(first) is list:
                self._several(request_id, [read_command(each) for each in fields], deadline, size)
            else:
                self._question(request_id, fields, deadline)
        except (ValueError, TypeError, KeyError, IndexError) as error:
            self._invalid(frame, error)

    def _command(self, request_id: int, command: Command, deadline: float, size: int) -> None:
        if type(command) is EpochBarrier:
            raise ValueError("a barrier is for leaders to write")
        self._server.offer(self, request_id, command, deadline, size)

    def _several(self, request_id: int, commands: list[Command], deadline: float, size: int) -> None:
        if self._server.offer_several is None:
            raise ValueError("one at a time is taken here")
        if len(commands) > MAX_SEVERAL or any(type(command) is EpochBarrier for command in commands):
            raise ValueError(f"at most {MAX_SEVERAL} commands, and no barrier among them")
        self._server.offer_several(_Several(self, request_id, len(commands)), 0, commands, deadline, size)

    def _question(self, request_id: int, question: list[Any], deadline: float) -> None:
        if self._server.ask is None:
            raise ValueError("no questions are answered here")
        self._server.ask(self, request_id, question, deadline)

    def _invalid(self, frame: list[Any], error: Exception) -> None:
        if not frame or type(frame[0]) is not int:
            raise FrameError("a request without an id") from error
        self.refuse(frame[0], Status.INVALID, 0.0, f"not a command: {error}")

    def answer(self, request_id: int, seq: int, verdict: Verdict) -> None:
        """Send the verdict."""
        self._writer.write(pack_tagged((request_id, Status.DONE, seq), verdict))

    def answer_several(self, request_id: int, seq: int, verdicts: list[Verdict]) -> None:
        """Send the verdicts of one request; `seq` is that of the first."""
        self._writer.write(pack_several((request_id, Status.DONE, seq), verdicts))

    def reply(self, request_id: int, seq: int, answer: Any) -> None:
        """Send the answer to a question."""
        self._writer.write(pack((request_id, Status.DONE, seq, answer)))

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

    def __init__(
        self,
        offer: Offer,
        clock: Clock,
        *,
        offer_several: OfferSeveral | None = None,
        ask: Ask | None = None,
    ) -> None:
        self.offer = offer
        self.offer_several = offer_several
        self.ask = ask
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
