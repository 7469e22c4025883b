"""How long an engine needs to be back after SIGKILL, for each 100 k commands behind its last snapshot.

    python bench/recovery.py [--commands 100000]

The commands are orders that rest, orders that trade and cancels, put in through the socket; then the engine is
killed and started again: once with nothing but the journal, once with a snapshot at the end of it.
"""

import argparse
import asyncio
import time
from pathlib import Path

import uvloop

from cryptovault.engine.commands import CancelOrder, Command
from cryptovault.engine.types import Side
from cryptovault.infra.clock import SystemClock
from cryptovault.infra.engine_client import EngineClient, fixed_address
from cryptovault.infra.mongo import connect_mongo, database
from cryptovault.runtime.journal import Journal
from cryptovault.runtime.records import Head
from cryptovault.runtime.recovery import recover
from cryptovault.runtime.snapshots import Snapshot, Snapshots
from cryptovault.settings import Settings
from rig import SETUP, USERS, deposit, exchange, limit_order, line, user


def command(number: int) -> Command:
    """60 % orders that rest, 30 % cancels of them, 10 % that trade."""
    kind, owner = number % 10, user(number // 10 * 7)
    if kind < 6:  # noqa: PLR2004 - the mix
        return limit_order(owner, f"rest-{number}", Side.BUY, 5_999_000 - number % 997)
    if kind < 9:  # noqa: PLR2004 - the mix
        return CancelOrder(owner, 0, f"rest-{number - 6}")
    return limit_order(owner, f"take-{number}", Side.SELL, 5_900_000)


async def fill(settings: Settings, count: int) -> None:
    """Put the commands in."""
    client = EngineClient(fixed_address(settings.engine_address))
    await client.connect()
    for each in SETUP:
        await client.submit(each)
    for first in range(0, USERS, 500):
        pays = [deposit(user(n), asset, 10**6) for n in range(first, first + 500) for asset in ("USDT", "BTC")]
        await asyncio.gather(*(client.submit(pay) for pay in pays))
    numbers = iter(range(count))

    async def sender() -> None:
        for number in numbers:
            await client.submit(command(number), timeout=30)

    await asyncio.gather(*(sender() for _ in range(512)))
    await client.close()


async def main(count: int) -> None:
    """Fill, kill, start, and measure the parts."""
    with exchange("engine") as (settings, (engine,)):
        await fill(settings, count)
        engine.kill()
        folder = settings.cryptovault_home / "engine" / "snapshots"
        for path in folder.glob("*"):
            path.unlink()
        mongo = connect_mongo(settings)
        journal = Journal(database(mongo, settings), SystemClock())
        began = time.perf_counter()
        recovered = await recover(journal, Snapshots(Path(folder)), Head())
        seconds = time.perf_counter() - began
        per = seconds / recovered.replayed * 100_000
        line("replay of 100 k commands from the journal", f"{per:.2f} s", f"{recovered.replayed / seconds:,.0f}/s")
        began = time.perf_counter()
        engine.start()
        line("process start to leading, nothing but the journal", f"{time.perf_counter() - began:.2f} s")
        engine.kill()
        _keep(Snapshots(folder), Snapshot(recovered.head, recovered.exchange))
        began = time.perf_counter()
        engine.start()
        line("process start to leading, from a snapshot", f"{time.perf_counter() - began:.2f} s", "aim under 5 s")
        await mongo.close()


def _keep(snapshots: Snapshots, snapshot: Snapshot) -> None:
    draft = snapshots.folder / "draft-bench"
    began = time.perf_counter()
    snapshots.write_draft(snapshot, draft)
    seconds = time.perf_counter() - began
    path = snapshots.publish(draft, snapshot.head.seq)
    line("a snapshot, written beside the work", f"{seconds:.2f} s", f"{path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commands", type=int, default=100_000)
    uvloop.run(main(parser.parse_args().commands))
