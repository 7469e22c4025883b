"""The sequencer against a journal that the test holds in its hand: order, bounds, and when answers leave."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import pytest

from cryptovault.engine import limits as engine_limits
from cryptovault.engine.commands import Command, SetCancelTimer, SetReferencePrices, Terms, Tick
from cryptovault.engine.events import Done, Verdict
from cryptovault.engine.exchange import Exchange
from cryptovault.engine.types import OrderType, Side
from cryptovault.infra.clock import SystemClock
from cryptovault.infra.engine_frames import Status
from cryptovault.runtime.errors import Fenced, InvariantFailed, Stopped
from cryptovault.runtime.intake import Limits
from cryptovault.runtime.journal import Journal, Troubles
from cryptovault.runtime.records import Head, Record
from cryptovault.runtime.sequencer import Sequencer
from cryptovault.runtime.watermark import Watermark
from fixtures.order_flow import MARKET, SETUP, deposit, limit_order

FAR = 1e12


class HeldJournal:
    """Takes records; each is durable when the test says so."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self._results: dict[int, asyncio.Future[None]] = {}
        self.troubles: Troubles

    async def append(self, record: Record, troubles: Troubles) -> None:
        self.troubles = troubles
        self.records.append(record)
        await self._results.setdefault(len(self.records) - 1, asyncio.get_running_loop().create_future())

    def confirm(self, index: int) -> None:
        self._results[index].set_result(None)

    def fail(self, index: int, error: Exception) -> None:
        self._results[index].set_exception(error)


class Answers:
    """A caller that notes what it is told, in order."""

    def __init__(self) -> None:
        self.answered: list[tuple[int, int]] = []
        self.verdicts: list[Verdict] = []
        self.refused: list[tuple[int, Status]] = []

    def answer(self, request_id: int, seq: int, verdict: Verdict) -> None:
        self.answered.append((request_id, seq))
        self.verdicts.append(verdict)

    def refuse(self, request_id: int, status: Status, _retry_after: float, _sentence: str) -> None:
        self.refused.append((request_id, status))


