"""The naive exchange's orders that wait for a price: every one of them is looked at for every price that is seen."""

from fractions import Fraction
from math import ceil, floor
from typing import Any

from cryptovault.engine import limits
from cryptovault.engine.commands import Terms
from cryptovault.engine.limits import MAX_AHEAD
from cryptovault.engine.rejects import Reject
from cryptovault.engine.types import (
    CloseReason,
    MarketStatus,
    OrderStatus,
    OrderType,
    Side,
    TimeInForce,
    TriggerSource,
)
from engine.naive_ledger import OPEN, Answer
from engine.naive_orders import NaiveOrders

STOP_KINDS = (OrderType.STOP, OrderType.STOP_LIMIT, OrderType.TRAILING_STOP)
WITH_LIMIT = (OrderType.LIMIT, OrderType.STOP_LIMIT, OrderType.TAKE_PROFIT_LIMIT)


class NaiveWaiting(NaiveOrders):
    """Adds stops, take-profits and trailing stops."""

    def place(self, command: Any) -> Answer:
        if command.type <= OrderType.LIMIT:
            return super().place(command)
        self.refuse_first((Reject.MARKET_UNKNOWN, command.market not in self.markets))
        market = self.markets[command.market]
        self.refuse_closed(market, command)
        self.refuse_shape(market, command)
        if command.terms.reduce_to_available:
            command = self.reduce_waiting(market, command)
        self.refuse_waiting(market, command)
        order = self.new_order(command.account, command.market, command.side, command.price, command)
        order.status = OrderStatus.WAITING
        order.hold = self.need(market, command)
        order.best = self.start(market, command)
        return self.told(order)

    def price_now(self, market: Any, source: TriggerSource) -> int:
        """The price such orders look at, or 0."""
        if source == TriggerSource.LAST_TRADE:
            return market.last
        return 0 if self.is_stale(market) else market.mark

    def start(self, market: Any, command: Any, fallback: int = 0) -> int:
        """The price a trailing stop begins to trail from at once, or 0."""
        price = self.price_now(market, command.terms.trigger_by) or fallback
        activation = command.terms.activation_price
        if command.type != OrderType.TRAILING_STOP or not price:
            return 0
        came = price <= activation if command.side == Side.BUY else price >= activation
        return price if came or not activation else 0

    def trigger(self, command: Any, best: int) -> int:
        """Where the trigger stands."""
        terms = command.terms
        if command.type != OrderType.TRAILING_STOP:
            return terms.trigger_price
        trail = terms.trail or ceil(Fraction(best * terms.trail_ppm, 1_000_000))
        return best + trail if command.side == Side.BUY else best - trail

    def first_trigger(self, market: Any, command: Any, fallback: int) -> int:
        return self.trigger(command, self.start(market, command, fallback) or command.terms.activation_price)

    def need(self, market: Any, command: Any, fallback: int = 0) -> Fraction:
        """What it has to hold, in coins."""
        qty = self.coins(market.base, command.qty)
        if command.side == Side.SELL:
            return qty
        if command.price:
            return qty * self.coins_per_coin(market, command.price)
        collar = Fraction(market.rules.collar, 1_000_000)
        return qty * self.coins_per_coin(market, floor(self.first_trigger(market, command, fallback) * (1 + collar)))

    def fires(self, command: Any, trigger: int, price: int) -> bool:
        if (command.side == Side.BUY) == (command.type in STOP_KINDS):
            return price >= trigger
        return price <= trigger

    def reduce_waiting(self, market: Any, command: Any) -> Any:
        """The largest order that can be held for, or the order as it is where there is none."""
        first = self.first_trigger(market, command, 0)
        have = self.available(command.account, market.quote if command.side == Side.BUY else market.base)
        for qty in range(command.qty if first > 0 else 0, 0, -market.rules.lot):
            less = command._replace(qty=qty)
            if self.need(market, less) <= have:
                worth = self.coins_per_coin(market, command.price or first) * self.coins(market.base, qty)
                return less if worth >= self.coins(market.quote, market.rules.min_notional) else command
        return command

    def refuse_waiting(self, market: Any, command: Any) -> None:
        self.refuse_first(
            (Reject.VISIBLE_QTY_INVALID, self.is_wrong_part(market, command.terms.visible_qty, command.qty))
        )
        self.refuse_price(market, command)
        mine = [
            o for o in self.current()
            if o.status in OPEN and o.account == command.account
            and o.market == command.market and not o.quote
        ]  # fmt: skip
        asset = market.quote if command.side == Side.BUY else market.base
        self.refuse_first(
            (Reject.TOO_MANY_ORDERS, len(mine) >= market.rules.max_open_orders),
            (Reject.INSUFFICIENT_FUNDS, self.need(market, command) > self.available(command.account, asset)),
        )

    def refuse_closed(self, market: Any, command: Any) -> None:
        passes = command.type == OrderType.LIMIT and command.tif in (TimeInForce.IOC, TimeInForce.FOK)
        cannot_wait = passes or command.type == OrderType.MARKET
        self.refuse_first(
            (Reject.MARKET_HALTED, market.status == MarketStatus.HALTED),
            (Reject.MARKET_CANCEL_ONLY, market.status == MarketStatus.CANCEL_ONLY),
            (Reject.MARKET_POST_ONLY, market.status == MarketStatus.POST_ONLY and not command.post_only),
            (Reject.MARKET_PRE_OPEN, market.status == MarketStatus.PRE_OPEN and cannot_wait),
        )

    def refuse_shape(self, market: Any, command: Any, *, amended: bool = False) -> None:
        terms, rules, limit = command.terms or Terms(), market.rules, command.type in WITH_LIMIT
        stays = command.tif in (TimeInForce.GTC, TimeInForce.GTD)
        trail = terms.trail or terms.trail_ppm or terms.activation_price
        wrong_trigger = terms.trigger_price <= 0 or trail
        if command.type == OrderType.TRAILING_STOP:
            wrong_trigger = (
                terms.trigger_price or bool(terms.trail) == bool(terms.trail_ppm) or terms.trail < 0
                or not 0 <= terms.trail_ppm < 1_000_000 or terms.activation_price < 0
            )  # fmt: skip
        plain = command.type == OrderType.LIMIT
        whole = max(command.qty, terms.visible_qty) if amended else command.qty
        self.refuse_first(
            (Reject.ORDER_INVALID, command.budget or (command.post_only and not limit)),
            (Reject.ORDER_INVALID, not stays and (not limit or command.post_only)),
            (Reject.ORDER_INVALID, terms.visible_qty and not (limit and stays)),
            (Reject.VISIBLE_QTY_INVALID, self.is_wrong_part(market, terms.visible_qty, whole)),
            (Reject.ORDER_INVALID, terms.expires_at and command.tif != TimeInForce.GTD),
            (Reject.ORDER_INVALID, plain and (terms.trigger_price or trail)),
            (Reject.EXPIRY_INVALID, command.tif == TimeInForce.GTD and not 0 < terms.expires_at - self.at <= MAX_AHEAD),
            (Reject.TRIGGER_INVALID, not plain and wrong_trigger),
            (Reject.PRICE_INVALID, command.price < 0 or limit != (command.price > 0)),
            (Reject.QTY_INVALID, not 0 < command.qty <= rules.max_qty),
            (Reject.LOT_SIZE, command.qty % rules.lot != 0),
        )

    def refuse_price(self, market: Any, command: Any) -> None:
        terms, trailing = command.terms, command.type == OrderType.TRAILING_STOP
        price = self.price_now(market, terms.trigger_by)
        self.refuse_first((Reject.PRICE_STALE, trailing and not price and not terms.activation_price))
        first = self.first_trigger(market, command, 0)
        self.refuse_first((Reject.TRIGGER_INVALID, first <= 0))
        worth = self.coins_per_coin(market, command.price or first) * self.coins(market.base, command.qty)
        self.refuse_first(
            (Reject.WOULD_TRIGGER, not trailing and price and self.fires(command, first, price)),
            (Reject.MIN_NOTIONAL, worth < self.coins(market.quote, market.rules.min_notional)),
        )

    # What happens sets off more

    def after(self) -> None:
        self.settle()

    def settle(self) -> None:
        """Look at everything that has happened, in order; then execute the oldest that has fired; and so on.

        One command executes no more than so many; the others stay fired.
        """
        while True:
            while self.seen:
                self.look(*self.seen.pop(0))
            self.fired = {
                i: price for i, price in self.fired.items() if self.orders[i - 1].status == OrderStatus.WAITING
            }
            if not self.fired or self.executed == limits.MAX_FIRED:
                return
            oldest = min(self.fired)
            self.executed += 1
            self.execute(self.orders[oldest - 1], self.fired.pop(oldest))

    def look(self, what: Any, *more: Any) -> None:
        """A price was seen; without a source, the market may just have opened. Or an order has changed."""
        if what == "order":
            self.look_at(*more)
            return
        market, (source, price) = self.markets[what], more
        if market.status != MarketStatus.OPEN:
            return
        if source is None:
            for each in TriggerSource:
                self.look(what, each, self.price_now(market, each))
            return
        for order in self.current():
            waits = order.status == OrderStatus.WAITING and order.market == what and order.id not in self.fired
            if price and waits and order.command.terms.trigger_by == source:
                self.see(order, price)

    def look_at(self, order: Any, filled: Fraction, fee: Fraction, status: OrderStatus) -> None:
        """An order has changed: what it was then."""

    def fires_now(self, order: Any) -> None:
        """An order fires."""

    def see(self, order: Any, price: int) -> None:
        command = order.command
        if command.type == OrderType.TRAILING_STOP:
            buys, activation = command.side == Side.BUY, command.terms.activation_price
            if order.best:
                order.best = min(order.best, price) if buys else max(order.best, price)
            elif price <= activation if buys else price >= activation:
                order.best = price
            if not order.best:
                return
        if self.fires(command, self.trigger(command, order.best), price):
            self.fired[order.id] = price

    def execute(self, order: Any, price: int) -> None:
        market, command = self.markets[order.market], order.command
        if market.status != MarketStatus.OPEN:
            return  # what fired before it has halted the market: it waits on
        self.fires_now(order)
        order.fired = True
        collar = Fraction(market.rules.collar, 1_000_000)
        limit = command.price
        if not limit:
            share = 1 + collar if order.side == Side.BUY else 1 - collar
            limit = floor(price * share) if order.side == Side.BUY else max(1, ceil(price * share))
        others = self.queue(order.market, Side.SELL if order.side == Side.BUY else Side.BUY)
        found, _ = self.sweep(market, command._replace(type=OrderType.LIMIT, price=limit))
        if (
            (not command.price and not others)
            or (command.post_only and any(self.reaches(maker, limit) for maker in others))
            or (command.tif == TimeInForce.FOK and found < order.qty)
        ):
            self.close(order, CloseReason.NOT_PLACED)
            return
        order.purse = order.hold if order.side == Side.BUY and not command.price else None
        kind = OrderType.LIMIT if command.price else OrderType.MARKET
        order.command = command._replace(type=kind)
        self.run(market, order, limit, order.command)
