"""One engine: recovers, follows the journal, and leads when nobody else does. Crash-only: on any doubt it ends."""

import asyncio
import gc
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pymongo.errors import PyMongoError

from cryptovault.engine.commands import EpochBarrier
from cryptovault.engine.exchange import Exchange
from cryptovault.infra.cancellation import end_tasks, heed_cancellation
from cryptovault.infra.clock import Clock
from cryptovault.infra.engine_server import EngineServer
from cryptovault.infra.mongo import Database
from cryptovault.runtime.durability import require_durable
from cryptovault.runtime.errors import Fenced, InvariantFailed
from cryptovault.runtime.intake import Limits
from cryptovault.runtime.journal import Journal
from cryptovault.runtime.leadership import Lease
from cryptovault.runtime.questions import Questions
from cryptovault.runtime.records import Head, make_record
from cryptovault.runtime.recovery import recover
from cryptovault.runtime.sequencer import Sequencer
from cryptovault.runtime.snapshot_job import SnapshotJob
from cryptovault.runtime.snapshots import Snapshots
from cryptovault.runtime.tail import Tail, apply_record
from cryptovault.runtime.watermark import Watermark

logger = logging.getLogger(__name__)

_HOUSEKEEPING_SECONDS = 0.1
_NODE_NAME = 200  # characters the engine takes


@dataclass(frozen=True, slots=True)
class NodeOptions:
    """How one engine is set up."""

    name: str
    """Names the node for humans and in the lease; two running engines never have the same."""

    address: str
    """Where it listens while it leads."""

    home: Path
    """Where its watermark and snapshots are; one engine for each."""

    lease_seconds: float = 3.0
    follow_seconds: float = 0.025
    snapshot_every: int = 100_000
    snapshot_seconds: float = 300.0
    limits: Limits = field(default_factory=Limits)


