"""The naive exchange's amendments, dates and timers."""

from typing import Any

from cryptovault.engine.limits import MAX_AMOUNT, MAX_TIMER
from cryptovault.engine.rejects import Reject
from cryptovault.engine.types import CloseReason, MarketStatus, OrderStatus, Side
from engine.naive_ledger import OPEN, Answer
from engine.naive_markets import NaiveMarkets


class NaiveTime(NaiveMarkets):
    """Adds what changes orders later."""

    def pass_time(self) -> None:
        """Do what is due, in order of time; of what is due together, dates before timers before markets."""
        self.regrade()
        while due := sorted(entry for entry in self.agenda() if entry[0] <= self.at):
            _, _, kind, key = due[0]
            getattr(self, "due_" + kind)(key)
        self.regrade()

    def agenda(self) -> list[tuple[int, int, str, Any]]:
        """Everything that will happen: (time, what comes first then, kind, whom)."""
        dated = [o for o in self.orders if o.status in OPEN and o.terms.expires_at]
        orders = [(o.terms.expires_at, 1, "expiry", o.id) for o in dated]
        timers = [(ends, 2, "timer", account) for account, ends in self.timers.items()]
        return orders + timers + self.market_agenda()

    def due_expiry(self, order_id: int) -> None:
        self.close(self.orders[order_id - 1], CloseReason.DATE)
        self.orders[order_id - 1].status = OrderStatus.EXPIRED

    def due_timer(self, account: str) -> None:
        del self.timers[account]
        for order in self.current():
            if order.account == account and order.status in OPEN:
                self.close(order, CloseReason.TIMER)

    def do_Tick(self, _command: Any) -> Answer:
        return ("done", "")

    def do_SetCancelTimer(self, command: Any) -> Answer:
        self.refuse_first((Reject.COMMAND_INVALID, not 0 <= command.after <= MAX_TIMER))
        self.timers.pop(command.account, None)
        if not command.after:
            return ("done", "")
        self.timers[command.account] = self.at + command.after
        return ("done", str(self.at + command.after))

    def do_AmendOrder(self, command: Any) -> Answer:
        values = (command.price, command.qty, command.trigger_price)
        senseless = not any(values) or not all(0 <= value <= MAX_AMOUNT for value in values)
        order = self.named(command)
        self.refuse_first(
            (Reject.COMMAND_INVALID, senseless),
            (Reject.ORDER_UNKNOWN, order is None),
            (Reject.ORDER_CLOSED, order and order.status not in OPEN),
        )
        if self.is_waiting(order):
            return self.amend_waiting(command, order)
        market = self.markets[order.market]
        price = command.price or order.price
        qty = self.coins(market.base, command.qty) if command.qty else order.qty
        shrinks = price == order.price and qty < order.qty
        self.refuse_amendment(command, order, price, qty)
        if (price, qty) == (order.price, order.qty):
            return self.told(order)
        left = qty - order.filled
        order.qty = qty
        if left <= 0:
            self.close(order, CloseReason.AMENDED)
            order.status, order.qty = OrderStatus.FILLED, order.filled
        elif shrinks:
            order.shown = min(order.shown, left)
            order.left = left
        else:
            order.price, order.left, order.status = price, left, None
            self.run(market, order, price, order.command)
        return self.told(order)

    def refuse_amendment(self, command: Any, order: Any, price: int, qty: Any) -> None:
        market = self.markets[order.market]
        rules, left = market.rules, qty - order.filled
        shrinks = price == order.price and qty < order.qty
        need = left * (self.coins_per_coin(market, price) if order.side == Side.BUY else 1)
        have = order.left * (self.coins_per_coin(market, order.price) if order.side == Side.BUY else 1)
        asset = market.quote if order.side == Side.BUY else market.base
        others = self.queue(order.market, Side.SELL if order.side == Side.BUY else Side.BUY)
        ends = left <= 0 and price == order.price
        part = order.terms.visible_qty
        worth, units = qty * self.coins_per_coin(market, price), self.units(market.base, qty)
        self.refuse_first(
            (Reject.MARKET_HALTED, market.status == MarketStatus.HALTED),
            (Reject.MARKET_CANCEL_ONLY, market.status == MarketStatus.CANCEL_ONLY and not shrinks),
            (
                Reject.MARKET_POST_ONLY,
                market.status == MarketStatus.POST_ONLY and not shrinks and not order.command.post_only,
            ),
            (Reject.ORDER_INVALID, command.trigger_price),
            (Reject.GROUP_INVALID, self.strays(order, price)),
            (Reject.VISIBLE_QTY_INVALID, not ends and self.is_wrong_part(market, part, max(part, units))),
            (Reject.QTY_INVALID, not ends and (units > rules.max_qty or left <= 0)),
            (Reject.LOT_SIZE, not ends and units % rules.lot),
            (Reject.MIN_NOTIONAL, not ends and worth < self.coins(market.quote, rules.min_notional)),
            (Reject.INSUFFICIENT_FUNDS, not ends and need - have > self.available(order.account, asset)),
            (Reject.POST_ONLY_WOULD_TAKE, order.command.post_only and self.would_take(market, others, price)),
        )
