"""Linking a Telegram chat, heard from the bot's updates."""

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr
from redis.asyncio import Redis

from cryptovault.entrypoints.outbox import Deliveries
from cryptovault.features.notifications import repository
from cryptovault.features.notifications.service import TelegramLinks
from cryptovault.infra.mongo import Database
from cryptovault.infra.outbox.errors import ProviderAway
from cryptovault.infra.redis import connect_redis
from cryptovault.infra.telegram import TelegramBot
from cryptovault.settings import Settings
from fixtures.fake_clock import FakeClock
from fixtures.provider_server import BOT_TOKEN, TelegramServer, telegram_server, too_many

ADA, BOB = "a" * 24, "b" * 24
CHAT = 4_611_686_018_427


class Bot:
    """Our side of a bot, and Telegram's."""

    def __init__(self, settings: Settings, db: Database, redis: Redis, server: TelegramServer) -> None:
        self.db, self.server, self.clock = db, server, FakeClock()
        known = {"telegram_bot_token": SecretStr(BOT_TOKEN), "telegram_url": server.url}
        found = settings.model_copy(update=known)
        self.links = TelegramLinks(db, self.clock)
        self.deliveries = Deliveries(found, db, redis, clock=self.clock)
        self.telegram = TelegramBot(found)

    async def hears(self, text: str, chat_id: int = CHAT, kind: str = "private") -> str:
        """Somebody writes to the bot; what it answers, or nothing."""
        before = len(self.server.sent)
        self.server.said(chat_id, text, kind)
        await self.deliveries.hear(self.telegram, 0)
        return "".join(body["text"] for body in self.server.sent[before:])

    async def chat_of(self, user_id: str) -> str | None:
        """The chat a user is written to in."""
        return (await repository.choices(self.db, user_id)).get("chat_id")


@pytest.fixture(name="bot")
async def _bot(settings: Settings, db: Database) -> AsyncIterator[Bot]:
    await repository.ensure_indexes(db)
    redis = connect_redis(settings)
    async with telegram_server() as server:
        bot = Bot(settings, db, redis, server)
        yield bot
        await bot.telegram.close()
    await redis.aclose()


async def test_start_binds_the_chat(bot: Bot) -> None:
    """Start with the link's nonce: the chat is the user's from now on, and the bot says so."""
    nonce, _ = await bot.links.start(ADA)
    assert "linked" in await bot.hears(f"/start {nonce}")
    assert await bot.chat_of(ADA) == str(CHAT)
    assert (await repository.bot(bot.db))["username"] == "vault_bot"


async def test_a_link_works_once_and_not_for_ever(bot: Bot) -> None:
    """A used link, an old one and an invented one bind nothing."""
    nonce, _ = await bot.links.start(ADA)
    bot.clock.move(minutes=11)
    assert "too old" in await bot.hears(f"/start {nonce}")
    nonce, _ = await bot.links.start(ADA)
    await bot.hears(f"/start {nonce}")
    assert "used up" in await bot.hears(f"/start {nonce}", chat_id=78)
    assert "used up" in await bot.hears("/start invented", chat_id=78)
    assert await bot.chat_of(ADA) == str(CHAT)


async def test_a_new_link_ends_the_one_before(bot: Bot) -> None:
    """Of several links of one user, the last works."""
    old, _ = await bot.links.start(ADA)
    new, _ = await bot.links.start(ADA)
    assert "too old" in await bot.hears(f"/start {old}")
    assert "This chat is linked" in await bot.hears(f"/start {new}")


async def test_nobody_can_take_over_a_chat(bot: Bot) -> None:
    """A chat stays with its user: pressing a stranger's link neither rebinds nor silences it."""
    for user in (ADA, BOB):
        nonce, _ = await bot.links.start(user)
        answer = await bot.hears(f"/start {nonce}")
    assert "another account" in answer
    assert (await bot.chat_of(ADA), await bot.chat_of(BOB)) == (str(CHAT), None)


async def test_stop_and_block_end_it(bot: Bot) -> None:
    """/stop unlinks, and so does blocking the bot."""
    for end in ("stop", "block"):
        nonce, _ = await bot.links.start(ADA)
        await bot.hears(f"/start {nonce}")
        assert await bot.chat_of(ADA) == str(CHAT)
        if end == "stop":
            assert "no more notices" in await bot.hears("/stop")
        else:
            member = {"chat": {"id": CHAT, "type": "private"}, "new_chat_member": {"status": "kicked"}}
            bot.server.updates.append({"update_id": 900, "my_chat_member": member})
            await bot.deliveries.hear(bot.telegram, 0)
        assert await bot.chat_of(ADA) is None


async def test_groups_are_refused(bot: Bot) -> None:
    """Balances are nothing for a group: a link opened in one binds nothing."""
    nonce, _ = await bot.links.start(ADA)
    assert "private chat" in await bot.hears(f"/start {nonce}", chat_id=-5, kind="group")
    assert await bot.chat_of(ADA) is None


@pytest.mark.parametrize(
    "update", [{}, {"message": {}}, {"message": {"chat": 5, "text": "/start"}}, {"my_chat_member": 1}]
)
async def test_an_update_of_another_shape_is_passed_over(bot: Bot, update: dict[str, object]) -> None:
    """What the bot cannot understand is not heard again and again, and what comes after it is heard."""
    bot.server.updates.append({"update_id": 400, **update})
    assert "Hello" in await bot.hears("/start")
    assert (await repository.bot(bot.db))["offset"] == 502


async def test_f22_an_update_is_heard_again_until_it_is_noted(bot: Bot) -> None:
    """A refusal in the middle of a round loses nothing: the update comes again, and binding twice is binding once."""
    nonce, _ = await bot.links.start(ADA)
    await repository.know_bot(bot.db, {"username": "vault_bot"})
    bot.server.refusals.append(too_many(3))
    with pytest.raises(ProviderAway):
        await bot.hears(f"/start {nonce}")
    await bot.deliveries.hear(bot.telegram, 0)
    assert await bot.chat_of(ADA) == str(CHAT)
