"""Notices, choices and Telegram links in MongoDB.

notices                {_id, user_id, category, kind, title, text, link, created_at, read_at}, written by kit/notices
notification_settings  {_id: user_id, mail, telegram, chat_id unique, chat_name, linked_at}
telegram_links         {_id: hash of the nonce, user_id, expires_at TTL}
telegram_bot           {_id: "bot", username, offset}
"""

from datetime import datetime
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from cryptovault.features.notifications import policy
from cryptovault.infra.mongo import Database, Document
from cryptovault.kit.notices import CHOICES, NOTICES

READ_MS = 2_000
LINKS = "telegram_links"
BOT = "telegram_bot"
_ORDER = [("created_at", DESCENDING), ("_id", DESCENDING)]


async def ensure_indexes(db: Database) -> None:
    """Make the indexes; doing so again changes nothing."""
    unread = {"read_at": None}
    await db[NOTICES].create_indexes(
        [
            IndexModel([("user_id", ASCENDING), *_ORDER]),
            IndexModel([("user_id", ASCENDING)], name="unread", partialFilterExpression=unread),
            IndexModel("created_at", expireAfterSeconds=int(policy.KEPT.total_seconds())),
        ]
    )
    linked = {"chat_id": {"$type": "string"}}
    await db[CHOICES].create_indexes([IndexModel("chat_id", unique=True, partialFilterExpression=linked)])
    await db[LINKS].create_indexes([IndexModel("expires_at", expireAfterSeconds=0), IndexModel("user_id")])


async def page(db: Database, user_id: str, *, limit: int, after: tuple[datetime, str] | None) -> list[Document]:
    """Up to `limit` notices of a user, newest first, from the given position on."""
    query: dict[str, Any] = {"user_id": user_id}
    if after is not None:
        created, notice_id = after
        older = [{"created_at": {"$lt": created}}, {"created_at": created, "_id": {"$lt": notice_id}}]
        query |= {"created_at": {"$lte": created}, "$or": older}
    return await db[NOTICES].find(query, max_time_ms=READ_MS).sort(_ORDER).limit(limit).to_list()


async def unread(db: Database, user_id: str) -> int:
    """How many notices a user has not read; a thousand stand for all above."""
    return await db[NOTICES].count_documents({"user_id": user_id, "read_at": None}, limit=1_000, maxTimeMS=READ_MS)


async def mark_read(db: Database, user_id: str, notice_id: str, now: datetime) -> bool:
    """Mark one notice; False where the user has no such notice. The first time it was read stays."""
    mine = {"_id": notice_id, "user_id": user_id}
    change = [{"$set": {"read_at": {"$ifNull": ["$read_at", now]}}}]
    return (await db[NOTICES].update_one(mine, change)).matched_count == 1


async def mark_all_read(db: Database, user_id: str, now: datetime) -> None:
    """Mark everything there is so far."""
    await db[NOTICES].update_many({"user_id": user_id, "read_at": None}, {"$set": {"read_at": now}})


async def choices(db: Database, user_id: str) -> Document:
    """What a user has chosen; empty where nothing was."""
    return await db[CHOICES].find_one({"_id": user_id}, max_time_ms=READ_MS) or {}


async def choose(db: Database, user_id: str, fields: Document) -> None:
    """Store a user's choice."""
    await db[CHOICES].update_one({"_id": user_id}, {"$set": fields}, upsert=True)


async def add_link(db: Database, nonce_hash: str, user_id: str, expires_at: datetime) -> None:
    """Store a link that waits to be opened; older ones of the user end."""
    await db[LINKS].delete_many({"user_id": user_id})
    await db[LINKS].insert_one({"_id": nonce_hash, "user_id": user_id, "expires_at": expires_at})


async def link_of(db: Database, nonce_hash: str, now: datetime) -> Document | None:
    """The live link of a nonce."""
    return await db[LINKS].find_one({"_id": nonce_hash, "expires_at": {"$gt": now}})


async def drop_link(db: Database, nonce_hash: str) -> None:
    """A link works once."""
    await db[LINKS].delete_one({"_id": nonce_hash})


async def bind_chat(db: Database, user_id: str, chat_id: str, chat_name: str, now: datetime) -> bool:
    """Write to this chat from now on; False where it is another user's."""
    fields = {"chat_id": chat_id, "chat_name": chat_name, "linked_at": now}
    try:
        await choose(db, user_id, fields)
    except DuplicateKeyError:
        return False
    return True


async def unbind_user(db: Database, user_id: str) -> None:
    """Write to no chat of this user any more."""
    await _unbind(db, {"_id": user_id})


async def unbind_chat(db: Database, chat_id: str) -> bool:
    """Forget a chat; False where nobody had it."""
    return await _unbind(db, {"chat_id": chat_id})


async def move_chat(db: Database, chat_id: str, moved_to: str) -> None:
    """Telegram gave a chat another number."""
    await db[CHOICES].update_one({"chat_id": chat_id}, {"$set": {"chat_id": moved_to}})


async def bot(db: Database) -> Document:
    """What is known of our bot."""
    return await db[BOT].find_one({"_id": "bot"}, max_time_ms=READ_MS) or {}


async def know_bot(db: Database, fields: Document) -> None:
    """Store the bot's name, or how far its updates are read."""
    await db[BOT].update_one({"_id": "bot"}, {"$set": fields}, upsert=True)


async def _unbind(db: Database, query: Document) -> bool:
    change = {"$unset": {"chat_id": "", "chat_name": "", "linked_at": ""}}
    return (await db[CHOICES].update_one(query, change)).matched_count == 1
