"""J3: the journal is one dense chain, and whatever is not is noticed."""

import pytest

from cryptovault.runtime.chain import Place, place
from cryptovault.runtime.errors import JournalBroken
from cryptovault.runtime.journal import require_short_tail
from cryptovault.runtime.records import Head, Record, make_record, read_record
from fixtures.order_flow import SETUP


def _chain(length: int, epoch: int = 1, head: Head | None = None) -> list[Record]:
    records, head = [], head or Head()
    for at in range(length):
        records.append(make_record(head, epoch, at, SETUP))
        head = records[-1].head
    return records


def test_j3_a_record_survives_the_journey_through_its_document() -> None:
    """A record read back from its document is the same, and holds the same commands."""
    (record,) = _chain(1)
    read = read_record(record.to_document())
    assert read == record
    assert read.decode() == SETUP


@pytest.mark.parametrize("field", ["_id", "n", "epoch", "at", "prev_hash", "hash", "commands"])
def test_j3_a_changed_field_is_noticed(field: str) -> None:
    """Whichever field of a stored record is altered, its hash gives it away."""
    document = _chain(1)[0].to_document()
    value = document[field]
    document[field] = value + 1 if isinstance(value, int) else bytes([value[0] ^ 1]) + bytes(value[1:])
    with pytest.raises(JournalBroken):
        read_record(document)


def test_j3_every_flipped_bit_of_the_commands_is_noticed() -> None:
    """No bit of the commands can flip unnoticed."""
    document = _chain(1)[0].to_document()
    commands = bytes(document["commands"])
    for index in range(len(commands) * 8):
        damaged = bytearray(commands)
        damaged[index // 8] ^= 1 << index % 8
        with pytest.raises(JournalBroken):
            read_record({**document, "commands": bytes(damaged)})


def test_j3_a_missing_field_is_noticed() -> None:
    """A document without one of the fields is refused with a sentence."""
    document = _chain(1)[0].to_document()
    del document["hash"]
    with pytest.raises(JournalBroken, match="incomplete"):
        read_record(document)


def test_j3_the_next_record_is_next() -> None:
    """A record that continues number, hash and epoch is the next one."""
    first, second = _chain(2)
    assert place(first.head, second) is Place.NEXT


def test_j3_a_gap_is_seen() -> None:
    """A record behind a hole is ahead, not next."""
    first, _, third = _chain(3)
    assert place(first.head, third) is Place.AHEAD


def test_j3_a_fork_is_refused() -> None:
    """Two records of the same epoch at one place: the journal forks, and nothing may start on it."""
    first, _ = _chain(2)
    other = make_record(Head(first.head.seq, bytes(32), 1), 1, 99, SETUP)
    with pytest.raises(JournalBroken, match="forks"):
        place(first.head, other)


def test_j8_a_left_over_of_an_earlier_epoch_is_stale() -> None:
    """What a fenced leader wrote behind the barrier of the next one is recognised and skipped."""
    first, second, third = _chain(3)
    barrier = make_record(first.head, 2, 9, SETUP[:1])
    after = make_record(barrier.head, 2, 9, SETUP)
    assert place(barrier.head, third) is Place.AHEAD
    assert place(after.head, third) is Place.STALE
    assert place(barrier.head, second) is Place.STALE


def test_j3_a_long_tail_behind_a_hole_is_refused() -> None:
    """A crash leaves at most three records behind a hole; more means that something acknowledged is missing."""
    records = _chain(6)
    require_short_tail(records[0].head, records[2:5])
    with pytest.raises(JournalBroken, match="hole"):
        require_short_tail(records[0].head, records[2:6])


def test_j3_a_later_leader_behind_a_hole_is_refused() -> None:
    """No leader writes behind a hole, so a record of a later epoch there means a record was lost."""
    first, second = _chain(2)
    later = _chain(1, epoch=2, head=second.head)
    with pytest.raises(JournalBroken, match="later leader"):
        require_short_tail(first.head, later)
