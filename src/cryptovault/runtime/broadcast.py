"""Live messages to Redis. Whatever Redis does, nobody here waits for it and nothing is lost that matters."""

import asyncio
import logging
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from cryptovault.infra.cancellation import heed_cancellation
from cryptovault.infra.clock import Clock
from cryptovault.infra.fanout import EVENT_BATCHES, RESYNC, WATERMARK, pack_batch
from cryptovault.kit.projection import Message

_MAX_WAITING = 20_000
_MAX_AT_ONCE = 500

logger = logging.getLogger(__name__)


class Broadcast:
    """A bounded queue in front of Redis; while Redis is away the oldest messages are dropped.

    The next message that gets through says so (`resync`); receivers also notice by the sequence numbers.
    """

    def __init__(self, redis: Redis, clock: Clock) -> None:
        self._redis = redis
        self._clock = clock
        self._frames: deque[bytes] = deque(maxlen=_MAX_WAITING)
        self._kept: dict[str, tuple[bytes, int]] = {}
        self._watermark = 0
        self._lost = False
        self._work = asyncio.Event()
        self.away = False

    def send(self, seq: int, messages: Iterable[Message]) -> None:
        """Encode once and send soon."""
        for message in messages:
            payload = msgspec.json.encode(message.payload)
            if message.room:
                self._lost |= len(self._frames) == _MAX_WAITING
                self._frames.append(msgspec.msgpack.encode((message.room, message.event, seq, payload)))
            if message.keep_as:
                self._kept[message.keep_as] = payload, message.keep_seconds
            self._work.set()

    def tell_watermark(self, seq: int) -> None:
        """Say how far the read models are."""
        self._watermark = seq
        self._work.set()

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            heed_cancellation()
            await self._work.wait()
            self._work.clear()
            await self._send(list(self._take()))

    def _take(self) -> Iterator[tuple[Any, ...]]:
        """All that waits, as Redis commands: many messages in one, and of each key and the watermark only the last."""
        if self._lost:
            self._lost = False
            yield "PUBLISH", EVENT_BATCHES, pack_batch([RESYNC])
        while self._frames:
            count = min(len(self._frames), _MAX_AT_ONCE)
            yield "PUBLISH", EVENT_BATCHES, pack_batch([self._frames.popleft() for _ in range(count)])
        kept, self._kept = self._kept, {}
        for key, (payload, seconds) in kept.items():
            yield "SET", key, payload, "EX", seconds
        if self._watermark:
            yield "PUBLISH", WATERMARK, str(self._watermark)
            self._watermark = 0

    async def _send(self, commands: list[tuple[Any, ...]]) -> None:
        pipeline = self._redis.pipeline(transaction=False)
        for command in commands:
            pipeline.execute_command(*command)
        try:
            await pipeline.execute(raise_on_error=False)
        except (RedisError, OSError) as error:
            if not self.away:
                logger.warning("live messages are dropped while Redis is away: %s", error)
            self.away = self._lost = True
            await self._clock.sleep(0.5)
            return
        self.away = False
