"""Explaining an order replays a part of the journal, so it is done in a process of its own, one at a time."""

import asyncio
import multiprocessing
import os
from multiprocessing.connection import Connection
from typing import Any

import msgspec
from rich.console import Console

from cryptovault.features.orders import repository
from cryptovault.features.orders.story import story
from cryptovault.infra.clock import SystemClock
from cryptovault.infra.mongo import Database, connect_mongo, database
from cryptovault.kit.errors import Overloaded, Unavailable
from cryptovault.kit.moments import Wanted
from cryptovault.runtime.journal import Journal
from cryptovault.runtime.retrace import retrace
from cryptovault.runtime.snapshots import Snapshots
from cryptovault.settings import Settings

REPLAY_SECONDS = 8.0
"""Of replay for one request; `cryptovault explain` takes the time it needs."""
MAX_WAITING = 4
_START_SECONDS = 10.0
_NICE = 10


class Explainer:
    """Explains orders for one API worker."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._turn = asyncio.Lock()
        self._waiting = 0

    async def __call__(self, wanted: Wanted) -> bytes:
        """The JSON object {steps, complete}. Raises Overloaded, Unavailable."""
        if self._waiting >= MAX_WAITING:
            raise Overloaded("Too many orders are being explained. Please try again.")
        self._waiting += 1
        try:
            async with self._turn:
                return await asyncio.to_thread(_in_process, self._settings, wanted)
        finally:
            self._waiting -= 1


def _in_process(settings: Settings, wanted: Wanted) -> bytes:
    context = multiprocessing.get_context("spawn")  # a fork would take this process's sockets and threads with it
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(sender, settings, wanted), daemon=True)
    process.start()
    sender.close()
    try:
        if receiver.poll(_START_SECONDS + REPLAY_SECONDS):
            return receiver.recv_bytes()
    except EOFError:
        pass
    finally:
        process.kill()
        process.join()
        receiver.close()
    raise Unavailable("The order cannot be explained right now.")


def _work(sender: Connection, settings: Settings, wanted: Wanted) -> None:
    """In the process: serve requests of others first."""
    os.nice(_NICE)
    sender.send_bytes(msgspec.json.encode(asyncio.run(_explained(settings, wanted))))


async def _explained(settings: Settings, wanted: Wanted) -> dict[str, Any]:
    client = connect_mongo(settings)
    try:
        return await explained(database(client, settings), settings, wanted, REPLAY_SECONDS)
    finally:
        await client.close()


async def explained(db: Database, settings: Settings, wanted: Wanted, seconds: float) -> dict[str, Any]:
    """Replay and tell: {steps, complete}."""
    snapshots = Snapshots(settings.cryptovault_home.resolve() / "engine" / "snapshots")
    life = await retrace(Journal(db, SystemClock()), snapshots, wanted, seconds)
    return {"steps": story(life, wanted.order_id), "complete": life.complete}


class Explain:
    """`cryptovault explain ORDER_ID`: the decisions about an order, in order, rebuilt from the journal."""

    def __init__(self, order_id: int) -> None:
        self._order_id = order_id

    async def __call__(self, settings: Settings, console: Console) -> int:
        """Print them; exit code 1 where there is no such order."""
        client = connect_mongo(settings)
        try:
            db = database(client, settings)
            document = await repository.of_anybody(db, self._order_id)
            if document is None:
                console.print(f"✗ There is no order {self._order_id}.", markup=False)
                return 1
            told = await explained(db, settings, repository.wanted(document), float("inf"))
        finally:
            await client.close()
        for step in told["steps"]:
            console.print(f"{step['at']}  seq {step['seq']}  {step['kind']}", style="bold", markup=False)
            console.print(f"  {_line(step['book'])}", style="dim", markup=False)
            console.print(f"  {step['text']}", markup=False)
        return 0


def _line(book: dict[str, list[list[str]]]) -> str:
    bids, asks = (" ".join(f"{qty}@{price}" for price, qty in book[side]) or "empty" for side in ("bids", "asks"))
    return f"book before: bids {bids} | asks {asks}"
