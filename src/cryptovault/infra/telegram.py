"""Telegram's Bot API: what a bot says, and what is said to it. The token is part of each address: none is ever told."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from cryptovault.infra.outbox.errors import DeliveryError, ProviderAway, Undeliverable
from cryptovault.infra.outbox.store import Claim
from cryptovault.settings import Settings

CHANNEL = "telegram"
_TIMEOUT = 15.0
_TEXT_MAX = 4096
_BAD_REQUEST, _UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND, _CONFLICT, _LIMITED = 400, 401, 403, 404, 409, 429
_LIMITED_SECONDS = 5.0
_CONFLICT_SECONDS = 30.0

Json = dict[str, Any]


class TelegramRefused(Exception):
    """Telegram's own answer that it will not; `code` and `description` are its words."""

    def __init__(self, code: int, description: str, parameters: Json) -> None:
        super().__init__(f"{code} {description}"[:200])
        self.code = code
        self.retry_after = float(parameters.get("retry_after", 0))
        self.moved_to = str(parameters.get("migrate_to_chat_id", ""))

    @property
    def about_chat(self) -> bool:
        """Whether the chat is gone: blocked, deleted, never started. Anything else is about us or about the text."""
        return self.code == _FORBIDDEN or (self.code == _BAD_REQUEST and "chat not found" in str(self).lower())


class TelegramBot:
    """Calls of one bot. An outage is ProviderAway, a refusal TelegramRefused."""

    def __init__(self, settings: Settings) -> None:
        self._token = settings.telegram_bot_token
        self._client = httpx.AsyncClient(base_url=settings.telegram_url, timeout=_TIMEOUT)

    async def send(self, chat_id: str, html: str) -> str:
        """Send a message in Telegram's HTML; its id."""
        message = await self._call(
            "sendMessage",
            {
                "chat_id": int(chat_id) if chat_id.lstrip("-").isdigit() else chat_id,
                "text": html[:_TEXT_MAX],
                "parse_mode": "HTML",
                "link_preview_options": {"is_disabled": True},
            },
        )
        return str(message["message_id"])

    async def username(self) -> str:
        """The bot's own name, for links."""
        return str((await self._call("getMe", {}))["username"])

    async def updates(self, offset: int, wait_seconds: int) -> list[Json]:
        """What was said to the bot since, waiting for it a while."""
        question = {"offset": offset, "timeout": wait_seconds, "allowed_updates": ["message", "my_chat_member"]}
        updates: list[Json] = await self._call("getUpdates", question, wait_seconds + _TIMEOUT)
        return updates

    async def close(self) -> None:
        """Hang up."""
        await self._client.aclose()

    async def _call(self, method: str, body: Json, timeout: float = _TIMEOUT) -> Any:  # noqa: ASYNC109 - httpx's own
        path = f"/bot{self._token.get_secret_value()}/{method}"
        try:
            response = await self._client.post(path, json=body, timeout=timeout)
            answer = response.json()
        except httpx.HTTPError as error:
            raise ProviderAway(type(error).__name__) from None
        except ValueError:
            raise ProviderAway(f"HTTP {response.status_code} without JSON") from None
        if isinstance(answer, dict) and answer.get("ok") is True:
            return answer["result"]
        raise _meaning(answer, response.status_code)


def _meaning(answer: Any, status: int) -> Exception:
    """A refusal that concerns the whole bot, or one that concerns this message."""
    if not isinstance(answer, dict):
        return ProviderAway(f"HTTP {status} without an answer")
    parameters = answer.get("parameters")
    refused = TelegramRefused(
        int(answer.get("error_code", status)), str(answer.get("description", "")), parameters or {}
    )
    match refused.code:
        case code if code == _LIMITED:
            return ProviderAway(str(refused), refused.retry_after or _LIMITED_SECONDS)
        case code if code == _CONFLICT:
            return ProviderAway(str(refused), _CONFLICT_SECONDS)
        case code if code in {_UNAUTHORIZED, _NOT_FOUND} or code >= httpx.codes.INTERNAL_SERVER_ERROR:
            return ProviderAway(str(refused), refused.retry_after)
    return refused


Gone = Callable[[str], Awaitable[None]]
Moved = Callable[[str, str], Awaitable[None]]


class TelegramChannel:
    """Delivers Telegram messages of the outbox. `gone` and `moved` hear of chats that are no longer there."""

    name = CHANNEL
    spacing = 1.0  # Telegram asks for no more than one message a second in a chat

    def __init__(self, bot: TelegramBot, gone: Gone, moved: Moved) -> None:
        self._bot, self._gone, self._moved = bot, gone, moved

    async def deliver(self, message: Claim, body: Json) -> str:
        """Send one message."""
        html = str(body["html"])
        try:
            return await self._bot.send(message.to, html)
        except TelegramRefused as refused:
            if not refused.moved_to:
                raise await self._settled(message.to, refused) from None
            await self._moved(message.to, refused.moved_to)
            moved_to = refused.moved_to
        try:
            return await self._bot.send(moved_to, html)
        except TelegramRefused as refused:
            raise await self._settled(moved_to, refused) from None

    async def close(self) -> None:
        """Hang up."""
        await self._bot.close()

    async def _settled(self, chat_id: str, refused: TelegramRefused) -> DeliveryError:
        if refused.about_chat:
            await self._gone(chat_id)
            return Undeliverable(str(refused), "recipient")
        return Undeliverable(str(refused))
