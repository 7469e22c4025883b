"""`cryptovault maker ...`: the market maker's switch and its accounts, whether the instance runs or not."""

import asyncio
import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from redis.asyncio import Redis
from rich.console import Console

from cryptovault.features.markets.gains import Books
from cryptovault.features.markets.maker_report import Row, Sum, rows, sums
from cryptovault.features.markets.maker_store import DAY_MS, MakerStore, Standing
from cryptovault.infra import maker_status
from cryptovault.infra.clock import SystemClock
from cryptovault.infra.feeds.board import PriceBoard
from cryptovault.infra.maker_status import MakerStatus
from cryptovault.infra.mongo import Database, connect_mongo, database
from cryptovault.infra.redis import connect_redis
from cryptovault.settings import Settings

_PATIENCE_SECONDS = 6.0
_LOOK_SECONDS = 0.1
_CENTS = Decimal("0.01")
_CLOCK = SystemClock()
_COLUMNS = (
    "market", "trades", "bought", "sold", "inventory", "price", "realised", "unrealised", "fees", "total"
)  # fmt: skip


class Stop:
    """`cryptovault maker stop`: no quotes until `start`, whatever is restarted meanwhile."""

    def __init__(self, reason: str) -> None:
        self._reason = reason or "stopped by the operator"

    async def __call__(self, settings: Settings, console: Console) -> int:
        """Flip the switch, and wait until the maker says that no quote rests."""
        async with connect_mongo(settings) as mongo:
            now = _CLOCK.now_ms()
            await MakerStore(database(mongo, settings)).stop(self._reason, now)
        status = await _told_since(settings, now, "stopped")
        if status is None:
            console.print("✓ The market maker is switched off. No worker is at work now; the next one will not quote.")
        elif status.state == "stopped" and not status.markets:
            console.print("✓ The market maker is switched off and has taken back all its quotes.")
        else:
            console.print("! The market maker is switched off, but has not said yet that no quote rests.")
        return 0


async def start(settings: Settings, console: Console) -> int:
    """`cryptovault maker start`: it quotes again, and losses are counted anew from now."""
    async with connect_mongo(settings) as mongo:
        await MakerStore(database(mongo, settings)).start(_CLOCK.now_ms())
    console.print("✓ The market maker is switched on. The losses of today are counted from now.")
    if not settings.maker_enabled:
        console.print("! MAKER_ENABLED is off, so it does not quote.")
    return 0


async def status(settings: Settings, console: Console) -> int:
    """`cryptovault maker status`: its switch, its limits, and what it does."""
    async with connect_mongo(settings) as mongo:
        standing = await MakerStore(database(mongo, settings)).standing()
    redis = connect_redis(settings)
    try:
        told = await maker_status.told(redis)
    finally:
        await redis.aclose()
    for line in _lines(settings, standing, told):
        console.print(line, markup=False)
    return 0


def _lines(settings: Settings, standing: Standing, told: MakerStatus | None) -> list[str]:
    since = datetime.fromtimestamp(standing.at_ms / 1_000, UTC).isoformat(" ", "seconds") if standing.at_ms else ""
    switch = f"off since {since}: {standing.reason}" if standing.stopped else "on"
    lines = [f"Switch: {switch}" + ("" if settings.maker_enabled else " (but MAKER_ENABLED is off)")]
    if standing.day == _CLOCK.now_ms() // DAY_MS:
        lines += [f"Limit: {reason}" for reason in standing.limited.values()]
    if told is None:
        return [*lines, "Now: no worker is at work"]
    lines.append(f"Now: {told.state}, quotes in {told.markets} markets, {told.result_today} earned today")
    return [*lines, *(f"  {reason}" for reason in told.reasons)]


class Report:
    """`cryptovault maker report`: what it earned, from its first trade or since the last UTC midnight."""

    def __init__(self, *, today: bool, as_json: bool) -> None:
        self._today, self._json = today, as_json

    async def __call__(self, settings: Settings, console: Console) -> int:
        """Add up the trades of the journal as far as the read models show it, at the prices of now."""
        redis = connect_redis(settings)
        try:
            async with connect_mongo(settings) as mongo:
                db = database(mongo, settings)
                seq, books = await self._books(db)
                found = rows(books, await _marks(db, redis))
        finally:
            await redis.aclose()
        if self._json:
            console.print_json(json.dumps(_document(seq, found), default=str))
        else:
            _print(console, seq, found)
        return 0

    async def _books(self, db: Database) -> tuple[int, Books]:
        store, books = MakerStore(db), Books()
        since = _CLOCK.now_ms() // DAY_MS * DAY_MS if self._today else 0
        head = await store.head()
        books.take(await store.fills(await store.seq_before(since) if since else 0, head, since))
        return head, books


async def _marks(db: Database, redis: Redis) -> dict[str, Decimal]:
    """The reference price of each market, or the last there was."""
    board = PriceBoard(_CLOCK, redis, db)
    await board.refresh()
    told = {market: ticker["reference_price"] or ticker["last"] for market, ticker in board.tickers.items()}
    return {market: Decimal(price) for market, price in told.items() if price}


async def _told_since(settings: Settings, since_ms: int, state: str) -> MakerStatus | None:
    """What the maker says after a moment: that it is in this state, or whatever it says when patience ends."""
    redis, told = connect_redis(settings), None
    deadline = _CLOCK.monotonic() + _PATIENCE_SECONDS
    try:
        while _CLOCK.monotonic() < deadline:
            told = await maker_status.told(redis)
            if told is None or (told.at_ms > since_ms and told.state == state and not told.markets):
                break
            await asyncio.sleep(_LOOK_SECONDS)
    finally:
        await redis.aclose()
    return told


def _document(seq: int, found: list[Row]) -> dict[str, Any]:
    return {
        "seq": seq,
        "markets": [row._asdict() for row in found],
        "sums": [one._asdict() for one in sums(found)],
    }


def _print(console: Console, seq: int, found: list[Row]) -> None:
    """A table as wide as it has to be: a terminal may cut it, a file may not."""
    lines = [_COLUMNS]
    for row in found:
        coins = (_plain(row.bought), _plain(row.sold), _plain(row.inventory), _plain(row.mark))
        lines.append((row.market, str(row.trades), *coins, *_money(row)))
    lines += [(f"all in {one.quote}", str(one.trades), "", "", "", "", *_money(one)) for one in sums(found)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for name, *figures in lines if found else ():
        cells = [name.ljust(widths[0]), *map(str.rjust, figures, widths[1:])]
        console.print("  ".join(cells), markup=False, no_wrap=True, overflow="ignore", crop=False)
    if not found:
        console.print("The market maker has not traded.")
    console.print(f"Trades of the journal up to {seq}; first in, first out; total = realised + unrealised - fees.")


def _money(row: Row | Sum) -> tuple[str, str, str, str]:
    return _cents(row.realised), _cents(row.unrealised), _cents(row.fees), _cents(row.total)


def _cents(figure: Decimal | None) -> str:
    return "?" if figure is None else f"{figure.quantize(_CENTS):f}"


def _plain(figure: Decimal | None) -> str:
    return "?" if figure is None else f"{figure.normalize():f}"
