"""The Telegram bot, against a local server with the Bot API's documented answers."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from cryptovault.infra.outbox.errors import DeliveryError, ProviderAway, Undeliverable
from cryptovault.infra.outbox.store import Claim
from cryptovault.infra.telegram import TelegramBot, TelegramChannel
from cryptovault.settings import Settings
from fixtures.ports import free_port
from fixtures.provider_server import BOT_TOKEN, TelegramServer, telegram_server, too_many

CHAT = 4_611_686_018_427
"""More than 32 bits, as chats of today have."""


class Chats:
    """A channel, and what it heard about chats that are no longer there."""

    def __init__(self, settings: Settings, server: TelegramServer, token: str = BOT_TOKEN) -> None:
        known = {"telegram_bot_token": SecretStr(token), "telegram_url": server.url}
        self.bot = TelegramBot(settings.model_copy(update=known))
        self.gone: list[str] = []
        self.moved: list[tuple[str, str]] = []
        self._channel = TelegramChannel(self.bot, self._is_gone, self._has_moved)

    async def deliver(self, html: str = "<b>Hello</b>", chat_id: int = CHAT) -> str:
        """Deliver one message."""
        now = datetime.now(UTC)
        claim = Claim("id", 1, str(chat_id), "notice", None, 1, now, now + timedelta(days=1), security=True)
        return await self._channel.deliver(claim, {"html": html})

    async def _is_gone(self, chat_id: str) -> None:
        self.gone.append(chat_id)

    async def _has_moved(self, chat_id: str, moved_to: str) -> None:
        self.moved.append((chat_id, moved_to))


@pytest.fixture(name="server")
async def _server() -> AsyncIterator[TelegramServer]:
    async with telegram_server() as server:
        yield server


@pytest.fixture(name="chats")
async def _chats(settings: Settings, server: TelegramServer) -> AsyncIterator[Chats]:
    chats = Chats(settings, server)
    yield chats
    await chats.bot.close()


async def test_a_message_is_delivered(server: TelegramServer, chats: Chats) -> None:
    """The chat gets HTML without a link preview, and Telegram's message id comes back."""
    assert await chats.deliver() == "1"
    (body,) = server.sent
    assert (body["chat_id"], body["text"], body["parse_mode"]) == (CHAT, "<b>Hello</b>", "HTML")
    assert body["link_preview_options"] == {"is_disabled": True}


async def test_f22_a_limit_says_how_long(server: TelegramServer, chats: Chats) -> None:
    """429: retry_after is obeyed."""
    server.refusals.append(too_many(17))
    with pytest.raises(ProviderAway) as limit:
        await chats.deliver()
    assert limit.value.retry_after == 17


@pytest.mark.parametrize("state", ["blocked", "missing"])
async def test_f22_a_chat_that_is_gone_is_forgotten(server: TelegramServer, chats: Chats, state: str) -> None:
    """Blocked or not there: final, and whoever keeps chats hears of it."""
    server.chats[CHAT] = state
    with pytest.raises(Undeliverable) as refusal:
        await chats.deliver()
    assert refusal.value.fault == "recipient"
    assert chats.gone == [str(CHAT)]


async def test_f22_a_chat_that_moved_is_followed(server: TelegramServer, chats: Chats) -> None:
    """migrate_to_chat_id: the message goes to the new number at once, and the new number is kept."""
    server.chats[-77] = -1_001_234_567_890
    await chats.deliver(chat_id=-77)
    assert [body["chat_id"] for body in server.sent] == [-1_001_234_567_890]
    assert chats.moved == [("-77", "-1001234567890")]


async def test_f22_a_message_telegram_cannot_read_is_final(chats: Chats) -> None:
    """A 400 about the text is our mistake; the chat stays."""
    with pytest.raises(Undeliverable) as refusal:
        await chats.deliver("")
    assert refusal.value.fault == "message"
    assert chats.gone == []


@pytest.mark.parametrize(
    "answer",
    [
        {"ok": False, "error_code": 401, "description": "Unauthorized"},
        {"ok": False, "error_code": 404, "description": "Not Found"},
        {"ok": False, "error_code": 409, "description": "Conflict: terminated by other getUpdates request"},
        {"ok": False, "error_code": 500, "description": "Internal Server Error"},
        {"ok": False, "error_code": 502, "description": "Bad Gateway"},
    ],
)
async def test_f22_trouble_with_the_bot_is_not_the_messages_fault(
    server: TelegramServer, chats: Chats, answer: dict[str, Any]
) -> None:
    """A revoked token, a second poller or an outage: the message waits."""
    server.refusals.append(answer)
    with pytest.raises(ProviderAway):
        await chats.deliver()
    assert await chats.deliver() == "1"


async def test_f22_nobody_listens_and_the_token_is_not_told(
    settings: Settings, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """An unreachable Telegram is away; the address with the token is in no error and in no log."""
    caplog.set_level("DEBUG")
    chats = Chats(settings, TelegramServer(f"http://127.0.0.1:{free_port()}"))
    with pytest.raises(DeliveryError) as away:
        await chats.deliver()
    await chats.bot.close()
    told = "".join([repr(away.value), str(away.value.__cause__), *capsys.readouterr(), json.dumps(caplog.messages)])
    assert isinstance(away.value, ProviderAway)
    assert BOT_TOKEN not in told
    assert BOT_TOKEN not in repr(vars(chats.bot))
