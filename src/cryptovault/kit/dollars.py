"""What assets are worth in US dollars. For display; no ledger entry depends on it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from redis.asyncio import Redis

from cryptovault.infra.clock import Clock
from cryptovault.infra.feeds.board import PriceBoard
from cryptovault.infra.mongo import Database

RELOAD_SECONDS = 1.0
PAR = frozenset({"USD", "USDT"})
"""Counted as one dollar each."""


class UsdPrice(NamedTuple):
    """Dollars for one whole coin, and how much that changed in 24 hours, in percent."""

    price: Decimal
    change_24h: Decimal


class Dollars:
    """Dollar prices of a worker's price board, which is loaded again where nobody pushes messages to it."""

    def __init__(self, board: PriceBoard, redis: Redis, db: Database, clock: Clock) -> None:
        self._board = board
        self._redis = redis
        self._db = db
        self._clock = clock
        self._loaded = float("-inf")

    async def prices(self, assets: Iterable[str]) -> dict[str, UsdPrice]:
        """The last known prices of these assets; one that never had a price is left out."""
        now = self._clock.monotonic()
        if self._board.age_ms > RELOAD_SECONDS * 1000 and now - self._loaded > RELOAD_SECONDS:
            self._loaded = now
            await self._board.load(self._redis, self._db)
        found = ((asset, self._board.usd(asset)) for asset in assets)
        return {asset: UsdPrice(usd, self._board.change_24h(asset)) for asset, usd in found if usd is not None}
