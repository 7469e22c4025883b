"""The projector: an exchange that follows the journal, tells the live stream, and writes the read models."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import aclosing

from pymongo.errors import PyMongoError

from cryptovault.engine.exchange import Exchange
from cryptovault.infra.cancellation import heed_cancellation
from cryptovault.infra.clock import Clock
from cryptovault.infra.mongo import Database
from cryptovault.kit.projection import Projection, Publisher, Writes
from cryptovault.runtime.broadcast import Broadcast
from cryptovault.runtime.errors import Stopped
from cryptovault.runtime.journal import Journal
from cryptovault.runtime.read_models import ReadModelWriter
from cryptovault.runtime.records import Head, Record
from cryptovault.runtime.snapshots import Snapshot, Snapshots
from cryptovault.runtime.tail import Tail, apply_record

_MAX_PENDING = 10_000
"""Documents collected before the journal is read on."""

_POLL_SECONDS = 0.05
"""The journal is read at least so often, and rate-limited messages leave; the engine's news make it sooner."""

_CHECK_SECONDS = 1.0

logger = logging.getLogger(__name__)


class Projector:
    """Keeps read models and live stream up to the journal."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        broadcast: Broadcast,
        projections: Sequence[Projection],
        publishers: Sequence[Publisher],
    ) -> None:
        self._clock = clock
        self._database = database
        self._broadcast = broadcast
        self._projections = projections
        self._publishers = publishers
        self._flushes = [flush for each in projections if (flush := getattr(each, "flush", None))]
        self._late = [flush for each in publishers if (flush := getattr(each, "flush", None))]
        self._journal = Journal(database, clock)
        self._writer = ReadModelWriter(database)
        self._writes = Writes()
        self._writing: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self._exchange = Exchange()
        self._tail = Tail(self._journal, Head())

    @property
    def head(self) -> Head:
        """How far the journal was read."""
        return self._tail.head

    @property
    def written(self) -> Head:
        """How far the read models are."""
        return self._writer.head

    def wake(self, _news: object = None) -> None:
        """There is something new in the journal."""
        self._news.set()

    async def start(self, snapshots: Snapshots) -> None:
        """Bring the exchange to where the read models are. Raises Stopped if they belong to another journal."""
        written = await self._writer.load()
        if not await self._journal.holds(written):
            raise Stopped("the read models do not belong to this journal: run `cryptovault rebuild`")
        start = await _newest_before(snapshots, self._journal, written)
        self._exchange = start.exchange
        async with aclosing(Tail(self._journal, start.head).read()) as records:
            async for record in records:
                if record.first > written.seq:
                    break
                apply_record(self._exchange, record)
        self._tail = Tail(self._journal, written)
        for load in [load for each in self._projections if (load := getattr(each, "load", None))]:
            await load(self._database, self._exchange)
        logger.info("the read models are at seq %d", written.seq)

    async def run(self) -> None:
        """Follow until cancelled. Raises Stopped."""
        last_check = self._clock.monotonic()
        while True:
            heed_cancellation()
            try:
                await self.catch_up()
                if self._clock.monotonic() - last_check > _CHECK_SECONDS:
                    last_check = self._clock.monotonic()
                    await self._writer.require_unmoved()
            except PyMongoError as error:
                logger.warning("the journal cannot be read now: %s", error)
                await self._clock.sleep(0.2)
            self._tell_late()
            await self._wait_for_news()

    async def catch_up(self, progress: Callable[[int], None] = lambda _seq: None) -> None:
        """Take all records there are now."""
        async for record in self._tail.read():
            self._take(record)
            self._begin_writing()
            await asyncio.sleep(0)  # let the write, the live messages and the signals have their turn
            while self._writing is not None and len(self._writes) >= _MAX_PENDING:
                await asyncio.wait((self._writing,))
                self._begin_writing()
            progress(self._tail.head.seq)
        self._begin_writing()

    async def settle(self) -> None:
        """Wait until everything taken is written."""
        while self._writing is not None:
            await self._writing
            self._begin_writing()

    async def rebuild(self, progress: Callable[[int], None]) -> None:
        """Empty the read models and write them again from the first command; `progress` is told the seq reached."""
        await self._writer.empty(sorted({name for each in self._projections for name in each.collections}))
        self._exchange, self._tail = Exchange(), Tail(self._journal, Head())
        await self.catch_up(progress)
        await self.settle()

    async def begin_rebuild(self) -> None:
        """Make any running projector stop, and no other begin."""
        await self._writer.begin_rebuild()

    async def cancel_rebuild(self) -> None:
        """Let projectors work again, before anything was emptied."""
        await self._writer.cancel_rebuild()

    def _take(self, record: Record) -> None:
        """Tell first, for people are waiting; then collect the writes."""
        exchange, broadcast, writes = self._exchange, self._broadcast, self._writes
        at, seq = record.at, record.first
        for command in record.decode():
            events = exchange.apply(seq, at, command)
            for event in events:
                for publisher in self._publishers:
                    broadcast.send(seq, publisher.publish(seq, at, event, exchange))
                for projection in self._projections:
                    projection.project(seq, at, event, exchange, writes)
            seq += 1
        for flush in self._flushes:
            flush(exchange, writes)
        self._tell_late()

    def _tell_late(self) -> None:
        now_ms = int(self._clock.monotonic() * 1000)
        for flush in self._late:
            self._broadcast.send(self._exchange.seq, flush(self._exchange, now_ms))

    def _begin_writing(self) -> None:
        """Start the next write if the last is over; meanwhile what comes is collected and coalesced."""
        if self._writing is not None and self._writing.done():
            self._writing.result()
            self._writing = None
        if self._writing is None and self._tail.head.seq > self._writer.head.seq:
            writes, self._writes = self._writes, Writes()
            self._writing = asyncio.create_task(self._write(writes, self._tail.head))
            self._writing.add_done_callback(self.wake)

    async def _write(self, writes: Writes, head: Head) -> None:
        while True:
            heed_cancellation()
            try:
                await self._writer.write(writes, head)
                break
            except PyMongoError as error:
                logger.warning("the read models cannot be written now: %s", error)
                await self._clock.sleep(0.2)
        self._broadcast.tell_watermark(head.seq)

    async def _wait_for_news(self) -> None:
        try:
            async with asyncio.timeout(_POLL_SECONDS):
                await self._news.wait()
        except TimeoutError:
            return
        finally:
            self._news.clear()


async def _newest_before(snapshots: Snapshots, journal: Journal, written: Head) -> Snapshot:
    """The newest snapshot that is not ahead of the read models, or the beginning."""
    for snapshot in snapshots.good_ones():
        if snapshot.head.seq <= written.seq and await journal.holds(snapshot.head):
            return snapshot
    return Snapshot(Head(), Exchange())
