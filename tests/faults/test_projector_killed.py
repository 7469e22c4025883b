"""J10: the projector dies at any moment; the read models end as the journal says."""

import asyncio
import random

import pytest

from cryptovault.engine.types import Side
from cryptovault.entrypoints.audit import rebuild, verify
from cryptovault.infra.engine_client import EngineClient, fixed_address
from cryptovault.infra.mongo import Database
from fixtures.history import History, check, set_up, through_socket, trader
from fixtures.order_flow import deposit, limit_order
from fixtures.processes import Programs

CLIENTS = 8


@pytest.mark.timeout(3600)
async def test_j10_projector_killed_at_random(programs: Programs, db: Database, kills: int, seed: int) -> None:
    """SIGKILL of the projector, half as often as the engine, while 8 clients trade: wallets and orders are right."""
    engine, projector, rng = programs.program("engine"), programs.program("projector"), random.Random(seed)
    await asyncio.to_thread(engine.start)
    await asyncio.to_thread(projector.start)
    client = EngineClient(fixed_address(programs.settings.engine_address))
    await client.connect()
    ask, history, stop = through_socket(client), History(), asyncio.Event()
    await set_up(ask)
    traders = [asyncio.create_task(trader(ask, f"user{n}", history, stop, seed + n)) for n in range(CLIENTS)]
    for _ in range(max(1, kills // 2)):
        await asyncio.sleep(rng.uniform(0.02, 0.3))
        projector.kill()
        await asyncio.to_thread(projector.start)
    stop.set()
    await asyncio.gather(*traders)
    await client.close()
    report = await verify(programs.settings)
    assert report.problems == []
    assert report.wallets == CLIENTS
    assert report.commands > 100
    await check(history, db, programs.settings.cryptovault_home)
    await _each_trade_is_in_one_candle(db)
    await _rebuild_while_it_runs(programs)
    await _each_trade_is_in_one_candle(db)


async def _each_trade_is_in_one_candle(db: Database) -> None:
    """Of each interval: the trades counted in candles are the trades there are."""
    count, total = await db.trades.count_documents({}), {"$sum": "$trades"}
    rows = await (await db.trade_candles.aggregate([{"$group": {"_id": "$interval", "trades": total}}])).to_list()
    assert {row["_id"]: row["trades"] for row in rows} == dict.fromkeys(("1m", "5m", "15m", "1h", "4h", "1d"), count)


async def _rebuild_while_it_runs(programs: Programs) -> None:
    """`rebuild` sends the running projector away, and what it makes is right too."""
    report = await rebuild(programs.settings)
    assert report.documents["wallets"] == CLIENTS
    again = programs.program("projector")
    await asyncio.to_thread(again.start)
    assert (await verify(programs.settings)).problems == []


async def test_verify_knows_nothing_from_something(programs: Programs) -> None:
    """An account whose order was refused, and a coin that was never bought, are no differences."""
    engine, projector = programs.program("engine"), programs.program("projector")
    await asyncio.to_thread(engine.start)
    await asyncio.to_thread(projector.start)
    client = EngineClient(fixed_address(programs.settings.engine_address))
    await client.connect()
    await set_up(through_socket(client))
    await client.submit(deposit("saver", "USDT", 10**6))
    await client.submit(limit_order("saver", "waits", Side.BUY, 100))
    await client.submit(limit_order("pauper", "refused", Side.BUY, 100))
    await client.close()
    report = await verify(programs.settings)
    assert (report.problems, report.wallets) == ([], 1)


async def test_verify_notices_what_was_changed_by_hand(programs: Programs, db: Database) -> None:
    """A wallet and an order edited in the database, and a damaged snapshot, are each named by `verify`."""
    engine, projector = programs.program("engine"), programs.program("projector")
    await asyncio.to_thread(engine.start)
    await asyncio.to_thread(projector.start)
    client = EngineClient(fixed_address(programs.settings.engine_address))
    await client.connect()
    ask, history, stop = through_socket(client), History(), asyncio.Event()
    await set_up(ask)
    traders = [asyncio.create_task(trader(ask, f"user{n}", history, stop, n)) for n in range(2)]
    await asyncio.sleep(0.5)
    stop.set()
    await asyncio.gather(*traders)
    await client.close()
    assert await asyncio.to_thread(engine.stop) == 0
    assert (await verify(programs.settings)).problems == []
    assert await asyncio.to_thread(projector.stop) == 0
    assert "Traceback" not in projector.output()
    await db.wallets.update_one({"_id": "user0"}, {"$set": {"balances.USDT.available": "1000000"}})
    await db.orders.update_one({"status": "open"}, {"$set": {"filled": "7"}})
    snapshot = next((programs.settings.cryptovault_home / "engine" / "snapshots").glob("*.snapshot"))
    snapshot.write_bytes(snapshot.read_bytes()[:-1])
    problems = (await verify(programs.settings)).problems
    assert len(problems) == 3
    assert any("wallet of user0" in problem for problem in problems)
    assert any("not shown as the book has it" in problem for problem in problems)
    assert any("checksum" in problem for problem in problems)
