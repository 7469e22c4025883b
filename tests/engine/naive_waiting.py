"""The naive exchange's orders that wait for a price: every one of them is looked at for every price that is seen."""

from fractions import Fraction
from math import ceil, floor
from typing import Any

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
WITH_LIMIT = (OrderType.STOP_LIMIT, OrderType.TAKE_PROFIT_LIMIT)


class NaiveWaiting(NaiveOrders):
    """Adds stops, take-profits and trailing stops."""

    def place(self, command: Any) -> Answer:
        if command.type <= OrderType.LIMIT:
            return super().place(command)
        self.refuse_first((Reject.MARKET_UNKNOWN, command.market not in self.markets))
        market = self.markets[command.market]
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

    def start(self, market: Any, command: Any) -> int:
        """The price a trailing stop begins to trail from at once, or 0."""
        price, activation = self.price_now(market, command.terms.trigger_by), command.terms.activation_price
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

    def first_trigger(self, market: Any, command: Any) -> int:
        return self.trigger(command, self.start(market, command) or command.terms.activation_price)

    def need(self, market: Any, command: Any) -> Fraction:
        """What it has to hold, in coins."""
        qty = self.coins(market.base, command.qty)
        if command.side == Side.SELL:
            return qty
        collar = Fraction(market.rules.collar, 1_000_000)
        highest = floor(self.first_trigger(market, command) * (1 + collar))
        return qty * self.coins_per_coin(market, command.price or highest)

    def fires(self, command: Any, trigger: int, price: int) -> bool:
        if (command.side == Side.BUY) == (command.type in STOP_KINDS):
            return price >= trigger
        return price <= trigger

    def refuse_waiting(self, market: Any, command: Any) -> None:
        terms, rules, limit = command.terms, market.rules, command.type in WITH_LIMIT
        trailing = command.type == OrderType.TRAILING_STOP
        stays = command.tif in (TimeInForce.GTC, TimeInForce.GTD)
        bad_trail = (
            terms.trigger_price or bool(terms.trail) == bool(terms.trail_ppm) or terms.trail < 0
            or not 0 <= terms.trail_ppm < 1_000_000 or terms.activation_price < 0
        )  # fmt: skip
        bad_trigger = terms.trigger_price <= 0 or terms.trail or terms.trail_ppm or terms.activation_price
        self.refuse_first(
            (Reject.MARKET_HALTED, market.status == MarketStatus.HALTED),
            (Reject.MARKET_CANCEL_ONLY, market.status == MarketStatus.CANCEL_ONLY),
            (Reject.MARKET_POST_ONLY, market.status == MarketStatus.POST_ONLY and not command.post_only),
            (Reject.MARKET_PRE_OPEN, market.status == MarketStatus.PRE_OPEN),
            (Reject.ORDER_INVALID, command.budget or (command.post_only and not limit)),
            (Reject.ORDER_INVALID, not stays and (not limit or command.post_only)),
            (Reject.ORDER_INVALID, terms.visible_qty or terms.reduce_to_available),
            (Reject.ORDER_INVALID, terms.expires_at and command.tif != TimeInForce.GTD),
            (Reject.EXPIRY_INVALID, command.tif == TimeInForce.GTD and not 0 < terms.expires_at - self.at <= MAX_AHEAD),
            (Reject.TRIGGER_INVALID, bad_trail if trailing else bad_trigger),
            (Reject.PRICE_INVALID, command.price < 0 or limit != (command.price > 0)),
            (Reject.QTY_INVALID, not 0 < command.qty <= rules.max_qty),
            (Reject.LOT_SIZE, command.qty % rules.lot != 0),
        )
        price = self.price_now(market, terms.trigger_by)
        self.refuse_first((Reject.PRICE_STALE, trailing and not price and not terms.activation_price))
        first = self.first_trigger(market, command)
        self.refuse_first((Reject.TRIGGER_INVALID, first <= 0))
        worth = self.coins_per_coin(market, command.price or first) * self.coins(market.base, command.qty)
        mine = [
            o for o in self.current()
            if o.status in OPEN and o.account == command.account
            and o.market == command.market and not o.quote
        ]  # fmt: skip
        asset = market.quote if command.side == Side.BUY else market.base
        self.refuse_first(
            (Reject.WOULD_TRIGGER, not trailing and price and self.fires(command, first, price)),
            (Reject.MIN_NOTIONAL, worth < self.coins(market.quote, rules.min_notional)),
            (Reject.TOO_MANY_ORDERS, len(mine) >= rules.max_open_orders),
            (Reject.INSUFFICIENT_FUNDS, self.need(market, command) > self.available(command.account, asset)),
        )

    # What happens sets off more

    def after(self) -> None:
        """Look at everything seen so far, in order; then execute the oldest that has fired; and so on."""
        fired: dict[int, int] = {}
        while True:
            for symbol, source, price in self.take_seen():
                self.look(symbol, source, price, fired)
            if not fired:
                return
            oldest = min(fired)
            self.execute(self.orders[oldest - 1], fired.pop(oldest))

    def take_seen(self) -> list[Any]:
        seen, self.seen = self.seen, []
        return seen

    def look(self, symbol: str, source: TriggerSource | None, price: int, fired: dict[int, int]) -> None:
        """A price was seen; without a source, the market may just have opened."""
        market = self.markets[symbol]
        if market.status != MarketStatus.OPEN:
            return
        if source is None:
            for each in TriggerSource:
                self.look(symbol, each, self.price_now(market, each), fired)
            return
        for order in self.current():
            waits = order.status == OrderStatus.WAITING and order.market == symbol and order.id not in fired
            if price and waits and order.command.terms.trigger_by == source:
                self.see(order, price, fired)

    def see(self, order: Any, price: int, fired: dict[int, int]) -> None:
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
            fired[order.id] = price

    def execute(self, order: Any, price: int) -> None:
        market, command = self.markets[order.market], order.command
        if market.status != MarketStatus.OPEN:
            return  # what fired before it has halted the market: it waits on
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
