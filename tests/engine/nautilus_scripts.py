"""Random lives of one client in a random world; the same seed gives the same life.

Sensible where the two exchanges can be compared, and foolish there. What nautilus_trader cannot know is kept out:
docs/reference/differential.md says what, and why.
"""

import random

from cryptovault.engine.commands import Leg, PlaceBracket, PlaceOco, PlaceOrder, Terms
from cryptovault.engine.events import OrderState
from cryptovault.engine.types import GroupRole, OrderStatus, OrderType, Side, TimeInForce
from engine.nautilus_comparing import ME, PAIR, Both

LIMITED = (OrderType.STOP_LIMIT, OrderType.TAKE_PROFIT_LIMIT)
AWAY = (OrderType.STOP, OrderType.STOP_LIMIT, OrderType.TRAILING_STOP)
TOWARDS = (OrderType.TAKE_PROFIT, OrderType.TAKE_PROFIT_LIMIT)
DEPTH = 6  # orders that the world keeps on each side


class Life:
    """What happens next, given how things stand."""

    def __init__(self, rng: random.Random, both: Both) -> None:
        self.rng = rng
        self.both = both
        self.placed = 0

    def step(self) -> None:
        """One thing that the client or the world does."""
        rng = self.rng
        if rng.random() < 0.3:
            self.both.wait(rng.choice((1, 5, 20)))
        self._keep_depth()
        things = {
            self.world_adds: 18,
            self.world_shrinks: 9,
            self.world_sweeps: 14,
            self.world_jumps: 6,
            self.cancel: 6,
        }
        if not self._pending():
            things |= {self.order: 30, self.waiting: 20, self.pair: 10, self.amend: 12, self.cancel_all: 3}
        if not self.both.open:
            things[self.bracket] = 40
        rng.choices(list(things), list(things.values()))[0]()

    # The client

    def order(self) -> None:
        """A market or a limit order."""
        rng, side = self.rng, self._side()
        kind = OrderType.MARKET if rng.random() < 0.2 else OrderType.LIMIT
        tif = rng.choices(tuple(TimeInForce), (6, 3, 2, 1))[0]
        price = 0
        if kind is OrderType.MARKET:
            tif = TimeInForce.IOC if tif is TimeInForce.GTD else tif
        else:
            price = self._free_price(side, self._offer(side) + rng.randint(-5, 4))
        post_only = kind is OrderType.LIMIT and tif in {TimeInForce.GTC, TimeInForce.GTD} and rng.random() < 0.2
        self._place(side, kind, tif, price, post_only=post_only, terms=self._date(tif))

    def waiting(self) -> None:
        """A stop, a take-profit or a trailing stop: one at a time each way, so that no price fires two."""
        rng, side = self.rng, self._side()
        waiting = {state.type for state in self.both.open.values()}
        kinds = [kind for group in (AWAY, TOWARDS) if not waiting.intersection(group) for kind in group]
        if not kinds:
            return
        kind = rng.choice(kinds)
        trails = OrderType.TRAILING_STOP in {kind, *waiting}
        if trails and waiting.union({kind}).intersection(LIMITED):
            return
        tif = rng.choices((TimeInForce.GTC, TimeInForce.GTD), (4, 1))[0]
        price = 0
        trigger = self._trigger(side, kind, rng.randint(-1 if rng.random() < 0.1 else 1, 6))
        if kind in LIMITED:
            tif = rng.choices(tuple(TimeInForce), (5, 1, 1, 1))[0]
            price = self._free_price(side, trigger + rng.randint(-4, 4))
        date = self._date(tif) or Terms()
        terms = date._replace(trigger_price=trigger)
        if kind is OrderType.TRAILING_STOP:
            terms = date._replace(trail=rng.randint(1, 6), activation_price=self._activation(side))
        sign = 1 if side is Side.BUY else -1
        beyond = price > 0 and (price - trigger) * sign >= 0
        post_only = beyond and tif in {TimeInForce.GTC, TimeInForce.GTD} and rng.random() < 0.2
        self._place(side, kind, tif, price, post_only=post_only, terms=terms)

    def pair(self) -> None:
        """One cancels the other."""
        rng, side = self.rng, self._side()
        if any(state.type in AWAY + TOWARDS for state in self.both.open.values()):
            return
        better = self._free_price(side, self._trigger(side, OrderType.TAKE_PROFIT, rng.randint(1, 6)))
        worse = self._trigger(side, OrderType.STOP, rng.randint(1, 6))
        date = self.both.at + rng.randint(10, 300) if rng.random() < 0.1 else 0
        self.placed += 2
        legs = self._legs(side, better, worse, trails=True)
        self.both.place_pair(PlaceOco(ME, f"c{self.placed}", PAIR, side, self._qty(), *legs, date))

    def bracket(self) -> None:
        """An entry that fills at once or rests alone, and brings two exits."""
        rng, side = self.rng, self._side()
        sign = 1 if side is Side.BUY else -1
        offer, touch = self._offer(side), self.both.world.touch(side)
        entry, tif = rng.choice(
            (
                (Leg(OrderType.MARKET), TimeInForce.IOC),
                (Leg(OrderType.LIMIT, offer + sign * rng.randint(-1, 3)), TimeInForce.FOK),
                (Leg(OrderType.LIMIT, offer - sign * rng.randint(1, 5)), TimeInForce.GTC),
            )
        )
        first, last = (max, min) if side is Side.BUY else (min, max)
        better = first(offer, entry.price or offer) + sign * rng.randint(1, 6)
        worse = last(touch, entry.price or offer) - sign * rng.randint(1, 6)
        legs = self._legs(Side(1 - side), better, worse, trails=tif is not TimeInForce.GTC)
        post_only = tif is TimeInForce.GTC and rng.random() < 0.3
        self.placed += 3
        self.both.place_bracket(
            PlaceBracket(ME, f"c{self.placed}", PAIR, side, self._qty(), entry, *legs, tif, post_only)
        )

    def _legs(self, side: Side, better: int, worse: int, *, trails: bool) -> tuple[Leg, Leg]:
        """A take-profit and a stop of this side."""
        rng, sign = self.rng, 1 if side is Side.SELL else -1
        near = self._free_price(side, better - sign * rng.randint(0, 2))
        profits = (
            Leg(OrderType.LIMIT, better),
            Leg(OrderType.TAKE_PROFIT, 0, Terms(better)),
            Leg(OrderType.TAKE_PROFIT_LIMIT, near, Terms(better)),
        )
        losses = (
            Leg(OrderType.STOP, 0, Terms(worse)),
            Leg(OrderType.STOP_LIMIT, self._free_price(side, worse - sign * rng.randint(0, 3)), Terms(worse)),
            Leg(OrderType.TRAILING_STOP, 0, Terms(trail=rng.randint(1, 6))),
        )
        return rng.choice(profits), rng.choice(losses if trails else losses[:2])

    def amend(self) -> None:
        """Another price, quantity or trigger, where the order has such."""
        rng = self.rng
        names = [name for name, state in self.both.open.items() if self._may_amend(state)]
        if not names:
            return
        name = rng.choice(sorted(names))
        state = self.both.open[name]
        new: dict[str, int] = {}
        if not state.group and rng.random() < 0.5:
            new["qty"] = max(state.filled + 1, state.qty + rng.randint(-4, 4))
        price = self._free_price(state.side, state.price + rng.randint(-3, 3))
        if state.price and rng.random() < 0.5 and not (state.group and self._reaches(state.side, price)):
            new["price"] = price
        if state.status is OrderStatus.WAITING and rng.random() < 0.5:
            new["trigger_price"] = state.terms.trigger_price + rng.randint(-3, 3)
        if new:
            self.both.amend(name, **new)

    @staticmethod
    def _may_amend(state: OrderState) -> bool:
        """Trailing stops have nothing to amend, and a post-only take-profit-limit must keep its limit behind."""
        behind = state.type is OrderType.TAKE_PROFIT_LIMIT and state.post_only
        return state.type is not OrderType.TRAILING_STOP and not behind

    def cancel(self) -> None:
        """Any of the open orders but exits that sleep."""
        names = [name for name, state in self.both.open.items() if state.status is not OrderStatus.DORMANT]
        if names:
            self.both.cancel(self.rng.choice(sorted(names)))

    def cancel_all(self) -> None:
        """Everything, one after the other, where cancelling one has not taken it along."""
        for name in sorted(self.both.open):
            if name in self.both.open:
                self.both.cancel(name)

    # The world

    def world_adds(self) -> None:
        """An order that rests, better than all others now and then."""
        rng, side = self.rng, self.rng.choice(tuple(Side))
        sign = 1 if side is Side.BUY else -1
        other = self._first_met(side)
        price = self.both.world.touch(side) + sign * rng.choice((-3, -2, -1, 0, 1, 2, 4, 7))
        if (other - price) * sign > 0 and self._middle(price):
            self.both.world_places(side, price, self._qty())

    def world_shrinks(self) -> None:
        """An order is cancelled, or gets smaller."""
        rng, side = self.rng, self.rng.choice(tuple(Side))
        order = rng.choice(self.both.world.orders(side)[:4])
        if order.left < 10**5:
            self.both.world_shrinks(order, rng.choice((order.left, rng.randint(1, order.left))))

    def world_sweeps(self) -> None:
        """An order reaches the other side, and maybe the client's orders there."""
        rng, side = self.rng, self.rng.choice(tuple(Side))
        sign = 1 if side is Side.BUY else -1
        if (pending := self._pending()) and next(iter(pending)).side is side:
            self._fill_entry()
            return
        price = self._first_met(side) + sign * rng.choice((0, 0, 1, 2, 3, 5))
        if not self._middle(price) or self._fires_unseen(side, price):
            return
        self.both.world_places(side, price, rng.choice((1, 3, 8, 15, 40)))

    def world_jumps(self) -> None:
        """One side goes away without a trade, and the other follows it."""
        rng, side = self.rng, self.rng.choice(tuple(Side))
        sign = 1 if side is Side.BUY else -1
        price = self.both.world.touch(side) + sign * rng.randint(2, 9)
        if not self._middle(price):
            return
        for order in self.both.world.orders(Side(1 - side)):
            if order.left and (price - order.price) * sign >= 0:
                self.both.world_shrinks(order, order.left)
        if (self._first_met(side) - price) * sign > 0:
            self.both.world_places(side, price, self._qty())

    def _fill_entry(self) -> None:
        """All of a bracket's entry trades, where its exits then find the price between them."""
        entry = next(state for state in self.both.open.values() if state.role is GroupRole.ENTRY)
        sign = 1 if entry.side is Side.BUY else -1
        queue = self.both.world.orders(entry.side)
        ahead = sum(order.left for order in queue if (order.price - entry.price) * sign >= 0)
        behind = next(order.price for order in queue if (order.price - entry.price) * sign < 0)
        for state in self._pending():
            trigger = state.terms.trigger_price if state.terms is not None else 0
            if state.role is GroupRole.STOP_LOSS and (behind - trigger) * sign <= 0:
                return
            if state.role is GroupRole.TAKE_PROFIT and trigger and (self.both.reference - trigger) * sign >= 0:
                return
        self.both.world_places(Side(1 - entry.side), entry.price, ahead + entry.qty + self.rng.randint(0, 5))

    def _pending(self) -> list[OrderState]:
        """Exits that sleep until their entry trades."""
        return [state for state in self.both.open.values() if state.status is OrderStatus.DORMANT]

    def _fires_unseen(self, side: Side, price: int) -> bool:
        """Whether an order of the client waits for this very price, or trails it: nobody can say when it saw it."""
        sign = 1 if side is Side.BUY else -1
        for state in self.both.open.values():
            if state.side is side:
                continue
            if state.type is OrderType.TRAILING_STOP:
                return True
            waits = state.status is OrderStatus.WAITING and state.type in TOWARDS
            if waits and (price - state.terms.trigger_price) * sign >= 0:
                return True
        return False

    def _keep_depth(self) -> None:
        for side in Side:
            sign = 1 if side is Side.BUY else -1
            while self.both.world.count(side) < DEPTH:
                near = self._first_met(side) - sign * self.rng.randint(1, 8)
                price = min(near, 110) if side is Side.BUY else max(near, 90)
                self.both.world_places(side, price, self._qty())

    # Figures

    def _place(
        self, side: Side, kind: OrderType, tif: TimeInForce, price: int, *, post_only: bool, terms: Terms | None
    ) -> None:
        self.placed += 1
        self.both.place(
            PlaceOrder(
                ME, f"c{self.placed}", PAIR, side, kind, tif, price, self._qty(), post_only=post_only, terms=terms
            )
        )

    def _side(self) -> Side:
        """The side of the orders that are open, since nautilus_trader lets one's own orders pass each other."""
        for state in self.both.open.values():
            return state.side
        return self.rng.choice(tuple(Side))

    def _qty(self) -> int:
        return self.rng.choice((1, 2, 3, 5, 8, 13, 30))

    def _date(self, tif: TimeInForce) -> Terms | None:
        return Terms(expires_at=self.both.at + self.rng.randint(1, 200)) if tif is TimeInForce.GTD else None

    def _offer(self, side: Side) -> int:
        """What the world offers an order of this side."""
        return self.both.world.touch(Side(1 - side))

    def _reaches(self, side: Side, price: int) -> bool:
        return price >= self._offer(side) if side is Side.BUY else price <= self._offer(side)

    def _trigger(self, side: Side, kind: OrderType, distance: int) -> int:
        """A trigger so far from where it would fire at once."""
        away = (kind in AWAY) == (side is Side.BUY)
        return self._offer(side) + (distance if away else -distance)

    def _activation(self, side: Side) -> int:
        """Where a trailing stop begins, in reach but not reached; or nowhere."""
        sign = 1 if side is Side.SELL else -1
        return self.rng.choice((0, self._offer(side) + sign * self.rng.randint(1, 4)))

    def _free_price(self, side: Side, price: int) -> int:
        """The nearest price behind at which the client has no order yet: who of them is first is a difference."""
        taken = {state.price for state in self.both.open.values()}
        while price in taken:
            price += -1 if side is Side.BUY else 1
        return price

    def _first_met(self, side: Side) -> int:
        """The first price that an order of this side would reach, the client's orders included."""
        other = Side(1 - side)
        prices = [self.both.world.touch(other)]
        mine = [(name, state.price) for name, state in self.both.open.items() if state.side is other]
        prices += [price for name, price in mine if self.both.theirs.resting(name)]
        return (min if side is Side.BUY else max)(prices)

    @staticmethod
    def _middle(price: int) -> bool:
        return 75 <= price <= 125
