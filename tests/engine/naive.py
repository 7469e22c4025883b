"""A second exchange, written to be obviously right instead of fast.

Fractions of whole coins, one list of orders, everything recomputed whenever it is asked for. It is what the engine is
compared with, and shares nothing with it but the vocabulary.
"""

import itertools
from typing import Any

from cryptovault.engine.commands import PlaceOrder
from cryptovault.engine.rejects import Reject
from cryptovault.engine.types import CloseReason, MarketStatus, OrderType, Side, TimeInForce
from engine.naive_groups import NaiveGroups
from engine.naive_ledger import LIVE, Answer
from engine.naive_time import NaiveTime


class NaiveExchange(NaiveGroups, NaiveTime):
    """Applies commands one by one; `apply` returns (answer, trades)."""

    def do_ReplaceQuotes(self, command: Any) -> Answer:
        self.refuse_first((Reject.MARKET_UNKNOWN, command.market not in self.markets))
        market = self.markets[command.market]
        self.refuse_quotes(market, command)
        wanted = [(Side.BUY, *level) for level in command.bids] + [(Side.SELL, *level) for level in command.asks]
        for quote in self.my_quotes(command):
            level = (quote.side, quote.price, self.units(market.base, quote.left))
            if level in wanted:
                wanted.remove(level)
            else:
                self.close(quote, CloseReason.USER)
        for side, price, qty in wanted:
            self.place_quote(market, command, side, price, qty)
        self.aftermath(command.market)
        sides = [quote.side for quote in self.my_quotes(command)]
        return ("quotes", sides.count(Side.BUY), sides.count(Side.SELL))

    def my_quotes(self, command: Any) -> list[Any]:
        return [
            o for o in self.current()
            if o.quote and o.status in LIVE and o.account == command.account and o.market == command.market
        ]  # fmt: skip

    def refuse_quotes(self, market: Any, command: Any) -> None:
        bids, asks = [p for p, _ in command.bids], [p for p, _ in command.asks]
        levels = [*command.bids, *command.asks]
        disorder = any(a <= b for a, b in itertools.pairwise(bids)) or any(a >= b for a, b in itertools.pairwise(asks))
        self.refuse_first(
            (Reject.MARKET_HALTED, market.status == MarketStatus.HALTED),
            (Reject.MARKET_CANCEL_ONLY, market.status == MarketStatus.CANCEL_ONLY and levels),
            (Reject.ORDER_INVALID, disorder or (bids and asks and bids[0] >= asks[0])),
        )
        for price, qty in levels:
            worth = self.coins_per_coin(market, price) * self.coins(market.base, qty)
            self.refuse_first(
                (Reject.PRICE_INVALID, price <= 0),
                (Reject.QTY_INVALID, not 0 < qty <= market.rules.max_qty),
                (Reject.LOT_SIZE, qty % market.rules.lot),
                (Reject.MIN_NOTIONAL, worth < self.coins(market.quote, market.rules.min_notional)),
            )

    def place_quote(self, market: Any, command: Any, side: Side, price: int, qty: int) -> None:
        coins = self.coins(market.base, qty)
        need = coins * self.coins_per_coin(market, price) if side == Side.BUY else coins
        others = self.queue(command.market, Side.SELL if side == Side.BUY else Side.BUY)
        crossing = any(self.reaches(maker, price) for maker in others)
        if need > self.available(command.account, market.quote if side == Side.BUY else market.base):
            return
        if crossing and market.status == MarketStatus.POST_ONLY:
            return
        order = PlaceOrder(command.account, "", command.market, side, OrderType.LIMIT, TimeInForce.GTC, price, qty)
        quote = self.new_order(command.account, command.market, side, price, order)
        quote.quote = True
        self.run(market, quote, price, order)
