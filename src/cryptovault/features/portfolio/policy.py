"""Valuation: pure rules on exact decimals. Nothing here reads a clock, a price or a database.

Amounts are `Decimal` made from strings. Money is shown in US dollars with two decimals, rounded half to
even at the very end; sums are made of unrounded values.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import reduce
from typing import NamedTuple

from cryptovault.infra.feeds.candles import INTERVALS_MS

ZERO = Decimal(0)
HUNDRED = Decimal(100)
CENT = Decimal("0.01")
EXACT = Context(prec=60)
"""Products of two ledger amounts have at most 36 significant digits each; sixty keep every sum exact."""

DAY = INTERVALS_MS["1d"]
INTERVALS = {milliseconds: name for name, milliseconds in INTERVALS_MS.items()}
"""Candle intervals by their length in ms, finest first."""
MAX_POINTS = 60


class Move(NamedTuple):
    """A change of one asset's amount in one step of a curve; `external` for what came from or went outside."""

    step: int
    asset: str
    amount: Decimal
    external: bool


class Point(NamedTuple):
    """The value of everything at one time (ms)."""

    at: int
    value: Decimal


class Gain(NamedTuple):
    """What prices and trading made of the portfolio; deposits and withdrawals are not gains."""

    usd: Decimal
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Position:
    """How much of an asset was acquired and what it cost in dollars; cost None means that nobody knows."""

    qty: Decimal = ZERO
    cost: Decimal | None = ZERO

    def acquire(self, qty: Decimal, cost: Decimal | None) -> "Position":
        """More of it, at a known or an unknown cost. One unknown makes the whole unknown."""
        known = None if self.cost is None or cost is None else EXACT.add(self.cost, cost)
        return Position(EXACT.add(self.qty, qty), known)

    def dispose(self, qty: Decimal) -> "Position":
        """Less of it: the cost shrinks in proportion (average cost method). An empty position is a fresh start."""
        if qty >= self.qty:
            return Position()
        left = EXACT.subtract(self.qty, qty)
        known = None if self.cost is None else EXACT.divide(EXACT.multiply(self.cost, left), self.qty)
        return Position(left, known)

    @property
    def average_cost(self) -> Decimal | None:
        """Dollars per unit, where there is something and its cost is known."""
        return EXACT.divide(self.cost, self.qty) if self.cost is not None and self.qty else None


def money(value: Decimal) -> str:
    """Dollars for people: two decimals, never an exponent, never minus zero."""
    return f"{value.quantize(CENT, context=EXACT) + ZERO:f}"


def plain(value: Decimal, digits: int = 12) -> str:
    """A canonical decimal string with at most `digits` significant digits: no exponent, no trailing zeros."""
    text = f"{Context(prec=digits).plus(value):f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def total(values: Iterable[Decimal]) -> Decimal:
    """The exact sum."""
    return reduce(EXACT.add, values, ZERO)


def worth(amounts: Mapping[str, Decimal], prices: Mapping[str, Decimal]) -> Decimal:
    """The value of what has a price; the rest counts as nothing."""
    return total(EXACT.multiply(amount, prices[asset]) for asset, amount in amounts.items() if asset in prices)


def percent_of(part: Decimal, whole: Decimal) -> Decimal:
    """Part of the whole in percent, to two decimals; of nothing everything is 0 %."""
    return EXACT.divide(EXACT.multiply(part, HUNDRED), whole).quantize(CENT, context=EXACT) if whole else ZERO


def allocation(values: Mapping[str, Decimal]) -> list[tuple[str, Decimal, Decimal]]:
    """(asset, value, percent), largest first. Percentages are of two decimals and sum to exactly 100."""
    whole = total(values.values())
    rows = sorted(((asset, value) for asset, value in values.items() if value > 0), key=lambda row: (-row[1], row[0]))
    shares = [percent_of(value, whole) for _, value in rows]
    if shares:
        # Rounding each share alone may leave a hundredth over: the largest row carries it.
        shares[0] += HUNDRED - total(shares)
    return [(asset, value, share) for (asset, value), share in zip(rows, shares, strict=True)]


def step_for(span: int) -> int:
    """The finest candle interval (ms) that covers a span (ms) with at most sixty points."""
    return next((step for step in INTERVALS if span <= step * MAX_POINTS), DAY)


def price_at(closes: Sequence[tuple[int, Decimal]], at: int, otherwise: Decimal | None) -> Decimal | None:
    """The last close (time, price; oldest first) not after `at`; before the first one, that first one."""
    if not closes:
        return otherwise
    index = bisect_right(closes, at, key=lambda close: close[0])
    return closes[max(index - 1, 0)][1]


def curve(
    times: Sequence[int],
    amounts_now: Mapping[str, Decimal],
    moves: Iterable[Move],
    prices: Sequence[Mapping[str, Decimal]],
) -> list[Point]:
    """The value at each time, found by walking back from what is there now.

    `moves` of step i happened between `times[i]` and `times[i + 1]`; `prices[i]` are those at `times[i]`.
    """
    by_step: dict[int, list[Move]] = {}
    for move in moves:
        by_step.setdefault(move.step, []).append(move)
    amounts = dict(amounts_now)
    points = []
    for index in range(len(times) - 1, -1, -1):
        for move in by_step.get(index, ()):
            amounts[move.asset] = EXACT.subtract(amounts.get(move.asset, ZERO), move.amount)
        points.append(Point(times[index], worth(amounts, prices[index])))
    return points[::-1]


def gain(points: Sequence[Point], moves: Iterable[Move], prices: Sequence[Mapping[str, Decimal]]) -> Gain:
    """End minus start minus what came in from outside, each valued when it came; percent of start plus deposits."""
    if not points:
        return Gain(ZERO, ZERO)
    flows = [worth({move.asset: move.amount}, prices[move.step]) for move in moves if move.external]
    start, end = points[0].value, points[-1].value
    usd = total((end, -start, *(-flow for flow in flows)))
    invested = total((start, *(flow for flow in flows if flow > 0)))
    return Gain(usd, percent_of(usd, invested))


def grid(start: int, end: int) -> list[int]:
    """Times from start to end (ms): the start, each boundary of the fitting interval between them, and the end.

    What happens at time t falls in step `t // step - start // step`.
    """
    step = step_for(end - start)
    inner = range((start // step + 1) * step, end, step)
    return [start, *inner, end]
