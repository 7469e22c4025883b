"""The one-time token of the first administrator.

    admin_setup  {_id: "first_admin", token_hash (empty where there is none), made_at, used_at, used_by}

The document is there from the first start for ever; once `used_at` is set nothing resets it.
"""

from datetime import datetime

from pymongo.errors import DuplicateKeyError

from cryptovault.infra.mongo import Database, Document

COLLECTION = "admin_setup"
_KEY = {"_id": "first_admin"}


async def offer(db: Database, token_hash: str, now: datetime) -> bool:
    """Put a token's hash in force; False where there has been one before, or needs none any more."""
    try:
        await db[COLLECTION].insert_one({**_KEY, "token_hash": token_hash, "made_at": now, "used_at": None})
    except DuplicateKeyError:
        return False
    return True


async def is_offered(db: Database) -> bool:
    """Whether a token is in force."""
    query = {**_KEY, "token_hash": {"$ne": ""}, "used_at": None}
    return await db[COLLECTION].find_one(query, {"_id": 1}) is not None


async def use(db: Database, token_hash: str, now: datetime) -> bool:
    """Use the token up; of many at the same moment one does."""
    query = {**_KEY, "token_hash": token_hash, "used_at": None}
    return (await db[COLLECTION].update_one(query, {"$set": {"used_at": now}})).modified_count == 1


async def give_back(db: Database, token_hash: str) -> None:
    """The account could not be made with it: the token may be tried again."""
    await db[COLLECTION].update_one({**_KEY, "token_hash": token_hash}, {"$set": {"used_at": None}})


async def close(db: Database, user_id: str, now: datetime) -> None:
    """Let no token ever work again: there is an administrator."""
    change = {"$set": {"used_at": now, "token_hash": "", "used_by": user_id}}
    await db[COLLECTION].update_one(_KEY, change, upsert=True)


async def admin_exists(db: Database) -> bool:
    """Whether there is an administrator."""
    return await db["users"].find_one({"role": "admin"}, {"_id": 1}) is not None


async def make_admin(db: Database, user: Document) -> None:
    """Give an account the role."""
    await db["users"].update_one({"_id": user["_id"]}, {"$set": {"role": "admin"}})
