"""Start-up is recovery: newest good snapshot, then the journal's tail through the same apply()."""

import logging
from typing import NamedTuple

from cryptovault.engine.exchange import Exchange
from cryptovault.runtime.errors import RolledBack
from cryptovault.runtime.journal import Journal
from cryptovault.runtime.records import Head
from cryptovault.runtime.snapshots import Snapshot, Snapshots
from cryptovault.runtime.tail import Tail, apply_record

logger = logging.getLogger(__name__)


class Recovered(NamedTuple):
    """The exchange as the journal has it, and how it was made."""

    exchange: Exchange
    head: Head
    replayed: int


async def recover(journal: Journal, snapshots: Snapshots, mark: Head) -> Recovered:
    """Bring an exchange to the journal's end. `mark` is what this machine knows was acknowledged.

    Raises RolledBack, JournalBroken.
    """
    if not await journal.holds(mark):
        raise RolledBack(
            f"this machine saw seq {mark.seq} acknowledged, and the journal does not have it: the database has gone "
            "back. Restore the right database; if the loss is accepted, remove the file `watermark` and the snapshots"
        )
    head, exchange = await _start(journal, snapshots)
    first, tail = head.seq, Tail(journal, head)
    async for record in tail.read():
        apply_record(exchange, record)
    if tail.head.seq < mark.seq:
        raise RolledBack(f"the journal can be read to seq {tail.head.seq} only; seq {mark.seq} was acknowledged")
    logger.info("recovered to seq %d from a snapshot at %d", tail.head.seq, first)
    return Recovered(exchange, tail.head, tail.head.seq - first)


async def _start(journal: Journal, snapshots: Snapshots) -> Snapshot:
    for snapshot in snapshots.good_ones():
        if await journal.holds(snapshot.head):
            return snapshot
        raise RolledBack(
            f"there is a snapshot at seq {snapshot.head.seq} which this journal does not contain: "
            "this is another database, or one that has gone back"
        )
    return Snapshot(Head(), Exchange())