class Bench:
    """A sequencer under test and what is around it."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self.journal, self.answers, self.stop = HeldJournal(), Answers(), asyncio.Event()
        self.watermark = Watermark(folder / "mark")
        exchange = Exchange()
        self.sequencer = Sequencer(
            exchange, cast("Journal", self.journal), Head(), self.watermark, SystemClock(), limits=limits
        )

    def offer(self, request_id: int, command: Command, deadline: float = FAR, size: int = 100) -> None:
        self.sequencer.offer(self.answers, request_id, command, deadline, size)

    async def settle(self) -> None:
        await asyncio.sleep(0.05)  # the mark is fsynced on a thread


@asynccontextmanager
async def bench(folder: Path, **limits: int) -> AsyncIterator[tuple[Bench, "asyncio.Task[None]"]]:
    """A running sequencer."""
    made = Bench(folder, Limits(**limits))
    task = asyncio.create_task(made.sequencer.run(made.stop))
    await asyncio.sleep(0)
    yield made, task
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    made.watermark.close()


async def test_j1_no_answer_before_the_record_is_durable(tmp_path: Path) -> None:
    """Applied is not answered: the answer waits for the journal."""
    async with bench(tmp_path) as (it, _):
        it.offer(1, SETUP[0])
        await it.settle()
        assert it.sequencer.exchange.seq == 1
        assert it.answers.answered == []
        it.journal.confirm(0)
        await it.settle()
        assert it.answers.answered == [(1, 1)]
        assert it.answers.verdicts == [Done("", "USDT")]


async def test_j1_answers_leave_in_order(tmp_path: Path) -> None:
    """A later record that is durable first waits for the earlier one."""
    async with bench(tmp_path) as (it, _):
        it.offer(1, SETUP[0])
        await it.settle()
        it.offer(2, SETUP[1])
        await it.settle()
        it.journal.confirm(1)
        await it.settle()
        assert it.answers.answered == []
        it.journal.confirm(0)
        await it.settle()
        assert it.answers.answered == [(1, 1), (2, 2)]


async def test_time_passes_for_the_exchange_without_commands(tmp_path: Path) -> None:
    """Where something is due the leader journals one Tick, and nothing where nothing is."""
    async with bench(tmp_path) as (it, _):
        it.sequencer.tick()
        it.offer(1, SetCancelTimer("alice", 1))
        await it.settle()
        it.journal.confirm(0)
        it.sequencer.tick()
        it.sequencer.tick()
        await it.settle()
        it.journal.confirm(1)
        await it.settle()
        it.sequencer.tick()
        await it.settle()
        assert [record.decode() for record in it.journal.records] == [[SetCancelTimer("alice", 1)], [Tick()]]
        assert it.answers.answered == [(1, 1)]


async def test_a_mass_fire_goes_on_by_itself_and_lets_answers_leave(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What fired beyond one command's share follows in Ticks at once, and each command then has a record of its own."""
    monkeypatch.setattr(engine_limits, "MAX_FIRED", 2)
    stops: list[Command] = [
        limit_order("alice", f"s{number}", Side.SELL, 0)._replace(type=OrderType.STOP, terms=Terms(60_000_00))
        for number in range(7)
    ]
    async with bench(tmp_path) as (it, _):
        for number, command in enumerate([*SETUP, deposit("alice", "BTC", 1), *stops]):
            it.offer(number, command)
        await it.settle()
        crash = SetReferencePrices(((MARKET, 60_000_00),))
        it.offer(20, crash)
        it.offer(21, SetCancelTimer("alice", 0))
        await it.settle()
        records = [record.decode() for record in it.journal.records[1:]]
        assert records == [[crash], [SetCancelTimer("alice", 0)], [Tick()]], "no more than four records are under way"
        it.journal.confirm(0)
        await it.settle()
        assert [record.decode() for record in it.journal.records[4:]] == [[Tick()]]
        assert not it.sequencer.exchange.is_firing


async def test_j9_the_local_mark_is_kept_before_the_answer(tmp_path: Path) -> None:
    """What is answered is below the mark on this machine's disk."""
    async with bench(tmp_path) as (it, _):
        it.offer(1, SETUP[0])
        await it.settle()
        it.journal.confirm(0)
        await it.settle()
        assert it.watermark.head == it.journal.records[0].head


