"""What the market maker lost today, and which of its limits that reaches. Pure: trades and prices in, reasons out."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from cryptovault.features.markets.gains import EXACT, Books, Fill
from cryptovault.features.markets.maker_config import MakerPlan

EVERYTHING = ""  # the place of a limit of all markets together
_SHOWN = Decimal("0.01")


class DayBook:
    """The trades since UTC midnight, at the prices of now. Dollars and Tethers are added up one to one here."""

    def __init__(self, plan: MakerPlan) -> None:
        self._plan = plan
        self._books = Books()
        self._marks: dict[str, Decimal] = {}

    def take(self, fills: Iterable[Fill]) -> None:
        """Trades that happened."""
        self._books.take(fills)

    def mark(self, prices: Mapping[str, Decimal]) -> None:
        """Prices of now; a market without one keeps its last, or that of its last trade."""
        self._marks |= prices

    def result(self, market: str) -> Decimal:
        """What today's trades of a market have brought."""
        position = self._books.positions[market]
        return position.total(self._marks.get(market, position.last))

    @property
    def total(self) -> Decimal:
        """What today's trades have brought."""
        total = Decimal(0)
        for market in self._books.positions:
            total = EXACT.add(total, self.result(market))
        return total

    def bought(self, coin: str) -> Decimal:
        """By how much today's trades have changed the holding of a coin."""
        total = Decimal(0)
        for market, position in self._books.positions.items():
            if market.startswith(f"{coin}-"):
                total = EXACT.add(total, position.inventory)
        return total

    def reached(self) -> dict[str, str]:
        """The loss limits that are reached now, by market, with a sentence each."""
        limits = {one.market: one.maker.loss_usd for one in self._plan.listings if one.maker.loss_usd}
        found = {
            market: _sentence(f" in {market}", limit, self.result(market))
            for market, limit in limits.items()
            if market in self._books.positions and -self.result(market) >= limit
        }
        if self._plan.daily_loss and -self.total >= self._plan.daily_loss:
            found[EVERYTHING] = _sentence("", self._plan.daily_loss, self.total)
        return found


def _sentence(where: str, limit: Decimal, result: Decimal) -> str:
    return f"the daily loss limit of {limit}{where} is reached: {(-result).quantize(_SHOWN)} lost since midnight UTC"
