"""The one writer: orders and stamps commands, applies and journals them, and answers when they are durable."""

import asyncio
import logging
import math
from collections import deque
from collections.abc import Callable, Sequence
from typing import NamedTuple

from cryptovault.engine.commands import Command, Tick
from cryptovault.engine.events import Event, Verdict
from cryptovault.engine.exchange import Exchange
from cryptovault.infra.clock import Clock
from cryptovault.infra.engine_frames import Status
from cryptovault.infra.engine_server import Caller
from cryptovault.runtime.errors import InvariantFailed, Stopped
from cryptovault.runtime.intake import Intake, Limits, Waiting
from cryptovault.runtime.journal import Journal
from cryptovault.runtime.journal_time import JournalTime
from cryptovault.runtime.records import Head, Record, make_record
from cryptovault.runtime.watermark import Watermark

logger = logging.getLogger(__name__)

_DEFAULT_LIMITS = Limits()
_DRAIN_SECONDS = 2.0


class _Nobody:
    """Who asked for a Tick."""

    def answer(self, request_id: int, seq: int, verdict: Verdict) -> None:
        """Nobody waits."""

    def refuse(self, request_id: int, status: Status, retry_after: float, sentence: str) -> None:
        """What is due stays due."""


class _Applied(NamedTuple):
    waiting: Waiting
    events: list[Event]


class _Batch:
    """A record under way, and who waits for it."""

    __slots__ = ("applied", "durable", "record")

    def __init__(self, record: Record, applied: list[_Applied]) -> None:
        self.record = record
        self.applied = applied
        self.durable = False


