"""Durable commands through the engine's socket, against one MongoDB transaction for each order.

    python bench/durable_commands.py [--seconds 4]

Both on the same mongod, in turn, in one run; each order is of another user. The plain way is a transaction
that moves the hold from available to held if it is there, inserts the order and inserts a ledger entry, with the same
write concern (journaled majority) and one connection for each order under way.
"""

import argparse
import asyncio
import time
from collections.abc import Awaitable, Callable

import uvloop
from pymongo.errors import PyMongoError

from cryptovault.engine.types import Side
from cryptovault.infra.engine_client import EngineClient, fixed_address
from cryptovault.infra.mongo import Database, connect_mongo, database
from cryptovault.settings import Settings
from rig import SETUP, USERS, deposit, exchange, limit_order, line, user

IN_FLIGHT = (1, 64, 512)
PRICE = 6_000_000
Order = Callable[[int], Awaitable[object]]


async def rate(order: Order, in_flight: int, seconds: float) -> tuple[float, list[float]]:
    """Orders a second with so many under way, and the sorted latencies in ms."""
    number, latencies = 0, []
    end = time.perf_counter() + seconds

    async def one_after_the_other() -> None:
        nonlocal number
        while (began := time.perf_counter()) < end:
            number += 1
            await order(number)
            latencies.append((time.perf_counter() - began) * 1000)

    began = time.perf_counter()
    await asyncio.gather(*(one_after_the_other() for _ in range(in_flight)))
    return len(latencies) / (time.perf_counter() - began), sorted(latencies)


async def pay_in(client: EngineClient) -> None:
    """Everybody has money in the exchange."""
    for command in SETUP:
        await client.submit(command)
    for first in range(0, USERS, 500):
        await asyncio.gather(*(client.submit(deposit(user(n), "USDT", 10**9)) for n in range(first, first + 500)))


async def fill_plainly(db: Database) -> None:
    """Everybody has money in the plain database."""
    await db.plain_wallets.insert_many({"_id": user(n), "available": 10**15, "held": 0} for n in range(USERS))
    await db.create_collection("plain_orders")
    await db.create_collection("plain_entries")


async def place_plainly(db: Database, key: str, owner: str, amount: int) -> None:
    """Hold the money, insert order and ledger entry: all or nothing."""
    async with db.client.start_session() as session:
        while True:
            try:
                async with await session.start_transaction():
                    changed = await db.plain_wallets.update_one(
                        {"_id": owner, "available": {"$gte": amount}},
                        {"$inc": {"available": -amount, "held": amount}},
                        session=session,
                    )
                    if changed.matched_count:
                        order = {"_id": key, "user_id": owner, "price": PRICE, "qty": 10**6, "status": "open"}
                        await db.plain_orders.insert_one(order, session=session)
                        entry = {"order": key, "postings": [[owner, "available", -amount], [owner, "held", amount]]}
                        await db.plain_entries.insert_one(entry, session=session)
            except PyMongoError as error:
                if not error.has_error_label("TransientTransactionError"):
                    raise
            else:
                return


def show(name: str, in_flight: int, result: tuple[float, list[float]]) -> float:
    """Print one line; the orders a second."""
    per_second, latencies = result
    p50, p99 = latencies[len(latencies) // 2], latencies[len(latencies) * 99 // 100]
    line(f"{name}, {in_flight} in flight", f"{per_second:,.0f}/s", f"p50 {p50:.1f} ms, p99 {p99:.1f} ms")
    return per_second


async def compare(settings: Settings, seconds: float) -> None:
    """Both ways at each number in flight, in turn, and the ratios."""
    client = EngineClient(fixed_address(settings.engine_address))
    mongo = connect_mongo(settings.model_copy(update={"mongo_max_pool_size": max(IN_FLIGHT)}))
    db = database(mongo, settings)
    await client.connect()
    await pay_in(client)
    await fill_plainly(db)
    best_engine = best_plain = 0.0
    for in_flight in IN_FLIGHT:

        async def order(number: int, tag: int = in_flight) -> None:
            await client.submit(limit_order(user(number), f"{tag}-{number}", Side.BUY, PRICE - number % 1000))

        async def plain_order(number: int, tag: int = in_flight) -> None:
            await place_plainly(db, f"{tag}-{number}", user(number), 10**6 * (PRICE - number % 1000) // 100)

        engine = show("through the engine", in_flight, await rate(order, in_flight, seconds))
        plain = show("one transaction for each order", in_flight, await rate(plain_order, in_flight, seconds))
        line(f"ratio at {in_flight} in flight", f"{engine / plain:.1f}")
        best_engine, best_plain = max(best_engine, engine), max(best_plain, plain)
    line("ratio of the best of each", f"{best_engine / best_plain:.1f}", "aim 30")
    await client.close()
    await mongo.close()


async def main(seconds: float) -> None:
    """Run both on the same servers."""
    with exchange("engine") as (settings, _):
        await compare(settings, seconds)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=4.0)
    uvloop.run(main(parser.parse_args().seconds))
