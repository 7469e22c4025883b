"""Reading the public read models."""

from collections.abc import Collection
from typing import Any

from pymongo import ASCENDING, DESCENDING

from cryptovault.features.markets.projection import MARKETS, TRADES
from cryptovault.features.markets.trade_candles import COLLECTION as TRADE_CANDLES
from cryptovault.infra.feeds.candles import COLLECTION as CANDLES
from cryptovault.infra.mongo import Database, Document

READ_MS = 2_000
_CANDLES_OF = {"reference": CANDLES, "trades": TRADE_CANDLES}
_CANDLE_FIELDS = ["open_time", "open", "high", "low", "close", "volume", "quote_volume", "trades"]
MAX_MARKETS = 1_000


async def ensure_indexes(db: Database) -> None:
    """Trades by market and number, and by journal position; candles by market, interval and time."""
    await db[TRADES].create_index([("market", ASCENDING), ("trade_id", DESCENDING)])
    await db[TRADES].create_index([("seq", ASCENDING)])
    keys = [("market", ASCENDING), ("interval", ASCENDING), ("open_time", ASCENDING)]
    for collection in (CANDLES, TRADE_CANDLES):
        await db[collection].create_index(keys, unique=True)
    await db[TRADE_CANDLES].create_index([("interval", ASCENDING), ("open_time", ASCENDING)])
    await db[TRADE_CANDLES].create_index([("interval", ASCENDING), ("seq", ASCENDING)])


async def markets(db: Database, *, paper: bool = False) -> list[Document]:
    """All real markets, or all paper ones, in the order in which they were defined."""
    query = {"mirrors": {"$exists": paper}}
    return await db[MARKETS].find(query, max_time_ms=READ_MS).limit(MAX_MARKETS).to_list()


async def market(db: Database, symbol: str) -> Document | None:
    """One market."""
    return await db[MARKETS].find_one({"_id": symbol}, max_time_ms=READ_MS)


async def trades(db: Database, symbol: str, limit: int, before: int | None) -> list[Document]:
    """The newest trades with a number below `before`, newest first, without their parties."""
    query: dict[str, Any] = {"market": symbol}
    if before is not None:
        query["trade_id"] = {"$lt": before}
    fields = ["trade_id", "price", "qty", "taker_side", "at"]
    found = db[TRADES].find(query, fields, max_time_ms=READ_MS)
    return await found.sort([("trade_id", DESCENDING)]).limit(limit).to_list()


async def candles(
    db: Database, symbol: str, interval: str, limit: int, *, before: int | None, sources: Collection[str]
) -> list[Document]:
    """The newest candles that opened before a time (ms), the oldest first, each with its `source`.

    Where a span has both, the one of our own trades is chosen.
    """
    query: dict[str, Any] = {"market": symbol, "interval": interval}
    if before is not None:
        query["open_time"] = {"$lt": before}
    found: dict[int, Document] = {}
    for source in ("reference", "trades"):
        if source in sources:
            rows = db[_CANDLES_OF[source]].find(query, _CANDLE_FIELDS, max_time_ms=READ_MS)
            async for row in rows.sort([("open_time", DESCENDING)]).limit(limit):
                found[row["open_time"]] = row | {"source": source}
    return [found[time] for time in sorted(found)[-limit:]]
