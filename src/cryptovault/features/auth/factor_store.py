"""Second factors in MongoDB.

    second_factors  {_id = user id, totp: {sealed, last_step, enabled_at}, pending: {sealed, session_id, made_at},
                     tries, window_at, locked_until, recovery: [hashes], recovery_made_at}
    passkeys        {_id = credential id, user_id, public_key, sign_count, name, aaguid, device_type, backed_up,
                     transports, created_at, last_used_at}

Whatever may happen once only is one conditional update, so that of many at the same moment one wins.
"""

from datetime import datetime, timedelta
from typing import Any

from pymongo import ASCENDING, IndexModel, ReturnDocument

from cryptovault.infra.mongo import Database, Document, Within

TRIES = 5
TRIES_WINDOW = timedelta(minutes=15)


async def ensure_indexes(db: Database) -> None:
    """Make the indexes; doing so again changes nothing."""
    await db["passkeys"].create_indexes([IndexModel([("user_id", ASCENDING), ("created_at", ASCENDING)])])


class FactorStore:
    """Authenticator secrets, recovery codes and passkeys."""

    def __init__(self, db: Database) -> None:
        self._factors = db["second_factors"]
        self._passkeys = db["passkeys"]

    async def factors(self, user_id: str) -> Document:
        """What a user has set up; empty for most."""
        return await self._factors.find_one({"_id": user_id}) or {}

    async def has_passkey(self, user_id: str) -> bool:
        """Whether the user has at least one passkey."""
        return await self._passkeys.find_one({"user_id": user_id}, {"_id": 1}) is not None

    async def has_any(self, user_id: str) -> bool:
        """Whether the user has a second factor of any kind."""
        return "totp" in await self.factors(user_id) or await self.has_passkey(user_id)

    async def begin_totp(self, user_id: str, pending: Document) -> None:
        """Keep a secret that its owner has yet to confirm; the one before is forgotten."""
        change = {"$set": {"pending": pending}}
        await self._factors.update_one({"_id": user_id}, change, upsert=True)

    async def confirm_totp(self, user_id: str, sealed: str, step: int, now: datetime) -> bool:
        """Put the pending secret in force; its first code is used up with that. False where another was first."""
        totp = {"sealed": sealed, "last_step": step, "enabled_at": now}
        change = {"$set": {"totp": totp, "tries": 0, "locked_until": None}, "$unset": {"pending": ""}}
        query = {"_id": user_id, "pending.sealed": sealed, "totp": {"$exists": False}}
        return (await self._factors.update_one(query, change)).modified_count == 1

    async def count_try(self, user_id: str, now: datetime) -> Document | None:
        """Count a try before it is looked at, and lock with the last one; None where there is a lock or no secret."""
        query = {"_id": user_id, "totp": {"$exists": True}}
        unlocked = {"$or": [{"locked_until": None}, {"locked_until": {"$lte": now}}]}
        return await self._factors.find_one_and_update(
            {**query, **unlocked}, _counting(now), return_document=ReturnDocument.AFTER
        )

    async def use_step(self, user_id: str, sealed: str, step: int, within: Within) -> bool:
        """Use the code of a 30 s step up; False where this or a later one was used before."""
        query = {"_id": user_id, "totp.sealed": sealed, "totp.last_step": {"$lt": step}}
        change = {"$set": {"totp.last_step": step, "tries": 0, "locked_until": None}}
        return (await self._factors.update_one(query, change, session=within)).modified_count == 1

    async def drop_totp(self, user_id: str) -> bool:
        """Forget the authenticator; the recovery codes go with the last second factor."""
        change: dict[str, Any] = {"totp": "", "pending": ""}
        if not await self.has_passkey(user_id):
            change |= {"recovery": "", "recovery_made_at": ""}
        query = {"_id": user_id, "totp": {"$exists": True}}
        return (await self._factors.update_one(query, {"$unset": change})).modified_count == 1

    async def set_recovery(self, user_id: str, hashes: list[str], now: datetime, *, only_if_none: bool) -> bool:
        """Replace the recovery codes; False where there were some and only the first ones were to be made."""
        query: dict[str, Any] = {"_id": user_id}
        if only_if_none:
            if await self._factors.find_one({"_id": user_id, "recovery.0": {"$exists": True}}) is not None:
                return False
            query["recovery.0"] = {"$exists": False}
        change = {"$set": {"recovery": hashes, "recovery_made_at": now}}
        await self._factors.update_one(query, change, upsert=True)
        return True

    async def use_recovery(self, user_id: str, hashed: str, within: Within) -> bool:
        """Use a recovery code up; False where it is none of them, or no longer."""
        query, change = {"_id": user_id, "recovery": hashed}, {"$pull": {"recovery": hashed}}
        return (await self._factors.update_one(query, change, session=within)).modified_count == 1

    async def drop_recovery_of_nothing(self, user_id: str) -> None:
        """Forget recovery codes where there is no second factor left that they could stand in for."""
        if not await self.has_passkey(user_id):
            query = {"_id": user_id, "totp": {"$exists": False}}
            await self._factors.update_one(query, {"$unset": {"recovery": "", "recovery_made_at": ""}})


def _counting(now: datetime) -> list[dict[str, Any]]:
    """The update that counts a try: a new window where the old one is over, a lock with its last try."""
    in_window = {"$gt": [{"$ifNull": ["$window_at", None]}, now - TRIES_WINDOW]}
    return [
        {
            "$set": {
                "tries": {"$cond": [in_window, {"$add": [{"$ifNull": ["$tries", 0]}, 1]}, 1]},
                "window_at": {"$cond": [in_window, "$window_at", now]},
            }
        },
        {"$set": {"locked_until": {"$cond": [{"$gte": ["$tries", TRIES]}, now + TRIES_WINDOW, None]}}},
        # A lock that has passed is followed by a window of its own.
        {"$set": {"window_at": {"$cond": [{"$gte": ["$tries", TRIES]}, None, "$window_at"]}}},
    ]
