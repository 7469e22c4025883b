"""Reading orders."""

from typing import Any

from pymongo import DESCENDING

from cryptovault.features.orders.projection import COLLECTION, PAPER
from cryptovault.features.orders.views import OPEN, STATUSES
from cryptovault.infra.mongo import Database, Document
from cryptovault.kit.moments import Wanted

READ_MS = 2_000
BY_STATUS = {
    "open": sorted(OPEN),
    "closed": sorted(set(STATUSES.values()) - OPEN),
    "all": sorted(STATUSES.values()),
}


async def ensure_indexes(db: Database) -> None:
    """One index serves every list: ids rise with time, and the server merges the ranges of several statuses."""
    for collection in (COLLECTION, PAPER):
        await db[collection].create_index([("user_id", 1), ("status", 1), ("_id", DESCENDING)], name="user_status_id")


async def page(
    db: Database,
    user_id: str,
    *,
    status: str,
    market: str | None,
    limit: int,
    before: int | None,
    paper: bool = False,
) -> list[Document]:
    """Up to `limit` orders of the user, newest first, with ids below `before`: real ones, or those on paper."""
    query: dict[str, Any] = {"user_id": user_id, "status": {"$in": BY_STATUS[status]}}
    if market:
        query["market"] = market
    if before is not None:
        query["_id"] = {"$lt": before}
    found = db[PAPER if paper else COLLECTION].find(query, max_time_ms=READ_MS)
    return await found.sort("_id", DESCENDING).limit(limit).to_list()


async def one(db: Database, user_id: str, order_id: int) -> Document | None:
    """An order of this user; somebody else's does not exist for them."""
    return await _first(db, {"_id": order_id, "user_id": user_id})


async def of_anybody(db: Database, order_id: int) -> Document | None:
    """An order, whoever's it is: for administrators."""
    return await _first(db, {"_id": order_id})


async def _first(db: Database, query: Document) -> Document | None:
    """Numbers count real and paper orders together, so that one names one order."""
    real = await db[COLLECTION].find_one(query, max_time_ms=READ_MS)
    return real or await db[PAPER].find_one(query, max_time_ms=READ_MS)


def wanted(document: Document) -> Wanted:
    """What to look for in the journal to explain this order."""
    created = round(document["created_at"].timestamp() * 1000)
    return Wanted(document["_id"], document["market"], created, document["seq"])
