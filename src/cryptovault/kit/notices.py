"""Telling a user what happened: in the app, live, by mail, by Telegram. One call, and each reader's own choice."""

import html
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

import msgspec
from bson import ObjectId
from pymongo.errors import DuplicateKeyError
from redis.asyncio import Redis

from cryptovault.infra.clock import Clock
from cryptovault.infra.fanout import EVENTS, announce
from cryptovault.infra.mail import Mail, Mailer
from cryptovault.infra.mongo import Database, Document
from cryptovault.infra.outbox.store import Message, Outbox
from cryptovault.infra.telegram import CHANNEL
from cryptovault.kit.schemas import iso
from cryptovault.settings import Settings

NOTICES = "notices"
CHOICES = "notification_settings"
"""{_id: user_id, mail: {category: bool}, telegram: {category: bool}, chat_id, chat_name, linked_at}"""

_TELEGRAM_USEFUL = timedelta(days=1)


class Category(StrEnum):
    """What a notice is about; readers choose by category."""

    SECURITY = "security"
    MONEY = "money"
    TRADING = "trading"
    NEWS = "news"


DEFAULTS: dict[str, dict[str, bool]] = {
    "mail": {"security": True, "money": True, "trading": False, "news": False},
    "telegram": {"security": True, "money": True, "trading": True, "news": False},
}
"""Until a reader chooses otherwise. Security mails are sent whatever is chosen."""


class Notice(NamedTuple):
    """One thing that happened to a user: `kind` for programs, `title` and `text` for people, `link` a path of the app.

    `url` is an address with a secret in it, for messages that go elsewhere: it is not kept.

    `mail` is sent too where the reader wants mail of this category. Of several notices with the same `once`, one is
    told.
    """

    user_id: str
    category: Category
    kind: str
    title: str
    text: str = ""
    link: str = ""
    mail: Mail | None = None
    once: str = ""
    url: str = ""


def chosen(choices: Document, way: str, category: str) -> bool:
    """Whether a reader wants this category by this way."""
    if way == "mail" and category == Category.SECURITY:
        return True
    return bool(choices.get(way, {}).get(category, DEFAULTS[way][category]))


def notice_view(document: Document) -> Document:
    """A notice on the wire, the same live and in the list."""
    return {
        "id": document["_id"],
        "category": document["category"],
        "kind": document["kind"],
        "title": document["title"],
        "text": document["text"],
        "link": document["link"],
        "read": document["read_at"] is not None,
        "created_at": iso(document["created_at"]),
    }


class Notices:
    """Tells users, and the administrators' chat."""

    def __init__(  # noqa: PLR0917 - each is one of the ways, or what they need
        self, settings: Settings, db: Database, redis: Redis, clock: Clock, mailer: Mailer, outbox: Outbox
    ) -> None:
        self._db, self._redis, self._clock, self._mailer, self._outbox = db, redis, clock, mailer, outbox
        self._telegram = bool(settings.telegram_bot_token.get_secret_value())
        self._admin_chat = settings.admin_telegram_chat_id

    async def tell(self, notice: Notice) -> None:
        """Tell a user. Mail first: of all the ways it is the one that must not be lost."""
        choices = await self._db[CHOICES].find_one({"_id": notice.user_id}) or {}
        if notice.mail is not None and chosen(choices, "mail", notice.category):
            once = notice.mail.once or notice.once
            await self._mailer.send(notice.mail._replace(user_id=notice.mail.user_id or notice.user_id, once=once))
        if self._telegram and choices.get("chat_id") and chosen(choices, "telegram", notice.category):
            text = f"{notice.text} {notice.url}".strip()
            await self._message(str(choices["chat_id"]), notice.title, text, notice.kind, notice.once)
        await self._keep(notice)

    async def message(self, user_id: str, title: str, text: str, *, useful: timedelta) -> bool:
        """Write to a user's own Telegram chat, whatever they have chosen to hear of; False where none is linked."""
        choices = await self._db[CHOICES].find_one({"_id": user_id}) or {}
        if not (self._telegram and choices.get("chat_id")):
            return False
        await self._message(str(choices["chat_id"]), title, text, "message", "", useful=useful)
        return True

    async def tell_admins(self, title: str, text: str = "", *, useful: timedelta = _TELEGRAM_USEFUL) -> bool:
        """Write to the administrators' Telegram chat; False where there is none."""
        if not (self._telegram and self._admin_chat):
            return False
        await self._message(self._admin_chat, title, text, "admin", "", useful=useful)
        return True

    async def _message(
        self, chat_id: str, title: str, text: str, kind: str, once: str, *, useful: timedelta = _TELEGRAM_USEFUL
    ) -> None:
        body = {"html": f"<b>{html.escape(title)}</b>\n{html.escape(text)}".strip()}
        key = f"{CHANNEL}:{once}" if once else ""
        await self._outbox.put(Message(CHANNEL, chat_id, kind, body, useful, once=key))

    async def _keep(self, notice: Notice) -> None:
        document: Document = {
            "_id": sha256(notice.once.encode()).hexdigest()[:24] if notice.once else str(ObjectId()),
            "user_id": notice.user_id,
            "category": notice.category.value,
            "kind": notice.kind,
            "title": notice.title,
            "text": notice.text,
            "link": notice.link,
            "created_at": datetime.fromtimestamp(self._clock.now_ms() / 1000, UTC),
            "read_at": None,
        }
        try:
            await self._db[NOTICES].insert_one(document)
        except DuplicateKeyError:
            if notice.once:
                return
            raise
        payload = msgspec.json.encode(notice_view(document))
        frame = msgspec.msgpack.encode((f"user:{notice.user_id}", "notice", 0, payload))
        # The list has it; whoever is connected just learns of it sooner.
        await announce(self._redis, EVENTS, frame)
