"""Live messages to Redis. Whatever Redis does, nobody here waits for it and nothing is lost that matters."""

import asyncio
import logging
from collections import deque
from collections.abc import Iterable
from typing import Any

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from cryptovault.infra.clock import Clock
from cryptovault.kit.projection import Message

EVENTS = "cv:events"
WATERMARK = "cv:watermark"
_MAX_WAITING = 20_000
_MAX_PIPELINE = 1_000

logger = logging.getLogger(__name__)


class Broadcast:
    """A bounded queue in front of Redis; while Redis is away the oldest messages are dropped.

    Receivers notice by the sequence numbers and fetch anew.
    """

    def __init__(self, redis: Redis, clock: Clock) -> None:
        self._redis = redis
        self._clock = clock
        self._commands: deque[tuple[Any, ...]] = deque(maxlen=_MAX_WAITING)
        self._work = asyncio.Event()
        self.away = False

    def send(self, seq: int, messages: Iterable[Message]) -> None:
        """Encode once and send soon."""
        for message in messages:
            payload = msgspec.json.encode(message.payload)
            frame = msgspec.msgpack.encode((message.room, message.event, seq, payload))
            self._commands.append(("PUBLISH", EVENTS, frame))
            if message.keep_as:
                self._commands.append(("SET", message.keep_as, payload, "EX", message.keep_seconds))
        if self._commands:
            self._work.set()

    def tell_watermark(self, seq: int) -> None:
        """Say how far the read models are."""
        self._commands.append(("PUBLISH", WATERMARK, str(seq)))
        self._work.set()

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            await self._work.wait()
            self._work.clear()
            while self._commands:
                count = min(len(self._commands), _MAX_PIPELINE)
                await self._send([self._commands.popleft() for _ in range(count)])

    async def _send(self, commands: list[tuple[Any, ...]]) -> None:
        pipeline = self._redis.pipeline(transaction=False)
        for command in commands:
            pipeline.execute_command(*command)
        try:
            await pipeline.execute(raise_on_error=False)
        except (RedisError, OSError) as error:
            if not self.away:
                logger.warning("live messages are dropped while Redis is away: %s", error)
            self.away = True
            await self._clock.sleep(0.5)
            return
        self.away = False
