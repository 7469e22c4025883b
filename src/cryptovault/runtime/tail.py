"""An exchange that follows the journal: recovery, hot standby, projector and audit all read it through this."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from cryptovault.engine.events import Event
from cryptovault.engine.exchange import Exchange
from cryptovault.runtime.chain import Place, place
from cryptovault.runtime.errors import InvariantFailed
from cryptovault.runtime.journal import Journal, require_short_tail
from cryptovault.runtime.records import Head, Record

_SAMPLE = 32


class Tail:
    """Reads the records of the chain, in order, each exactly once."""

    def __init__(self, journal: Journal, head: Head) -> None:
        self._journal = journal
        self.head = head

    async def read(self) -> AsyncGenerator[Record]:
        """All records that follow `head` now. Raises JournalBroken; database errors pass through."""
        while True:
            hole = False
            async with aclosing(self._journal.read(self.head.seq + 1)) as records:
                async for record in records:
                    where = place(self.head, record)
                    if where is Place.AHEAD:
                        hole = True
                        break
                    if where is Place.NEXT:
                        self.head = record.head
                        yield record
            if not hole or not await self._hole_was_filled():
                return

    async def _hole_was_filled(self) -> bool:
        """Look again, in one answer of the database: records are written side by side and may appear out of order."""
        sample = [record async for record in self._journal.read(self.head.seq + 1, limit=_SAMPLE)]
        places = [place(self.head, record) for record in sample]
        if Place.NEXT in places:
            return True
        require_short_tail(self.head, [record for record, at in zip(sample, places, strict=True) if at is Place.AHEAD])
        return False


def apply_record(exchange: Exchange, record: Record) -> list[list[Event]]:
    """Apply all commands of a record; the events of each. Raises InvariantFailed, JournalBroken."""
    seq, results = record.first, []
    for command in record.decode():
        try:
            results.append(exchange.apply(seq, record.at, command))
        except Exception as error:
            raise InvariantFailed(
                f"{type(command).__name__} at seq {seq} cannot be applied again: {error!r}"
            ) from error
        seq += 1
    return results
