"""Linking a Telegram chat: a one-time link from the app, opened in Telegram, tells the bot whose chat it is."""

from datetime import UTC, datetime
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

from cryptovault.features.notifications import policy, repository
from cryptovault.infra.clock import Clock
from cryptovault.infra.mongo import Database

_GREETING = "Hello. To get your notices here, open the link in your notification settings."
_LINKED = "This chat is linked. You get your notices here; /stop ends that."
_TAKEN = "This chat is linked to another account. Send /stop first, then open the link again."
_EXPIRED = "This link is used up or too old. Make a new one in your notification settings."
_STOPPED = "You get no more notices here."
_NOT_LINKED = "This chat is not linked to an account."
_ONLY_PRIVATE = "Notices go to a private chat only."
_NAME_MAX = 80
_GONE = ("kicked", "left")

Update = dict[str, Any]


class TelegramLinks:
    """Makes links and answers what is said to the bot."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def start(self, user_id: str) -> tuple[str, datetime]:
        """A new nonce for a deep link and when it ends; only its hash is kept."""
        nonce = token_urlsafe(policy.NONCE_BYTES)
        expires_at = self._now() + policy.LINK_LIFETIME
        await repository.add_link(self._db, _hashed(nonce), user_id, expires_at)
        return nonce, expires_at

    async def answer(self, update: Update) -> tuple[str, str] | None:
        """Act on one update; the chat and what to say there, or None. Doing so twice changes nothing more."""
        if (member := update.get("my_chat_member")) is not None:
            if member["new_chat_member"]["status"] in _GONE:
                await repository.unbind_chat(self._db, str(member["chat"]["id"]))
            return None
        message = update.get("message") or {}
        chat, text = message.get("chat") or {}, str(message.get("text") or "")
        if not chat or not text.startswith("/"):
            return None
        if chat.get("type") != "private":
            return str(chat["id"]), _ONLY_PRIVATE
        command, _, argument = text.partition(" ")
        return str(chat["id"]), await self._obey(command.partition("@")[0], argument.strip(), chat)

    async def _obey(self, command: str, argument: str, chat: dict[str, Any]) -> str:
        if command == "/stop":
            return _STOPPED if await repository.unbind_chat(self._db, str(chat["id"])) else _NOT_LINKED
        if command != "/start" or not argument:
            return _GREETING
        return await self._bind(_hashed(argument), chat)

    async def _bind(self, nonce_hash: str, chat: dict[str, Any]) -> str:
        """Bind first, use the link up then: if we die in between, the update comes again and finds the link."""
        now = self._now()
        link = await repository.link_of(self._db, nonce_hash, now)
        if link is None:
            return _EXPIRED
        name = str(chat.get("username") or chat.get("first_name") or "")[:_NAME_MAX]
        if not await repository.bind_chat(self._db, link["user_id"], str(chat["id"]), name, now):
            return _TAKEN
        await repository.drop_link(self._db, nonce_hash)
        return _LINKED

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.now_ms() / 1000, UTC)


def _hashed(nonce: str) -> str:
    return sha256(nonce.encode()).hexdigest()
