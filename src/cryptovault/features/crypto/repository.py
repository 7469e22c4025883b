"""Reading candles as lines."""

from typing import Any

from pymongo import ASCENDING

from cryptovault.infra.feeds.candles import COLLECTION, INTERVALS_MS
from cryptovault.infra.mongo import Database

READ_MS = 2_000
WEEK_MS = 7 * 86_400_000
MAX_POINTS = 50_000


async def sparklines(db: Database, now_ms: int) -> dict[str, list[str]]:
    """For each market 42 closing prices of the last seven days, the oldest first. The candle still open has none."""
    step = INTERVALS_MS["4h"]
    query: dict[str, Any] = {
        "interval": "4h",
        "open_time": {"$gt": now_ms - WEEK_MS - step, "$lte": now_ms - step},
    }
    found = db[COLLECTION].find(query, {"_id": 0, "market": 1, "close": 1}, max_time_ms=READ_MS).limit(MAX_POINTS)
    lines: dict[str, list[str]] = {}
    async for row in found.sort([("market", ASCENDING), ("open_time", ASCENDING)]):
        lines.setdefault(row["market"], []).append(row["close"])
    return lines


async def history(db: Database, market: str, interval: str, since_ms: int) -> list[tuple[int, str]]:
    """(time of close in ms, price) of each candle of a market since a time."""
    span = INTERVALS_MS[interval]
    query = {"market": market, "interval": interval, "open_time": {"$gte": since_ms}}
    found = db[COLLECTION].find(query, {"_id": 0, "open_time": 1, "close": 1}, max_time_ms=READ_MS).limit(MAX_POINTS)
    return [(row["open_time"] + span, row["close"]) async for row in found.sort([("open_time", ASCENDING)])]
