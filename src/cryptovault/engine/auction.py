"""The opening auction: what crosses in the book when a market opens trades at one price."""

from collections.abc import Iterator
from typing import NamedTuple

from cryptovault.engine.aftermath import traded
from cryptovault.engine.book import BookSide, Order
from cryptovault.engine.events import Event, LevelChanged, Trade
from cryptovault.engine.market import Market
from cryptovault.engine.matching import release_reserve, settle, tell_maker
from cryptovault.engine.money import fee as fee_of
from cryptovault.engine.state import State
from cryptovault.engine.types import InvariantBroken, Side


class Clearing(NamedTuple):
    """The price of an auction and the quantity that trades at it."""

    price: int
    qty: int


class Outcome(NamedTuple):
    """What would trade at a price, and how much more is wanted than offered there."""

    price: int
    qty: int
    surplus: int


def uncross(state: State, market: Market, events: list[Event]) -> None:
    """Trade everything that can trade at one price; afterwards the book does not cross."""
    levels: dict[tuple[Side, int], None] = {}
    if market.quotes_expired(state.at):
        _drop_quotes(market, events, levels)
    found = clearing(market, market.reference(state.at))
    if found is not None:
        start = len(events)
        _trade_all(state, market, found, events, levels)
        traded(state, market, events, start)
    for side, price in levels:
        qty = (market.bids if side is Side.BUY else market.asks).qty_at(price)
        events.append(LevelChanged(market.symbol, side, price, qty))


def clearing(market: Market, reference: int) -> Clearing | None:
    """The price at which most trades, where one does. Looked at are the prices of the orders, and the reference."""
    bid, ask = market.bids.best(), market.asks.best()
    if bid is None or ask is None or bid.price < ask.price:
        return None
    wanted = _totals(market.bids, ask.price)
    offered = _totals(market.asks, bid.price)
    inside = [reference] if ask.price <= reference <= bid.price else []
    demand, supply = sum(wanted.values()), 0
    outcomes: list[Outcome] = []
    for price in sorted({*wanted, *offered, *inside}):
        supply += offered.get(price, 0)
        outcomes.append(Outcome(price, min(demand, supply), demand - supply))
        demand -= wanted.get(price, 0)
    return _best(outcomes, reference)


def _best(outcomes: list[Outcome], reference: int) -> Clearing:
    """Most volume, then least left over, then the side that wants more, then nearest to the reference, then lowest."""
    most = max(outcome.qty for outcome in outcomes)
    least = min(abs(outcome.surplus) for outcome in outcomes if outcome.qty == most)
    equal = [outcome for outcome in outcomes if outcome.qty == most and abs(outcome.surplus) == least]
    if all(outcome.surplus > 0 for outcome in equal):  # buyers are left over: the price goes as high as it can
        return Clearing(equal[-1].price, most)
    if reference and any(outcome.surplus >= 0 for outcome in equal):
        return Clearing(min(equal, key=lambda outcome: abs(outcome.price - reference)).price, most)
    return Clearing(equal[0].price, most)


def _totals(side: BookSide, limit: int) -> dict[int, int]:
    """All that is left at each price that reaches the limit, hidden parts included."""
    totals: dict[int, int] = {}
    for order in _reaching(side, limit):
        totals[order.price] = totals.get(order.price, 0) + order.left
    return totals


def _reaching(side: BookSide, limit: int) -> Iterator[Order]:
    """The orders at least as good as the limit, in the order in which they trade."""
    for rank in reversed(side.ranks):
        if rank < limit * side.sign:
            return
        yield from side.levels[rank].orders.values()


def _drop_quotes(market: Market, events: list[Event], levels: dict[tuple[Side, int], None]) -> None:
    """Nobody keeps them at the price: quotes that would trade leave the book."""
    bid, ask = market.bids.best(), market.asks.best()
    if bid is None or ask is None:
        return
    for side, limit in ((market.bids, ask.price), (market.asks, bid.price)):
        for quote in [order for order in _reaching(side, limit) if order.state is None]:
            side.remove(quote)
            del quote.seat.quotes[quote.id]
            release_reserve(market, quote, quote.reserved, events)
            levels[quote.side, quote.price] = None


def _trade_all(
    state: State, market: Market, found: Clearing, events: list[Event], levels: dict[tuple[Side, int], None]
) -> None:
    buyers, sellers = list(_reaching(market.bids, found.price)), list(_reaching(market.asks, found.price))
    left, buyer, seller = found.qty, 0, 0
    while left:
        bid, ask = buyers[buyer], sellers[seller]
        qty = min(left, bid.left, ask.left)
        _trade(state, market, (bid, ask), found.price, qty, events)
        left -= qty
        for order in (bid, ask):
            levels[order.side, order.price] = None
        buyer += not bid.left
        seller += not ask.left


def _trade(  # noqa: PLR0917 - the two orders and the terms of their trade
    state: State, market: Market, pair: tuple[Order, Order], price: int, qty: int, events: list[Event]
) -> None:
    """One fill. Nobody takes, so both pay the maker's rate; the trade names the one with the higher number as taker."""
    bid, ask = pair
    if bid.seat is ask.seat:
        raise InvariantBroken(f"{bid} and {ask} are of one account")
    notional = market.notional(price, qty)
    market.last_trade_id += 1
    market.last_price = price
    base_fee = fee_of(qty, _rate(state, market, bid))
    quote_fee = fee_of(notional, _rate(state, market, ask))
    maker, taker = (bid, ask) if bid.id < ask.id else (ask, bid)
    fees = (base_fee, quote_fee) if maker is bid else (quote_fee, base_fee)
    events.append(
        Trade(
            market.last_trade_id, market.symbol, price, qty, notional, taker.side, maker.id, taker.id,
            maker.seat.name, taker.seat.name, *fees,
        )
    )  # fmt: skip
    bid.reserved -= notional
    ask.reserved -= qty
    settle(market, events, bid.seat, ask.seat, qty, notional, base_fee, quote_fee)
    for order, fee in ((bid, base_fee), (ask, quote_fee)):
        _shrink(market, order, qty)
        if order.state is not None:
            tell_maker(events, order, order.state, qty, notional, fee, state.at)
        _close_if_done(state, order)
    release_reserve(market, bid, bid.reserved - market.notional(bid.price, bid.left), events)


def _rate(state: State, market: Market, order: Order) -> int:
    return min(market.maker_fee, state.tiers.maker_caps[order.seat.account.tier])


def _shrink(market: Market, order: Order, qty: int) -> None:
    """Take a fill out of the book. What is left of an iceberg shows a part again, in its place."""
    side = market.bids if order.side is Side.BUY else market.asks
    if qty == order.left:
        side.remove(order)
        order.remaining = order.hidden = 0
        return
    level = side.levels[order.price * side.sign]
    level.qty -= order.remaining
    order.remaining, order.hidden = 0, order.left - qty
    order.refresh(order.turn)
    level.qty += order.remaining


def _close_if_done(state: State, order: Order) -> None:
    if order.left:
        return
    if order.state is None:
        del order.seat.quotes[order.id]
        return
    del order.seat.orders[order.id]
    del state.orders[order.id]
    state.closed[order.id] = order.state
