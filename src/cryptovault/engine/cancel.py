"""CancelOrder and CancelAll."""

from collections.abc import Iterable

from cryptovault.engine.account import orders_of
from cryptovault.engine.book import Order
from cryptovault.engine.commands import AmendOrder, CancelAll, CancelOrder
from cryptovault.engine.events import Event, LevelChanged, OrdersCancelled, OrderState, Rejected, Verdict
from cryptovault.engine.ledger import release
from cryptovault.engine.market import Market
from cryptovault.engine.matching import cancelled, release_reserve
from cryptovault.engine.rejects import Reject
from cryptovault.engine.resting import NOT_IN_BOOK, take_out
from cryptovault.engine.state import State
from cryptovault.engine.types import CloseReason, InvariantBroken, MarketStatus, OrderStatus, Side

_new = tuple.__new__
_BUY = Side.BUY
_HALTED = MarketStatus.HALTED
_USER = CloseReason.USER


def cancel_order(state: State, command: CancelOrder, events: list[Event]) -> Verdict:
    """Cancel one order, or tell the final state of one that is closed already."""
    order_id = command.order_id or order_id_of(state, command)
    order = state.orders.get(order_id)
    if order is None or order.seat.name != command.account:
        closed = state.closed.get(order_id)
        if closed is None or closed.account != command.account:
            return Rejected(command.account, Reject.ORDER_UNKNOWN, "no such order, or closed long ago")
        return closed
    old = order.state
    if old is None:
        raise InvariantBroken(f"quote {order_id} is indexed as an order")
    market = state.markets[old.market]
    if market.status is _HALTED:
        return Rejected(command.account, Reject.MARKET_HALTED, "the market is halted")
    # From here on it must succeed.
    if old[20] is not None or old[21]:  # it has terms, or belongs to a group
        return take_out(state, order, OrderStatus.CANCELLED, _USER, events)
    if order.side is _BUY:
        level = market.bids.remove(order)
        release(events, order, order.seat.quote, market.quote, order.reserved)
    else:
        level = market.asks.remove(order)
        release(events, order, order.seat.base, market.base, order.reserved)
    events.append(_new(LevelChanged, (market.symbol, order.side, level.price, level.qty)))
    return _close(state, order, old, _USER)


def order_id_of(state: State, command: CancelOrder | AmendOrder) -> int:
    """The id of the order that was placed with this key, of a group the first, or 0."""
    account = state.ledger.accounts.get(command.account)
    record = account.keys.get(command.client_order_id) if account else None
    placed = orders_of(record[2]) if record else ()
    return placed[0] if placed else 0


def _close(state: State, order: Order, old: OrderState, reason: CloseReason) -> OrderState:
    """Take a cancelled order out of the indexes."""
    del state.orders[order.id]
    del order.seat.orders[order.id]
    state.closed[order.id] = final = cancelled(order, old, reason, state.at)
    return final


def cancel_all(state: State, command: CancelAll, events: list[Event]) -> Verdict:
    """Cancel every order and quote of the account, in one market or in all that are not halted."""
    if command.market:
        market = state.markets.get(command.market)
        if market is None:
            return Rejected(command.account, Reject.MARKET_UNKNOWN, "no such market")
        if market.status is _HALTED:
            return Rejected(command.account, Reject.MARKET_HALTED, "the market is halted")
        markets = [market]
    else:
        every = (market for market in state.markets.values() if (market.mirrors is not None) is command.paper)
        markets = [market for market in every if market.status is not _HALTED]
    numbers = cancel_everything(state, markets, command.account, _USER, events)
    return OrdersCancelled(command.account, command.market, numbers)


def cancel_everything(
    state: State, markets: Iterable[Market], name: str, reason: CloseReason, events: list[Event]
) -> tuple[int, ...]:
    """Take all orders and quotes of an account out of these markets; the numbers of the orders."""
    numbers: list[int] = []
    for market in markets:
        seat = market.seats.get(name)
        if seat is not None:
            numbers += seat.orders
            _cancel_each(state, market, [*seat.orders.values(), *seat.quotes.values()], reason, events)
            seat.quotes.clear()
    return tuple(numbers)


def _cancel_each(state: State, market: Market, orders: list[Order], reason: CloseReason, events: list[Event]) -> None:
    levels: dict[tuple[Side, int], int] = {}
    for order in orders:
        if order.state is not None and order.state.status in NOT_IN_BOOK:
            events.append(take_out(state, order, OrderStatus.CANCELLED, reason, events))
            continue
        makers = market.bids if order.side is _BUY else market.asks
        level = makers.remove(order)
        levels[order.side, level.price] = level.qty
        release_reserve(market, order, order.reserved, events)
        if order.state is not None:
            events.append(_close(state, order, order.state, reason))
    for (side, price), qty in levels.items():
        events.append(LevelChanged(market.symbol, side, price, qty))
