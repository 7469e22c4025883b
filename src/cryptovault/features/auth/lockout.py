"""Wrong passwords, counted before they are looked at, so that guesses at the same moment are counted too.

    login_failures  {_id, fails, since, locked_until, locks, refused, expires_at TTL}

Five failures lock for LOGIN_LOCK_MINUTES (with LOGIN_LOCK_DOUBLES each further lock is twice as long), but only for
that account *and* that network: nobody can lock an owner out (T29). Browsers that have signed in to the account before
are counted by themselves, whatever their network. Over all networks no more than 100 failures in a row are looked at;
from then on only known browsers get in, or a new password by mail. Addresses without an account are counted in the
same way (T19).
"""

import hmac
import ipaddress
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from pymongo import ReturnDocument

from cryptovault.features.auth import policy
from cryptovault.infra.mongo import Database, Document
from cryptovault.kit.errors import RateLimited
from cryptovault.kit.services import Services

COLLECTION = "login_failures"
_CAP_KEPT = timedelta(days=90)
_DOUBLINGS = 20


class AccountLocked(RateLimited):
    """Too many wrong passwords from here; another network or a known browser may still try."""

    code = "ACCOUNT_LOCKED"
    message = "Too many failed sign-ins. Please wait, or set a new password by mail."


async def ensure_indexes(db: Database) -> None:
    """Old counts go by themselves; doing so again changes nothing."""
    await db[COLLECTION].create_index("expires_at", expireAfterSeconds=0)


class Lock(NamedTuple):
    """How many failures lock, for how long the first time, and whether it is twice as long each time after."""

    failures: int
    first: timedelta
    doubles: bool = False

    @property
    def longest(self) -> timedelta:
        """No lock is longer."""
        return max(self.first, policy.LOCK_LONGEST) if self.doubles else self.first

    def seconds(self, locks: dict[str, Any]) -> dict[str, Any]:
        """The length of a lock as an expression, where `locks` is the expression for how many there were before."""
        times = {"$pow": [2, {"$min": [locks, _DOUBLINGS]}]} if self.doubles else 1
        length = {"$multiply": [int(self.first.total_seconds()), times]}
        return {"$toLong": {"$min": [length, int(self.longest.total_seconds())]}}


class Lockout:
    """Counts tries at the passwords of accounts."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._counts = services.db[COLLECTION]

    async def count(self, email: str, address: str, device: str) -> bool:
        """Count a try, AccountLocked where there are none left; the result says whether this one locks if it fails.

        `device` names a browser that has signed in to this account before; it is empty for all others.
        """
        settings = self._services.settings
        lock = Lock(policy.LOCK_FAILURES, timedelta(minutes=settings.login_lock_minutes), settings.login_lock_doubles)
        here = await self._count(self._key(email, address, device), lock, policy.LOCK_WINDOW)
        if here["refused"]:
            raise self._locked(here)
        total = await self._count(f"cap:{self._mac(email)}", Lock(policy.LOCK_CAP, _CAP_KEPT), _CAP_KEPT)
        if total["refused"] and not device:
            raise self._locked(here)
        return bool(here["fails"] == policy.LOCK_FAILURES)

    async def forgive(self, email: str, address: str, device: str) -> None:
        """Forget the failures after a right password."""
        names = [self._key(email, address, device), f"cap:{self._mac(email)}"]
        await self._counts.delete_many({"_id": {"$in": names}})

    async def lift(self, email: str) -> None:
        """Let every network try again, as after a password reset."""
        mac = self._mac(email)
        await self._counts.delete_many({"_id": {"$gte": f"{mac}|", "$lt": f"{mac}}}"}})
        await self._counts.delete_one({"_id": f"cap:{mac}"})

    def _locked(self, count: Document) -> AccountLocked:
        wait = (count["locked_until"] or self._now() + policy.LOCK_WINDOW) - self._now()
        return AccountLocked(retry_after=max(int(wait.total_seconds()) + 1, 1))

    async def _count(self, key: str, lock: Lock, window: timedelta) -> Document:
        change = _counting(self._now(), lock, window)
        counted = await self._counts.find_one_and_update(
            {"_id": key}, change, upsert=True, return_document=ReturnDocument.AFTER
        )
        assert counted is not None  # noqa: S101 - an upsert that returns what it wrote
        return counted

    def _key(self, email: str, address: str, device: str) -> str:
        return f"{self._mac(email)}|{device or network_of(address)}"

    def _mac(self, email: str) -> str:
        """Addresses that are nobody's account are not kept in the clear."""
        secret = self._services.settings.csrf_secret.get_secret_value().encode()
        return hmac.digest(secret, f"lockout:{email}".encode(), sha256).hex()[:32]

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._services.clock.now_ms() / 1000, UTC)


def network_of(address: str) -> str:
    """The network an address is in: what one household, office or provider's customer can easily change is left out."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    mapped = getattr(parsed, "ipv4_mapped", None) or parsed
    bits = 24 if mapped.version == 4 else 48  # noqa: PLR2004 - the version of the protocol
    return str(ipaddress.ip_network(f"{mapped}/{bits}", strict=False))


def _counting(now: datetime, lock: Lock, window: timedelta) -> list[dict[str, Any]]:
    """The update that counts a try: a locked count stays as it is, an old one begins anew."""
    locked = {"$gt": [{"$ifNull": ["$locked_until", None]}, now]}
    in_window = {"$gt": [{"$ifNull": ["$since", None]}, now - window]}
    one_more = {"$cond": [in_window, {"$add": [{"$ifNull": ["$fails", 0]}, 1]}, 1]}
    full = {"$gte": ["$fails", lock.failures]}
    locks = {"$ifNull": ["$locks", 0]}
    until = {"$dateAdd": {"startDate": now, "unit": "second", "amount": lock.seconds(locks)}}
    fresh = {
        "locked_until": {"$cond": [full, until, None]},
        "locks": {"$cond": [full, {"$add": [locks, 1]}, locks]},
    }
    return [
        {"$set": {"refused": locked}},
        {
            "$set": {
                "fails": {"$cond": ["$refused", "$fails", one_more]},
                "since": {"$cond": [{"$or": ["$refused", in_window]}, "$since", now]},
                "expires_at": now + lock.longest + window,
            }
        },
        {"$set": {name: {"$cond": ["$refused", f"${name}", value]} for name, value in fresh.items()}},
        # A lock that has passed is followed by a window of its own.
        {"$set": {"since": {"$cond": [full, None, "$since"]}}},
    ]
