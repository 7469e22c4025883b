"""The naive exchange's orders: placing, matching, cancelling."""

from copy import copy
from fractions import Fraction
from math import ceil
from types import SimpleNamespace
from typing import Any

from cryptovault.engine.commands import Terms
from cryptovault.engine.limits import DAY_MS, MAX_AHEAD, MAX_PARTS
from cryptovault.engine.rejects import Reject
from cryptovault.engine.types import (
    CloseReason,
    MarketStatus,
    OrderStatus,
    OrderType,
    SelfTrade,
    Side,
    TimeInForce,
    TriggerSource,
)
from engine.naive_ledger import OPEN, Answer, NaiveLedger


class NaiveOrders(NaiveLedger):
    """Adds orders to the ledger."""

    def do_PlaceOrder(self, command: Any) -> Answer:
        return self.once(command, self.place)

    def place(self, command: Any) -> Answer:
        self.refuse_first((Reject.MARKET_UNKNOWN, command.market not in self.markets))
        market = self.markets[command.market]
        if command.terms and command.terms.reduce_to_available:
            command = self.reduce(market, command)
        self.refuse_order(market, command)
        order = self.new_order(command.account, command.market, command.side, command.price, command)
        self.run(market, order, self.worst(market, command), command)
        return self.told(order)

    def reduce(self, market: Any, command: Any) -> Any:
        """The largest order that is not refused for lack of money, or the order as it is where there is none."""
        lot, smallest = market.rules.lot, self.coins(market.quote, market.rules.min_notional)
        have = self.available(command.account, market.quote if command.side == Side.BUY else market.base)
        if min(command.qty, command.budget, command.price) < 0:
            return command
        if command.budget:
            if command.type != OrderType.MARKET or command.side == Side.SELL or have < smallest or not have:
                return command
            return command._replace(budget=min(command.budget, self.units(market.quote, have)))
        if command.qty > market.rules.max_qty or command.qty % lot:
            return command
        for qty in range(command.qty, 0, -lot):
            less = command._replace(qty=qty)
            worth = self.coins_per_coin(market, command.price or self.mark(market)) * self.coins(market.base, qty)
            need = self.coins(market.base, qty)
            if command.side == Side.BUY:
                need = worth if command.type == OrderType.LIMIT else self.sweep(market, less)[1]
            if need <= have:
                return less if worth >= smallest else command
        return command

    def mark(self, market: Any) -> int:
        """The reference price, 0 where it is stale."""
        return 0 if self.is_stale(market) else market.mark

    def worst(self, market: Any, command: Any) -> int:
        """The last price an order may trade at, in ticks."""
        if command.type == OrderType.LIMIT:
            return command.price
        collar = Fraction(market.rules.collar, 1_000_000)
        if command.side == Side.BUY:
            return int(self.mark(market) * (1 + collar))
        return max(1, ceil(self.mark(market) * (1 - collar)))

    def refuse_order(self, market: Any, command: Any) -> None:
        rules, limit = market.rules, command.type == OrderType.LIMIT
        live = [
            o
            for o in self.current()
            if o.status in OPEN and o.account == command.account and o.market == command.market
        ]
        stale = not limit and self.is_stale(market)
        price = command.price if limit else market.mark
        worth = self.coins_per_coin(market, price) * self.coins(market.base, command.qty)
        if command.budget:
            worth = self.coins(market.quote, command.budget)
            most = self.coins_per_coin(market, self.worst(market, command)) * self.coins(market.base, rules.max_qty)
        others = self.queue(command.market, Side.SELL if command.side == Side.BUY else Side.BUY)
        terms = command.terms or Terms()
        lives_on = command.tif in (TimeInForce.GTC, TimeInForce.GTD)
        wrong_limit = (
            command.budget
            or (command.post_only and not lives_on)
            or (terms.visible_qty and not lives_on)
            or (terms.expires_at and command.tif != TimeInForce.GTD)
        )
        wrong_market = (
            command.price
            or command.post_only
            or command.tif == TimeInForce.GTD
            or terms.visible_qty
            or terms.expires_at
            or (command.qty and command.budget)
            or (command.budget and (command.side == Side.SELL or command.tif == TimeInForce.FOK))
        )
        self.refuse_first(
            (Reject.MARKET_HALTED, market.status == MarketStatus.HALTED),
            (Reject.MARKET_CANCEL_ONLY, market.status == MarketStatus.CANCEL_ONLY),
            (Reject.MARKET_POST_ONLY, market.status == MarketStatus.POST_ONLY and not command.post_only),
            (Reject.MARKET_PRE_OPEN, market.status == MarketStatus.PRE_OPEN and (not limit or not lives_on)),
            (Reject.ORDER_TYPE_CLOSED, self.is_closed_kind(market, command, terms)),
            (Reject.ORDER_INVALID, wrong_limit if limit else wrong_market),
            (
                Reject.EXPIRY_INVALID,
                command.tif == TimeInForce.GTD and not self.at < terms.expires_at <= self.at + MAX_AHEAD,
            ),
            (Reject.VISIBLE_QTY_INVALID, self.is_wrong_part(market, terms.visible_qty, command.qty)),
            (Reject.PRICE_INVALID, limit and command.price <= 0),
            (Reject.QTY_INVALID, not command.budget and not 0 < command.qty <= rules.max_qty),
            (Reject.LOT_SIZE, command.qty % rules.lot != 0),
            (Reject.AMOUNT_INVALID, command.budget < 0 or (command.budget and not stale and worth > most)),
            (Reject.PRICE_STALE, stale),
            (Reject.MIN_NOTIONAL, worth < self.coins(market.quote, rules.min_notional)),
            (
                Reject.TOO_MANY_ORDERS,
                limit and lives_on and len([o for o in live if not o.quote]) >= rules.max_open_orders,
            ),
            (Reject.NO_LIQUIDITY, not limit and not others),
        )
        found, cost = self.sweep(market, command)
        need = {True: worth, False: self.coins(market.base, command.qty)}[command.side == Side.BUY]
        if not limit and command.side == Side.BUY and not command.budget:
            need = cost
        asset = market.quote if command.side == Side.BUY else market.base
        self.refuse_first(
            (Reject.INSUFFICIENT_FUNDS, need > self.available(command.account, asset)),
            (Reject.POST_ONLY_WOULD_TAKE, command.post_only and self.would_take(market, others, command.price)),
            (Reject.FOK_NOT_FILLABLE, command.tif == TimeInForce.FOK and found < self.coins(market.base, command.qty)),
        )

    def would_take(self, market: Any, others: list[Any], price: int) -> bool:
        return market.status != MarketStatus.PRE_OPEN and any(self.reaches(o, price) for o in others)

    def is_closed_kind(self, market: Any, command: Any, terms: Any) -> bool:
        wanted = {int(command.type)} | {16 for _ in [1] if terms.visible_qty} | {17 for _ in [1] if command.tif == 3}
        taken = {bit for bit in range(32) if market.rules.order_types & 2**bit}
        return bool(market.rules.order_types and wanted - taken)

    def is_wrong_part(self, market: Any, visible: int, qty: int) -> bool:
        return bool(visible and (not 0 < visible <= qty or visible % market.rules.lot or qty > visible * MAX_PARTS))

    def is_stale(self, market: Any) -> bool:
        return market.mark == 0 or self.at - market.mark_at > market.rules.reference_max_age

    def is_expired_quote(self, market: Any, order: Any) -> bool:
        return order.quote and market.rules.quotes_expire and self.is_stale(market)

    def reaches(self, maker: Any, price: int) -> bool:
        """Whether an order of the other side with this limit could trade with the maker."""
        return maker.price <= price if maker.side == Side.SELL else maker.price >= price

    def sweep(self, market: Any, command: Any) -> tuple[Fraction, Fraction]:
        """What an order would trade now, in coins: (base, quote)."""
        left, found, cost = self.coins(market.base, command.qty), Fraction(0), Fraction(0)
        queue = [copy(o) for o in self.queue(command.market, Side.SELL if command.side == Side.BUY else Side.BUY)]
        while queue and self.reaches(queue[0], self.worst(market, command)):
            maker = queue.pop(0)
            take = min(left, maker.shown)
            maker.left -= maker.shown
            if maker.left:
                maker.shown = min(maker.visible, maker.left)
                queue.insert(len([o for o in queue if self.reaches(o, maker.price)]), maker)
            if maker.account != command.account:
                if self.is_expired_quote(market, maker):
                    continue
                found += take
                cost += take * self.coins_per_coin(market, maker.price)
            elif command.self_trade in (SelfTrade.CANCEL_NEWEST, SelfTrade.CANCEL_BOTH):
                break
            elif command.self_trade == SelfTrade.CANCEL_OLDEST:
                continue
            left -= take
        return found, cost

    def new_order(self, account: str, symbol: str, side: Side, price: int, command: Any) -> Any:
        market = self.markets[symbol]
        self.last_id += 1
        order = SimpleNamespace(
            id=self.last_id, account=account, market=symbol, side=side, price=price, command=command,
            left=self.coins(market.base, command.qty), qty=self.coins(market.base, command.qty),
            budget=self.coins(market.quote, command.budget), filled=Fraction(0), spent=Fraction(0), fee=Fraction(0),
            status=None, reason=CloseReason.NONE, quote=False, version=1, terms=command.terms or Terms(),
            turn=0, shown=Fraction(0), purse=None, hold=Fraction(0), best=0, group=None, fired=False,
        )  # fmt: skip
        order.visible = self.coins(market.base, order.terms.visible_qty or 10**30)
        self.orders.append(order)
        self.left_over.append(order)
        return order

    def run(self, market: Any, taker: Any, worst: int, command: Any) -> None:
        """Match, then rest or close; what was traded counts for the fee tiers afterwards."""
        self.match_and_end(market, taker, worst, command)
        self.news(taker)
        if not taker.quote:
            self.aftermath(taker.market)

    def match_and_end(self, market: Any, taker: Any, worst: int, command: Any) -> None:
        why = self.match(market, taker, worst, command)
        if why is not None:
            taker.reason = why
            taker.status = OrderStatus.CANCELLED if why == CloseReason.SELF_TRADE else OrderStatus.EXPIRED
            if why == CloseReason.BUDGET and taker.filled and command.budget:
                taker.status = OrderStatus.FILLED
        elif command.budget and taker.spent == taker.budget:
            taker.status, taker.reason = OrderStatus.FILLED, CloseReason.BUDGET
        elif taker.left == 0 and not command.budget:
            taker.status = OrderStatus.FILLED
        elif command.type == OrderType.LIMIT and command.tif in (TimeInForce.GTC, TimeInForce.GTD):
            taker.status = OrderStatus.PARTIALLY_FILLED if taker.filled else OrderStatus.OPEN
            self.queue_up(taker)
        else:
            others = self.queue(taker.market, Side.SELL if taker.side == Side.BUY else Side.BUY)
            stopped = command.type == OrderType.MARKET and others
            taker.status, taker.reason = OrderStatus.EXPIRED, CloseReason.COLLAR if stopped else CloseReason.IMMEDIATE

    def queue_up(self, order: Any) -> None:
        """Go to the back of the queue, showing the next part."""
        self.last_turn += 1
        order.turn = self.last_turn
        order.shown = min(order.visible, order.left)

    def match(  # noqa: C901, PLR0912 - all rules in one place is the point
        self, market: Any, taker: Any, worst: int, command: Any
    ) -> CloseReason | None:
        """Trade with one maker after the other; the reason to stop for good, if there is one."""
        lot = self.coins(market.base, market.rules.lot)
        while queue := self.partners(market, taker):
            maker = queue[0]
            if not self.reaches(maker, worst):
                return None
            price = self.coins_per_coin(market, maker.price)
            if command.budget:
                taker.left = (taker.budget - taker.spent) // (price * lot) * lot
                if taker.left == 0:
                    return CloseReason.BUDGET
            payable = taker.left
            if taker.purse is not None:
                payable = (taker.purse - taker.spent) // (price * lot) * lot
                if taker.left and payable == 0:
                    return CloseReason.BUDGET
            if taker.left == 0:
                return None
            if self.is_expired_quote(market, maker) and maker.account != taker.account:
                self.close(maker, CloseReason.USER)
                continue
            take = min(taker.left, maker.shown)
            if maker.account != taker.account:
                take = min(take, payable)
                limited = take < maker.shown
                self.trade(market, maker, taker, take)
                if command.budget and limited:
                    return CloseReason.BUDGET
                continue
            if command.self_trade == SelfTrade.DECREMENT:
                for order in (maker, taker):
                    order.left -= take
                    order.shown -= take
                    if order is taker and command.budget:
                        order.budget -= take * price
                    else:
                        order.qty -= take
                self.news(maker)
                if maker.left == 0:
                    self.close(maker, CloseReason.SELF_TRADE)
                elif maker.shown == 0:
                    self.queue_up(maker)
                if taker.left == 0:
                    return CloseReason.SELF_TRADE
                continue
            if command.self_trade != SelfTrade.CANCEL_NEWEST:
                self.close(maker, CloseReason.SELF_TRADE)
            if command.self_trade != SelfTrade.CANCEL_OLDEST:
                return CloseReason.SELF_TRADE
        return None

    def partners(self, market: Any, taker: Any) -> list[Any]:
        """The orders an incoming one can meet, in turn: where nothing trades only those of its own account."""
        queue = self.queue(taker.market, Side.SELL if taker.side == Side.BUY else Side.BUY)
        return [o for o in queue if market.status < MarketStatus.CANCEL_ONLY or o.account == taker.account]

    def trade(self, market: Any, maker: Any, taker: Any, qty: Fraction, auction: int = 0) -> None:
        """Base goes to the buyer, quote to the seller, each less a fee that is rounded up.

        In an opening auction all pay its price and the maker's rate.
        """
        market.trades += 1
        price = auction or maker.price
        market.last = price
        self.seen.append((taker.market, TriggerSource.LAST_TRADE, price))
        worth = qty * self.coins_per_coin(market, price)
        buyer, seller = (maker, taker) if maker.side == Side.BUY else (taker, maker)
        fees = {}
        for order, received, asset in ((buyer, qty, market.base), (seller, worth, market.quote)):
            rate = Fraction(self.rate(market, order.account, order is maker or auction > 0), 1_000_000)
            fee = self.coins(asset, ceil(received * rate * 10 ** self.assets[asset].scale))
            order.fee += fee
            fees[order.id] = self.units(asset, fee)
            self.move(asset, fee, order.account, "@fees")
        self.move(market.base, qty, seller.account, buyer.account)
        self.move(market.quote, worth, buyer.account, seller.account)
        if self.tiers and market.quote in self.dollars:
            self.volumes += [(self.at // DAY_MS, order.account, worth) for order in (maker, taker)]
        for order in (maker, taker):
            order.left -= qty
            order.shown -= qty
            order.filled += qty
            order.spent += worth
        maker.status = OrderStatus.PARTIALLY_FILLED if maker.left else OrderStatus.FILLED
        self.news(maker)
        if maker.left and maker.shown == 0 and not auction:
            self.queue_up(maker)
        self.trades.append(
            (
                taker.market,
                market.trades,
                price,
                self.units(market.base, qty),
                maker.id,
                taker.id,
                fees[maker.id],
                fees[taker.id],
            )
        )

    def close(self, order: Any, reason: CloseReason) -> None:
        order.status, order.reason, order.left = OrderStatus.CANCELLED, reason, Fraction(0)
        self.news(order)

    def told(self, order: Any) -> Answer:
        """What the owner is told about an order."""
        market = self.markets[order.market]
        received = market.base if order.side == Side.BUY else market.quote
        return (
            "order", order.id, self.units(market.base, order.qty), self.units(market.quote, order.budget),
            self.units(market.base, order.filled), self.units(market.quote, order.spent),
            self.units(received, order.fee), order.status, order.reason,
        )  # fmt: skip

    def named(self, command: Any) -> Any:
        """The account's order that a command names, or None."""
        for order in self.orders:
            if order.account == command.account and not order.quote:
                name = order.id if command.order_id else order.command.key
                if name == (command.order_id or command.client_order_id):
                    return order
        return None

    def do_CancelOrder(self, command: Any) -> Answer:
        order = self.named(command)
        self.refuse_first((Reject.ORDER_UNKNOWN, order is None))
        if order.status in OPEN:
            self.refuse_first((Reject.MARKET_HALTED, self.markets[order.market].status == MarketStatus.HALTED))
            self.close(order, CloseReason.USER)
        return self.told(order)

    def do_CancelAll(self, command: Any) -> Answer:
        if command.market:
            self.refuse_first((Reject.MARKET_UNKNOWN, command.market not in self.markets))
            self.refuse_first((Reject.MARKET_HALTED, self.markets[command.market].status == MarketStatus.HALTED))
        cancelled: list[int] = []
        for symbol, market in self.markets.items():
            if command.market in ("", symbol) and market.status != MarketStatus.HALTED:
                for order in self.current():
                    if order.market == symbol and order.account == command.account and order.status in OPEN:
                        self.close(order, CloseReason.USER)
                        cancelled += [] if order.quote else [order.id]
        return ("cancelled", tuple(cancelled))
