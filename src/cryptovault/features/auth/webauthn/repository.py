"""Passkeys in MongoDB; the collection is described in factor_store.py."""

from datetime import datetime

from pymongo import ASCENDING
from pymongo.errors import DuplicateKeyError

from cryptovault.infra.mongo import Database, Document, Within
from cryptovault.kit.errors import Conflict

MAX_PASSKEYS = 20


class PasskeyStore:
    """The passkeys of all accounts."""

    def __init__(self, db: Database) -> None:
        self._passkeys = db["passkeys"]

    async def add(self, passkey: Document) -> None:
        """Add a passkey; Conflict where it is known already, whosever it is."""
        try:
            await self._passkeys.insert_one(passkey)
        except DuplicateKeyError as error:
            raise Conflict("This passkey is registered already.") from error

    async def of(self, user_id: str) -> list[Document]:
        """The passkeys of a user, the oldest first."""
        return await self._passkeys.find({"user_id": user_id}).sort("created_at", ASCENDING).to_list(MAX_PASSKEYS)

    async def find(self, credential_id: str) -> Document | None:
        """One passkey."""
        return await self._passkeys.find_one({"_id": credential_id})

    async def used(self, credential_id: str, sign_count: int, now: datetime, within: Within | None = None) -> bool:
        """Note a use; the counter only ever grows. False where the passkey was removed meanwhile."""
        change = {"$set": {"last_used_at": now}, "$max": {"sign_count": sign_count}}
        return (await self._passkeys.update_one({"_id": credential_id}, change, session=within)).matched_count == 1

    async def rename(self, user_id: str, credential_id: str, name: str) -> Document | None:
        """Name one of the user's passkeys; None where it is not theirs."""
        query = {"_id": credential_id, "user_id": user_id}
        return await self._passkeys.find_one_and_update(query, {"$set": {"name": name}}, return_document=True)
