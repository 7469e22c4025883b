"""J8: who leads. The lease makes failover fast; only the journal's unique `_id`s make it safe."""

from datetime import UTC, datetime

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from cryptovault.infra.engine_address import LEADER_ID, LEASES
from cryptovault.infra.mongo import Database, Document

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Lease:
    """The document that names the leader and its address. Its times are the database's: clocks need not agree."""

    def __init__(self, database: Database, node: str, address: str, seconds: float = 3.0) -> None:
        self._leases = database[LEASES]
        self._node = node
        self._address = address
        self.seconds = seconds

    async def try_acquire(self, least_epoch: int) -> int:
        """Become the leader if nobody is: a new epoch above `least_epoch`, never given twice; or 0."""
        free = {
            "$or": [
                {"$eq": ["$node", {"$literal": self._node}]},
                {"$lt": [{"$ifNull": ["$expires_at", _LONG_AGO]}, "$$NOW"]},
            ]
        }
        epoch = {"$add": [{"$max": [{"$ifNull": ["$epoch", 0]}, least_epoch]}, 1]}
        mine = {"node": {"$literal": self._node}, "address": {"$literal": self._address}, "epoch": epoch}
        mine["expires_at"] = self._expiry
        update = [{"$set": {name: {"$cond": [free, value, f"${name}"]} for name, value in mine.items()}}]
        try:
            document: Document | None = await self._leases.find_one_and_update(
                {"_id": LEADER_ID}, update, upsert=True, return_document=ReturnDocument.AFTER
            )
        except DuplicateKeyError:
            return 0  # two met in making the document
        return int(document["epoch"]) if document and document["node"] == self._node else 0

    async def renew(self, epoch: int) -> bool:
        """Stay the leader; False if somebody else is."""
        result = await self._leases.update_one(self._held(epoch), [{"$set": {"expires_at": self._expiry}}])
        return result.matched_count == 1

    async def release(self, epoch: int) -> None:
        """Let the next one lead at once."""
        await self._leases.update_one(self._held(epoch), [{"$set": {"expires_at": "$$NOW"}}])

    def _held(self, epoch: int) -> Document:
        return {"_id": LEADER_ID, "node": self._node, "epoch": epoch}

    @property
    def _expiry(self) -> Document:
        return {"$add": ["$$NOW", int(self.seconds * 1000)]}
