"""An administrator's one-time code on its whole way: outbox, delivery, a server that speaks Telegram's protocol."""

import asyncio
import re
from collections.abc import AsyncIterator

import httpx
import pytest
from pydantic import SecretStr

from cryptovault.entrypoints.api import Api
from cryptovault.features.admin.service import first_token
from cryptovault.settings import Settings
from fixtures.accounts import log_in
from fixtures.api import PASSWORD
from fixtures.confirming import confirming
from fixtures.deliveries import delivering
from fixtures.provider_server import BOT_TOKEN, TelegramServer, telegram_server
from fixtures.second_factors import prove

ALL_ADMINS, OWN_CHAT = 5000, 7001
ADA = "ada@example.com"


@pytest.fixture(name="telegram")
async def _telegram() -> AsyncIterator[TelegramServer]:
    async with telegram_server() as server:
        yield server


@pytest.fixture(name="settings")
def _settings(settings: Settings, telegram: TelegramServer) -> Settings:
    """With a bot, and a chat of all administrators."""
    chat = {"admin_telegram_chat_id": str(ALL_ADMINS)}
    return settings.model_copy(update=chat | {"telegram_bot_token": SecretStr(BOT_TOKEN), "telegram_url": telegram.url})


async def code_to(telegram: TelegramServer, chat: int, number: int) -> str:
    """The code in the last of so many sign-in messages to a chat, as soon as it is there."""
    async with asyncio.timeout(20):
        while len(codes := [found[0] for said in telegram.sent if (found := _code(said, chat))]) < number:
            await asyncio.sleep(0.02)
    return codes[-1]


def _code(said: dict[str, object], chat: int) -> list[str]:
    meant = str(said["chat_id"]) == str(chat) and "Administrator sign-in" in str(said["text"])
    return re.findall(r"\b\d{6}\b", str(said["text"])) if meant else []


async def enter(client: httpx.AsyncClient, telegram: TelegramServer, chat: int, number: int = 1) -> None:
    """Log in with the code that has come to a chat."""
    asked = (await log_in(client, "ada")).json()
    assert asked["methods"] == ["admin_code"]
    code = await code_to(telegram, chat, number)
    entered = await prove(client, asked["challenge"], method="admin_code", code=code)
    assert (entered.status_code, entered.json()["user"]["role"]) == (200, "admin")
    client.headers["X-CSRF-Token"] = client.cookies["csrf_token"]


async def test_the_code_comes_by_telegram(api: Api, client: httpx.AsyncClient, telegram: TelegramServer) -> None:
    """It comes to the chat of all administrators, or to the own one as soon as one is linked, and lets in."""
    body = {"token": await first_token(api.services.db), "email": ADA, "password": PASSWORD}
    assert (await client.post("/api/v1/admin/setup", json=body)).status_code == 201
    async with delivering(api):
        await enter(client, telegram, ALL_ADMINS)
        async with asyncio.timeout(20):
            while (link := await client.post("/api/v1/notifications/telegram/link", auth=confirming(client))).is_error:
                await asyncio.sleep(0.05)  # the bot does not know its name yet
        telegram.said(OWN_CHAT, f"/start {link.json()['url'].partition('=')[2]}")
        async with asyncio.timeout(20):
            while not (await client.get("/api/v1/notifications/preferences")).json()["telegram_chat"]["linked"]:
                await asyncio.sleep(0.05)
        client.cookies.clear()
        await enter(client, telegram, OWN_CHAT)
        assert len([said for said in telegram.sent if _code(said, ALL_ADMINS)]) == 1
