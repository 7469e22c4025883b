"""Explaining an order replays a part of the journal, so it is done in a process of its own, one at a time."""

import asyncio
import multiprocessing
import os
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

import msgspec
from rich.console import Console

from cryptovault.features.orders import repository
from cryptovault.features.orders.story import story
from cryptovault.infra.clock import SystemClock
from cryptovault.infra.mongo import Database, connect_mongo, database
from cryptovault.kit.errors import Overloaded, Unavailable
from cryptovault.kit.moments import Life, Wanted
from cryptovault.kit.schemas import iso_ms
from cryptovault.runtime.journal import Journal
from cryptovault.runtime.retrace import retrace
from cryptovault.runtime.snapshots import Snapshots
from cryptovault.settings import Settings

REPLAY_SECONDS = 8.0
"""For which a request waits; the replay goes on behind it, and whoever asks again is told how far it is."""
TOTAL_SECONDS = 900.0
"""Of replay for one order. `cryptovault explain` takes the time it needs."""
MAX_WAITING = 4
KEPT_SECONDS = 60.0
"""How long what was found is kept for whoever asks again."""
_START_SECONDS = 10.0
_NICE = 10

Tell = Callable[[dict[str, Any]], object]


class _Replay:
    """One order that is being explained. `told` is what was found so far, `asked` when somebody last wanted it."""

    def __init__(self) -> None:
        self.told = msgspec.json.encode(_told(Life((), None, complete=False, reached=0), 0, pending=True))
        self.asked = time.monotonic()
        self.task: asyncio.Task[None] | None = None
        self.failed = False

    @property
    def forgotten(self) -> bool:
        """Nobody waits for it any more."""
        return time.monotonic() - self.asked > KEPT_SECONDS


class Explainer:
    """Explains orders for one API worker, one at a time, in a process of its own that outlives the request."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._turn = asyncio.Lock()
        self._replays: dict[Wanted, _Replay] = {}

    async def __call__(self, wanted: Wanted) -> bytes:
        """The JSON object {steps, complete, pending, reached_at}. Raises Overloaded, Unavailable."""
        self._replays = {key: replay for key, replay in self._replays.items() if not replay.forgotten}
        replay = self._replays.get(wanted) or self._begin(wanted)
        replay.asked = time.monotonic()
        if (task := replay.task) is not None:
            await asyncio.wait([task], timeout=REPLAY_SECONDS)
        if replay.failed:
            raise Unavailable("The order cannot be explained right now.")
        return replay.told

    def _begin(self, wanted: Wanted) -> _Replay:
        if sum(replay.task is not None for replay in self._replays.values()) > MAX_WAITING:
            raise Overloaded("Too many orders are being explained. Please try again.")
        replay = self._replays[wanted] = _Replay()
        replay.task = asyncio.create_task(self._run(wanted, replay))
        return replay

    async def _run(self, wanted: Wanted, replay: _Replay) -> None:
        async with self._turn, aclosing(_news(self._settings, wanted)) as news:
            found = False
            async for told in news:
                replay.told, found = told, True
                if replay.forgotten:
                    break
        replay.task = None
        if not found or msgspec.json.decode(replay.told)["pending"]:
            self._replays.pop(wanted, None)  # whoever asks again begins anew
        replay.failed = not found


async def _news(settings: Settings, wanted: Wanted) -> AsyncGenerator[bytes]:
    """What the process finds, as it finds it; the last is all there is. Ends early where it says nothing for long."""
    receiver, process = await asyncio.to_thread(_start, settings, wanted)
    loop, there = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(receiver.fileno(), there.set)
    try:
        while True:
            async with asyncio.timeout(_START_SECONDS):
                await there.wait()
            there.clear()
            yield receiver.recv_bytes()
    except (EOFError, TimeoutError):
        return
    finally:
        loop.remove_reader(receiver.fileno())
        process.kill()
        process.join()
        receiver.close()


def _start(settings: Settings, wanted: Wanted) -> tuple[Connection, SpawnProcess]:
    context = multiprocessing.get_context("spawn")  # a fork would take this process's sockets and threads with it
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(sender, settings, wanted), daemon=True)
    process.start()
    sender.close()
    return receiver, process


def _work(sender: Connection, settings: Settings, wanted: Wanted) -> None:
    """In the process: serve requests of others first."""
    os.nice(_NICE)
    asyncio.run(_explained(settings, wanted, lambda told: sender.send_bytes(msgspec.json.encode(told))))


async def _explained(settings: Settings, wanted: Wanted, tell: Tell) -> None:
    client = connect_mongo(settings)
    try:
        tell(await explained(database(client, settings), settings, wanted, TOTAL_SECONDS, tell))
    finally:
        await client.close()


async def explained(
    db: Database, settings: Settings, wanted: Wanted, seconds: float, tell: Tell | None = None
) -> dict[str, Any]:
    """Replay and tell: {steps, complete, pending, reached_at}; on the way `tell` what was found so far."""
    snapshots = Snapshots(settings.cryptovault_home.resolve() / "engine" / "snapshots")

    def so_far(life: Life) -> None:
        if tell is not None:
            tell(_told(life, wanted.order_id, pending=True))

    life = await retrace(Journal(db, SystemClock()), snapshots, wanted, seconds, so_far)
    return _told(life, wanted.order_id, pending=False)


def _told(life: Life, order_id: int, *, pending: bool) -> dict[str, Any]:
    return {
        "steps": story(life, order_id),
        "complete": life.complete,
        "pending": pending,
        "reached_at": iso_ms(life.reached) if life.reached else None,
    }


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
