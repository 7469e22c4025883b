"""What an order would do if it came now: the real order handler, on a copy of as much of the exchange as it can touch.

The copy holds the account, the levels the order can reach and the owners of the orders there. What is left out cannot
change the order's own fate: the rest of the book, and what other orders do once this one has traded.
"""

from copy import copy
from typing import NamedTuple

from cryptovault.engine.account import Account
from cryptovault.engine.book import BookSide, Level, Order, Seat
from cryptovault.engine.commands import PlaceOrder
from cryptovault.engine.events import Event, OrderState, Rejected, Trade
from cryptovault.engine.market import Market
from cryptovault.engine.orders import place_order
from cryptovault.engine.rejects import Reject
from cryptovault.engine.state import State
from cryptovault.engine.types import FEES, MarketStatus, OrderType, Side

MAX_MAKERS = 1_000
"""Orders that an order may reach to be foreseen; it takes a few milliseconds to copy so many."""

_KEY = "preview"


class Preview(NamedTuple):
    """The verdict, the best and the worst price it would trade at (0 for none), and the balances in base and quote.

    A balance is (asset, available, held) afterwards. `fee_rate` is what a fill right now would cost (ppm), and `at` the
    journal time (ms) it is true at.
    """

    verdict: OrderState | Rejected
    best_price: int
    worst_price: int
    balances: tuple[tuple[str, int, int], ...]
    fee_rate: int
    at: int


class _TooDeep(Exception):
    """The order reaches more orders than are copied."""


def preview(state: State, order: PlaceOrder, at: int) -> Preview:
    """The fate of an order that comes at time `at` (ms). Changes nothing."""
    at = max(state.at, at)
    market = state.markets.get(order.market)
    if market is None:
        return Preview(Rejected(order.account, Reject.MARKET_UNKNOWN, "no such market"), 0, 0, (), 0, at)
    try:
        scene = _Scene(state, market, order, at)
    except _TooDeep:
        reason = f"the order would reach more than {MAX_MAKERS} others: too many to foresee"
        return Preview(Rejected(order.account, Reject.LIMIT_REACHED, reason), 0, 0, (), 0, at)
    return scene.play(order)


class _Scene:
    """A small exchange with all in it that one order can meet."""

    def __init__(self, state: State, market: Market, order: PlaceOrder, at: int) -> None:
        self._real = state
        self._state = State()
        self._state.seq, self._state.at, self._state.epoch = state.seq, at, state.epoch
        self._state.next_order_id = state.next_order_id
        self._state.assets = state.assets
        self._state.tiers.set_schedule(state.tiers.dollars, state.tiers.schedule)
        self._market = self._copy_market(market)
        self._own = self._seat(market, order.account)
        self._tier = self._own.account.tier
        self._copy_reach(market, order)

    def play(self, order: PlaceOrder) -> Preview:
        """Place the order and look."""
        events: list[Event] = []
        verdict = place_order(self._state, order._replace(key=_KEY), events)
        assert isinstance(verdict, OrderState | Rejected)  # noqa: S101 - what placing an order answers
        prices = [event.price for event in events if isinstance(event, Trade)]
        market, cells = self._market, self._own.account.cells
        balances = tuple((asset, *cells.get(asset, (0, 0))) for asset in (market.base, market.quote))
        first, last = (prices[0], prices[-1]) if prices else (0, 0)
        rate = min(market.taker_fee, self._state.tiers.taker_caps[self._tier])
        return Preview(verdict, first, last, balances, rate, self._state.at)

    def _copy_market(self, market: Market) -> Market:
        fees = self._state.ledger.open(FEES)
        assets = self._state.assets
        made = Market(
            market.rules(), assets[market.base], assets[market.quote], fees.cell(market.base), fees.cell(market.quote)
        )
        made.status = market.status
        made.reference_price, made.reference_at = market.reference_price, market.reference_at
        made.last_trade_id, made.last_price = market.last_trade_id, market.last_price
        self._state.markets[market.symbol] = made
        return made

    def _copy_reach(self, market: Market, order: PlaceOrder) -> None:
        """The levels of the other side that the order can trade with, and the first behind them."""
        real, made = (market.asks, self._market.asks) if order.side is Side.BUY else (market.bids, self._market.bids)
        worst = order.price if order.type is OrderType.LIMIT else market.worst_price(order.side, market.reference_price)
        no_quotes = market.quotes_expired(self._state.at)
        qty = cost = count = 0
        for rank in reversed(real.ranks):
            level = real.levels[rank]
            count += len(level.orders)
            if count > MAX_MAKERS:
                raise _TooDeep
            self._copy_level(market, level, made, rank)
            others = [
                maker.left
                for maker in level.orders.values()
                if maker.seat.name != order.account and not (no_quotes and maker.state is None)
            ]
            qty += sum(others)
            cost += market.notional(level.price, sum(others))
            is_enough = cost >= order.budget if order.budget else qty >= order.qty
            is_met = is_enough and market.status is not MarketStatus.PRE_OPEN  # before the opening, own orders meet all
            if is_met or rank < worst * real.sign:
                return

    def _copy_level(self, market: Market, level: Level, side: BookSide, rank: int) -> None:
        made = side.levels[rank] = Level(level.price)
        made.qty = level.qty
        side.ranks.insert(0, rank)
        for order in level.orders.values():
            made.orders[order.id] = self._copy_order(market, order)

    def _copy_order(self, market: Market, order: Order) -> Order:
        made = copy(order)
        made.seat = self._seat(market, order.seat.name)
        if made.state is None:
            made.seat.quotes[made.id] = made
        else:
            self._state.orders[made.id] = made.seat.orders[made.id] = made
        return made

    def _seat(self, market: Market, name: str) -> Seat:
        """The account's place, with its balances and with its orders, which count towards the limit."""
        found = self._market.seats.get(name)
        if found is None:
            real = market.seats.get(name)
            found = self._market.seat(self._account(name))
            found.orders = dict(real.orders) if real is not None else {}
        return found

    def _account(self, name: str) -> Account:
        account = self._state.ledger.open(name)
        real = self._real.accounts.get(name)
        if real is not None:
            account.tier = real.tier
            account.cells = {asset: list(real.cells[asset]) for asset in self._assets() if asset in real.cells}
        return account

    def _assets(self) -> tuple[str, str]:
        return self._market.base, self._market.quote
