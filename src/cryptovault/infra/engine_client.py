"""How everybody else speaks to the engine: one socket, many requests in flight, each with a deadline."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, cast

from cryptovault.engine.commands import Command
from cryptovault.engine.events import Verdict
from cryptovault.engine.questions import Question
from cryptovault.infra.cancellation import end_tasks, heed_cancellation
from cryptovault.infra.engine_frames import (
    NEWS_REQUEST,
    Ack,
    EngineBusy,
    EngineError,
    EngineTimeout,
    EngineUnavailable,
    FrameError,
    FrameReader,
    FrameWriter,
    Status,
    pack,
    pack_several,
    pack_tagged,
    parse_address,
    read_event,
)
from cryptovault.infra.engine_questions import Reply, read_answer, write_question

Message = Command | list[Command] | Question

Resolver = Callable[[], Awaitable[str]]
"""Finds the address at which the engine's leader listens now."""

_BACK_OFF = (0.02, 0.05, 0.1, 0.2, 0.4)
_FIRST_ID = 1  # 0 asks for news
_MAX_REQUESTS = 20_000
_SILENCE_SECONDS = 1.0
"""An engine that says nothing for so long while somebody waits may no longer be the leader."""


class Engine(Protocol):
    """Whoever takes commands: the client of a real engine, or its twin inside this process."""

    async def submit(self, command: Command, *, timeout: float = 5.0) -> Ack:  # noqa: ASYNC109 - travels as a deadline
        """Execute a command and give the durable answer."""
        ...

    async def submit_several(self, commands: Sequence[Command], *, timeout: float = 5.0) -> list[Ack]:  # noqa: ASYNC109
        """Execute commands in this order and in one record, and give the durable answer to each."""
        ...

    async def ask(self, question: Question, *, timeout: float = 5.0) -> Reply:  # noqa: ASYNC109
        """Have a question answered, which changes nothing."""
        ...


def fixed_address(address: str) -> Resolver:
    """An engine that is always at the same place."""

    async def resolve() -> str:
        return address

    return resolve


class _Request:
    """Something that waits for its answer."""

    __slots__ = ("deadline", "future", "message", "retried", "sent_at")

    def __init__(self, message: Message, deadline: float, future: "asyncio.Future[Any]") -> None:
        self.message = message
        self.deadline = deadline
        self.future = future
        self.sent_at = 0.0
        self.retried = False

    @property
    def sent(self) -> bool:
        """True once it was on its way."""
        return self.sent_at > 0.0

    @property
    def repeatable(self) -> bool:
        """True where sending it twice has the effect of once: by idempotency keys, or because it only asks."""
        message = self.message
        if isinstance(message, list):
            return all(getattr(command, "key", "") for command in message)
        return isinstance(message, Question) or bool(getattr(message, "key", ""))

    def pack(self, head: tuple[int, int]) -> bytes:
        """Its frame."""
        message = self.message
        if isinstance(message, list):
            return pack_several(head, message)
        if isinstance(message, Question):
            return pack((*head, write_question(message)))
        return pack_tagged(head, message)

    def read(self, number: int, body: Any) -> Any:
        """What the answer to it says. Raises ValueError."""
        message = self.message
        if isinstance(message, list):
            verdicts = [cast("Verdict", read_event(fields)) for fields in body]
            return [Ack(number + place, verdict) for place, verdict in enumerate(verdicts)]
        if isinstance(message, Question):
            return Reply(number, read_answer(message, body))
        return Ack(number, cast("Verdict", read_event(body)))


