"""Reading the statement."""

from datetime import UTC, datetime
from typing import Any

from pymongo import DESCENDING

from cryptovault.features.transactions.projection import COLLECTION, PAPER
from cryptovault.features.transactions.schemas import TYPES
from cryptovault.infra.mongo import Database, Document

READ_MS = 2_000
ORDER = [("created_at", DESCENDING), ("seq", DESCENDING), ("index", DESCENDING)]

Position = tuple[int, int, int]
"""Where a page ended: created_at in ms, seq, index."""


async def ensure_indexes(db: Database) -> None:
    """One index serves every list: with all types asked for, the server merges their ranges in order."""
    for collection in (COLLECTION, PAPER):
        await db[collection].create_index([("user_id", 1), ("type", 1), *ORDER], name="user_type_created")


async def page(
    db: Database,
    user_id: str,
    *,
    kind: str | None,
    asset: str | None,
    limit: int,
    after: Position | None,
    paper: bool = False,
) -> list[Document]:
    """Up to `limit` lines of the user, newest first, from the given position on: of real money, or of play money."""
    query: dict[str, Any] = {"user_id": user_id, "type": kind or {"$in": list(TYPES)}}
    if asset:
        query["$and"] = [{"$or": [{"asset": asset}, {"quote_asset": asset}]}]
    if after is not None:
        query |= _older_than(*after)
    found = db[PAPER if paper else COLLECTION].find(query, max_time_ms=READ_MS).sort(ORDER).limit(limit)
    return await found.to_list()


def position_of(document: Document) -> Position:
    """The position of a line."""
    return int(document["created_at"].timestamp() * 1000 + 0.5), document["seq"], document["index"]


async def one(db: Database, user_id: str, transaction_id: str) -> Document | None:
    """A line of this user; somebody else's does not exist for them."""
    query = {"_id": transaction_id, "user_id": user_id}
    real = await db[COLLECTION].find_one(query, max_time_ms=READ_MS)
    return real or await db[PAPER].find_one(query, max_time_ms=READ_MS)


def _older_than(created_ms: int, seq: int, index: int) -> dict[str, Any]:
    """The bound on `created_at` says nothing new, but with `$or` alone the server would sort everything first."""
    created = datetime.fromtimestamp(created_ms / 1000, UTC)
    older = [
        {"created_at": {"$lt": created}},
        {"created_at": created, "seq": {"$lt": seq}},
        {"created_at": created, "seq": seq, "index": {"$lt": index}},
    ]
    return {"created_at": {"$lte": created}, "$or": older}
