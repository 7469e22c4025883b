"""What an asset is worth in US dollars, from the latest prices message. For display; no ledger entry depends on it."""

import time
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

PRICES_KEY = "cv:price:all"
MAX_AGE_SECONDS = 1.0
PAR = frozenset({"USD", "USDT"})
"""Counted as one dollar each."""


class UsdPrice(NamedTuple):
    """Dollars for one whole coin, and the change of that in 24 hours (percent, signed)."""

    price: Decimal
    change_24h: str | None


class _Row(msgspec.Struct):
    last: str | None = None
    change_24h: str | None = None
    reference_price: str | None = None


class _Message(msgspec.Struct):
    prices: dict[str, _Row]


_ONE = {asset: UsdPrice(Decimal(1), None) for asset in PAR}
_decoder = msgspec.json.Decoder(_Message)


def usd_prices(message: bytes | str) -> dict[str, UsdPrice]:
    """Prices by asset: USDT markets before USD ones, the outside reference before our own last trade."""
    prices: dict[str, UsdPrice] = dict(_ONE)
    rows = sorted(_decoder.decode(message).prices.items(), key=lambda item: not item[0].endswith("-USDT"))
    for market, row in rows:
        base, _, quote = market.partition("-")
        text = row.reference_price or row.last
        if quote in PAR and base not in prices and text is not None:
            prices[base] = UsdPrice(Decimal(text), row.change_24h)
    return prices


class Dollars:
    """An api worker's view of dollar prices: the message in Redis, read at most once a second."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._prices: Mapping[str, UsdPrice] = _ONE
        self._loaded = float("-inf")

    async def prices(self) -> Mapping[str, UsdPrice]:
        """The latest prices by asset. While Redis is away those of the last read; what was never seen has no price."""
        now = time.monotonic()
        if now - self._loaded > MAX_AGE_SECONDS:
            self._loaded = now
            try:
                if (message := await self._redis.get(PRICES_KEY)) is not None:
                    self._prices = usd_prices(message)
            except (RedisError, OSError, msgspec.MsgspecError):
                pass  # the prices of a moment ago are better than none
        return self._prices
