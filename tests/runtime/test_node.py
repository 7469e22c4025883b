"""A whole engine on a real mongod: start-up is recovery, one leads, and what cannot be trusted is refused."""

import asyncio
from pathlib import Path

import pytest
from pymongo import AsyncMongoClient

from cryptovault.engine.commands import Terms
from cryptovault.engine.types import Side, TimeInForce
from cryptovault.infra.clock import SystemClock
from cryptovault.infra.engine_frames import EngineError
from cryptovault.infra.mongo import Database
from cryptovault.runtime.durability import require_durable
from cryptovault.runtime.errors import Fenced, JournalBroken, NotDurable, RolledBack
from cryptovault.runtime.journal import Journal
from cryptovault.runtime.records import Head
from cryptovault.runtime.recovery import Recovered, recover
from cryptovault.runtime.snapshots import Snapshots
from cryptovault.settings import Settings
from fixtures.nodes import RunningNode, running_node
from fixtures.order_flow import COIN, SETUP, deposit, limit_order
from fixtures.services import Mongod


async def _trade(engine: RunningNode, orders: int, tag: str = "") -> None:
    for command in (*SETUP, deposit("alice", "USDT", 10**6), deposit("bob", "BTC", 100)):
        await engine.client.submit(command)
    buys = [limit_order("alice", f"{tag}a{i}", Side.BUY, 6_000_000 - i) for i in range(orders)]
    sells = [limit_order("bob", f"{tag}b{i}", Side.SELL, 6_000_000 - i, COIN // 200) for i in range(orders)]
    await asyncio.gather(*(engine.client.submit(command) for command in buys + sells))


async def _replay(db: Database, folder: Path) -> Recovered:
    """The exchange from the journal alone, from the first command."""
    return await recover(Journal(db, SystemClock()), Snapshots(folder), Head())


@pytest.fixture(name="home")
def _home(settings: Settings) -> Path:
    return settings.cryptovault_home / "engine"


async def test_j4_replay_from_zero_is_the_same_exchange(engine: RunningNode, db: Database, tmp_path: Path) -> None:
    """The state that served the clients and the one replayed from the journal have the same digest."""
    await _trade(engine, 50)
    replayed = await _replay(db, tmp_path / "none")
    assert replayed.exchange.digest() == engine.node.exchange.digest()
    replayed.exchange.check()


async def test_a_dated_order_ends_although_nobody_asks(engine: RunningNode, db: Database, tmp_path: Path) -> None:
    """The leader lets a good-till-date order expire on time, and a replay of the journal sees the same."""
    await _trade(engine, 1)
    ends = SystemClock().now_ms() + 200
    order = limit_order("alice", "dated", Side.BUY, 5_000_000)
    await engine.client.submit(order._replace(tif=TimeInForce.GTD, terms=Terms(expires_at=ends)))
    async with asyncio.timeout(10):
        while "dated" in {held.client_order_id for held in engine.node.exchange.open_orders("alice")}:
            await asyncio.sleep(0.01)
    assert engine.node.exchange.at >= ends
    replayed = await _replay(db, tmp_path / "none")
    assert replayed.exchange.digest() == engine.node.exchange.digest()


async def test_j5_recovery_goes_on_where_the_crash_was(db: Database, settings: Settings, home: Path) -> None:
    """After a crash the engine comes back with the same state, from a snapshot and the journal's tail."""
    async with running_node(db, settings, home, snapshot_every=60) as engine:
        await _trade(engine, 40)
        await asyncio.sleep(0.4)  # a snapshot is written beside the work
        await engine.client.submit(deposit("carol", "USDT", 5))
        before = engine.node.exchange.balances("alice"), engine.node.exchange.seq
    snapshots = Snapshots(home / "snapshots")
    assert 0 < next(snapshots.good_ones()).head.seq < before[1]
    recovered = await recover(Journal(db, SystemClock()), snapshots, Head())
    assert recovered.replayed < before[1]
    assert (recovered.exchange.balances("alice"), recovered.exchange.seq) == before
    assert recovered.exchange.digest() == (await _replay(db, home / "none")).exchange.digest()


async def test_j6_a_key_is_remembered_over_a_crash(db: Database, settings: Settings, home: Path) -> None:
    """The same key before and after a crash gives the same verdict, and the effect once."""
    async with running_node(db, settings, home) as engine:
        await _trade(engine, 1)
        first = await engine.client.submit(deposit("alice", "USDT", 7, "once"))
    async with running_node(db, settings, home) as engine:
        second = await engine.client.submit(deposit("alice", "USDT", 7, "once"))
        assert second.verdict == first.verdict
        available, held = engine.node.exchange.balance("alice", "USDT")
        assert (await _replay(db, home / "none")).exchange.balance("alice", "USDT") == (available, held)


async def test_an_orderly_end_leaves_a_snapshot_and_no_lease(db: Database, settings: Settings, home: Path) -> None:
    """After SIGTERM the next start replays nothing but its own barrier."""
    async with running_node(db, settings, home) as engine:
        await _trade(engine, 5)
        await engine.stop()
    recovered = await recover(Journal(db, SystemClock()), Snapshots(home / "snapshots"), Head())
    assert recovered.replayed == 0
    assert await db.leases.count_documents({"$expr": {"$lte": ["$expires_at", "$$NOW"]}}) == 1


async def test_j8_the_second_engine_follows_and_takes_over(db: Database, settings: Settings, home: Path) -> None:
    """A second engine applies what the first journals, and leads by itself when the first is gone."""
    other = settings.model_copy(update={"engine_socket": settings.engine_socket + ".2"})
    async with running_node(db, settings, home) as first, running_node(db, other, home.with_name("second")) as second:
        assert (first.role, second.role) == ("leading", "following")
        await _trade(first, 10)
        seq = first.node.exchange.seq
        while second.node.exchange.seq < seq:
            await asyncio.sleep(0.02)
        assert second.node.exchange.digest() == first.node.exchange.digest()
        await first.crash()
        ack = await second.client.submit(deposit("dave", "USDT", 1), timeout=5)
        assert ack.seq > seq


async def test_f5_a_paused_leader_is_fenced_before_it_answers(
    db: Database, settings: Settings, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A leader whose lease another has taken meets the barrier with its next write, and ends without an answer."""
    other = settings.model_copy(update={"engine_socket": settings.engine_socket + ".2"})
    async with running_node(db, settings, home) as first:
        await _trade(first, 2)

        async def asleep(_epoch: int) -> bool:  # as if stopped: its lease is not renewed, and it does not know
            return True

        monkeypatch.setattr(first.node._lease, "renew", asleep)
        async with running_node(db, other, home.with_name("second")) as second:
            await second.client.submit(deposit("dave", "USDT", 1), timeout=5)
            with pytest.raises(EngineError):
                await first.client.submit(deposit("erin", "USDT", 1), timeout=1)
            with pytest.raises(Fenced):
                await first.task
            assert second.node.exchange.balance("erin", "USDT") == (0, 0)
        assert (await _replay(db, home / "none")).exchange.balance("dave", "USDT") == (COIN, 0)


async def test_j9_a_database_gone_back_is_refused(db: Database, settings: Settings, home: Path) -> None:
    """Where the journal misses what this machine saw acknowledged, the engine refuses to start."""
    async with running_node(db, settings, home) as engine:
        await _trade(engine, 5)
    last = await db.journal.find_one({}, sort=[("_id", -1)]) or {}
    await db.journal.delete_one({"_id": last["_id"]})
    async with running_node(db, settings, home) as engine:
        with pytest.raises(RolledBack, match="the database has gone back"):
            await engine.task


async def test_j9_an_empty_database_with_a_known_past_is_refused(db: Database, settings: Settings, home: Path) -> None:
    """A wiped database is not taken for a new one."""
    async with running_node(db, settings, home) as engine:
        await _trade(engine, 1)
    await db.journal.drop()
    async with running_node(db, settings, home) as engine:
        with pytest.raises(RolledBack):
            await engine.task


async def test_j9_a_snapshot_of_another_journal_is_refused(db: Database, settings: Settings, home: Path) -> None:
    """Snapshots that the journal does not contain are a sign of the wrong database."""
    async with running_node(db, settings, home) as engine:
        await _trade(engine, 1)
        await engine.stop()
    (home / "watermark").unlink()
    await db.journal.drop()
    async with running_node(db, settings, home) as engine:
        with pytest.raises(RolledBack, match="snapshot"):
            await engine.task


async def test_f16_a_journal_with_a_hole_is_refused(db: Database, settings: Settings, home: Path) -> None:
    """A record missing in the middle stops the start, even on a machine that knows nothing of the past."""
    async with running_node(db, settings, home) as engine:
        for number in range(12):
            await engine.client.submit(deposit("alice", "USDT", 1, f"k{number}"))
    await db.journal.delete_one({"_id": 5})
    async with running_node(db, settings, home.with_name("fresh")) as engine:
        with pytest.raises(JournalBroken, match="hole"):
            await engine.task


async def test_j1_a_replica_set_is_accepted(db: Database) -> None:
    """A replica set of one member is durable enough to start on."""
    await require_durable(db)


async def test_j1_a_standalone_server_is_refused(tmp_path: Path) -> None:
    """A mongod without a replica set is refused, with a sentence that says what to do."""
    server = Mongod(tmp_path / "alone", replica_set=False)
    server.start()
    client: AsyncMongoClient[dict[str, object]] = AsyncMongoClient(server.url)
    try:
        with pytest.raises(NotDurable, match="--replSet"):
            await require_durable(client.get_database("any"))
    finally:
        await client.close()
        server.kill()
