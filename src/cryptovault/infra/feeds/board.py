"""The price board: the worker's latest prices and tickers, as another process sees them.

L1 is this object's memory, refreshed at most twice a second from L2, two Redis keys that the worker writes each second;
where Redis is away, L3 is a MongoDB document that is a few seconds old.
"""

import contextlib
import time
from typing import Any

import msgspec
from pymongo.errors import PyMongoError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from cryptovault.infra.clock import Clock
from cryptovault.infra.mongo import Database

PRICES_KEY = "cv:price:all"
TICKERS_KEY = "cv:ticker:all"
TTL_SECONDS = 30
COLLECTION = "prices"
LATEST = "latest"
SILENCE_MAX_MS = 5_000
_REFRESH_SECONDS = 0.5

Fields = dict[str, Any]


class PriceBoard:
    """What is known of prices and tickers; never fails, but may know nothing."""

    def __init__(self, clock: Clock, redis: Redis, db: Database) -> None:
        self._clock = clock
        self._redis = redis
        self._db = db
        self._loaded = float("-inf")
        self._message: Fields = {
            "at_ms": 0,
            "source": {"name": "none", "kind": "stale", "label": "stale", "sources": []},
            "prices": {},
        }
        self._tickers: dict[str, Fields] = {}

    async def refresh(self) -> None:
        """Look for newer prices, at most twice a second."""
        now = time.monotonic()
        if now - self._loaded < _REFRESH_SECONDS:
            return
        self._loaded = now
        try:
            prices, tickers = await self._redis.mget(PRICES_KEY, TICKERS_KEY)
        except (RedisError, OSError):
            prices = tickers = None
        if prices is None:
            prices, tickers = await self._stored()
        if prices is not None:
            with contextlib.suppress(msgspec.MsgspecError, UnicodeDecodeError):  # damaged: what is known stays
                self._take(msgspec.json.decode(prices), msgspec.json.decode(tickers or b"{}"))

    async def _stored(self) -> tuple[bytes | None, bytes | None]:
        try:
            document = await self._db[COLLECTION].find_one({"_id": LATEST}, max_time_ms=1_000)
        except PyMongoError:
            return None, None
        return (None, None) if document is None else (document["prices"], document["tickers"])

    def _take(self, message: Fields, tickers: dict[str, Fields]) -> None:
        if message["at_ms"] >= self._message["at_ms"]:
            self._message, self._tickers = message, tickers

    @property
    def age_ms(self) -> int:
        """How old the latest prices are."""
        return max(0, self._clock.now_ms() - int(self._message["at_ms"]))

    @property
    def source(self) -> Fields:
        """Where prices come from now, the API's PriceSource. Silence of the worker makes them stale."""
        source, age = self._message["source"], self.age_ms
        sources = [_older(state, age) for state in source.get("sources", [])]
        if age > SILENCE_MAX_MS:
            silent = [state | {"status": "stale", "markets": 0} for state in sources]
            return {"name": source["name"], "kind": "stale", "label": "stale", "age_ms": age, "sources": silent}
        return {name: source[name] for name in ("name", "kind", "label")} | {"age_ms": age, "sources": sources}

    def ticker(self, market: str) -> Fields | None:
        """The market's last ticker, however old: its `at` and `source` tell."""
        return self._tickers.get(market)

    @property
    def tickers(self) -> dict[str, Fields]:
        """The last ticker of each market."""
        return self._tickers


def _older(state: Fields, milliseconds: int) -> Fields:
    """A source's state, as old as the message that carries it."""
    age = state["age_ms"]
    return state | {"age_ms": None if age is None else age + milliseconds}
