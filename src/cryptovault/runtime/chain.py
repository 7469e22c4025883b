"""J3: which record comes next, and what the others are."""

from enum import Enum, auto

from cryptovault.runtime.errors import JournalBroken
from cryptovault.runtime.records import Head, Record


class Place(Enum):
    """Where a record stands, seen from the end of the chain read so far."""

    NEXT = auto()
    STALE = auto()  # written by a leader that had already lost; never acknowledged
    AHEAD = auto()  # something before it is missing: still under way, or never written


def place(head: Head, record: Record) -> Place:
    """Where `record` stands after `head`. Raises JournalBroken on a fork.

    A leader writes several records at once and answers in order, so a crash may leave records behind a
    hole; nobody was told of them. The next leader's barrier takes the hole's place with a higher epoch,
    which makes every such left-over recognisable: it does not continue the chain, and its epoch is lower.
    """
    if record.first > head.seq + 1:
        return Place.AHEAD
    if record.first == head.seq + 1 and record.prev_hash == head.hash and record.epoch >= head.epoch:
        return Place.NEXT
    if record.epoch < head.epoch:
        return Place.STALE
    raise JournalBroken(
        f"the journal forks at seq {record.first}: a record of epoch {record.epoch} does not continue "
        f"the one that ends at seq {head.seq} of epoch {head.epoch}"
    )
