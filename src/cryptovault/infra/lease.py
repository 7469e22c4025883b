"""A lease for what must run once: whoever holds it works, everybody else stands by.

It makes doubles rare, not impossible; what the holder does must be harmless when two do it for a moment.
"""

from datetime import UTC, datetime

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from cryptovault.infra.mongo import Database, Document

COLLECTION = "leases"
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class SingletonLease:
    """The document `name` in `leases`. Times are the database's own, so clocks of machines need not agree."""

    def __init__(self, db: Database, name: str, owner: str, *, seconds: float = 6.0) -> None:
        self._leases = db[COLLECTION]
        self._name = name
        self._owner = owner
        self.seconds = seconds

    async def hold(self) -> bool:
        """Take the lease, or keep it; False while somebody else has it."""
        free = {
            "$or": [
                {"$eq": ["$owner", {"$literal": self._owner}]},
                {"$lt": [{"$ifNull": ["$expires_at", _LONG_AGO]}, "$$NOW"]},
            ]
        }
        mine = {"owner": {"$literal": self._owner}, "expires_at": self._expiry}
        update = [{"$set": {name: {"$cond": [free, value, f"${name}"]} for name, value in mine.items()}}]
        try:
            document: Document | None = await self._leases.find_one_and_update(
                {"_id": self._name}, update, upsert=True, return_document=ReturnDocument.AFTER
            )
        except DuplicateKeyError:
            return False  # two met in making the document
        return document is not None and bool(document["owner"] == self._owner)

    async def release(self) -> None:
        """Let the next one work at once."""
        await self._leases.delete_one({"_id": self._name, "owner": self._owner})

    @property
    def _expiry(self) -> Document:
        return {"$add": ["$$NOW", int(self.seconds * 1_000)]}