class EngineNode:
    """The life of an engine process."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        options: NodeOptions,
        *,
        on_ready: Callable[[str], None] = lambda _role: None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._options = options
        self._on_ready = on_ready
        self._journal = Journal(database, clock)
        self._lease = Lease(database, options.name, options.address, options.lease_seconds)
        self._snapshots = Snapshots(options.home / "snapshots")
        self._watermark = Watermark(options.home / "watermark")
        self._exchange = Exchange()
        self._job: SnapshotJob
        self._stop = asyncio.Event()
        self._role = ""

    @property
    def exchange(self) -> Exchange:
        """The exchange in memory; while leading it may be ahead of what is acknowledged."""
        return self._exchange

    def stop(self) -> None:
        """End in good order: answer what was taken, keep a snapshot, give the lease back."""
        self._stop.set()

    async def run(self) -> None:
        """Live. Raises Stopped with the reason when this engine must end."""
        await require_durable(self._database)
        await self._journal.prepare()
        self._snapshots.discard_drafts()
        recovered = await recover(self._journal, self._snapshots, self._watermark.head)
        self._exchange = recovered.exchange
        self._watermark.store(recovered.head)
        self._job = self._make_job(Head(recovered.head.seq - recovered.replayed))
        try:
            barrier = await self._follow(Tail(self._journal, recovered.head))
            if barrier is not None:
                await self._lead(barrier)
        finally:
            self._job.stop()
            self._watermark.close()

    def _make_job(self, last: Head) -> SnapshotJob:
        options = self._options
        return SnapshotJob(
            self._snapshots, self._clock, last, every=options.snapshot_every, seconds=options.snapshot_seconds
        )

    async def _follow(self, tail: Tail) -> Head | None:
        """Apply what the leader journals, until this engine leads: then the head of its barrier. None: told to stop."""
        next_attempt = 0.0
        while not self._stop.is_set():
            heed_cancellation()
            try:
                epoch = 0
                if self._clock.monotonic() >= next_attempt:
                    epoch = await self._lease.try_acquire(max(tail.head.epoch, await self._journal.last_epoch()))
                    next_attempt = self._clock.monotonic() + self._options.lease_seconds / 8
                await self._catch_up(tail)
                if epoch:
                    return await self._take_over(tail, epoch)
                self._enter("following")
            except PyMongoError as error:
                logger.warning("the database is away, this engine waits: %s", error)
                await self._clock.sleep(0.2)
            await self._clock.sleep(self._options.follow_seconds)
        return None

    async def _catch_up(self, tail: Tail) -> None:
        before = tail.head
        async for record in tail.read():
            apply_record(self._exchange, record)
        if tail.head != before:
            await asyncio.to_thread(self._watermark.store, tail.head)
        self._job.step(self._exchange, tail.head, tail.head)

    async def _take_over(self, tail: Tail, epoch: int) -> Head:
        """Put this epoch's barrier behind the last record; where the old leader was quicker, behind that one."""
        while True:
            await self._journal.discard_stale(tail.head)  # one of them may sit at the barrier's place
            command = EpochBarrier(epoch, self._options.name[-_NODE_NAME:])
            record = make_record(tail.head, epoch, max(self._exchange.at, self._clock.now_ms()), [command])
            try:
                await self._journal.append_barrier(record, self)
                break
            except Fenced:
                before = tail.head
                await self._catch_up(tail)
                if tail.head == before:
                    raise  # not a record that continues the chain: somebody leads with a higher epoch
        apply_record(self._exchange, record)
        if self._exchange.epoch != epoch:
            raise InvariantFailed(f"the exchange refused the barrier of epoch {epoch}")
        self._watermark.store(record.head)
        stale = await self._journal.discard_stale(record.head)
        logger.info("leads from seq %d in epoch %d (%d left-overs taken away)", record.head.seq, epoch, stale)
        return record.head

    def trouble_begins(self) -> None:
        """The barrier cannot be written yet; nobody waits for it but this engine."""

    def trouble_ends(self) -> None:
        """The barrier was written."""

    async def _lead(self, head: Head) -> None:
        sequencer = Sequencer(
            self._exchange,
            self._journal,
            head,
            self._watermark,
            self._clock,
            limits=self._options.limits,
            on_committed=lambda committed: server.publish(committed.seq),
        )
        questions = Questions(self._exchange, self._clock)
        server = EngineServer(sequencer.offer, self._clock, offer_several=sequencer.offer_several, ask=questions.ask)
        await server.start(self._options.address)
        self._enter("leading")
        try:
            keepers = self._keep_lease(head.epoch), self._keep_house(sequencer)
            await _first_of(sequencer.run(self._stop), *keepers)
            self._job.finish(self._exchange, sequencer.applied_head, sequencer.committed_head)
            await self._lease.release(head.epoch)
        finally:
            await server.stop()

    def _enter(self, role: str) -> None:
        if role != self._role:
            self._role = role
            self._on_ready(role)

    async def _keep_lease(self, epoch: int) -> None:
        while True:
            heed_cancellation()
            await self._clock.sleep(self._options.lease_seconds / 4)
            try:
                if not await self._lease.renew(epoch):
                    raise Fenced("another engine holds the lease; this one stops")
            except PyMongoError as error:
                logger.warning("the lease cannot be renewed now: %s", error)  # the journal decides, not the lease

    async def _keep_house(self, sequencer: Sequencer) -> None:
        quiet_since = sequencer.applied_head
        while True:
            await self._clock.sleep(_HOUSEKEEPING_SECONDS)
            sequencer.tick()
            self._job.step(self._exchange, sequencer.applied_head, sequencer.committed_head)
            if sequencer.applied_head == quiet_since and not gc.isenabled():
                gc.collect(1)  # nobody waits; the process has switched automatic collection off
            quiet_since = sequencer.applied_head


async def _first_of(*jobs: Coroutine[Any, Any, object]) -> None:
    """Run side by side until one ends, stop the others, and pass on its exception."""
    tasks = [asyncio.ensure_future(job) for job in jobs]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await end_tasks(tasks)
    for task in done:
        task.result()
