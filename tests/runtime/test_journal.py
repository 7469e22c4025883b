"""J1, J7, J8 on a real mongod: what a write error means, and who is fenced."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from cryptovault.infra.clock import SystemClock
from cryptovault.infra.mongo import Database
from cryptovault.runtime.errors import Fenced, JournalBroken
from cryptovault.runtime.journal import Journal
from cryptovault.runtime.records import Head, Record, make_record
from cryptovault.runtime.tail import Tail
from fixtures.order_flow import SETUP


class Troubles:
    """Counts."""

    def __init__(self) -> None:
        self.begun = self.ended = 0

    def trouble_begins(self) -> None:
        self.begun += 1

    def trouble_ends(self) -> None:
        self.ended += 1


@asynccontextmanager
async def failing(db: Database, times: int, **failure: Any) -> AsyncIterator[None]:
    """Let the next `times` inserts into this test's database fail in the given way."""
    namespace = f"{db.name}.journal"
    data = {"failCommands": ["insert"], "namespace": namespace, **failure}
    await db.client.admin.command("configureFailPoint", "failCommand", mode={"times": times}, data=data)
    try:
        yield
    finally:
        await db.client.admin.command("configureFailPoint", "failCommand", mode="off")


def _records(count: int, epoch: int = 1, head: Head | None = None) -> list[Record]:
    records, head = [], head or Head()
    for at in range(count):
        records.append(make_record(head, epoch, at, SETUP))
        head = records[-1].head
    return records


async def _heads(journal: Journal) -> list[Head]:
    return [record.head async for record in Tail(journal, Head()).read()]


@pytest.fixture(name="journal")
async def _journal(db: Database) -> Journal:
    journal = Journal(db, SystemClock())
    await journal.prepare()
    return journal


async def test_j3_records_are_read_back_in_order(journal: Journal) -> None:
    """What was appended side by side is read back as one chain."""
    records = _records(20)
    await asyncio.gather(*(journal.append(record, Troubles()) for record in records))
    assert await _heads(journal) == [record.head for record in records]


@pytest.mark.parametrize(
    "failure",
    [
        {"closeConnection": True},
        {"errorCode": 189, "errorLabels": ["RetryableWriteError"]},
        {"errorCode": 91},
        {"errorCode": 112},
        {"writeConcernError": {"code": 64, "errmsg": "waiting for replication timed out"}},
        {"writeConcernError": {"code": 91, "errmsg": "shutting down"}},
    ],
    ids=["connection_closed", "primary_stepped_down", "shutdown", "write_conflict", "wtimeout", "wc_shutdown"],
)
async def test_j7_an_error_is_no_answer(journal: Journal, db: Database, failure: dict[str, Any]) -> None:
    """After any error the same record is sent again until there is an answer; it is then there exactly once."""
    (record,) = _records(1)
    troubles = Troubles()
    async with failing(db, 3, **failure):
        await journal.append(record, troubles)
    assert await _heads(journal) == [record.head]
    assert troubles.begun == troubles.ended


async def test_j7_written_but_not_acknowledged_is_recognised(journal: Journal, db: Database) -> None:
    """A record that an error hid, but that was written, is found by its hash and not written twice."""
    (record,) = _records(1)
    await db.journal.insert_one(record.to_document())
    await journal.append(record, Troubles())
    assert await db.journal.count_documents({}) == 1


async def test_j7_another_record_at_our_place_fences(journal: Journal) -> None:
    """Where a later leader holds the place, the writer is fenced."""
    ours, theirs = make_record(Head(), 1, 1, SETUP), make_record(Head(), 2, 2, SETUP)
    await journal.append(theirs, Troubles())
    with pytest.raises(Fenced, match="epoch 2"):
        await journal.append(ours, Troubles())


async def test_j8_left_overs_of_the_fenced_leader_give_way(journal: Journal) -> None:
    """A record that the old leader's network delivers late, behind the barrier, is taken away and never read."""
    first, second, third, _ = _records(4)
    await journal.append(first, Troubles())
    await journal.append(third, Troubles())  # the second is still on its way when its leader dies
    barrier = make_record(first.head, 2, 9, SETUP[:1])
    await journal.append_barrier(barrier, Troubles())
    assert await _heads(journal) == [first.head, barrier.head]
    following = _records(4, epoch=2, head=barrier.head)
    for record in following:
        await journal.append(record, Troubles())
    assert await _heads(journal) == [first.head, barrier.head, *(record.head for record in following)]
    with pytest.raises(Fenced):
        await journal.append(second, Troubles())


async def test_j8_a_barrier_never_replaces_a_record(journal: Journal) -> None:
    """A barrier that meets the old leader's last record must go behind it: that record may be acknowledged."""
    (record,) = _records(1)
    await journal.append(record, Troubles())
    with pytest.raises(Fenced):
        await journal.append_barrier(make_record(Head(), 2, 9, SETUP[:1]), Troubles())
    assert await _heads(journal) == [record.head]


async def test_j8_stale_left_overs_are_discarded(journal: Journal) -> None:
    """A new leader clears what lies behind its barrier, and nothing else."""
    first, _, third = _records(3)
    barrier = make_record(first.head, 2, 9, SETUP[:1])
    for record in (first, third, barrier):
        await journal.append(record, Troubles())
    assert await journal.discard_stale(barrier.head) == 1
    assert await _heads(journal) == [first.head, barrier.head]


async def test_j3_a_missing_record_is_refused(journal: Journal, db: Database) -> None:
    """With a record lost in the middle the journal cannot be read to its end, and says so."""
    records = _records(8)
    for record in records:
        await journal.append(record, Troubles())
    await db.journal.delete_one({"_id": records[2].first})
    with pytest.raises(JournalBroken, match="hole"):
        await _heads(journal)


async def test_f16_a_damaged_record_is_refused(journal: Journal, db: Database) -> None:
    """An altered record stops whoever reads it."""
    records = _records(3)
    for record in records:
        await journal.append(record, Troubles())
    await db.journal.update_one({"_id": records[1].first}, {"$set": {"at": 77}})
    with pytest.raises(JournalBroken, match="does not match its hash"):
        await _heads(journal)


async def test_j9_the_journal_knows_where_records_end(journal: Journal) -> None:
    """A head is held only if a record ends there with that hash."""
    records = _records(5)
    for record in records:
        await journal.append(record, Troubles())
    assert await journal.holds(records[3].head)
    assert not await journal.holds(records[3].head._replace(hash=bytes(32)))
    assert not await journal.holds(records[3].head._replace(seq=records[3].head.seq - 1))
    assert not await journal.holds(Head(1_000, bytes(32), 1))
