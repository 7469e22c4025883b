"""J5: a snapshot is the state, or it is not used."""

import random
from pathlib import Path

import pytest

from cryptovault.engine.exchange import Exchange
from cryptovault.engine.types import Side
from cryptovault.infra.clock import SystemClock
from cryptovault.runtime.records import Head
from cryptovault.runtime.snapshot_job import SnapshotJob
from cryptovault.runtime.snapshots import Snapshot, SnapshotDamaged, Snapshots, make_snapshot, read_snapshot
from fixtures.order_flow import COIN, SETUP, deposit, limit_order


def _exchange(orders: int) -> Exchange:
    exchange = Exchange()
    commands = [*SETUP, deposit("alice", "USDT", 10**6), deposit("bob", "BTC", 10)]
    commands += [limit_order("alice", f"a{i}", Side.BUY, 6_000_000 - i) for i in range(orders)]
    commands += [limit_order("bob", f"b{i}", Side.SELL, 6_000_000 - i, COIN // 200) for i in range(orders // 2)]
    for seq, command in enumerate(commands, 1):
        exchange.apply(seq, seq, command)
    return exchange


def _keep(snapshots: Snapshots, exchange: Exchange) -> Path:
    draft = snapshots.folder / "draft-test"
    snapshots.write_draft(Snapshot(Head(exchange.seq, bytes(32), 1), exchange), draft)
    return snapshots.publish(draft, exchange.seq)


def test_j5_a_loaded_snapshot_has_the_same_digest() -> None:
    """Load after dump is the same state, and goes on the same way."""
    exchange = _exchange(20)
    loaded = read_snapshot(make_snapshot(Snapshot(Head(exchange.seq, bytes(32), 1), exchange))).exchange
    assert loaded.digest() == exchange.digest()
    command = limit_order("alice", "next", Side.BUY, 5_000_000)
    assert loaded.apply(loaded.seq + 1, 99, command) == exchange.apply(exchange.seq + 1, 99, command)
    assert loaded.digest() == exchange.digest()


def test_j5_the_same_state_gives_the_same_bytes() -> None:
    """A snapshot is canonical: two exchanges that applied the same commands write identical files."""
    first, second = (make_snapshot(Snapshot(Head(9, bytes(32), 1), _exchange(10))) for _ in range(2))
    assert first == second


def test_f16_every_damage_is_noticed() -> None:
    """Flipped bits and truncations anywhere in a snapshot are noticed, none is loaded."""
    data = make_snapshot(Snapshot(Head(1, bytes(32), 1), _exchange(10)))
    rng = random.Random(16)
    for _ in range(500):
        damaged = bytearray(data)
        damaged[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        with pytest.raises(SnapshotDamaged):
            read_snapshot(bytes(damaged))
        with pytest.raises(SnapshotDamaged):
            read_snapshot(data[: rng.randrange(len(data))])


def test_j5_a_damaged_snapshot_is_skipped(tmp_path: Path) -> None:
    """With the newest file damaged, the one before it is used."""
    snapshots = Snapshots(tmp_path)
    _keep(snapshots, _exchange(4))
    newest = _keep(snapshots, _exchange(8))
    newest.write_bytes(newest.read_bytes()[:-1])
    assert next(snapshots.good_ones()).exchange.digest() == _exchange(4).digest()


def test_j5_three_are_kept(tmp_path: Path) -> None:
    """Of many snapshots the newest three stay."""
    snapshots = Snapshots(tmp_path)
    kept = [_keep(snapshots, _exchange(orders)) for orders in (2, 4, 6, 8, 10)]
    assert snapshots.paths() == kept[:1:-1]


def test_j5_a_draft_counts_only_when_all_of_it_is_acknowledged(tmp_path: Path) -> None:
    """What the child wrote stays a draft until the journal has acknowledged its last command."""
    snapshots, exchange = Snapshots(tmp_path), _exchange(10)
    job = SnapshotJob(snapshots, SystemClock(), Head(), every=5)
    applied = Head(exchange.seq, bytes(32), 1)
    job.step(exchange, applied, Head())
    while job.busy:
        job.step(exchange, applied, Head(applied.seq - 1, bytes(32), 1))
    job.step(exchange, applied, Head(applied.seq - 1, bytes(32), 1))
    assert snapshots.paths() == []
    job.step(exchange, applied, applied)
    assert next(snapshots.good_ones()).exchange.digest() == exchange.digest()


def test_f15_a_snapshot_that_cannot_be_written_keeps_the_old_ones(tmp_path: Path) -> None:
    """A failing snapshot directory costs a snapshot, not the engine, and the older ones stay."""
    snapshots, exchange = Snapshots(tmp_path / "snapshots"), _exchange(4)
    old = _keep(snapshots, exchange)
    job = SnapshotJob(snapshots, SystemClock(), Head(), every=5)
    applied = Head(exchange.seq + 1, bytes(32), 1)
    (snapshots.folder / f"draft-{applied.seq}").mkdir()  # the child's file cannot be made
    job.step(exchange, applied, applied)
    while job.busy:
        job.step(exchange, applied, applied)
    job.step(exchange, Head(), Head())
    assert snapshots.paths() == [old]