class Sequencer:
    """Group commit with pipelining: while a record is being written, the next commands are applied already.

    Answers leave strictly in order of seq, each after its record and all before it are durable. The exchange in
    memory may therefore be ahead of what anybody was told; if this process dies, that part never was.
    """

    def __init__(
        self,
        exchange: Exchange,
        journal: Journal,
        head: Head,
        watermark: Watermark,
        clock: Clock,
        *,
        limits: Limits = _DEFAULT_LIMITS,
        on_committed: Callable[[Head], None] = lambda _head: None,
    ) -> None:
        self.exchange = exchange
        self.applied_head = head
        self.committed_head = head
        self._journal = journal
        self._watermark = watermark
        self._clock = clock
        self._time = JournalTime(clock, exchange.at)
        self._limits = limits
        self._intake = Intake(limits)
        self._on_committed = on_committed
        self._under_way: deque[_Batch] = deque()
        self._durable = asyncio.Event()
        self._turn_due = False
        self._troubles = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopped: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def run(self, stop: asyncio.Event) -> None:
        """Answer until `stop` is set, then finish what was taken. Raises Stopped where this engine must end."""
        answering = asyncio.ensure_future(self._answer_durable())
        stopping = asyncio.ensure_future(stop.wait())
        try:
            await asyncio.wait((answering, stopping, self._stopped), return_when=asyncio.FIRST_COMPLETED)
            if not self._stopped.done() and not answering.done():
                await self._drain()
            for ended in (self._stopped, answering):
                if ended.done():
                    ended.result()
        finally:
            self._intake.stopping = True
            for task in (answering, stopping, *self._tasks):
                task.cancel()

    def offer(self, caller: Caller, request_id: int, command: Command, deadline: float, size: int) -> None:
        """Take a command in, or refuse it now. Part of the engine server's interface."""
        if self._intake.offer(Waiting(caller, request_id, command, deadline, size)):
            self._take_turn()

    def offer_several(
        self, caller: Caller, request_id: int, commands: Sequence[Command], deadline: float, size: int
    ) -> None:
        """Take commands in for one record, or refuse all of them now. Part of the engine server's interface."""
        share = size // len(commands)
        waiting = [
            Waiting(caller, request_id + place, command, deadline, share, joined=place > 0)
            for place, command in enumerate(commands)
        ]
        if self._intake.offer(*waiting):
            self._take_turn()

    def tick(self) -> None:
        """Let time pass for the exchange where something is due and no command brings the time. To be called often."""
        due = self.exchange.next_due
        if due and not self._intake and not self._intake.stopping and self._time.read() >= due:
            self.offer(_Nobody(), 0, Tick(), math.inf, 0)

    async def _drain(self) -> None:
        self._intake.stopping = True
        deadline = self._clock.monotonic() + _DRAIN_SECONDS
        while self._intake.unanswered and not self._stopped.done() and self._clock.monotonic() < deadline:
            await self._clock.sleep(0.005)

    def trouble_begins(self) -> None:
        """The database is away: turn new commands away until it is back."""
        self._troubles += 1
        self._intake.paused = True

    def trouble_ends(self) -> None:
        """One record that was in trouble is durable."""
        self._troubles -= 1
        if not self._troubles:
            self._intake.paused = False
            self._take_turn()

    def _take_turn(self) -> None:
        """Look at the intake at the end of this turn of the loop, when all that arrived together is in it."""
        if not self._turn_due:
            self._turn_due = True
            asyncio.get_running_loop().call_soon(self._turn)

    def _turn(self) -> None:
        self._turn_due = False
        while self._intake and len(self._under_way) < self._limits.in_flight and not self._stopped.done():
            applied = self._apply_batch()
            if applied:
                self._start_writing(applied)
        if self.exchange.is_firing:
            self.tick()

    def _apply_batch(self) -> list[_Applied]:
        at = self._time.read()
        exchange, seq = self.exchange, self.applied_head.seq
        applied: list[_Applied] = []
        try:
            for waiting in self._intake.take_batch(self._clock.monotonic()):
                seq += 1
                applied.append(_Applied(waiting, exchange.apply(seq, at, waiting.command)))
                if exchange.is_firing and not self._intake.goes_on:
                    break  # each command has much to do now: let the answers leave in between
        except Exception as error:  # noqa: BLE001 - whatever it is, the state can no longer be trusted
            command = type(waiting.command).__name__
            self._stop(InvariantFailed(f"{command} at seq {seq} failed: {error!r}; nothing of its batch was journaled"))
            return []
        return applied

    def _start_writing(self, applied: list[_Applied]) -> None:
        commands: list[Command] = [each.waiting.command for each in applied]
        record = make_record(self.applied_head, self.applied_head.epoch, self.exchange.at, commands)
        self.applied_head = record.head
        batch = _Batch(record, applied)
        self._under_way.append(batch)
        task = asyncio.get_running_loop().create_task(self._write(batch))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _write(self, batch: _Batch) -> None:
        try:
            await self._journal.append(batch.record, self)
        except Exception as error:  # noqa: BLE001 - fenced, or unable to write: either way the end
            self._stop(error)
            return
        batch.durable = True
        self._durable.set()

    async def _answer_durable(self) -> None:
        """J1, J9: first the journal, then this machine's own mark, then the answers."""
        loop = asyncio.get_running_loop()
        while True:
            await self._durable.wait()
            self._durable.clear()
            batches = self._take_durable()
            if not batches:
                continue
            self._take_turn()
            head = batches[-1].record.head
            try:
                await loop.run_in_executor(None, self._watermark.store, head)
            except OSError as error:  # F14: an fsync that failed is not tried again and trusted
                raise Stopped(f"the local watermark cannot be written: {error}") from error
            self.committed_head = head
            for batch in batches:
                self._answer(batch)
            self._on_committed(head)

    def _take_durable(self) -> list[_Batch]:
        batches: list[_Batch] = []
        while self._under_way and self._under_way[0].durable:
            batches.append(self._under_way.popleft())
        return batches

    def _answer(self, batch: _Batch) -> None:
        seq = batch.record.first
        self._intake.unanswered -= len(batch.applied)
        for waiting, events in batch.applied:
            waiting.caller.answer(waiting.request_id, seq, events[-1])  # type: ignore[arg-type] # the last is the verdict
            seq += 1

    def _stop(self, error: BaseException) -> None:
        if not self._stopped.done():
            self._intake.stopping = True
            reason = (
                error if isinstance(error, Stopped) else InvariantFailed(f"the journal cannot be written: {error!r}")
            )
            self._stopped.set_exception(reason)