async def test_f14_a_mark_that_cannot_be_written_stops_the_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the local disk fails, the engine ends with a sentence and answers nobody."""
    async with bench(tmp_path) as (it, task):

        def fail(_head: Head) -> None:
            raise OSError(5, "Input/output error")

        monkeypatch.setattr(it.watermark, "store", fail)
        it.offer(1, SETUP[0])
        await it.settle()
        it.journal.confirm(0)
        with pytest.raises(Stopped, match="watermark cannot be written"):
            await task
        assert it.answers.answered == []


async def test_j2_what_arrives_together_is_one_record(tmp_path: Path) -> None:
    """Commands of one turn of the loop share a record, and the next record continues the chain."""
    async with bench(tmp_path) as (it, _):
        for number, command in enumerate(SETUP):
            it.offer(number, command)
        await it.settle()
        it.offer(9, deposit("alice", "USDT", 1))
        await it.settle()
        first, second = it.journal.records
        assert first.decode() == SETUP
        assert (second.first, second.prev_hash) == (4, first.hash)


async def test_j11_records_are_bounded_in_count_and_bytes(tmp_path: Path) -> None:
    """No record holds more commands or bytes than the limits say."""
    async with bench(tmp_path, batch=2, batch_bytes=250) as (it, _):
        for number in range(3):
            it.offer(number, SETUP[number])
        it.offer(3, deposit("alice", "USDT", 1), size=200)
        it.offer(4, deposit("bob", "USDT", 1), size=200)
        await it.settle()
        assert [record.n for record in it.journal.records] == [2, 1, 1, 1]


async def test_j11_at_most_four_records_are_under_way(tmp_path: Path) -> None:
    """With four records unconfirmed the fifth waits, unapplied."""
    async with bench(tmp_path, batch=1) as (it, _):
        for number in range(6):
            it.offer(number, deposit("alice", "USDT", 1, f"k{number}"))
        await it.settle()
        assert it.sequencer.exchange.seq == len(it.journal.records) == 4
        it.journal.confirm(0)
        await it.settle()
        assert len(it.journal.records) == 5


async def test_j11_too_much_is_refused_before_it_is_journaled(tmp_path: Path) -> None:
    """Beyond the limit of unanswered commands the next is refused at once and never journaled."""
    async with bench(tmp_path, waiting=2) as (it, _):
        for number in range(3):
            it.offer(number, SETUP[number])
        await it.settle()
        assert it.answers.refused == [(2, Status.BUSY)]
        assert [record.n for record in it.journal.records] == [2]


async def test_j11_what_came_too_late_is_refused_before_it_is_journaled(tmp_path: Path) -> None:
    """A command whose caller has given up is not executed."""
    async with bench(tmp_path) as (it, _):
        it.offer(1, SETUP[0], deadline=0.0)
        it.offer(2, SETUP[1])
        await it.settle()
        assert it.answers.refused == [(1, Status.EXPIRED)]
        assert it.journal.records[0].decode() == [SETUP[1]]


async def test_f6_while_the_database_is_away_commands_are_refused(tmp_path: Path) -> None:
    """From the first failed write until it succeeds, new commands are turned away; then they are taken again."""
    async with bench(tmp_path) as (it, _):
        it.offer(1, SETUP[0])
        await it.settle()
        it.journal.troubles.trouble_begins()
        it.offer(2, SETUP[1])
        assert it.answers.refused == [(2, Status.UNAVAILABLE)]
        it.journal.troubles.trouble_ends()
        it.journal.confirm(0)
        it.offer(3, SETUP[1])
        await it.settle()
        assert it.answers.answered == [(1, 1)]
        assert len(it.journal.records) == 2


async def test_j7_a_fenced_engine_answers_nobody(tmp_path: Path) -> None:
    """When the first of two records is fenced, neither is answered, even though the second was written."""
    async with bench(tmp_path) as (it, task):
        it.offer(1, SETUP[0])
        await it.settle()
        it.offer(2, SETUP[1])
        await it.settle()
        it.journal.confirm(1)
        it.journal.fail(0, Fenced("somebody else leads"))
        with pytest.raises(Fenced):
            await task
        assert it.answers.answered == []


async def test_j12_an_exception_in_apply_stops_the_engine(tmp_path: Path) -> None:
    """Whatever apply raises ends the engine with a sentence; nothing of the batch is journaled or answered."""
    async with bench(tmp_path) as (it, task):
        it.offer(1, SETUP[0])
        it.offer(2, cast("Command", ("no", "such", "command")))
        with pytest.raises(InvariantFailed, match="tuple at seq 2"):
            await task
        assert it.journal.records == []
        it.offer(3, SETUP[1])
        assert it.answers.refused[-1] == (3, Status.UNAVAILABLE)


async def test_an_orderly_end_answers_what_was_taken(tmp_path: Path) -> None:
    """When told to stop, the engine takes nothing more, and answers what it has taken before it ends."""
    async with bench(tmp_path) as (it, task):
        it.offer(1, SETUP[0])
        await it.settle()
        it.stop.set()
        await it.settle()
        it.offer(2, SETUP[1])
        it.journal.confirm(0)
        await task
        assert it.answers.answered == [(1, 1)]
        assert it.answers.refused == [(2, Status.UNAVAILABLE)]
