"""Reading what an account has on paper."""

from pymongo import ASCENDING

from cryptovault.features.paper.projection import COLLECTION
from cryptovault.infra.mongo import Database, Document

READ_MS = 2_000
WALLETS = "paper_wallets"
MARKETS = "markets"


async def ensure_indexes(db: Database) -> None:
    """An account's resets in order of time."""
    await db[COLLECTION].create_index([("user_id", ASCENDING), ("_id", ASCENDING)])


async def first_and_last(db: Database, user_id: str) -> tuple[Document, Document] | None:
    """The first and the last time the account was given play money; None where it never was."""
    first, last = [
        await db[COLLECTION].find_one({"user_id": user_id}, sort=[("_id", order)], max_time_ms=READ_MS)
        for order in (1, -1)
    ]
    return None if first is None or last is None else (first, last)


async def wallet(db: Database, user_id: str) -> Document:
    """The account's play money; an account that never had any has an empty wallet."""
    found = await db[WALLETS].find_one({"_id": user_id}, max_time_ms=READ_MS)
    return found or {"balances": {}, "seq": 0}
