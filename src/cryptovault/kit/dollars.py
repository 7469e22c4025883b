"""What assets are worth in US dollars. For display; no ledger entry depends on it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from cryptovault.infra.feeds.board import PriceBoard

QUOTES = ("USDT", "USD")
PAR = frozenset(QUOTES)
"""Counted as one dollar each."""


class UsdPrice(NamedTuple):
    """Dollars for one whole coin, and how much that changed in 24 hours (percent, signed), where known."""

    price: Decimal
    change_24h: str | None = None


_ONE = UsdPrice(Decimal(1))


class Dollars:
    """Dollar prices of an api worker's price board."""

    def __init__(self, board: PriceBoard) -> None:
        self._board = board

    async def prices(self, assets: Iterable[str]) -> dict[str, UsdPrice]:
        """The last known prices of these assets; one that never had a price is left out."""
        await self._board.refresh()
        found = ((asset, self._price(asset)) for asset in assets)
        return {asset: price for asset, price in found if price is not None}

    def _price(self, asset: str) -> UsdPrice | None:
        """The outside reference rather than our own last trade, which a single trader could place."""
        if asset in PAR:
            return _ONE
        for quote in QUOTES:
            ticker = self._board.ticker(f"{asset}-{quote}") or {}
            reference = ticker.get("reference", ticker)
            if (text := ticker.get("reference_price") or reference.get("last")) is not None:
                return UsdPrice(Decimal(text), reference.get("change_24h"))
        return None
