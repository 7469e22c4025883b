"""How many orders a second the read models follow, with the real projections and live messages.

    python bench/read_models.py [--seconds 60] [--takers 10]

Orders are put in as fast as the read models keep within `LAG` commands of the engine's answers; of each hundred,
`takers` trade and the others rest. Every order makes documents and private messages, every trade more of both.
"""

import argparse
import asyncio
import time

import psutil
import uvloop

from cryptovault.engine.commands import PlaceOrder
from cryptovault.engine.types import Side
from cryptovault.infra.engine_client import EngineClient, fixed_address
from cryptovault.infra.mongo import Database, connect_mongo, database
from cryptovault.settings import Settings
from rig import SETUP, USERS, deposit, exchange, limit_order, line, user

LAG = 8_000
SENDERS = 256


class Follower:
    """How far the read models are."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.seq = 0

    async def look(self) -> None:
        """Ask, over and over."""
        while True:
            self.seq = (await self._db.watermarks.find_one({"_id": "read_models"}) or {}).get("seq", 0)
            await asyncio.sleep(0.02)


async def pay_in(client: EngineClient) -> int:
    """Everybody has money; the seq of the last deposit."""
    for each in SETUP:
        await client.submit(each)
    last = 0
    for first in range(0, USERS, 500):
        pays = [deposit(user(n), asset, 10**8) for n in range(first, first + 500) for asset in ("USDT", "BTC")]
        last = max(ack.seq for ack in await asyncio.gather(*(client.submit(pay) for pay in pays)))
    return last


async def follow(settings: Settings, seconds: float, takers: int) -> tuple[float, float]:
    """Orders a second that were followed, and the seconds the read models were behind at the end."""
    mongo = connect_mongo(settings)
    follower = Follower(database(mongo, settings))
    looking = asyncio.create_task(follower.look())
    client = EngineClient(fixed_address(settings.engine_address))
    await client.connect()
    acked = await pay_in(client)
    while follower.seq < acked:
        await asyncio.sleep(0.02)
    start, began, number = acked, time.perf_counter(), 0

    async def sender() -> None:
        nonlocal acked, number
        while time.perf_counter() < began + seconds:
            if acked - follower.seq > LAG:
                await asyncio.sleep(0.005)
                continue
            number += 1
            acked = max(acked, (await client.submit(_order(number, takers), timeout=30)).seq)

    await asyncio.gather(*(sender() for _ in range(SENDERS)))
    ended = time.perf_counter()
    while follower.seq < acked:
        await asyncio.sleep(0.01)
    done = time.perf_counter()
    looking.cancel()
    await client.close()
    await mongo.close()
    return (acked - start) / (done - began), done - ended


def _order(number: int, takers: int) -> PlaceOrder:
    owner = user(number * 7)
    if number % 100 < takers:
        return limit_order(owner, f"take-{number}", Side.SELL, 5_900_000, 10**5)
    return limit_order(owner, f"rest-{number}", Side.BUY, 5_999_000 - number % 997, 10**5)


async def main(seconds: float, takers: int) -> None:
    """Run and print."""
    with exchange("engine", "projector") as (settings, programs):
        rate, behind = await follow(settings, seconds, takers)
        line(f"orders followed for {seconds:.0f} s, {takers} % trade", f"{rate:,.0f}/s", "aim 10,000")
        line("behind at the end", f"{behind:.2f} s")
        for program in programs:
            assert program.process is not None
            process = psutil.Process(program.process.pid)
            cpu = sum(process.cpu_times()[:2])
            line(f"{program.name}", f"{cpu:.0f} s CPU", f"{process.memory_info().rss / 1e6:.0f} MB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--takers", type=int, default=10)
    arguments = parser.parse_args()
    uvloop.run(main(arguments.seconds, arguments.takers))
