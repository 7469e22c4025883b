"""A small exchange with all in it that one order, or one group of orders, can meet if it comes now.

The copy holds the account, the levels the order can reach and the owners of the orders there. What is left out cannot
change the order's own fate: the rest of the book, and what other orders do once this one has traded.
"""

from copy import copy
from typing import NamedTuple

from cryptovault.engine.account import Account
from cryptovault.engine.book import BookSide, Level, Order, Seat
from cryptovault.engine.commands import PlaceBracket, PlaceOco, PlaceOrder
from cryptovault.engine.market import Market
from cryptovault.engine.state import State
from cryptovault.engine.types import FEES, MarketStatus, OrderType, Side

MAX_MAKERS = 1_000
"""Orders of a side that can be reached to be foreseen; it takes a few milliseconds to copy so many."""

_AT_ONCE = frozenset({OrderType.LIMIT, OrderType.MARKET})


class TooDeep(Exception):
    """The order reaches more orders than are copied."""


class _Reach(NamedTuple):
    """How far something can go: who meets whom on which side, down to which price (0: any), for how much."""

    side: Side
    worst: int
    qty: int
    budget: int = 0


class Scene:
    """The copy. `state` is for the handlers to work on; nothing of it belongs to the real exchange."""

    def __init__(self, state: State, market: Market, command: PlaceOrder | PlaceOco | PlaceBracket, at: int) -> None:
        self._real = state
        self.state = State()
        self.state.seq, self.state.at, self.state.epoch = state.seq, at, state.epoch
        self.state.next_order_id = state.next_order_id
        self.state.assets = state.assets
        self.state.tiers.set_schedule(state.tiers.dollars, state.tiers.schedule)
        self._market = self._copy_market(market)
        self._own = self._seat(market, command.account)
        if market.mirrors is not None:
            self._copy_own(market)
            return
        for reach in _reaches(market, command):
            self._copy_reach(market, reach)

    def rates(self) -> tuple[int, int]:
        """What the account pays as maker and as taker (ppm)."""
        tiers, tier = self.state.tiers, self._own.account.tier
        return (
            min(self._market.maker_fee, tiers.maker_caps[tier]),
            min(self._market.taker_fee, tiers.taker_caps[tier]),
        )

    def balances(self) -> tuple[tuple[str, int, int], ...]:
        """(asset, available, held) of the account in base and quote."""
        cells = self._own.account.cells
        return tuple((asset, *cells.get(asset, (0, 0))) for asset in self._assets())

    def _copy_market(self, market: Market) -> Market:
        fees = self.state.ledger.open(FEES)
        assets = self.state.assets
        made = Market(
            market.rules(), assets[market.base], assets[market.quote], fees.cell(market.base), fees.cell(market.quote)
        )
        made.status = market.status
        made.reference_price, made.reference_at = market.reference_price, market.reference_at
        made.last_trade_id, made.last_price = market.last_trade_id, market.last_price
        made.mirrors = market.mirrors  # whose depth is only read
        made.trade_moves.parts = [list(part) for part in market.trade_moves.parts]
        self.state.markets[market.symbol] = made
        return made

    def _copy_own(self, market: Market) -> None:
        """On paper an order meets the live book, which is only read, and the account's own orders."""
        for order in list(self._own.orders.values()):
            self._copy_order(market, order)

    def _copy_reach(self, market: Market, reach: _Reach) -> None:
        """The levels of the other side that can be traded with, and the first behind them."""
        real, made = (market.asks, self._market.asks) if reach.side is Side.BUY else (market.bids, self._market.bids)
        no_quotes = market.quotes_expired(self.state.at)
        qty = cost = count = 0
        for rank in reversed(real.ranks):
            level = real.levels[rank]
            if not (reach.qty or reach.budget):  # that the level is there is all that matters
                made.levels[rank] = Level(level.price)
                made.ranks.append(rank)
                return
            count += len(level.orders)
            if count > MAX_MAKERS:
                raise TooDeep
            self._copy_level(market, level, made, rank)
            others = [
                maker.left
                for maker in level.orders.values()
                if maker.seat.name != self._own.name and not (no_quotes and maker.state is None)
            ]
            qty += sum(others)
            cost += market.notional(level.price, sum(others))
            is_enough = cost >= reach.budget if reach.budget else qty >= reach.qty
            is_met = is_enough and market.status is not MarketStatus.PRE_OPEN  # before the opening, own orders meet all
            if is_met or (reach.worst and rank < reach.worst * real.sign):
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
            self.state.orders[made.id] = made.seat.orders[made.id] = made
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
        account = self.state.ledger.open(name)
        real = self._real.accounts.get(name)
        if real is not None:
            account.tier = real.tier
            account.cells = {asset: list(real.cells[asset]) for asset in self._assets() if asset in real.cells}
        if name in self._real.tiers.totals:
            self.state.tiers.totals[name] = self._real.tiers.totals[name]
        return account

    def _assets(self) -> tuple[str, str]:
        return self._market.base, self._market.quote


def _reaches(market: Market, command: PlaceOrder | PlaceOco | PlaceBracket) -> list[_Reach]:
    """What can be met: by an order at once, by a pair nobody, by a bracket's exits what its entry brings."""
    side, qty = command.side, command.qty
    if isinstance(command, PlaceOco):
        return [_Reach(side, command.take_profit.price, 0)]
    if isinstance(command, PlaceOrder):
        return [_reach(market, side, command.type, command.price, qty, command.budget)]
    entry = command.entry
    reaches = [_reach(market, side, entry.type, entry.price, qty)]
    if entry.type in _AT_ONCE:
        reaches.append(_Reach(Side.SELL if side is Side.BUY else Side.BUY, 0, qty))
    return reaches


def _reach(  # noqa: PLR0917 - the terms of an order
    market: Market, side: Side, kind: OrderType, price: int, qty: int, budget: int = 0
) -> _Reach:
    worst = price if kind is OrderType.LIMIT else market.worst_price(side, market.reference_price)
    return _Reach(side, worst, qty, budget)
