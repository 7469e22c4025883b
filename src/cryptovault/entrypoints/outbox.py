"""Delivery: what the worker on duty sends, and what it hears of the Telegram bot. Nothing here waits for the market."""

import asyncio
import contextlib
import os
import socket
from datetime import timedelta

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from pymongo.errors import PyMongoError
from redis.asyncio import Redis

from cryptovault.entrypoints.process import on_stop
from cryptovault.features.notifications import repository as notifications
from cryptovault.features.notifications.service import TelegramLinks
from cryptovault.infra.cancellation import heed_cancellation
from cryptovault.infra.clock import Clock, SystemClock
from cryptovault.infra.logging import configure_logging, get_logger
from cryptovault.infra.mail.channel import MailChannel, Transport
from cryptovault.infra.metrics import leave_metrics
from cryptovault.infra.mongo import Database, connect_mongo, database
from cryptovault.infra.outbox.errors import ProviderAway
from cryptovault.infra.outbox.runner import Channel, Runner, backoff
from cryptovault.infra.outbox.store import LEASE, Outbox, index_outbox
from cryptovault.infra.redis import connect_redis
from cryptovault.infra.telegram import TelegramBot, TelegramChannel, TelegramRefused
from cryptovault.settings import Settings

_MEASURE_SECONDS = 5.0
_LISTEN_SECONDS = 25
_PAUSE_FIRST, _PAUSE_MAX = 1.0, 120.0

log = get_logger("outbox")


class OutboxMetrics:
    """What a worker counts of its deliveries."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._outcomes = Counter(
            "outbox_deliveries", "Attempts to deliver, by outcome.", ["channel", "outcome"], registry=self.registry
        )
        self.waiting = Gauge("outbox_waiting", "Messages not yet delivered.", ["channel"], registry=self.registry)
        self.overdue = Gauge(
            "outbox_oldest_seconds", "Age of the oldest undelivered message.", ["channel"], registry=self.registry
        )
        self.dead = Gauge(
            "outbox_dead", "Messages given up within a day, by fault.", ["channel", "fault"], registry=self.registry
        )

    def count(self, channel: str, outcome: str) -> None:
        """Count one outcome."""
        self._outcomes.labels(channel, outcome).inc()

    def text(self) -> bytes:
        """In Prometheus's text format."""
        return generate_latest(self.registry)


class Deliveries:
    """All channels of the settings. `transport` and `lease` are seams for tests."""

    def __init__(
        self,
        settings: Settings,
        db: Database,
        redis: Redis,
        *,
        clock: Clock,
        transport: Transport | None = None,
        lease: timedelta = LEASE,
    ) -> None:
        self._db, self._redis, self._clock = db, redis, clock
        self._outbox = Outbox(settings, db, clock, f"{socket.gethostname()}:{os.getpid()}", lease=lease)
        self._metrics = OutboxMetrics()
        self._links = TelegramLinks(db, clock)
        self._bot = TelegramBot(settings) if settings.telegram_bot_token.get_secret_value() else None
        self._channels: list[Channel] = [MailChannel(settings, db, transport)]
        if self._bot is not None:
            self._channels.append(TelegramChannel(self._bot, self._forget_chat, self._move_chat))

    async def run(self) -> None:
        """Deliver until cancelled, then hang up."""
        try:
            await self._with_patience()
            await self._deliver()
        finally:
            for channel in self._channels:
                await channel.close()

    async def _deliver(self) -> None:
        async with asyncio.TaskGroup() as group:
            for channel in self._channels:
                group.create_task(Runner(self._outbox, channel, self._clock, self._metrics.count).run())
            group.create_task(self._measure())
            group.create_task(leave_metrics(self._redis, self._metrics, f"outbox-{os.getpid()}"))
            if self._bot is not None:
                group.create_task(self._listen(self._bot))

    async def _with_patience(self) -> None:
        """Make the indexes; without a database there is nothing to deliver either."""
        while True:
            try:
                await index_outbox(self._db)
                await notifications.ensure_indexes(self._db)
            except PyMongoError as error:
                log.warning("the outbox waits for its database", error=type(error).__name__)
                await self._clock.sleep(_PAUSE_FIRST)
            else:
                return

    async def _measure(self) -> None:
        while True:
            heed_cancellation()
            with contextlib.suppress(PyMongoError):
                for channel in self._channels:
                    backlog = await self._outbox.backlog(channel.name)
                    self._metrics.waiting.labels(channel.name).set(backlog.waiting)
                    self._metrics.overdue.labels(channel.name).set(backlog.overdue_seconds)
                    for fault in ("recipient", "message", "provider"):
                        self._metrics.dead.labels(channel.name, fault).set(backlog.dead.get(fault, 0))
            await self._clock.sleep(_MEASURE_SECONDS)

    async def _listen(self, bot: TelegramBot) -> None:
        """Hear what people say to the bot, for ever; what was heard but not noted is heard again."""
        failures = 0
        while True:
            heed_cancellation()
            try:
                await self.hear(bot)
                failures = 0
            except (ProviderAway, TelegramRefused, PyMongoError) as error:
                failures += 1
                wait = max(getattr(error, "retry_after", 0.0), backoff(failures, first=_PAUSE_FIRST, most=_PAUSE_MAX))
                log.warning("the Telegram bot cannot be heard", error=f"{type(error).__name__}: {error}"[:200])
                await self._clock.sleep(wait)

    async def hear(self, bot: TelegramBot, seconds: int = _LISTEN_SECONDS) -> None:
        """One round: answer what has been said since the last, waiting for it at most so long."""
        known = await notifications.bot(self._db)
        if not known.get("username"):
            await notifications.know_bot(self._db, {"username": await bot.username()})
        for update in await bot.updates(known.get("offset", 0), seconds):
            await self._answer(bot, update)
            await notifications.know_bot(self._db, {"offset": update["update_id"] + 1})

    async def _answer(self, bot: TelegramBot, update: dict[str, object]) -> None:
        """An update that cannot be understood is passed over, or it would come again for ever."""
        try:
            answer = await self._links.answer(update)
            if answer is not None:
                await bot.send(*answer)
        except (KeyError, TypeError, AttributeError, TelegramRefused) as error:
            log.warning("an update of Telegram was passed over", error=type(error).__name__)

    async def _forget_chat(self, chat_id: str) -> None:
        await notifications.unbind_chat(self._db, chat_id)

    async def _move_chat(self, chat_id: str, moved_to: str) -> None:
        await notifications.move_chat(self._db, chat_id, moved_to)


async def serve(settings: Settings) -> None:
    """Deliver and nothing else, until SIGTERM or SIGINT; the worker does the same beside its other duties."""
    configure_logging(settings, process="outbox")
    stop = asyncio.Event()
    on_stop(stop.set)
    mongo, redis = connect_mongo(settings), connect_redis(settings)
    job = asyncio.create_task(Deliveries(settings, database(mongo, settings), redis, clock=SystemClock()).run())
    await stop.wait()
    job.cancel()
    await asyncio.gather(job, return_exceptions=True)
    await redis.aclose()
    await mongo.close()
