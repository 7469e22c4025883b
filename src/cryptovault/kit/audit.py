"""The security log: every security event of every account, one hash chain, only ever appended to (A4).

    audit_log      {_id: 1, 2, 3 ... without gaps, at, kind, user_id (whose account), actor_id, session_id, address,
                    request_id, facts: {name: text, number or truth}, once (of promised records), prev_hash, hash}
    audit_promises {_id, at, and the same of an event whose record is still to be appended}

`hash` is an HMAC over the record before it and everything in this one, with a key derived from ENCRYPTION_KEY: who can
write to the database alone can neither change, insert, reorder nor leave out a record without `verify` finding it. A
cut tail shows in the process logs, which name number and hash of each record as it is written. After a change of the
key older records are checked with ENCRYPTION_KEYS_OLD; a key counts for nothing any more after a newer one has begun.

What is done in a transaction promises its record there: the record follows, once, whatever happens to the process.
"""

import asyncio
import contextlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec
from pymongo import DESCENDING, IndexModel
from pymongo.errors import DuplicateKeyError, PyMongoError

from cryptovault.infra.clock import Clock
from cryptovault.infra.logging import get_logger
from cryptovault.infra.mongo import Database, Document, Within
from cryptovault.kit.errors import Unavailable
from cryptovault.settings import Settings

COLLECTION = "audit_log"
PROMISES = "audit_promises"
PATIENCE = timedelta(seconds=10)
"""Whoever has made a promise keeps it within this time, or others do."""

_LOOK_SECONDS = 5.0
_GENESIS = "0" * 64
_MAX_TRIES = 200
_MAX_TEXT = 300

_log = get_logger("audit")

Facts = Mapping[str, Any]


class Entry(NamedTuple):
    """One event: what happened to whose account, who did it, and where the request came from."""

    kind: str
    user_id: str = ""
    actor_id: str = ""
    session_id: str = ""
    address: str = ""
    request_id: str = ""
    facts: Facts = {}  # noqa: RUF012 - a tuple's default, never written to


class ChainReport(NamedTuple):
    """What `verify` found; `problems` is empty where the log is whole."""

    records: int
    head: str
    problems: list[str]


class AuditLog:
    """Appends to the log, for one worker; many workers append to the same chain."""

    def __init__(self, settings: Settings, db: Database, clock: Clock) -> None:
        self._records, self._promises = db[COLLECTION], db[PROMISES]
        self._clock = clock
        self._lock = asyncio.Lock()
        self._head: tuple[int, str] | None = None
        self._keys = [hmac.digest(key, b"cryptovault:audit", sha256) for key in settings.encryption_keys or [b""]]

    async def append(self, entry: Entry) -> None:
        """Write one event durably. Unavailable where others are always faster."""
        await self._append(self._now(), entry)

    async def promise(self, promise_id: str, entry: Entry, within: Within) -> None:
        """Note an event in the transaction in which it happens; `keep` then appends its record."""
        document = {"_id": promise_id, "at": self._now(), **entry._asdict()}
        await self._promises.insert_one(document, session=within)

    async def keep(self, promise_id: str) -> None:
        """Append the record of an event that was noted; doing so again changes nothing."""
        promise = await self._promises.find_one({"_id": promise_id})
        if promise is not None:
            await self._append(promise.pop("at"), Entry(**{name: promise[name] for name in Entry._fields}), promise_id)
            await self._promises.delete_one({"_id": promise_id})

    async def keep_all(self) -> None:
        """Append the records of events whose process has died before it could."""
        async for promise in self._promises.find({"at": {"$lt": self._now() - PATIENCE}}, {"_id": 1}):
            await self.keep(promise["_id"])

    async def keep_all_forever(self) -> None:
        """Look for such events, until cancelled."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            with contextlib.suppress(PyMongoError, Unavailable):
                await self.keep_all()

    async def verify(self) -> ChainReport:
        """Read the whole chain and name every place where it is broken."""
        seq, previous, problems = 0, _GENESIS, []
        keys = self._keys
        async for document in self._records.find({}).sort("_id", 1):
            if document["_id"] != seq + 1:
                problems.append(f"security record {seq + 1} is missing")
            elif document["prev_hash"] != previous:
                problems.append(f"security record {document['_id']} does not follow the one before")
            used = [age for age, key in enumerate(keys) if hmac.compare_digest(_mac(document, key), document["hash"])]
            keys = keys[: used[0] + 1] if used else keys
            if not used:
                problems.append(f"security record {document['_id']} was changed")
            seq, previous = document["_id"], document["hash"]
        return ChainReport(seq, previous, problems)

    async def _last(self) -> tuple[int, str]:
        last = await self._records.find_one({}, sort=[("_id", DESCENDING)])
        return (last["_id"], last["hash"]) if last else (0, _GENESIS)

    async def _append(self, at: datetime, entry: Entry, once: str = "") -> None:
        async with self._lock:
            for _ in range(_MAX_TRIES):
                document = self._document(entry, *(self._head or await self._last()), at, once)
                try:
                    await self._records.insert_one(document)
                except DuplicateKeyError as error:
                    if "once" in (error.details or {}).get("keyPattern", {}):
                        return  # another worker has kept the same promise
                    self._head = None  # another worker has appended meanwhile
                    continue
                self._head = document["_id"], document["hash"]
                _log.info("audit", seq=document["_id"], kind=entry.kind, user_id=entry.user_id, hash=document["hash"])
                return
        raise Unavailable

    def _document(self, entry: Entry, seq: int, previous: str, at: datetime, once: str) -> Document:
        document: Document = entry._asdict() | ({"once": once} if once else {})
        document |= {
            "_id": seq + 1,
            "at": at,
            "facts": {name: _plain(value) for name, value in sorted(entry.facts.items())},
            "prev_hash": previous,
        }
        document["hash"] = _mac(document, self._keys[0])
        return document

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.now_ms() / 1000, UTC)


def _mac(document: Document, key: bytes) -> str:
    covered = {name: value for name, value in document.items() if name != "hash"}
    covered["at"] = int(document["at"].timestamp() * 1000 + 0.5)
    return hmac.digest(key, msgspec.json.encode(covered, order="deterministic"), sha256).hex()


async def ensure_indexes(db: Database) -> None:
    """Records are found by account and by kind; doing so again changes nothing."""
    newest = ("_id", DESCENDING)
    once = IndexModel("once", unique=True, partialFilterExpression={"once": {"$exists": True}})
    await db[COLLECTION].create_indexes([IndexModel([("user_id", 1), newest]), IndexModel([("kind", 1), newest]), once])
    await db[PROMISES].create_index("at")


def _plain(value: Any) -> str | int | bool:
    """Facts are small and mean the same when they are read again."""
    return value if isinstance(value, bool | int) else str(value)[:_MAX_TEXT]
