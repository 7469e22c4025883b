"""The price board: the latest prices in the memory of each process, pushed by the worker (L1).

L2 is a Redis key that a starting process reads, L3 a MongoDB document for when Redis is away.
"""

import json
from decimal import Decimal
from typing import Any

from pymongo.errors import PyMongoError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from cryptovault.infra.clock import Clock
from cryptovault.infra.mongo import Database

PRICES_KEY = "cv:price:all"
PRICES_TTL_SECONDS = 30
PRICES_COLLECTION = "prices"
LATEST = "latest"
MESSAGE_AGE_MAX_MS = 5_000
_DOLLARS = ("USDT", "USD")

PriceFields = dict[str, Any]


class PriceBoard:
    """What is known of prices: `prices` messages go in, figures come out."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._at = 0
        self._source: dict[str, str] = {"name": "none", "kind": "stale", "label": "stale"}
        self._prices: dict[str, PriceFields] = {}

    def on_message(self, event: str, payload: bytes) -> None:
        """Take a live message (JSON bytes); any but `prices` is left alone."""
        if event == "prices":
            self.take(json.loads(payload))

    def take(self, message: dict[str, Any]) -> None:
        """Take the content of a `prices` message; an older one than the last is ignored."""
        if message["at_ms"] < self._at:
            return
        self._at = message["at_ms"]
        self._source = message["source"]
        self._prices = message["prices"]

    async def load(self, redis: Redis, db: Database) -> None:
        """Find the last prices before the first message comes: in Redis, else in MongoDB. Never fails."""
        try:
            text = await redis.get(PRICES_KEY)
        except RedisError:
            text = None
        if text is not None:
            self.take(json.loads(text))
            return
        try:
            document = await db[PRICES_COLLECTION].find_one({"_id": LATEST})
        except PyMongoError:
            return
        if document is not None:
            self.take(document)

    @property
    def age_ms(self) -> int:
        """How old the latest message is."""
        return max(0, self._clock.now_ms() - self._at)

    @property
    def source(self) -> dict[str, Any]:
        """Where prices come from now: PriceSource of the API. Silence of the worker makes them stale."""
        age = self.age_ms
        if age > MESSAGE_AGE_MAX_MS:
            return {"name": self._source["name"], "kind": "stale", "label": "stale", "age_ms": age}
        return {**{name: self._source[name] for name in ("name", "kind", "label")}, "age_ms": age}

    @property
    def markets(self) -> dict[str, PriceFields]:
        """The fields of each market in the last message."""
        return self._prices

    @property
    def at_ms(self) -> int:
        """When the last message was made."""
        return self._at

    def market(self, market: str) -> PriceFields | None:
        """The last known figures of a market, fresh or not; `reference_price` is null where it is stale."""
        return self._prices.get(market)

    def usd(self, asset: str) -> Decimal | None:
        """What one coin is worth in US dollars by the last known price; None where none was ever known."""
        if asset in _DOLLARS:
            return Decimal(1)
        for quote in _DOLLARS:
            fields = self._prices.get(f"{asset}-{quote}")
            if fields is not None and fields["last"] is not None:
                return Decimal(fields["last"])
        return None

    def change_24h(self, asset: str) -> Decimal:
        """The last known change of an asset over 24 hours, in per cent; 0 for dollars and unknown ones."""
        fields = self._prices.get(f"{asset}-{_DOLLARS[0]}") or {}
        return Decimal(fields.get("change_24h") or 0)
