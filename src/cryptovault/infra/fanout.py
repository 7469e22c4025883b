"""One Redis subscription for each API worker: live messages, the watermark, ended sessions.

Pub/sub forgets who is away, so whoever depends on a message has another way to learn it (a sequence number
and a snapshot, a poll of MongoDB).
"""

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from cryptovault.infra.logging import get_logger

Handler = Callable[[bytes], None]

EVENTS = "cv:events"
EVENT_BATCHES = "cv:event_batches"
"""Messages of `cv:events`, many at a time: receiving one message of Redis costs more than broadcasting ten."""

RESYNC = msgspec.msgpack.encode(("", "resync", 0, b"{}"))
"""The message of `cv:events` that says that messages before it were lost."""

WATERMARK = "cv:watermark"
REVOKED = "cv:revoked"

_ANNOUNCE_SECONDS = 0.25

_batch: msgspec.msgpack.Decoder[list[bytes]] = msgspec.msgpack.Decoder(list[bytes])
_PAUSES = (0.05, 0.1, 0.2, 0.5, 1.0)
_log = get_logger("fanout")


def pack_batch(messages: Sequence[bytes]) -> bytes:
    """One message of `cv:event_batches` from many of `cv:events`."""
    return msgspec.msgpack.encode(messages)


async def announce(redis: Redis, channel: str, message: str | bytes) -> None:
    """Publish what listeners also learn in another way; whoever says it does not wait for a Redis that hangs."""
    with contextlib.suppress(RedisError, OSError, TimeoutError):
        async with asyncio.timeout(_ANNOUNCE_SECONDS):
            await redis.publish(channel, message)


class Fanout:
    """Hands each message of a channel to its handler, in order; connects again for ever.

    Who listens to `cv:events` is handed a `RESYNC` after each interruption.
    """

    def __init__(self, redis: Redis, handlers: Mapping[str, Handler]) -> None:
        self._redis = redis
        self._heard = False
        self._handlers = {channel.encode(): handler for channel, handler in handlers.items()}
        if EVENTS in handlers:
            self._handlers[EVENT_BATCHES.encode()] = self._handle_batch
        self.connected = asyncio.Event()

    async def run(self) -> None:
        """Listen until cancelled."""
        failures = 0
        while True:
            try:
                await self._listen()
            except (RedisError, OSError, TimeoutError) as error:
                if self.connected.is_set():
                    _log.warning("fanout lost its connection", error=str(error))
                    failures = 0
            self.connected.clear()
            await asyncio.sleep(_PAUSES[min(failures, len(_PAUSES) - 1)])
            failures += 1

    async def _listen(self) -> None:
        async with contextlib.aclosing(self._redis.pubsub()) as pubsub:
            await pubsub.subscribe(*self._handlers)
            while True:
                message = await pubsub.get_message(timeout=15.0)
                if message is None:
                    continue
                if message["type"] == "subscribe":
                    self._begin(message["channel"])
                elif message["type"] == "message":
                    self._handle(message["channel"], message["data"])

    def _begin(self, channel: bytes) -> None:
        """A channel is heard from now on; if it was before, there was an interruption that the library has mended."""
        self.connected.set()
        if channel == EVENTS.encode():
            if self._heard:
                self._handle(channel, RESYNC)
            self._heard = True

    def _handle_batch(self, data: bytes) -> None:
        for message in _batch.decode(data):
            self._handle(EVENTS.encode(), message)

    def _handle(self, channel: bytes, data: bytes) -> None:
        """A message we cannot read must not end the subscription."""
        try:
            self._handlers[channel](data)
        except Exception:  # noqa: BLE001 - reported, and the next message is another one
            _log.exception("fanout message", channel=channel.decode())
