"""What the publishers say, handed to the rooms that want to hear it."""

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from cryptovault.features.stream import policy
from cryptovault.features.stream.books import Books
from cryptovault.features.stream.connection import Forms, forms
from cryptovault.features.stream.service import Rooms

_decode_event = msgspec.msgpack.Decoder(tuple[str, str, int, bytes]).decode
_decode_many = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode

BOOK_KEY = "cv:book:"
PRICES_KEY = "cv:price:all"


class Feed:
    """The way of a message from Redis to the clients of this worker."""

    def __init__(self, rooms: Rooms, redis: Redis) -> None:
        self._rooms = rooms
        self._redis = redis
        self.books = Books(lambda market, event, payload: rooms.tell(policy.BOOK + market, event, payload), self._find)

    def receive(self, data: bytes) -> None:
        """Take one message of a publisher: msgpack [room, event, seq, JSON payload]."""
        room, event, _seq, payload = _decode_event(data)
        if room.startswith(policy.BOOK):
            self.books.hear(room.removeprefix(policy.BOOK), event, payload)
        elif room == policy.ALL_CANDLES:
            for name, candle in _decode_many(payload).items():
                self._rooms.tell(policy.CANDLES + name, "candle", bytes(candle))
        elif event == "resync":
            self._resync()
        else:
            self._rooms.tell(room, event, payload)
            if room == policy.PRICES:
                self._rooms.prices(payload)

    def _resync(self) -> None:
        """Messages were lost between the publishers and this worker."""
        self.books.doubt()
        for room in self._rooms.occupied("user:"):
            self._rooms.tell(room, "resync", b"{}")

    async def state(self, room: str) -> Forms | None:
        """The message that a newcomer to a room begins with, or None where the room shows no state."""
        if room.startswith(policy.BOOK):
            whole = await self.books.snapshot(room.removeprefix(policy.BOOK))
            return None if whole is None else forms(room, "book", whole)
        if (last := self._rooms.last(room)) is None and room == policy.PRICES:
            [payload] = await self._read([PRICES_KEY])
            return None if payload is None else forms(room, "prices", payload)
        return last

    async def _find(self, markets: list[str]) -> list[bytes | None]:
        return await self._read([BOOK_KEY + market for market in markets])

    async def _read(self, keys: list[str]) -> list[bytes | None]:
        try:
            return [value if isinstance(value, bytes) else None for value in await self._redis.mget(keys)]
        except (RedisError, OSError):
            return [None] * len(keys)
