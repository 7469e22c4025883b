"""The naive exchange's market states: openings at one price, schedules, halts by themselves."""

from typing import Any

from cryptovault.engine.rejects import Reject
from cryptovault.engine.types import CloseReason, MarketStatus, OrderStatus, Side
from engine.naive_ledger import Answer
from engine.naive_orders import NaiveOrders

TRADING = (MarketStatus.OPEN, MarketStatus.POST_ONLY)


class NaiveMarkets(NaiveOrders):
    """Adds what happens to markets."""

    def do_SetMarketStatus(self, command: Any) -> Answer:
        self.refuse_first((Reject.MARKET_UNKNOWN, command.market not in self.markets))
        self.change(command.market, command.status)
        return ("done", command.market)

    def do_ScheduleMarketStatus(self, command: Any) -> Answer:
        self.refuse_first((Reject.MARKET_UNKNOWN, command.market not in self.markets))
        market = self.markets[command.market]
        self.refuse_first((Reject.EXPIRY_INVALID, command.at and command.at <= self.at))
        if command.at:
            market.schedule[command.at] = command.status
        else:
            market.schedule.clear()
        return ("done", command.market)

    def change(self, symbol: str, status: MarketStatus) -> None:
        market = self.markets[symbol]
        market.status, market.reopens = status, 0
        self.seen.append((symbol, None, 0))
        if status in TRADING:
            market.moves = {"trade": [], "reference": []}
            self.uncross(symbol, market)

    def due_status(self, symbol: str) -> None:
        schedule = self.markets[symbol].schedule
        self.change(symbol, schedule.pop(min(schedule)))

    def due_reopen(self, symbol: str) -> None:
        market = self.markets[symbol]
        if market.reopens <= self.at:
            self.change(symbol, MarketStatus.OPEN)
        else:
            market.status = MarketStatus.PRE_OPEN

    def market_agenda(self) -> list[tuple[int, int, str, Any]]:
        """Scheduled changes, and the steps out of halts."""
        changes = [(at, 3, "status", symbol) for symbol, market in self.markets.items() for at in market.schedule]
        for symbol, market in self.markets.items():
            if market.reopens:
                changes.append((market.reopens, 4, "reopen", symbol))
                if market.status == MarketStatus.HALTED:
                    call = min(60_000, market.rules.halt_for // 2)
                    changes.append((market.reopens - call, 4, "reopen", symbol))
        return changes

    # Opening

    def uncross(self, symbol: str, market: Any) -> None:
        bids, asks = self.queue(symbol, Side.BUY), self.queue(symbol, Side.SELL)
        if not bids or not asks or bids[0].price < asks[0].price:
            return
        low, high = asks[0].price, bids[0].price
        for order in bids + asks:
            if self.is_expired_quote(market, order) and low <= order.price <= high:
                self.close(order, CloseReason.USER)
        bids, asks = self.queue(symbol, Side.BUY), self.queue(symbol, Side.SELL)
        prices = {order.price for order in bids + asks} | {self.mark(market)}
        outcomes = [self.outcome(bids, asks, price) for price in sorted(prices)]
        volume = max((volume for volume, _, _ in outcomes), default=0)
        outcomes = [outcome for outcome in outcomes if outcome[0] == volume]
        least = min((abs(surplus) for _, surplus, _ in outcomes), default=0)
        price = self.opening_price(market, [outcome for outcome in outcomes if abs(outcome[1]) == least])
        while volume:
            bid, ask = (self.queue(symbol, side)[0] for side in Side)
            qty = min(volume, bid.left, ask.left)
            volume -= qty
            self.meet(market, (bid, ask), qty, price)
        self.aftermath(symbol)

    def outcome(self, bids: Any, asks: Any, price: int) -> tuple[Any, ...]:
        """What would trade at a price, and how much more is wanted than offered."""
        demand = sum(order.left for order in bids if order.price >= price)
        supply = sum(order.left for order in asks if order.price <= price)
        return min(demand, supply), demand - supply, price

    def opening_price(self, market: Any, equal: list[Any]) -> int:
        """Of equally good prices: where one side is left over at all of them, the one that side has to pay."""
        prices = [price for _, _, price in equal]
        if all(surplus > 0 for _, surplus, _ in equal):
            return max(prices, default=0)
        if all(surplus < 0 for _, surplus, _ in equal):
            return min(prices)
        mark = self.mark(market)
        return min(prices, key=lambda price: (abs(price - mark) if mark else 0, price))

    def meet(self, market: Any, pair: tuple[Any, Any], qty: Any, price: int) -> None:
        maker, taker = sorted(pair, key=lambda order: order.id)
        assert maker.account != taker.account
        self.trade(market, maker, taker, qty, price)
        for order in pair:
            order.status = OrderStatus.PARTIALLY_FILLED if order.left else OrderStatus.FILLED
            order.shown = min(order.visible, order.left)
        self.news(taker)  # of the other one the trade has told

    # Bands

    def do_SetReferencePrices(self, command: Any) -> Answer:
        answer = super().do_SetReferencePrices(command)
        for symbol, price in command.prices:
            if price:
                self.judge("reference", symbol, price)
            else:
                self.markets[symbol].moves["reference"] = []
        return answer

    def aftermath(self, symbol: str) -> None:
        """Look at the trades since the last time."""
        self.regrade()
        looked, self.looked = self.looked, len(self.trades)
        last = 0
        for trade in self.trades[looked:]:
            if trade[2] != last:
                last = trade[2]
                self.judge("trade", symbol, last)

    def judge(self, kind: str, symbol: str, price: int) -> None:
        """Halt where a price lies beyond the band around any that is remembered."""
        market = self.markets[symbol]
        rules = market.rules
        if not rules.band:
            return
        part = self.at * 12 // rules.band_window
        market.moves[kind] = [(p, v) for p, v in market.moves[kind] if p > part - 12] + [(part, price)]
        values = [value for _, value in market.moves[kind]]
        beyond = any(
            price * 10**6 > value * (10**6 + rules.band) or price * 10**6 < value * (10**6 - rules.band)
            for value in values
        )
        if beyond and market.status in TRADING:
            market.status = MarketStatus.HALTED
            market.reopens = self.at + rules.halt_for if rules.halt_for else 0
