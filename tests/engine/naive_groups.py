"""The naive exchange's groups: one-cancels-other and brackets, all rules read from the state of the members."""

from fractions import Fraction
from types import SimpleNamespace
from typing import Any

from cryptovault.engine.commands import PlaceOrder, Terms
from cryptovault.engine.rejects import Reject
from cryptovault.engine.types import CloseReason, MarketStatus, OrderStatus, OrderType, Side, TimeInForce
from engine.naive_ledger import OPEN, Answer
from engine.naive_waiting import STOP_KINDS, NaiveWaiting

PROFIT_KINDS = (OrderType.LIMIT, OrderType.TAKE_PROFIT, OrderType.TAKE_PROFIT_LIMIT)
FINAL = (OrderStatus.FILLED, OrderStatus.CANCELLED, OrderStatus.EXPIRED)


class NaiveGroups(NaiveWaiting):
    """Adds PlaceOco and PlaceBracket."""

    def do_PlaceOco(self, command: Any) -> Answer:
        return self.once(command, self.place_oco)

    def do_PlaceBracket(self, command: Any) -> Answer:
        return self.once(command, self.place_bracket)

    def leg(self, command: Any, side: Side, leg: Any, expires_at: int) -> PlaceOrder:
        terms = leg.terms
        if expires_at or leg.type != OrderType.LIMIT:
            terms = (terms or Terms())._replace(expires_at=expires_at)
        tif = TimeInForce.GTD if expires_at else TimeInForce.GTC
        return PlaceOrder(
            command.account, command.key, command.market, side, leg.type, tif, leg.price, command.qty, 0, False,
            command.self_trade, terms,
        )  # fmt: skip

    def refuse_legs(self, market: Any, legs: list[PlaceOrder], entry: Any) -> None:
        profit, loss = legs
        self.refuse_first((Reject.GROUP_INVALID, profit.type not in PROFIT_KINDS or loss.type not in STOP_KINDS))
        for leg in legs:
            modest = leg.terms and (leg.terms.visible_qty or leg.terms.reduce_to_available)
            self.refuse_first((Reject.ORDER_INVALID, modest))
        for leg in legs:
            self.refuse_shape(market, leg)
        self.refuse_levels(legs, entry)

    def refuse_levels(self, legs: list[PlaceOrder], entry: Any) -> None:
        """The take-profit on the better side, the entry between."""
        between = {entry.price, entry.terms.trigger_price if entry.terms else 0} - {0} if entry else set()
        self.refuse_first((Reject.GROUP_INVALID, self.is_disorder(legs[0], between, legs[1].terms.trigger_price)))

    def is_disorder(self, profit: PlaceOrder, between: set[int], loss: int) -> bool:
        """Whether the take-profit, everything between and the stop are not in this order. 0 is no price."""
        target = profit.price if profit.type == OrderType.LIMIT else profit.terms.trigger_price
        pairs = [(target, loss)] + [(target, price) for price in between] + [(price, loss) for price in between]
        sells = profit.side == Side.SELL
        return any(one and two and (one <= two if sells else one >= two) for one, two in pairs)

    def strays(self, order: Any, price: int, trigger: int = 0) -> bool:
        """Whether an entry with these prices would no longer lie between its exits, or not short of its profit."""
        group, terms = order.group, order.command.terms
        if group is None or group.over or order is not group.entry:
            return False
        if price == order.price and trigger in (0, terms.trigger_price if terms else 0):
            return False
        profit, loss = group.exits
        sleeps = profit.status == OrderStatus.DORMANT
        return self.is_disorder(
            profit.command, {price, trigger} - {0}, loss.command.terms.trigger_price if sleeps else 0
        )

    def refuse_group(self, command: Any, market: Any, more: int) -> None:
        mine = [
            o for o in self.current()
            if o.status in OPEN and o.account == command.account and o.market == command.market and not o.quote
        ]  # fmt: skip
        self.refuse_first((Reject.TOO_MANY_ORDERS, len(mine) + more > market.rules.max_open_orders))

    def place_oco(self, command: Any) -> Answer:
        self.refuse_first((Reject.MARKET_UNKNOWN, command.market not in self.markets))
        market = self.markets[command.market]
        legs = [
            self.leg(command, command.side, leg, command.expires_at) for leg in (command.take_profit, command.stop_loss)
        ]
        self.refuse_closed(market, legs[0])
        self.refuse_legs(market, legs, None)
        for leg in legs:
            self.refuse_now(market, leg)
        self.refuse_group(command, market, 2)
        needs = [self.need(market, leg) for leg in legs]
        asset = market.quote if command.side == Side.BUY else market.base
        self.refuse_first((Reject.INSUFFICIENT_FUNDS, max(needs) > self.available(command.account, asset)))
        group = SimpleNamespace(entry=None, over=False)
        profit, loss = (self.new_leg(leg, group) for leg in legs)
        group.exits = [profit, loss]
        for order, hold in ((profit, needs[0]), (loss, max(Fraction(0), needs[1] - needs[0]))):
            self.begin(market, order, hold)
        return self.told_group(profit, 2)

    def refuse_now(self, market: Any, leg: PlaceOrder) -> None:
        """Given the prices now."""
        if leg.type != OrderType.LIMIT:
            self.refuse_price(market, leg)
            return
        others = self.queue(leg.market, Side.SELL if leg.side == Side.BUY else Side.BUY)
        worth = self.coins_per_coin(market, leg.price) * self.coins(market.base, leg.qty)
        self.refuse_first(
            (Reject.WOULD_TRIGGER, any(self.reaches(maker, leg.price) for maker in others)),
            (Reject.MIN_NOTIONAL, worth < self.coins(market.quote, market.rules.min_notional)),
        )

    def new_leg(self, leg: PlaceOrder, group: Any) -> Any:
        order = self.new_order(leg.account, leg.market, leg.side, leg.price, leg)
        order.group = group
        order.visible = self.coins(self.markets[leg.market].base, 10**30)
        return order

    def begin(self, market: Any, order: Any, hold: Fraction) -> None:
        """Rest, or wait."""
        if order.command.type == OrderType.LIMIT:
            order.status = OrderStatus.OPEN
            self.queue_up(order)
        else:
            order.status, order.hold = OrderStatus.WAITING, hold
            order.best = self.start(market, order.command)

    def told_group(self, first: Any, count: int) -> Answer:
        """The orders as they stand once all that this set off has happened."""
        self.settle()
        return ("group", *(self.told(order) for order in self.orders[first.id - 1 : first.id - 1 + count]))

    def place_bracket(self, command: Any) -> Answer:
        self.refuse_first((Reject.MARKET_UNKNOWN, command.market not in self.markets))
        market = self.markets[command.market]
        entry = PlaceOrder(
            command.account, command.key, command.market, command.side, command.entry.type, command.tif,
            command.entry.price, command.qty, 0, command.post_only, command.self_trade, command.entry.terms,
        )  # fmt: skip
        other = Side.SELL if command.side == Side.BUY else Side.BUY
        legs = [self.leg(command, other, leg, 0) for leg in (command.take_profit, command.stop_loss)]
        self.refuse_closed(market, entry)
        self.refuse_legs(market, legs, entry)
        self.refuse_group(command, market, 3)
        placed = self.place(entry)
        group = SimpleNamespace(over=False, entry=self.orders[placed[1] - 1])
        group.entry.group = group
        group.exits = [self.new_leg(leg, group) for leg in legs]
        for order in group.exits:
            order.status = OrderStatus.DORMANT
        self.news(group.entry)
        return self.told_group(group.entry, 3)

    # What members do to each other

    def look_at(self, order: Any, filled: Fraction, fee: Fraction, status: OrderStatus) -> None:
        """Something happened to this order; what it had traded by then."""
        group = order.group
        if group is None or group.over:
            return
        if order is group.entry:
            if filled:
                self.protect(group, filled, fee)
            if status in FINAL and group.exits[0].status == OrderStatus.DORMANT:
                self.end(group, CloseReason.NOT_PLACED if filled else CloseReason.LINKED, spare=order)
        elif order.filled or order.fired:
            self.end(group, CloseReason.LINKED, spare=order, with_entry=True)
        elif order.status in FINAL or group.exits[0].qty != group.exits[1].qty:
            self.end(group, CloseReason.LINKED, spare=order)

    def end(self, group: Any, reason: CloseReason, *, spare: Any, with_entry: bool = False) -> None:
        group.over = True
        for order in (*group.exits, group.entry if with_entry else None):
            if order is not None and order is not spare and order.status in OPEN:
                self.close(order, reason)

    def fires_now(self, order: Any) -> None:
        """It takes over what the pair held, and the others go."""
        group = order.group
        if group is not None and not group.over and order is not group.entry:
            order.hold = sum((self.held_by(exit_) for exit_ in group.exits), Fraction(0))
            self.end(group, CloseReason.LINKED, spare=order, with_entry=True)

    def held_by(self, order: Any) -> Fraction:
        if order.status == OrderStatus.WAITING:
            return order.hold
        return order.left * (
            self.coins_per_coin(self.markets[order.market], order.price) if order.side == Side.BUY else 1
        )

    def need_of(self, market: Any, order: Any, lots: int) -> Fraction:
        command = order.command._replace(qty=lots * market.rules.lot)
        if command.type == OrderType.LIMIT:
            return self.coins(market.base, command.qty) * (
                self.coins_per_coin(market, command.price) if command.side == Side.BUY else 1
            )
        return self.need(market, command, market.last)

    def protect(self, group: Any, filled: Fraction, fee: Fraction) -> None:
        """Let the exits stand for what came of the entry."""
        profit, loss = group.exits
        if profit.status in FINAL or profit.filled or loss.status in FINAL:
            return
        market, entry = self.markets[profit.market], group.entry
        received = filled - fee if entry.side == Side.BUY else filled
        sleeping = profit.status == OrderStatus.DORMANT
        covered = Fraction(0) if sleeping else profit.qty
        lot = self.coins(market.base, market.rules.lot)
        each = max(self.need_of(market, order, 1) for order in group.exits)
        asset = market.base if profit.side == Side.SELL else market.quote
        lots = min((received - covered) // lot, self.available(profit.account, asset) // each)
        if lots <= 0:
            return
        first, second = (self.need_of(market, order, lots) for order in group.exits)
        for order, more in ((loss, max(Fraction(0), second - first)), (profit, first)):
            order.qty = order.left = covered + lots * lot
            self.stand(market, order, more, sleeping=sleeping)

    def stand(self, market: Any, order: Any, more: Fraction, *, sleeping: bool) -> None:
        command = order.command
        if command.type == OrderType.LIMIT:
            order.status = None  # out of the book, until it is there again
            self.run(market, order, order.price, command)
        elif sleeping:
            order.status, order.hold = OrderStatus.WAITING, more
            order.best = self.start(market, command, market.last)
            price = self.price_now(market, command.terms.trigger_by)
            is_met = price and self.fires(command, self.trigger(command, order.best), price)
            if command.type != OrderType.TRAILING_STOP and market.status == MarketStatus.OPEN and is_met:
                self.fired[order.id] = price
        else:
            order.hold += more

    # Amendments of what waits

    def is_waiting(self, order: Any) -> bool:
        coupled = order.group is not None and not order.group.over and order is not order.group.entry
        return order.status in (OrderStatus.WAITING, OrderStatus.DORMANT) or coupled

    def amend_waiting(self, command: Any, order: Any) -> Answer:
        market, group, sleeps = self.markets[order.market], order.group, order.status == OrderStatus.DORMANT
        coupled = group is not None and not group.over and order is not group.entry
        qty = command.qty or self.units(market.base, order.qty)
        terms = order.command.terms
        if command.trigger_price:
            terms = (terms or Terms())._replace(trigger_price=command.trigger_price)
        wanted = order.command._replace(price=command.price or order.price, qty=qty, terms=terms)
        self.refuse_closed(market, wanted)
        self.refuse_first((Reject.ORDER_INVALID, wanted.type == OrderType.TRAILING_STOP))
        self.refuse_first((Reject.GROUP_INVALID, coupled and self.coins(market.base, qty) != order.qty))
        trigger = wanted.terms.trigger_price if wanted.terms else 0
        self.refuse_first((Reject.GROUP_INVALID, self.strays(order, wanted.price, trigger)))
        self.refuse_shape(market, wanted, amended=True)
        if not sleeps:
            self.refuse_now(market, wanted)
        pair = [wanted if exit_ is order else exit_.command for exit_ in group.exits] if coupled else []
        if coupled:
            self.refuse_levels(pair, group.entry.command if sleeps else None)
        holds = {order.id: self.need_in_coins(market, wanted)} if not sleeps else {}
        if coupled and not sleeps:
            profit, loss = group.exits
            first = self.need_in_coins(market, wanted) if order is profit else self.held_by(profit)
            second = self.need_in_coins(market, wanted if order is loss else loss.command._replace(qty=qty))
            holds = {profit.id: first, loss.id: max(Fraction(0), second - first)}
        more = sum((hold - self.held_by(self.orders[number - 1]) for number, hold in holds.items()), Fraction(0))
        asset = market.quote if order.side == Side.BUY else market.base
        self.refuse_first((Reject.INSUFFICIENT_FUNDS, more > self.available(order.account, asset)))
        if (wanted.price, qty, terms) == (order.price, self.units(market.base, order.qty), order.command.terms):
            return self.told(order)
        self.fired.pop(order.id, None)
        for number, hold in holds.items():
            self.orders[number - 1].hold = hold
        order.command, order.price = wanted, wanted.price
        order.qty = order.left = self.coins(market.base, qty)
        if order.status == OrderStatus.OPEN:
            self.queue_up(order)
        return self.told(order)

    def need_in_coins(self, market: Any, command: Any) -> Fraction:
        return self.need(market, command, market.last)
