"""What a valuation needs from the database: the wallet, the statement, candles, and how far costs are worked out."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from pymongo import ASCENDING, DESCENDING

from cryptovault.features.portfolio.policy import INTERVALS, Move, Position
from cryptovault.infra.feeds.candles import COLLECTION as CANDLES
from cryptovault.infra.mongo import Database, Document

READ_MS = 2_000
COSTS = "portfolio_costs"
EXTERNAL = ["deposit", "withdrawal", "transfer_in", "transfer_out", "adjustment"]
TYPES = [*EXTERNAL, "trade_buy", "trade_sell", "fee"]
MAX_CANDLES = 100_000
_CURSOR = [("created_at", ASCENDING), ("seq", ASCENDING), ("index", ASCENDING)]


async def wallet(db: Database, user_id: str) -> Document | None:
    """The user's balances."""
    return await db["wallets"].find_one({"_id": user_id}, max_time_ms=READ_MS)


async def first_movement(db: Database, user_id: str) -> int | None:
    """When (ms) the user's statement begins."""
    query = {"user_id": user_id, "type": {"$in": TYPES}}
    found = await db["transactions"].find_one(query, {"created_at": 1}, sort=_CURSOR, max_time_ms=READ_MS)
    return _ms(found["created_at"]) if found else None


async def moves(db: Database, user_id: str, times: list[int], step: int, last_seq: int) -> list[Move]:
    """What the statement says happened in each step of a grid, summed by the server, exactly."""
    first, last = times[0] // step, len(times) - 2
    index = {"$subtract": [{"$toLong": {"$floor": {"$divide": [{"$toLong": "$created_at"}, step]}}}, first]}
    legs = [
        {"asset": "$asset", "amount": {"$toDecimal": "$amount"}},
        {"asset": "$quote_asset", "amount": {"$toDecimal": "$quote_amount"}},
    ]
    rows = await db["transactions"].aggregate(
        [
            {"$match": {"user_id": user_id, "type": {"$in": TYPES}, "created_at": {"$gte": _utc(times[0])}}},
            {"$match": {"seq": {"$lte": last_seq}}},
            {"$project": {"step": index, "external": {"$in": ["$type", EXTERNAL]}, "leg": legs}},
            {"$unwind": "$leg"},
            {"$match": {"leg.asset": {"$type": "string"}}},
            {
                "$group": {
                    "_id": {"step": "$step", "asset": "$leg.asset", "external": "$external"},
                    "amount": {"$sum": "$leg.amount"},
                }
            },
        ],
        maxTimeMS=READ_MS,
    )
    return [
        Move(
            min(int(row["_id"]["step"]), last), row["_id"]["asset"], row["amount"].to_decimal(), row["_id"]["external"]
        )
        for row in await rows.to_list()
    ]


async def closes(
    db: Database, markets: list[str], step: int, start: int, end: int
) -> dict[str, list[tuple[int, Decimal]]]:
    """Per market the (time, close) of its candles that ended in the span, oldest first."""
    query = {
        "market": {"$in": markets},
        "interval": INTERVALS[step],
        "open_time": {"$gte": start - 2 * step, "$lt": end},
    }
    found = db[CANDLES].find(query, {"market": 1, "open_time": 1, "close": 1}, limit=MAX_CANDLES, max_time_ms=READ_MS)
    series: dict[str, list[tuple[int, Decimal]]] = {}
    async for candle in found.sort([("market", ASCENDING), ("open_time", ASCENDING)]):
        series.setdefault(candle["market"], []).append((candle["open_time"] + step, Decimal(candle["close"])))
    return series


async def close_at(db: Database, market: str, at: int) -> Decimal | None:
    """The reference price of a moment, from the finest candle that holds it."""
    for step, interval in INTERVALS.items():
        query = {"market": market, "interval": interval, "open_time": {"$lte": at, "$gt": at - 2 * step}}
        found = await db[CANDLES].find_one(query, sort=[("open_time", DESCENDING)], max_time_ms=READ_MS)
        if found is not None:
            return Decimal(found["close"])
    return None


async def costs(db: Database, user_id: str) -> tuple[Document | None, dict[str, Position]]:
    """The line of the statement up to which costs are worked out, and the positions there."""
    found = await db[COSTS].find_one({"_id": user_id}, max_time_ms=READ_MS)
    if found is None:
        return None, {}
    return found["upto"], {asset: _position(row) for asset, row in found["positions"].items()}


async def save_costs(db: Database, user_id: str, upto: Document, positions: Mapping[str, Position]) -> None:
    """Remember how far costs are worked out. It is derived: whoever writes it last writes what the statement says."""
    rows = {asset: {"qty": f"{row.qty:f}", "cost": _text(row.cost)} for asset, row in positions.items()}
    await db[COSTS].replace_one({"_id": user_id}, {"upto": upto, "positions": rows}, upsert=True)


async def lines_after(db: Database, user_id: str, upto: Document | None, last_seq: int, limit: int) -> list[Document]:
    """The next lines of the statement, oldest first."""
    query: dict[str, Any] = {"user_id": user_id, "type": {"$in": TYPES}, "seq": {"$lte": last_seq}}
    if upto is not None:
        # The bound says nothing new, but with `$or` alone the server would sort everything first.
        query["created_at"] = {"$gte": upto["created_at"]}
        query["$or"] = [
            {"created_at": {"$gt": upto["created_at"]}},
            {"created_at": upto["created_at"], "seq": {"$gt": upto["seq"]}},
            {"created_at": upto["created_at"], "seq": upto["seq"], "index": {"$gt": upto["index"]}},
        ]
    return await db["transactions"].find(query, max_time_ms=READ_MS).sort(_CURSOR).limit(limit).to_list()


def _position(row: Document) -> Position:
    return Position(Decimal(row["qty"]), None if row["cost"] is None else Decimal(row["cost"]))


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _utc(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000 + 0.5)
