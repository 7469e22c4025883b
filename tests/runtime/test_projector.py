"""J10: read models and live stream are made from the journal, and can be made again."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from redis.asyncio import Redis

from cryptovault.engine.events import Event, OrderState, Posted
from cryptovault.engine.exchange import Exchange
from cryptovault.engine.types import Side
from cryptovault.infra.cancellation import end_tasks
from cryptovault.infra.clock import SystemClock
from cryptovault.infra.fanout import EVENTS, WATERMARK, Fanout
from cryptovault.infra.mongo import Database, Document
from cryptovault.kit.projection import Message, Writes
from cryptovault.runtime.broadcast import Broadcast
from cryptovault.runtime.errors import Stopped
from cryptovault.runtime.projector import Projector
from cryptovault.runtime.read_models import ReadModelWriter
from cryptovault.runtime.records import Head
from cryptovault.runtime.snapshots import Snapshots
from fixtures.nodes import RunningNode
from fixtures.order_flow import COIN, SETUP, deposit, limit_order
from fixtures.services import RedisServer


class Notebook:
    """A small read model: each order's state, and each account's balance after the batch."""

    name = "notebook"
    collections = ("notes", "purses")

    def __init__(self) -> None:
        self._touched: dict[str, int] = {}

    def project(self, seq: int, _at: int, event: Event, _exchange: Exchange, writes: Writes) -> None:
        if isinstance(event, OrderState):
            note = {"_id": event.order_id, "filled": event.filled, "version": event.version, "seq": seq}
            writes.replace("notes", note, new=event.version == 1)
        if isinstance(event, Posted):
            self._touched |= {account: seq for account, *_ in event.postings}

    def flush(self, exchange: Exchange, writes: Writes) -> None:
        for account, seq in self._touched.items():
            balances = {name: str(pair) for name, pair in exchange.balances(account).items()}
            writes.set("purses", account, {f"balances.{name}": text for name, text in balances.items()} | {"seq": seq})
        self._touched.clear()


class Crier:
    """Tells every order state."""

    name = "crier"

    def publish(self, seq: int, _at: int, event: Event, _exchange: Exchange) -> Iterable[Message]:
        if isinstance(event, OrderState):
            yield Message(f"user:{event.account}", "order", {"id": event.order_id, "seq": seq}, "cv:last", 30)


def _projector(db: Database, redis: Redis) -> tuple[Projector, Broadcast]:
    broadcast = Broadcast(redis, SystemClock())
    return Projector(db, SystemClock(), broadcast, [Notebook()], [Crier()]), broadcast


@asynccontextmanager
async def following(db: Database, redis: Redis, folder: Path) -> AsyncIterator[Projector]:
    """A projector at work."""
    projector, broadcast = _projector(db, redis)
    await projector.start(Snapshots(folder))
    tasks = [asyncio.create_task(projector.run()), asyncio.create_task(broadcast.run())]
    try:
        yield projector
    finally:
        await end_tasks(tasks)
        for task in tasks:
            assert task.cancelled() or task.exception() is None, task


async def _reach(projector: Projector, seq: int) -> None:
    async with asyncio.timeout(10):
        while projector.written.seq < seq:
            await asyncio.sleep(0.01)


async def _trade(engine: RunningNode, orders: int, tag: str = "") -> int:
    for command in (*SETUP, deposit("alice", "USDT", 10**6), deposit("bob", "BTC", 100)):
        await engine.client.submit(command)
    buys = [limit_order("alice", f"{tag}a{i}", Side.BUY, 6_000_000 - i) for i in range(orders)]
    sells = [limit_order("bob", f"{tag}b{i}", Side.SELL, 6_000_000 - i, COIN // 200) for i in range(orders)]
    acks = await asyncio.gather(*(engine.client.submit(command) for command in buys + sells))
    return max(ack.seq for ack in acks)


async def _content(db: Database) -> tuple[list[Document], list[Document]]:
    return await db.notes.find().sort("_id").to_list(), await db.purses.find().sort("_id").to_list()


@pytest.fixture(name="redis")
async def _redis(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as redis:
        yield redis


async def test_j10_read_models_follow_the_journal(
    engine: RunningNode, db: Database, redis: Redis, tmp_path: Path
) -> None:
    """What the engine acknowledged appears in the read models, with the watermark behind it."""
    async with following(db, redis, tmp_path) as projector:
        seq = await _trade(engine, 30)
        await _reach(projector, seq)
        assert (await db.watermarks.find_one({"_id": "read_models"}) or {})["seq"] == seq
        notes, purses = await _content(db)
        assert len(notes) == 60
        exchange = engine.node.exchange
        alice = next(purse for purse in purses if purse["_id"] == "alice")
        assert alice["balances"] == {name: str(pair) for name, pair in exchange.balances("alice").items()}


async def test_j10_a_rebuild_makes_the_same_documents(
    engine: RunningNode, db: Database, redis: Redis, tmp_path: Path
) -> None:
    """Dropped and made again from the first command, the read models are the same; their indexes too."""
    await db.notes.create_index("filled", name="by_filled")
    async with following(db, redis, tmp_path) as projector:
        await _reach(projector, await _trade(engine, 30))
    before = await _content(db)
    projector, _ = _projector(db, redis)
    await projector.begin_rebuild()
    await projector.rebuild(lambda _seq: None)
    assert await _content(db) == before
    assert "by_filled" in await db.notes.index_information()


async def test_j10_a_running_projector_makes_way_for_a_rebuild(
    engine: RunningNode, db: Database, redis: Redis, tmp_path: Path
) -> None:
    """A rebuild stops whoever writes, and nobody else begins until it is through."""
    projector, _ = _projector(db, redis)
    await projector.start(Snapshots(tmp_path))
    running = asyncio.create_task(projector.run())
    await _trade(engine, 3)
    other, _ = _projector(db, redis)
    await other.begin_rebuild()
    with pytest.raises(Stopped, match="rebuil"):
        await running
    with pytest.raises(Stopped, match="rebuil"):
        await _projector(db, redis)[0].start(Snapshots(tmp_path))
    await other.rebuild(lambda _seq: None)
    await _projector(db, redis)[0].start(Snapshots(tmp_path))


async def test_j10_a_rebuild_that_was_called_off_changes_nothing(
    engine: RunningNode, db: Database, redis: Redis, tmp_path: Path
) -> None:
    """A rebuild that never got to begin leaves the read models to the next projector."""
    async with following(db, redis, tmp_path) as projector:
        await _reach(projector, await _trade(engine, 3))
    before = await _content(db)
    other, _ = _projector(db, redis)
    await other.begin_rebuild()
    await other.cancel_rebuild()
    async with following(db, redis, tmp_path) as projector:
        await _reach(projector, (await engine.client.submit(deposit("alice", "USDT", 1, "after"))).seq)
    assert (await _content(db))[0] == before[0]


async def test_j10_a_crash_between_documents_and_watermark_changes_nothing(
    engine: RunningNode, db: Database, redis: Redis, tmp_path: Path
) -> None:
    """Written again from an older watermark, documents end as they were and never step back on the way."""
    async with following(db, redis, tmp_path) as projector:
        await _reach(projector, await _trade(engine, 20))
    before = await _content(db)
    records = await db.journal.find({}, {"n": 1, "hash": 1}).sort("_id").to_list()
    for record in random.Random(10).sample(records, 4):
        behind = {"seq": record["_id"] + record["n"] - 1, "hash": record["hash"]}
        await db.watermarks.update_one({"_id": "read_models"}, {"$set": behind})
        projector, _ = _projector(db, redis)
        await projector.start(Snapshots(tmp_path))
        assert projector.written.seq == behind["seq"]
        await projector.catch_up()
        await projector.settle()
        assert await _content(db) == before


async def test_j10_an_older_state_never_replaces_a_newer_one(db: Database) -> None:
    """Replaces and sets that carry an older seq than the document do nothing, new ones do."""
    writer = ReadModelWriter(db)
    for seq in (5, 3, 7, 6):
        writes = Writes()
        writes.replace("notes", {"_id": 1, "seq": seq}, new=seq in {5, 3})
        writes.set("purses", "alice", {"balances.USDT": str(seq), "seq": seq})
        await writer.write(writes, Head(seq, bytes(32), 1))
    notes, purses = await _content(db)
    assert notes == [{"_id": 1, "seq": 7}]
    assert purses == [{"_id": "alice", "balances": {"USDT": "7"}, "seq": 7}]


async def test_j10_read_models_of_another_journal_are_refused(
    engine: RunningNode, db: Database, redis: Redis, tmp_path: Path
) -> None:
    """A watermark that is not on this journal's chain asks for a rebuild instead of guessing."""
    await _trade(engine, 1)
    await db.watermarks.insert_one({"_id": "read_models", "seq": 3, "hash": bytes(32), "epoch": 1})
    projector, _ = _projector(db, redis)
    with pytest.raises(Stopped, match="cryptovault rebuild"):
        await projector.start(Snapshots(tmp_path))


