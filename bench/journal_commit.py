"""The cost of a journal commit against a raw fdatasync of the same bytes on the same disk.

    python bench/journal_commit.py [--records 400]

A record holds 100 orders. The raw way appends the same bytes to a file and calls fdatasync, one after the other.
"""

import argparse
import asyncio
import os
import tempfile
import time
from pathlib import Path

import uvloop

from cryptovault.engine.types import Side
from cryptovault.infra.clock import SystemClock
from cryptovault.infra.mongo import connect_mongo, database
from cryptovault.runtime.journal import Journal
from cryptovault.runtime.records import Head, Record, make_record
from cryptovault.runtime.watermark import Watermark
from rig import exchange, limit_order, line, user

COMMANDS = 100


class Calm:
    """Nothing goes wrong here."""

    def trouble_begins(self) -> None:
        """Not expected."""

    def trouble_ends(self) -> None:
        """Not expected."""


def chain(count: int, head: Head) -> list[Record]:
    """Records of 100 orders each."""
    records = []
    for number in range(count):
        orders = [limit_order(user(n), f"{number}-{n}", Side.BUY, 6_000_000) for n in range(COMMANDS)]
        records.append(make_record(head, 1, number, list(orders)))
        head = records[-1].head
    return records


async def commit(journal: Journal, records: list[Record], in_flight: int) -> float:
    """Seconds for all, with so many under way."""
    waiting = iter(records)

    async def writer() -> None:
        for record in waiting:
            await journal.append(record, Calm())

    began = time.perf_counter()
    await asyncio.gather(*(writer() for _ in range(in_flight)))
    return time.perf_counter() - began


def raw(records: list[Record], folder: Path) -> float:
    """Seconds for the same bytes with one fdatasync each."""
    file = os.open(folder / "raw", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    began = time.perf_counter()
    for record in records:
        os.write(file, record.commands)
        os.fdatasync(file)
    seconds = time.perf_counter() - began
    os.close(file)
    return seconds


def marks(records: list[Record], folder: Path) -> float:
    """Seconds for the local watermark of each."""
    watermark = Watermark(folder / "mark")
    began = time.perf_counter()
    for record in records:
        watermark.store(record.head)
    seconds = time.perf_counter() - began
    watermark.close()
    return seconds


async def main(count: int) -> None:
    """Alternate the ways, so that a busy moment of the machine hits all."""
    with exchange() as (settings, _), tempfile.TemporaryDirectory(dir=settings.cryptovault_home.parent) as folder:
        mongo = connect_mongo(settings)
        journal = Journal(database(mongo, settings), SystemClock())
        await journal.prepare()
        seconds: dict[str, float] = {
            "raw fdatasync": 0,
            "watermark": 0,
            "journal, 1 in flight": 0,
            "journal, 4 in flight": 0,
        }
        head = Head()
        for _ in range(4):
            records = chain(count // 4, head)
            more = chain(count // 4, records[-1].head)
            head = more[-1].head
            seconds["raw fdatasync"] += raw(records, Path(folder))
            seconds["watermark"] += marks(records, Path(folder))
            seconds["journal, 1 in flight"] += await commit(journal, records, 1)
            seconds["journal, 4 in flight"] += await commit(journal, more, 4)
        await mongo.close()
    for name, total in seconds.items():
        line(name, f"{total / count * 1000:.2f} ms", f"{count * COMMANDS / total:,.0f} commands/s")
    one, four = seconds["journal, 1 in flight"], seconds["journal, 4 in flight"]
    line("a journal commit in raw fdatasyncs, 1 in flight", f"{one / seconds['raw fdatasync']:.1f}")
    line("a journal commit in raw fdatasyncs, 4 in flight", f"{four / seconds['raw fdatasync']:.1f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=400)
    uvloop.run(main(parser.parse_args().records))
