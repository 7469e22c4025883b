"""Messages that wait for their delivery, in the collection `outbox`.

    {_id, channel "mail|telegram", to, kind, body, security, status "pending|sent|dead", attempts, fence, claimed_by,
     created_at, due_at, useful_until, error, fault, provider_id, settled_at, forget_at TTL}

A claim pushes `due_at` past the end of its lease, so a message whose worker died falls due again by itself. `fence`
grows with each claim: a worker that was overtaken cannot settle what is no longer its own. `body` is sealed: codes and
links are not read from a copy of the database; once a message is delivered its body is gone.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec
from bson import ObjectId
from pymongo import ASCENDING, IndexModel, ReturnDocument
from pymongo.errors import DuplicateKeyError

from cryptovault.infra.clock import Clock
from cryptovault.infra.mongo import Database, Document
from cryptovault.infra.outbox.errors import Fault
from cryptovault.infra.sealing import SealBroken, Sealer
from cryptovault.settings import Settings

COLLECTION = "outbox"
LEASE = timedelta(seconds=60)
ATTEMPTS_MAX = 12
SECURITY_ATTEMPTS_MAX = 400
"""Security mails are tried until they are of no use any more; the figure only ends a loop that runs wild."""

_KEPT = {"sent": timedelta(days=7), "dead": timedelta(days=30)}
_ERROR_MAX = 300
_SHORT = timedelta(hours=1)
"""What is of use for no longer is a code or a link."""
_LETTERS_MAX = 1_000


class Message(NamedTuple):
    """What is to be sent. `body` is the channel's own; of several with the same `once`, one is accepted."""

    channel: str
    to: str
    kind: str
    body: Mapping[str, Any]
    useful: timedelta
    security: bool = False
    once: str = ""
    decoy: bool = False


class Claim(NamedTuple):
    """A message that is ours to deliver until the lease ends; `body` is None where another key has sealed it."""

    id: str
    fence: int
    to: str
    kind: str
    body: Document | None
    attempts: int
    created_at: datetime
    useful_until: datetime
    security: bool


class Backlog(NamedTuple):
    """The state of a channel: what waits, since when the oldest is overdue, and what was given up, by fault."""

    waiting: int
    overdue_seconds: float
    dead: dict[str, int]


