"""Orders that wait for a price: what fires them, and the index that finds them at once.

A price that fires nothing costs a few comparisons, however many orders wait.
"""

from bisect import bisect_left, insort

from cryptovault.engine.book import Order
from cryptovault.engine.commands import Terms
from cryptovault.engine.limits import MAX_AMOUNT
from cryptovault.engine.trailing import Trails, distance
from cryptovault.engine.types import InvariantBroken, OrderType, Side

PRICED = frozenset({OrderType.LIMIT, OrderType.STOP_LIMIT, OrderType.TAKE_PROFIT_LIMIT})
"""Types that are limit orders, at once or once fired."""

STOPS = frozenset({OrderType.STOP, OrderType.STOP_LIMIT, OrderType.TRAILING_STOP})
TAKE_PROFITS = frozenset({OrderType.TAKE_PROFIT, OrderType.TAKE_PROFIT_LIMIT})

_HIGHEST = MAX_AMOUNT + 1
_NEVER_CALM = (0, 0)

Fired = tuple[int, int]
"""An order's id and, of a trailing stop, the best price it has seen."""

_TRAILING = OrderType.TRAILING_STOP
_BUY = Side.BUY


def fires_rising(side: Side, kind: OrderType) -> bool:
    """Whether the order fires at prices from its trigger upwards; else downwards."""
    return (side is _BUY) == (kind in STOPS)


def is_reached(side: Side, kind: OrderType, trigger: int, price: int) -> bool:
    """Whether this price fires an order with this trigger."""
    return price >= trigger if fires_rising(side, kind) else price <= trigger


def is_active(side: Side, activation: int, price: int) -> bool:
    """Whether a trailing stop trails from this price on: at once, or when the price has come its owner's way."""
    return not activation or (price <= activation if side is _BUY else price >= activation)


def trailing_trigger(side: Side, best: int, terms: Terms) -> int:
    """Where the trigger of a trailing stop stands."""
    behind = distance(best, terms.trail, terms.trail_ppm)
    return best + behind if side is _BUY else best - behind


class Ladder:
    """Trigger prices in order. `sign` is 1 where a falling price reaches the highest first, -1 for a rising price."""

    __slots__ = ("rungs", "sign")

    def __init__(self, sign: int) -> None:
        self.sign = sign
        self.rungs: list[tuple[int, int]] = []

    def add(self, price: int, order_id: int) -> None:
        """Put an order on its rung."""
        insort(self.rungs, (price * self.sign, order_id))

    def remove(self, price: int, order_id: int) -> None:
        """Take an order down."""
        rung = (price * self.sign, order_id)
        position = bisect_left(self.rungs, rung)
        if position == len(self.rungs) or self.rungs[position] != rung:
            raise InvariantBroken(f"order {order_id} does not wait at {price}")
        del self.rungs[position]

    def take_reached(self, price: int) -> list[int]:
        """Remove and give the ids of all whose trigger this price reaches."""
        rank, rungs = price * self.sign, self.rungs
        taken: list[int] = []
        while rungs and rungs[-1][0] >= rank:
            taken.append(rungs.pop()[1])
        return taken


class Watcher:
    """All orders of a market that wait for one price source. `sleepers` are trailing stops not active yet.

    A price between the two of `calm`, where they are known, changes nothing at all.
    """

    __slots__ = ("calm", "falling", "rising", "sleepers", "trails")

    def __init__(self) -> None:
        self.rising = Ladder(-1)
        self.falling = Ladder(1)
        self.sleepers: dict[int, Order] = {}
        self.trails = (Trails(-1), Trails(1))  # by Side
        self.calm = _NEVER_CALM

    def ladder(self, side: Side, kind: OrderType) -> Ladder:
        """Where an order of this kind waits: for its trigger, or, a trailing stop, for its activation price."""
        rising = (side is not _BUY) if kind is _TRAILING else fires_rising(side, kind)
        return self.rising if rising else self.falling

    def add(self, order: Order, best: int) -> None:
        """Wait for a trigger; a trailing stop for its activation price where `best` is 0."""
        self.calm = _NEVER_CALM
        kind, terms = watched(order)
        if best:
            self.trails[order.side].add(order.id, best, terms.trail, terms.trail_ppm)
        elif kind is _TRAILING:
            self.sleepers[order.id] = order
            self.ladder(order.side, kind).add(terms.activation_price, order.id)
        else:
            self.ladder(order.side, kind).add(terms.trigger_price, order.id)

    def remove(self, order: Order) -> int:
        """Wait no longer; the best price a trailing stop has seen, 0 where it has seen none."""
        self.calm = _NEVER_CALM
        kind, terms = watched(order)
        if order.id in self.trails[order.side].places:
            return self.trails[order.side].remove(order.id, terms.trail, terms.trail_ppm)
        sleeps = self.sleepers.pop(order.id, None)
        self.ladder(order.side, kind).remove(terms.activation_price if sleeps else terms.trigger_price, order.id)
        return 0

    def best(self, order: Order) -> int:
        """The best price a trailing stop has seen, 0 where it is not active or the order is none."""
        cohort = self.trails[order.side].places.get(order.id)
        return cohort.best if cohort else 0

    def move(self, price: int) -> list[Fired]:
        """A new price: remove and give what it fires."""
        low, high = self.calm
        if low < price < high:
            return []
        fired = self.trails[0].move(price) + self.trails[1].move(price)
        for order_id in self.rising.take_reached(price) + self.falling.take_reached(price):
            sleeper = self.sleepers.pop(order_id, None)
            if sleeper is None:
                fired.append((order_id, 0))
            else:
                self.add(sleeper, price)
        self.calm = self._calm()
        return fired

    def _calm(self) -> tuple[int, int]:
        """The nearest prices below and above that fire an order or move a trigger."""
        buys, sells = self.trails
        lows = [rungs[-1][0] for rungs in (self.falling.rungs, sells.firsts) if rungs]
        lows += [cohort.best for cohort in buys.cohorts[-1:]]
        highs = [-rungs[-1][0] for rungs in (self.rising.rungs, buys.firsts) if rungs]
        highs += [cohort.best for cohort in sells.cohorts[-1:]]
        return max(lows, default=0), min(highs, default=_HIGHEST)


def watched(order: Order) -> tuple[OrderType, Terms]:
    """Type and terms of an order that waits."""
    if order.state is None or order.state.terms is None:
        raise InvariantBroken(f"{order} has no trigger")
    return order.state.type, order.state.terms


def trigger_now(order: Order, best: int) -> Terms:
    """The terms of a waiting order as they are told: of a trailing stop, with its trigger where it stands."""
    terms = watched(order)[1]
    return terms._replace(trigger_price=trailing_trigger(order.side, best, terms)) if best else terms
