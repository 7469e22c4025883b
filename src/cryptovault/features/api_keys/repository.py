"""Keeping API keys; what is in a document is written down in kit/api_keys.py."""

from pymongo import DESCENDING, IndexModel

from cryptovault.features.api_keys import policy
from cryptovault.infra.mongo import Database, Document
from cryptovault.kit.api_keys import COLLECTION

READ_MS = 2_000


async def ensure_indexes(db: Database) -> None:
    """Keys are listed by user; `slot` bounds the number of a user's keys, however many are made at once."""
    await db[COLLECTION].create_indexes(
        [
            IndexModel([("user_id", 1), ("created_at", DESCENDING)]),
            IndexModel([("user_id", 1), ("slot", 1)], unique=True),
        ]
    )


async def keys_of(db: Database, user_id: str) -> list[Document]:
    """The keys of a user, the newest first."""
    cursor = db[COLLECTION].find({"user_id": user_id}, max_time_ms=READ_MS)
    return await cursor.sort("created_at", DESCENDING).to_list(policy.MAX_KEYS)


async def add(db: Database, key: Document) -> None:
    """Add a key; DuplicateKeyError where its slot is taken."""
    await db[COLLECTION].insert_one(key)
