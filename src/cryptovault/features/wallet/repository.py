"""Reading balances, and the durable record of faucet claims."""

from typing import Any

from pymongo.errors import DuplicateKeyError

from cryptovault.features.wallet.projection import COLLECTION
from cryptovault.infra.mongo import Database, Document

READ_MS = 2_000
CLAIMS = "faucet_claims"
KEPT_SECONDS = 31 * 86_400


async def ensure_indexes(db: Database) -> None:
    """A request key of a user names one claim, for a month. Wallets are found by the user's id alone."""
    await db[CLAIMS].create_index([("user_id", 1), ("request_key", 1)], unique=True)
    await db[CLAIMS].create_index("created_at", expireAfterSeconds=KEPT_SECONDS)


async def wallet(db: Database, user_id: str) -> Document:
    """The user's balances; an account that never held anything has an empty wallet."""
    found = await db[COLLECTION].find_one({"_id": user_id}, max_time_ms=READ_MS)
    return found or {"_id": user_id, "user_id": user_id, "balances": {}, "seq": 0}


async def claim_of(db: Database, user_id: str, request_key: str) -> Document | None:
    """The claim a request key was used for."""
    return await db[CLAIMS].find_one({"user_id": user_id, "request_key": request_key}, max_time_ms=READ_MS)


async def take_slot(db: Database, claim: dict[str, Any]) -> bool:
    """Record a claim under its id, which is one of the day's slots; False where slot or request key is taken."""
    try:
        await db[CLAIMS].insert_one(claim)
    except DuplicateKeyError:
        return False
    return True
