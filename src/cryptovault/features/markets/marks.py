"""When the ledger is told the outside price: rarely, but at once when it matters.

Every mark costs a place in the journal for ever. So all markets are marked together at a fixed cadence, well inside
the age at which the engine calls a mark stale, and a market on its own only when its price has really moved, or
begins or ceases to be usable.
"""

from collections.abc import Mapping

from cryptovault.engine.types import PPM

CADENCE_MS = 2_000
MOVE_PPM = 1_000

Prices = tuple[tuple[str, int], ...]


class Marks:
    """Remembers what the ledger was told; prices are ticks, 0 where there is none to be used."""

    def __init__(self) -> None:
        self._told: dict[str, int] = {}
        self._told_all_ms: int | None = None

    def due(self, prices: Mapping[str, int], now_ms: int) -> Prices:
        """What to tell now; empty for nothing."""
        if self._told_all_ms is None or now_ms - self._told_all_ms >= CADENCE_MS:
            return tuple(prices.items())
        return tuple((market, price) for market, price in prices.items() if self._matters(market, price))

    def begin_anew(self) -> None:
        """Prices come from elsewhere now: the next time all of them are due."""
        self._told_all_ms = None

    def told(self, marks: Prices, now_ms: int) -> None:
        """The ledger has taken these."""
        self._told.update(marks)
        if len(marks) == len(self._told):
            self._told_all_ms = now_ms

    def _matters(self, market: str, price: int) -> bool:
        told = self._told.get(market)
        if not told or not price:
            return told != price
        return abs(price - told) * PPM >= told * MOVE_PPM
