"""Knowing a browser again, and telling the owner of an account about one that was never seen before.

    devices  {_id = hash of user and token, user_id, name, address, first_seen_at, last_seen_at TTL}

The token is a cookie of its own that outlives sessions. It signs nobody in: it only tells the owner's browsers from
those of others, for the new-device mail and for counting wrong passwords apart.
"""

from datetime import UTC, datetime
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

from pymongo import DESCENDING, IndexModel

from cryptovault.features.auth import policy
from cryptovault.features.auth.devices.describe import device_name, place_of
from cryptovault.features.auth.links import Links, Purpose
from cryptovault.features.auth.security import record, tell
from cryptovault.infra.mongo import Database, Document
from cryptovault.kit.call import Call
from cryptovault.kit.cookies import DEVICE
from cryptovault.kit.services import Services

COLLECTION = "devices"
_TOKEN_LENGTH = 43


async def ensure_indexes(db: Database) -> None:
    """Devices unused for a year are forgotten; doing so again changes nothing."""
    kept = int(policy.DEVICE_LIFETIME.total_seconds())
    await db[COLLECTION].create_indexes(
        [
            IndexModel([("user_id", 1), ("last_seen_at", DESCENDING)]),
            IndexModel("last_seen_at", expireAfterSeconds=kept),
        ]
    )


class Devices:
    """The browsers that accounts have been used from."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._devices = services.db[COLLECTION]

    async def known(self, call: Call, user_id: str) -> str:
        """What names this browser for an account it has signed in to before; empty for any other."""
        name = _name(user_id, _token(call))
        return name if await self._devices.find_one({"_id": name}, {"_id": 1}) is not None else ""

    async def welcome(self, call: Call, user: Document, token: str) -> None:
        """Note that the browser with this cookie was let in, and mail the owner if it is new."""
        now, name, key = self._now(), device_name(agent_of(call)), _name(user["_id"], token)
        known = await self._devices.find({"user_id": user["_id"]}, {"_id": 1}).to_list(policy.MAX_DEVICES * 2)
        # The owner is told before the browser counts as known: what fails in between is done again.
        if known and key not in {one["_id"] for one in known}:
            await self._tell_owner(call, user, name, now)
        seen: dict[str, Any] = {"name": name, "address": call.address, "last_seen_at": now}
        change = {"$set": seen, "$setOnInsert": {"user_id": user["_id"], "first_seen_at": now}}
        await self._devices.update_one({"_id": key}, change, upsert=True)
        if len(known) >= policy.MAX_DEVICES:
            await self._forget_oldest(user["_id"])

    async def _tell_owner(self, call: Call, user: Document, name: str, now: datetime) -> None:
        await record(call, user["_id"], "new_device", device=name)
        await tell(call, user, "new_device", at=now, freeze_url=await freeze_url(call, user["_id"]), **origin_of(call))

    async def _forget_oldest(self, user_id: str) -> None:
        cursor = self._devices.find({"user_id": user_id}, {"_id": 1}).sort("last_seen_at", DESCENDING)
        surplus = await cursor.skip(policy.MAX_DEVICES).to_list(policy.MAX_DEVICES)
        await self._devices.delete_many({"_id": {"$in": [one["_id"] for one in surplus]}})

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._services.clock.now_ms() / 1000, UTC)


def device_token(call: Call) -> str:
    """The cookie by which this browser is known again, a new one where it has none yet."""
    return _token(call) or token_urlsafe(32)


def agent_of(call: Call) -> str:
    """What the browser calls itself."""
    return call.headers.get(b"user-agent", b"").decode("latin-1")


def origin_of(call: Call) -> dict[str, str]:
    """The facts by which the reader of a mail recognises a request."""
    return {"device": device_name(agent_of(call)), "place": place_of(call.address), "address": call.address}


async def freeze_url(call: Call, user_id: str) -> str:
    """The link with which the owner of an account stops everything at once."""
    services = call.services
    expires_at = datetime.fromtimestamp(services.clock.now_ms() / 1000, UTC) + policy.FREEZE_LIFETIME
    return await Links(services.db, services.settings).make(Purpose.FREEZE, user_id, expires_at)


def _token(call: Call) -> str:
    token = call.cookie(DEVICE)
    return token if len(token) == _TOKEN_LENGTH and token.isascii() else ""


def _name(user_id: str, token: str) -> str:
    return sha256(f"{user_id}:{token}".encode()).hexdigest()[:32]
