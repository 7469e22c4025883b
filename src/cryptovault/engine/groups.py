"""Orders that live and die together: one-cancels-other, and the exits of a bracket.

A group exists while both of its exits are open, untouched and unfired. The moment one of them trades, fires or ends,
the other ends too and the group is no more.
"""

from cryptovault.engine.book import Order
from cryptovault.engine.conditional import need, start_of
from cryptovault.engine.events import Event, OrderState
from cryptovault.engine.ledger import hold
from cryptovault.engine.market import Market
from cryptovault.engine.matching import release_reserve
from cryptovault.engine.orders import take
from cryptovault.engine.resting import best_so_far, fire, rest, take_out, watch
from cryptovault.engine.state import Group, State
from cryptovault.engine.triggers import is_reached, trigger_now, watched
from cryptovault.engine.types import (
    CloseReason,
    GroupRole,
    InvariantBroken,
    MarketStatus,
    OrderStatus,
    OrderType,
    Side,
)

_DORMANT = OrderStatus.DORMANT
_WAITING = OrderStatus.WAITING
_LINKED = CloseReason.LINKED
_FINAL = (OrderStatus.FILLED, OrderStatus.CANCELLED, OrderStatus.EXPIRED)


def follow(state: State, told: OrderState, events: list[Event]) -> None:
    """What an order's new state means for the others of its group."""
    group = state.groups.get(told.group)
    if group is None:
        return
    if told.role is GroupRole.ENTRY:
        if told.filled:
            _protect(state, group, told, events)
        if told.status in _FINAL and told.group in state.groups:
            _entry_ended(state, group, told, events)
    elif told.filled or told.triggered or told.status in _FINAL:
        _dissolve(state, group, events, with_entry=bool(told.filled or told.triggered), spare=told.order_id)
    elif (lowered := _lowered(state, group)) is not None:  # perhaps not the one this news is about
        _dissolve(state, group, events, with_entry=not _is_untouched(lowered), spare=lowered.id)


def leave(state: State, order: Order, told: OrderState, events: list[Event]) -> None:
    """An exit fires: it takes over all that the pair holds, and the others are cancelled."""
    group = state.groups.get(told.group)
    if group is None or told.role is GroupRole.ENTRY:
        return
    other = state.orders[group.stop_loss if told.role is GroupRole.TAKE_PROFIT else group.take_profit]
    order.reserved, other.reserved = order.reserved + other.reserved, 0
    _dissolve(state, group, events, with_entry=True, spare=order.id)
    market = state.markets[told.market]
    if order.side is Side.SELL or order.price:
        needed = need(market, order.side, order.price, order.left, 0)
        release_reserve(market, order, order.reserved - needed, events)


def _lowered(state: State, group: Group) -> Order | None:
    """The exit that self-trade prevention has lowered alone, and which goes on alone for what it still holds."""
    exits = [state.orders[number] for number in (group.take_profit, group.stop_loss) if number in state.orders]
    exits.sort(key=lambda order: told_of(order).qty)
    return exits[0] if len({told_of(order).qty for order in exits}) > 1 else None


def _dissolve(state: State, group: Group, events: list[Event], *, with_entry: bool, spare: int) -> None:
    """Cancel all of the group but one exit; the entry lives on unless that one has traded or fired."""
    del state.groups[group.id]
    for order_id in (group.take_profit, group.stop_loss, group.entry if with_entry else 0):
        order = state.orders.get(order_id)
        if order is not None and order_id != spare:
            events.append(take_out(state, order, OrderStatus.CANCELLED, _LINKED, events))


def _is_untouched(order: Order) -> bool:
    """Not the one that has traded or fired itself."""
    return order.state is not None and not order.state.filled and not order.state.triggered


def _entry_ended(state: State, group: Group, told: OrderState, events: list[Event]) -> None:
    """No more will come of the entry: exits that still sleep have nothing to protect."""
    group.entry = 0
    profit = state.orders.get(group.take_profit)
    if profit is not None and told_of(profit).status is _DORMANT:
        del state.groups[group.id]
        reason = CloseReason.NOT_PLACED if told.filled else _LINKED
        for order in (profit, state.orders[group.stop_loss]):
            events.append(take_out(state, order, OrderStatus.CANCELLED, reason, events))