class Outbox:
    """Reads and writes messages. `owner` names the process in claims."""

    def __init__(
        self, settings: Settings, db: Database, clock: Clock, owner: str = "", *, lease: timedelta = LEASE
    ) -> None:
        self._sealer = Sealer(settings, "outbox")
        self._outbox = db[COLLECTION]
        self._clock = clock
        self._owner = owner
        self._lease = lease

    async def put(self, message: Message) -> str:
        """Accept a message durably; its id. A decoy is written in the same way and never delivered."""
        now = self._now()
        message_id = sha256(message.once.encode()).hexdigest()[:24] if message.once else str(ObjectId())
        document: Document = {
            "_id": message_id,
            "channel": message.channel,
            "to": message.to,
            "kind": message.kind,
            "body": self._sealer.seal(message_id, msgspec.msgpack.encode(message.body)),
            "security": message.security,
            "status": "decoy" if message.decoy else "pending",
            "attempts": 0,
            "fence": 0,
            "created_at": now,
            "due_at": now,
            "useful_until": now + message.useful,
        }
        if message.decoy:
            document["forget_at"] = now
        try:
            await self._outbox.insert_one(document)
        except DuplicateKeyError:
            if not message.once:
                raise
        return message_id

    async def claim(self, channel: str, busy: Collection[str] = ()) -> Claim | None:
        """Take the oldest message that is due, passing over recipients who are being written to."""
        now = self._now()
        query = {"channel": channel, "status": "pending", "due_at": {"$lte": now}, "to": {"$nin": list(busy)}}
        change = {"$set": {"due_at": now + self._lease, "claimed_by": self._owner}, "$inc": {"fence": 1, "attempts": 1}}
        order = [("created_at", ASCENDING), ("_id", ASCENDING)]
        found = await self._outbox.find_one_and_update(query, change, sort=order, return_document=ReturnDocument.AFTER)
        if found is None:
            return None
        fields = {name: found[name] for name in Claim._fields if name not in {"id", "body"}}
        return Claim(id=found["_id"], body=self._body(found), **fields)

    async def sent(self, claim: Claim, provider_id: str) -> bool:
        """Note the delivery and forget the content; False where the message is no longer ours."""
        fields = {"provider_id": provider_id[:_ERROR_MAX], **self._settled("sent")}
        return await self._settle(claim, {"$set": fields, "$unset": {"body": "", "error": ""}})

    async def bury(self, claim: Claim, reason: str, fault: Fault) -> bool:
        """Give a message up, visibly: it stays as a dead letter for a month."""
        fields = {"error": reason[:_ERROR_MAX], "fault": fault, **self._settled("dead")}
        return await self._settle(claim, {"$set": fields})

    async def postpone(self, claim: Claim, delay: timedelta, reason: str) -> bool:
        """Let a message fall due again later; False where there is no later, and it is given up."""
        due = self._now() + delay
        limit = SECURITY_ATTEMPTS_MAX if claim.security else ATTEMPTS_MAX
        if due > claim.useful_until or claim.attempts >= limit:
            await self.bury(claim, f"given up after {claim.attempts} attempts: {reason}", "provider")
            return False
        await self._settle(claim, {"$set": {"due_at": due, "error": reason[:_ERROR_MAX]}})
        return True

    async def dead_letters(self) -> list[Document]:
        """What was given up and is still kept, the newest first."""
        found = self._outbox.find({"status": "dead"}, {"body": 0}).sort("settled_at", -1)
        return await found.to_list(_LETTERS_MAX)

    async def revive(self, message_id: str) -> bool:
        """Let a dead letter be delivered after all, for as long as it was of use at first; False where it cannot be.

        A code or a link that was good for minutes is not sent any more.
        """
        now = self._now()
        use = {"$subtract": ["$useful_until", "$created_at"]}
        query = {"_id": message_id, "status": "dead", "$expr": {"$gt": [use, int(_SHORT.total_seconds() * 1000)]}}
        fields = {
            "status": "pending",
            "attempts": 0,
            "due_at": now,
            "created_at": now,
            "useful_until": {"$add": [now, use]},
        }
        change: list[Document] = [{"$set": fields}, {"$unset": ["settled_at", "forget_at", "error", "fault"]}]
        return (await self._outbox.update_one(query, change)).modified_count == 1

    async def backlog(self, channel: str) -> Backlog:
        """How the channel is doing."""
        now = self._now()
        waiting = {"channel": channel, "status": "pending"}
        oldest = await self._outbox.find_one(waiting, {"created_at": 1}, sort=[("created_at", ASCENDING)])
        overdue = (now - oldest["created_at"]).total_seconds() if oldest else 0.0
        recent = {"channel": channel, "status": "dead", "settled_at": {"$gt": now - timedelta(days=1)}}
        grouped = await self._outbox.aggregate([{"$match": recent}, {"$group": {"_id": "$fault", "n": {"$sum": 1}}}])
        dead = {row["_id"]: row["n"] for row in await grouped.to_list()}
        return Backlog(await self._outbox.count_documents(waiting), max(0.0, overdue), dead)

    def _body(self, document: Document) -> Document | None:
        try:
            opened: Document = msgspec.msgpack.decode(self._sealer.open(document["_id"], document["body"]))
        except SealBroken:
            return None
        return opened

    async def _settle(self, claim: Claim, change: Document) -> bool:
        mine = {"_id": claim.id, "fence": claim.fence, "status": "pending"}
        return (await self._outbox.update_one(mine, change)).matched_count == 1

    def _settled(self, status: str) -> Document:
        now = self._now()
        return {"status": status, "settled_at": now, "forget_at": now + _KEPT[status]}

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.now_ms() / 1000, UTC)


async def index_outbox(db: Database) -> None:
    """Claims read what is pending in the order of its creation; the rest is for the state and for forgetting."""
    await db[COLLECTION].create_indexes(
        [
            IndexModel(
                [("channel", ASCENDING), ("created_at", ASCENDING), ("_id", ASCENDING)],
                name="pending",
                partialFilterExpression={"status": "pending"},
            ),
            IndexModel(
                [("channel", ASCENDING), ("settled_at", ASCENDING)],
                name="dead",
                partialFilterExpression={"status": "dead"},
            ),
            IndexModel("forget_at", expireAfterSeconds=0),
        ]
    )
