"""What the market maker has earned, market by market and added up: figures to print, or for programs to read."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from cryptovault.features.markets.gains import EXACT, Books, Position

_ZERO = Decimal(0)


class Row(NamedTuple):
    """One market. Amounts are in its quote currency, `bought`, `sold` and `inventory` in coins.

    `mark`, `unrealised` and `total` are None where there are coins but no price to value them at.
    """

    market: str
    trades: int
    bought: Decimal
    sold: Decimal
    inventory: Decimal
    mark: Decimal | None
    realised: Decimal
    unrealised: Decimal | None
    fees: Decimal
    total: Decimal | None


class Sum(NamedTuple):
    """All markets of a quote currency. What cannot be valued makes the sum None."""

    quote: str
    trades: int
    realised: Decimal
    unrealised: Decimal | None
    fees: Decimal
    total: Decimal | None


def rows(books: Books, marks: Mapping[str, Decimal]) -> list[Row]:
    """One row for each market that was traded, in the order of their names."""
    return [_row(market, position, marks.get(market)) for market, position in sorted(books.positions.items())]


def _row(market: str, position: Position, mark: Decimal | None) -> Row:
    value = mark if position.inventory else (mark or position.last)
    return Row(
        market=market,
        trades=position.fills,
        bought=position.bought,
        sold=position.sold,
        inventory=position.inventory,
        mark=mark,
        realised=position.realised,
        unrealised=None if value is None else position.unrealised(value),
        fees=position.fees,
        total=None if value is None else position.total(value),
    )


def sums(found: list[Row]) -> list[Sum]:
    """The rows added up, each quote currency by itself."""
    by_quote: dict[str, list[Row]] = {}
    for row in found:
        by_quote.setdefault(row.market.partition("-")[2], []).append(row)
    return [
        Sum(
            quote=quote,
            trades=sum(row.trades for row in group),
            realised=_added(row.realised for row in group) or _ZERO,
            unrealised=_added(row.unrealised for row in group),
            fees=_added(row.fees for row in group) or _ZERO,
            total=_added(row.total for row in group),
        )
        for quote, group in sorted(by_quote.items())
    ]


def _added(figures: Iterable[Decimal | None]) -> Decimal | None:
    total = _ZERO
    for figure in figures:
        if figure is None:
            return None
        total = EXACT.add(total, figure)
    return total