class EngineClient:
    """One multiplexed connection to the engine's leader, made again with back-off when it breaks.

    A request with an idempotency key that was on its way when the connection broke is sent once more by
    itself; any other fails with EngineTimeout, for its outcome is unknown.
    """

    def __init__(self, resolve: Resolver, *, on_news: Callable[[int], None] | None = None) -> None:
        self._resolve = resolve
        self._on_news = on_news
        self._ids = itertools.count(_FIRST_ID)
        self._requests: dict[int, _Request] = {}
        self._wire: _Wire | None = None
        self._runner: asyncio.Task[None] | None = None

    @property
    def connected(self) -> bool:
        """True while there is a connection."""
        return self._wire is not None

    async def connect(self) -> None:
        """Begin to connect, in the background; requests wait for the connection until their deadline."""
        if self._runner is None:
            self._runner = asyncio.create_task(self._run(), name="engine-client")

    async def close(self) -> None:
        """Hang up; requests under way fail."""
        if self._runner is not None:
            await end_tasks((self._runner,))
            self._runner = None
        for request in self._take_all():
            _fail(request, EngineTimeout("the connection to the engine was closed"))

    async def submit(self, command: Command, *, timeout: float = 5.0) -> Ack:  # noqa: ASYNC109 - travels as a deadline
        """Execute a command and give the durable answer. Raises EngineBusy, EngineUnavailable, EngineTimeout."""
        ack: Ack = await self._request(command, timeout)
        return ack

    async def submit_several(self, commands: Sequence[Command], *, timeout: float = 5.0) -> list[Ack]:  # noqa: ASYNC109
        """Execute at most MAX_SEVERAL commands in one record. Raises as `submit`, for all of them."""
        acks: list[Ack] = await self._request(list(commands), timeout)
        return acks

    async def ask(self, question: Question, *, timeout: float = 5.0) -> Reply:  # noqa: ASYNC109
        """Have a question answered by the leader. Raises EngineBusy, EngineUnavailable, EngineTimeout."""
        reply: Reply = await self._request(question, timeout)
        return reply

    async def _request(self, message: Message, seconds: float) -> Any:
        if len(self._requests) >= _MAX_REQUESTS:
            raise EngineBusy("too many requests wait for the engine")
        loop = asyncio.get_running_loop()
        request = _Request(message, loop.time() + seconds, loop.create_future())
        request_id = next(self._ids)
        self._requests[request_id] = request
        if self._wire is not None:
            self._wire.send(request_id, request)
        try:
            async with asyncio.timeout_at(request.deadline):
                return await request.future
        except TimeoutError:
            raise _late(request) from None
        finally:
            self._requests.pop(request_id, None)

    async def _run(self) -> None:
        back_off = itertools.chain(_BACK_OFF, itertools.repeat(_BACK_OFF[-1]))
        while True:
            heed_cancellation()
            try:
                wire = await self._dial()
            except (OSError, ValueError, TimeoutError):
                await asyncio.sleep(next(back_off))
                continue
            back_off = itertools.chain(_BACK_OFF, itertools.repeat(_BACK_OFF[-1]))
            try:
                self._attach(wire)
                await self._stay(wire)
            finally:
                self._detach(wire)

    async def _stay(self, wire: "_Wire") -> None:
        """Until the connection breaks, or is silent while the leader is found elsewhere."""
        while not wire.broken.is_set():
            try:
                async with asyncio.timeout(_SILENCE_SECONDS / 2):
                    await wire.broken.wait()
            except TimeoutError:
                if self._is_silent(wire) and await self._resolve() != wire.address:
                    return

    def _is_silent(self, wire: "_Wire") -> bool:
        oldest = next(iter(self._requests.values()), None)
        if oldest is None or not oldest.sent:
            return False
        return asyncio.get_running_loop().time() - max(oldest.sent_at, wire.heard_at) > _SILENCE_SECONDS

    async def _dial(self) -> "_Wire":
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(2.0):
            address = await self._resolve()
            where = parse_address(address)
            make: Callable[[], _Wire] = lambda: _Wire(address, self._received)  # noqa: E731 - a factory
            if where.path:
                return (await loop.create_unix_connection(make, where.path))[1]
            return (await loop.create_connection(make, where.host, where.port))[1]

    def _attach(self, wire: "_Wire") -> None:
        self._wire = wire
        if self._on_news is not None:
            wire.ask_for_news()
        for request_id, request in self._requests.items():
            wire.send(request_id, request)

    def _detach(self, wire: "_Wire") -> None:
        self._wire = None
        wire.close()
        for request_id, request in tuple(self._requests.items()):
            if not request.sent:
                continue
            if request.repeatable and not request.retried:
                request.retried = True
                continue
            del self._requests[request_id]
            _fail(request, EngineTimeout("the connection broke before the engine answered; the outcome is unknown"))

    def _received(self, frame: list[Any]) -> None:
        request_id, status, number, body = frame
        if request_id == NEWS_REQUEST:
            if self._on_news is not None:
                self._on_news(number)
            return
        request = self._requests.pop(request_id, None)
        if request is None or request.future.done():
            return  # the caller has given up
        if status == Status.DONE:
            request.future.set_result(request.read(number, body))
            return
        _fail(request, _refusal(status, number / 1000, body))

    def _take_all(self) -> list[_Request]:
        requests, self._requests = list(self._requests.values()), {}
        return requests


class _Wire(asyncio.Protocol):
    """One connection while it lasts."""

    def __init__(self, address: str, received: Callable[[list[Any]], None]) -> None:
        self.address = address
        self.broken = asyncio.Event()
        self.heard_at = 0.0
        self._received = received
        self._reader = FrameReader()
        self._transport: asyncio.Transport
        self._writer: FrameWriter
        self._loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._writer = FrameWriter(self._transport)

    def connection_lost(self, _exc: Exception | None) -> None:
        self.broken.set()

    def data_received(self, data: bytes) -> None:
        self.heard_at = self._loop.time()
        try:
            for frame, _size in self._reader.feed(data):
                self._received(frame)
        except (FrameError, ValueError):
            self.close()

    def send(self, request_id: int, request: _Request) -> None:
        now = self._loop.time()
        milliseconds = max(0, int((request.deadline - now) * 1000))
        request.sent_at = now
        self._writer.write(request.pack((request_id, milliseconds)))

    def ask_for_news(self) -> None:
        self._writer.write(pack((NEWS_REQUEST, 0, None)))

    def close(self) -> None:
        self._transport.close()
        self.broken.set()


def _late(request: _Request) -> EngineError:
    if request.sent:
        return EngineTimeout("the engine did not answer in time; the outcome is unknown")
    return EngineUnavailable("the engine was not reached")


def _refusal(status: int, retry_after: float, sentence: str) -> EngineError:
    kind = {Status.BUSY: EngineBusy, Status.UNAVAILABLE: EngineUnavailable, Status.EXPIRED: EngineBusy}
    return kind.get(Status(status), EngineError)(sentence, retry_after)


def _fail(request: _Request, error: EngineError) -> None:
    if not request.future.done():
        request.future.set_exception(error)