def told_of(order: Order) -> OrderState:
    """The last told state of an order of a group."""
    if order.state is None:
        raise InvariantBroken(f"quote {order.id} is in a group")
    return order.state


def _protect(state: State, group: Group, entry: OrderState, events: list[Event]) -> None:
    """Let the exits stand for what the entry has brought so far, in whole lots, as far as it can be held for them."""
    profit, loss = state.orders.get(group.take_profit), state.orders.get(group.stop_loss)
    if profit is None or loss is None or not _is_untouched(profit):
        return  # it traded as soon as it stood: the end of the group is under way
    market = state.markets[entry.market]
    received = entry.filled - entry.fee if entry.side is Side.BUY else entry.filled
    covered = 0 if told_of(profit).status is _DORMANT else told_of(profit).qty
    each = max(need_of(state, market, order, market.lot) for order in (profit, loss))
    available = (profit.seat.base if profit.side is Side.SELL else profit.seat.quote)[0]
    lots = min((received - covered) // market.lot, available // each if each else 0)
    if lots > 0:
        _hold(state, market, profit, loss, lots * market.lot, events)
        _stand(state, market, loss, covered + lots * market.lot, events)
        _stand(state, market, profit, covered + lots * market.lot, events)


def need_of(state: State, market: Market, order: Order, qty: int) -> int:
    """What an exit would hold for a quantity, its trigger being where it is or would be now."""
    trigger = start_of(market, order, state.at)[0]
    return need(market, order.side, order.price, qty, trigger)


def _hold(  # noqa: PLR0917 - both exits, and how much more
    state: State, market: Market, profit: Order, loss: Order, more: int, events: list[Event]
) -> None:
    """Both are held for once: the stop holds only what it needs beyond the take-profit."""
    first, second = need_of(state, market, profit, more), need_of(state, market, loss, more)
    cell, asset = (profit.seat.base, market.base) if profit.side is Side.SELL else (profit.seat.quote, market.quote)
    for order, amount in ((profit, first), (loss, max(0, second - first))):
        if amount:
            hold(events, order, cell, asset, amount)
            order.reserved += amount


def _stand(state: State, market: Market, order: Order, qty: int, events: list[Event]) -> None:
    """Make an exit stand for this quantity: it wakes, or grows."""
    old = told_of(order)
    stands = old.status is not _DORMANT
    status = OrderStatus.OPEN if old.type is OrderType.LIMIT else _WAITING
    order.state = told = old._replace(qty=qty, status=status, version=old.version + 1, updated=state.at)
    if status is _WAITING:
        order.remaining = qty
        events.append(_keep_waiting(state, market, order) if stands else _wait(state, market, order))
        return
    if stands:
        (market.bids if order.side is Side.BUY else market.asks).remove(order)
    order.remaining = qty
    events.append(_rest(state, market, order, told, events))


def _rest(state: State, market: Market, order: Order, told: OrderState, events: list[Event]) -> OrderState:
    """The take-profit goes to the back of its level, or trades at once where its price is met already."""
    makers = market.asks if order.side is Side.BUY else market.bids
    if not makers.crosses(order.price):
        rest(state, market, order, events)
        return told
    told = take(state, market, order, order.price, told, events)
    if told.status in _FINAL:
        del state.orders[order.id]
        del order.seat.orders[order.id]
    return told


def _keep_waiting(state: State, market: Market, order: Order) -> OrderState:
    best = best_so_far(state, market, order)
    order.state = told = told_of(order)._replace(terms=trigger_now(order, best))
    return told


def _wait(state: State, market: Market, order: Order) -> OrderState:
    """An exit begins to wait; where the price has reached its trigger already, it fires at once."""
    kind, terms = watched(order)
    trigger, best = start_of(market, order, state.at)
    order.state = told = told_of(order)._replace(
        terms=terms._replace(trigger_price=trigger if best else terms.trigger_price)
    )
    price = market.price_of(terms.trigger_by, state.at) if market.status is MarketStatus.OPEN else 0
    if price and kind is not OrderType.TRAILING_STOP and is_reached(order.side, kind, trigger, price):
        fire(state, order.id, price, 0)
    else:
        watch(state, market, order, best)
    return told
