"""A lease for what must run once: whoever holds it works, everybody else stands by.

It makes doubles rare, not impossible; what the holder does must be harmless when two do it for a moment.
"""

from pymongo.errors import DuplicateKeyError

from cryptovault.infra.mongo import Database, Document

COLLECTION = "leases"


class SingletonLease:
    """The document `name` in `leases`. Times are the database's own, so clocks of machines need not agree."""

    def __init__(self, db: Database, name: str, owner: str, *, seconds: float = 6.0) -> None:
        self._leases = db[COLLECTION]
        self._name = name
        self._owner = owner
        self.seconds = seconds

    async def hold(self) -> bool:
        """Take the lease, or keep it; False while somebody else has it."""
        free = {"$or": [{"owner": self._owner}, {"$expr": {"$lt": ["$expires_at", "$$NOW"]}}]}
        update = [{"$set": {"owner": {"$literal": self._owner}, "expires_at": self._expiry}}]
        try:
            await self._leases.update_one({"_id": self._name, **free}, update, upsert=True)
        except DuplicateKeyError:
            return False  # it exists, and is not free
        return True

    async def release(self) -> None:
        """Let the next one work at once."""
        await self._leases.delete_one({"_id": self._name, "owner": self._owner})

    @property
    def _expiry(self) -> Document:
        return {"$add": ["$$NOW", int(self.seconds * 1_000)]}
