"""The proof: replay the whole journal and compare everything that was kept of it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from cryptovault.engine.exchange import Exchange
from cryptovault.engine.types import InvariantBroken
from cryptovault.runtime.journal import Journal
from cryptovault.runtime.records import Head, Record
from cryptovault.runtime.snapshots import SnapshotDamaged, Snapshots, read_snapshot
from cryptovault.runtime.tail import Tail, apply_record

_CHECK_EVERY = 100_000


@dataclass
class Replay:
    """The exchange as the journal alone makes it, and what was compared on the way."""

    exchange: Exchange = field(default_factory=Exchange)
    head: Head = field(default_factory=Head)
    records: int = 0
    snapshots: int = 0
    problems: list[str] = field(default_factory=list)


async def replay_all(
    journal: Journal, snapshots: Snapshots, mark: Head, progress: Callable[[int], None] = lambda _seq: None
) -> Replay:
    """Replay from the first command: chain, invariants, each snapshot's digest, the local mark. Raises Stopped."""
    replay = Replay()
    kept = _digests(snapshots, replay.problems)
    tail = Tail(journal, Head())
    async for record in tail.read():
        apply_record(replay.exchange, record)
        replay.records += 1
        _compare_snapshot(replay, record, kept)
        if record.head.seq // _CHECK_EVERY != (record.first - 1) // _CHECK_EVERY:
            _check(replay)
        progress(record.head.seq)
    replay.head = tail.head
    _check(replay)
    replay.problems += [f"there is a snapshot at seq {seq} where no record ends" for seq in kept]
    if not await journal.holds(mark):
        replay.problems.append(f"seq {mark.seq} was acknowledged on this machine and is not in the journal")
    return replay


def _digests(snapshots: Snapshots, problems: list[str]) -> dict[int, tuple[bytes, bytes]]:
    found = {}
    for path in snapshots.paths():
        try:
            head, exchange = read_snapshot(path.read_bytes())
        except (SnapshotDamaged, OSError) as error:
            problems.append(f"snapshot {path.name}: {error}")
            continue
        found[head.seq] = (head.hash, exchange.digest())
    return found


def _compare_snapshot(replay: Replay, record: Record, kept: dict[int, tuple[bytes, bytes]]) -> None:
    if (snapshot := kept.pop(record.head.seq, None)) is None:
        return
    replay.snapshots += 1
    if snapshot != (record.hash, replay.exchange.digest()):
        replay.problems.append(f"the snapshot at seq {record.head.seq} is not the state that the journal makes")


def _check(replay: Replay) -> None:
    try:
        replay.exchange.check()
    except InvariantBroken as error:
        replay.problems.append(f"at seq {replay.exchange.seq}: {error}")