async def test_messages_are_encoded_once_and_kept_where_asked(
    engine: RunningNode, db: Database, redis: Redis, tmp_path: Path
) -> None:
    """Live messages arrive on Redis as [room, event, seq, JSON], and the last is kept under its key."""
    heard: list[bytes] = []
    marks: list[int] = []
    fanout = Fanout(redis, {EVENTS: heard.append, WATERMARK: lambda data: marks.append(int(data))})
    listening = asyncio.create_task(fanout.run())
    await fanout.connected.wait()
    async with following(db, redis, tmp_path):
        seq = await _trade(engine, 20)
        async with asyncio.timeout(5):
            while seq not in marks:
                await asyncio.sleep(0.01)
        frames = [msgspec.msgpack.decode(data) for data in heard]
        assert frames[0][:2] == ["user:alice", "order"]
        assert [frame[2] for frame in frames] == sorted(frame[2] for frame in frames)
        assert len(frames) >= 40
        assert msgspec.json.decode(frames[0][3])["seq"] == frames[0][2]
        assert await redis.get("cv:last") == frames[-1][3]
    await end_tasks((listening,))


async def test_f18_redis_away_does_not_stop_the_read_models(engine: RunningNode, db: Database, tmp_path: Path) -> None:
    """With Redis killed the read models go on; when it is back, messages flow again."""
    server = RedisServer(tmp_path / "redis")
    server.start()
    async with Redis.from_url(server.url, socket_timeout=1) as redis, following(db, redis, tmp_path) as projector:
        await _reach(projector, await _trade(engine, 2))
        server.kill()
        await _reach(projector, await _trade(engine, 5, "x"))
        server.start()
        async with asyncio.timeout(10):
            number = 0
            while not await redis.exists("cv:last"):
                number += 1
                await engine.client.submit(limit_order("alice", f"again{number}", Side.BUY, 5_000_000))
                await asyncio.sleep(0.1)
    server.kill()
