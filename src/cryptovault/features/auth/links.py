"""One-time links in mails: 256 random bits, kept as a hash, used up by whoever comes first.

    links  {_id = hash of the token, purpose, user_id (empty for nobody), facts, expires_at TTL}

The token stands behind the # of the link, which no browser sends anywhere: it is in no log and in no Referer. The
address in front is APP_URL, never what a request claims to have been sent to (T18).
"""

from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from secrets import token_urlsafe
from typing import Annotated, Any

from pydantic import StringConstraints

from cryptovault.infra.mongo import Database, Document
from cryptovault.settings import Settings

COLLECTION = "links"
BAD_LINK = "This link is used up or too old. Please ask for a new one."

LinkToken = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[A-Za-z0-9_-]+$")]
"""What stands behind the # of a link."""


class Purpose(StrEnum):
    """What a link is for, which is also the path of the page it opens."""

    RESET = "reset-password"
    FREEZE = "freeze"
    EMAIL = "confirm-email"
    KEEP = "keep-second-factor"


async def ensure_indexes(db: Database) -> None:
    """Old links go by themselves; doing so again changes nothing."""
    await db[COLLECTION].create_index("expires_at", expireAfterSeconds=0)
    await db[COLLECTION].create_index([("user_id", 1), ("purpose", 1)])


class Links:
    """Makes links and redeems them."""

    def __init__(self, db: Database, settings: Settings) -> None:
        self._links = db[COLLECTION]
        self._origin = settings.public_url

    async def make(self, purpose: Purpose, user_id: str, expires_at: datetime, **facts: Any) -> str:
        """Make a link; for nobody too, in the same time."""
        token = token_urlsafe(32)
        link = {"_id": _hash(token), "purpose": purpose.value, "user_id": user_id, "expires_at": expires_at}
        await self._links.insert_one({**link, "facts": facts})
        return f"{self._origin}/{purpose.value}#token={token}"

    async def look(self, purpose: Purpose, token: str, now: datetime) -> Document | None:
        """The link a token belongs to, which stays usable; None where there is none."""
        return await self._links.find_one(_query(purpose, token, now))

    async def take(self, purpose: Purpose, token: str, now: datetime) -> Document | None:
        """Use a link up; of many at the same moment one gets it."""
        return await self._links.find_one_and_delete(_query(purpose, token, now))

    async def drop(self, user_id: str, *purposes: Purpose) -> None:
        """Make all links of these purposes worthless."""
        await self._links.delete_many({"user_id": user_id, "purpose": {"$in": [one.value for one in purposes]}})


def _query(purpose: Purpose, token: str, now: datetime) -> Document:
    return {"_id": _hash(token), "purpose": purpose.value, "user_id": {"$ne": ""}, "expires_at": {"$gt": now}}


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
