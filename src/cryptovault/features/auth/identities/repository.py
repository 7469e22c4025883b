"""Identities in MongoDB.

    identities  {_id = "provider:subject", user_id, provider, subject, email, label, created_at, last_used_at}

The id makes sure that an identity opens one account only.
"""

from datetime import datetime

from pymongo import ASCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from cryptovault.infra.mongo import Database, Document

MAX_IDENTITIES = 20


async def ensure_indexes(db: Database) -> None:
    """Make the indexes; doing so again changes nothing."""
    await db["identities"].create_indexes([IndexModel([("user_id", ASCENDING), ("created_at", ASCENDING)])])


class IdentityStore:
    """The identities of all accounts."""

    def __init__(self, db: Database) -> None:
        self._identities = db["identities"]

    async def find(self, provider: str, subject: str) -> Document | None:
        """The identity that a provider knows under this subject."""
        return await self._identities.find_one({"_id": f"{provider}:{subject}"})

    async def of(self, user_id: str) -> list[Document]:
        """The identities of a user, the oldest first."""
        cursor = self._identities.find({"user_id": user_id}).sort("created_at", ASCENDING)
        return await cursor.to_list(MAX_IDENTITIES)

    async def add(self, identity: Document) -> Document:
        """Add an identity; what is returned is the stored one, which may be another account's where it existed."""
        try:
            await self._identities.insert_one(identity)
        except DuplicateKeyError:
            return await self._identities.find_one({"_id": identity["_id"]}) or identity
        return identity

    async def used(self, key: str, now: datetime) -> None:
        """Note that somebody signed in with it."""
        await self._identities.update_one({"_id": key}, {"$set": {"last_used_at": now}})
