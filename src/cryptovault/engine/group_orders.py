"""PlaceOco and PlaceBracket: refuse all of it, or place all of it."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from cryptovault.engine.account import repeat
from cryptovault.engine.book import Order, Seat
from cryptovault.engine.commands import Leg, PlaceBracket, PlaceOco, PlaceOrder, Terms
from cryptovault.engine.conditional import (
    first_trigger,
    need,
    refuse_fields,
    refuse_price,
    terms_of,
)
from cryptovault.engine.events import Event, GroupPlaced, OrderState, Rejected, Verdict
from cryptovault.engine.firing import settle
from cryptovault.engine.groups import told_of
from cryptovault.engine.ledger import hold
from cryptovault.engine.market import Market
from cryptovault.engine.mirror import lay
from cryptovault.engine.order_rules import GROUPED, Refusal, refuse_kind, refuse_number, refuse_status
from cryptovault.engine.orders import place_kind, refuse_sender
from cryptovault.engine.rejects import Reject
from cryptovault.engine.resting import rest, watch
from cryptovault.engine.state import Group, State
from cryptovault.engine.triggers import STOPS, TAKE_PROFITS
from cryptovault.engine.types import (
    CloseReason,
    GroupRole,
    OrderStatus,
    OrderType,
    Side,
    TimeInForce,
)

_LIMIT = OrderType.LIMIT

Legs = tuple[PlaceOrder, PlaceOrder]
"""Take-profit and stop, as if each were placed alone."""

Placing = Callable[[State, Market, Seat, Any, list[Event]], Rejected | int]
"""Refuses a group, or places it and says how many orders that were."""


def place_oco(state: State, command: PlaceOco, events: list[Event]) -> Verdict:
    """Place two orders of which one cancels the other."""
    return _once(state, command, events, _place_oco)


def place_bracket(state: State, command: PlaceBracket, events: list[Event]) -> Verdict:
    """Place an entry, and the two exits that will protect what it brings."""
    return _once(state, command, events, _place_bracket)


def _once(state: State, command: PlaceOco | PlaceBracket, events: list[Event], place: Placing) -> Verdict:
    """Answer a known key as before; else place the group, do what it sets off, and remember how it stands then."""
    name, key = command.account, command.key
    if (refusal := refuse_sender(state, name, key)) is not None:
        return Rejected(name, *refusal)
    account = state.ledger.open(name)
    if (known := account.keys.get(key)) is not None:
        return repeat(known, command, events)
    market = state.markets.get(command.market)
    if market is not None and market.mirrors is not None:
        lay(state, market, name, events)
    first = state.next_order_id
    verdict: Verdict
    if market is None:
        verdict = Rejected(name, Reject.MARKET_UNKNOWN, "no such market")
    elif isinstance(placed := place(state, market, market.seat(account), command, events), Rejected):
        verdict = placed
    else:
        settle(state, events)
        verdict = GroupPlaced(name, first, tuple(_state_of(state, first + number) for number in range(placed)))
    account.keys[key] = record = (state.at, command, verdict)
    state.order_keys.append(record)
    return verdict


def _state_of(state: State, order_id: int) -> OrderState:
    order = state.orders.get(order_id)
    return order.state if order is not None and order.state is not None else state.closed[order_id]


def _place_oco(state: State, market: Market, seat: Seat, command: PlaceOco, events: list[Event]) -> Rejected | int:
    """Hold for both once, let the one rest or wait and the other wait."""
    legs = (
        _as_order(command, command.side, command.take_profit, command.expires_at),
        _as_order(command, command.side, command.stop_loss, command.expires_at),
    )
    refusal = refuse_status(market, legs[0]) or _refuse_kinds(market, legs)
    refusal = refusal or refuse_exits(state, market, legs)
    refusal = refusal or refuse_leg_price(state, market, legs[0]) or refuse_leg_price(state, market, legs[1])
    if (refusal := refusal or refuse_number(state, market, seat, 2)) is not None:
        return Rejected(command.account, *refusal)
    profit, loss = (_need(state, market, leg) for leg in legs)
    cell, asset = (seat.quote, market.quote) if command.side is Side.BUY else (seat.base, market.base)
    if cell[0] < max(profit, loss):
        reason = f"needs {max(profit, loss)} units of {asset}, has {cell[0]} available"
        return Rejected(command.account, Reject.INSUFFICIENT_FUNDS, reason)
    # From here on it must succeed.
    group = state.next_order_id
    state.next_order_id += 2
    state.groups[group] = Group(group, 0, group, group + 1)
    for number, leg, held in ((group, legs[0], profit), (group + 1, legs[1], max(0, loss - profit))):
        order = _make(state, seat, leg, number, group)
        if held:
            hold(events, order, cell, asset, held)
            order.reserved = held
        _begin(state, market, order, leg, events)
    return 2


def _place_bracket(
    state: State, market: Market, seat: Seat, command: PlaceBracket, events: list[Event]
) -> Rejected | int:
    """Place the entry as any order; its exits sleep until it trades."""
    entry = PlaceOrder(
        command.account, command.key, command.market, command.side, command.entry.type, command.tif,
        command.entry.price, command.qty, 0, command.post_only, command.self_trade, command.entry.terms,
    )  # fmt: skip
    other = Side.SELL if command.side is Side.BUY else Side.BUY
    legs = _as_order(command, other, command.take_profit, 0), _as_order(command, other, command.stop_loss, 0)
    refusal = refuse_status(market, entry) or _refuse_kinds(market, (entry, *legs))
    refusal = refusal or refuse_exits(state, market, legs, entry)
    if (refusal := refusal or refuse_number(state, market, seat, 3)) is not None:
        return Rejected(command.account, *refusal)
    verdict = place_kind(state, market, seat, entry, events)
    if isinstance(verdict, Rejected):
        return verdict
    # From here on it must succeed.
    group = verdict.order_id
    state.next_order_id += 2
    state.groups[group] = Group(group, group, group + 1, group + 2)
    events.append(_join(state, verdict))
    for number, leg in enumerate(legs, group + 1):
        order = _make(state, seat, leg, number, group, OrderStatus.DORMANT)
        state.orders[number] = seat.orders[number] = order
        events.append(told_of(order))
    return 3


def _join(state: State, placed: OrderState) -> OrderState:
    """Make an order that was placed alone the entry of a group."""
    joined = placed._replace(group=placed.order_id, role=GroupRole.ENTRY)
    if joined.order_id in state.orders:
        state.orders[joined.order_id].state = joined
    else:
        state.closed[joined.order_id] = joined
    return joined


def _as_order(command: PlaceOco | PlaceBracket, side: Side, leg: Leg, expires_at: int) -> PlaceOrder:
    """A leg as if it were placed alone."""
    tif = TimeInForce.GTD if expires_at else TimeInForce.GTC
    terms = leg.terms
    if expires_at or leg.type is not _LIMIT:
        terms = (terms or Terms())._replace(expires_at=expires_at)
    return PlaceOrder(
        command.account, command.key, command.market, side, leg.type, tif, leg.price, command.qty, 0, False,
        command.self_trade, terms,
    )  # fmt: skip


def _refuse_kinds(market: Market, orders: tuple[PlaceOrder, ...]) -> Refusal | None:
    """Whether the market takes groups, and orders like each of these."""
    if not market.order_types:
        return None
    if not market.order_types >> GROUPED & 1:
        return Reject.ORDER_TYPE_CLOSED, "this market takes no groups of orders"
    return next(filter(None, (refuse_kind(market, order) for order in orders)), None)


def refuse_exits(state: State, market: Market, legs: Legs, entry: PlaceOrder | None = None) -> Refusal | None:
    """What is wrong with the two of them, whatever the prices are now. `entry` is that of a bracket."""
    profit, loss = legs
    if profit.type not in {_LIMIT, *TAKE_PROFITS} or loss.type not in STOPS:
        return Reject.GROUP_INVALID, "a take-profit is a limit or take-profit order, a stop-loss a stop"
    if any(leg.terms and (leg.terms.visible_qty or leg.terms.reduce_to_available) for leg in legs):
        return Reject.ORDER_INVALID, "an exit is for the quantity of its group, and shows all of it"
    refusal = refuse_fields(state, market, profit) or refuse_fields(state, market, loss)
    return refusal or refuse_levels(profit, loss, entry)


def refuse_levels(profit: PlaceOrder, loss: PlaceOrder | None, entry: PlaceOrder | None) -> Refusal | None:
    """The take-profit lies where the price is better, the stop where it is worse, and all of the entry between."""
    sign = 1 if profit.side is Side.SELL else -1
    target = profit.price if profit.type is _LIMIT else terms_of(profit).trigger_price
    between = {entry.price, terms_of(entry).trigger_price} if entry is not None else set()
    levels = [target * sign, *sorted((price * sign for price in between), reverse=True)]
    levels = [level for level in (*levels, terms_of(loss).trigger_price * sign if loss else 0) if level]
    if any(better <= worse for better, worse in pairwise(levels)):
        return Reject.GROUP_INVALID, "the take-profit lies on the side where the price is better, the stop on the other"
    return None


def refuse_leg_price(state: State, market: Market, leg: PlaceOrder) -> Refusal | None:
    """What is wrong with a leg, given the prices now."""
    if leg.type is not _LIMIT:
        return refuse_price(state, market, leg)
    if (market.asks if leg.side is Side.BUY else market.bids).crosses(leg.price):
        return Reject.WOULD_TRIGGER, "the take-profit would trade at once"
    if market.notional(leg.price, leg.qty) < market.min_notional:
        return Reject.MIN_NOTIONAL, f"worth less than {market.min_notional} units of {market.quote}"
    return None


def _need(state: State, market: Market, leg: PlaceOrder) -> int:
    return need(market, leg.side, leg.price, leg.qty, first_trigger(market, leg, state.at)[0])


def _make(  # noqa: PLR0917 - who, what and where it belongs
    state: State, seat: Seat, leg: PlaceOrder, number: int, group: int, status: OrderStatus | None = None
) -> Order:
    """An exit that holds nothing yet."""
    role = GroupRole.STOP_LOSS if leg.type in STOPS else GroupRole.TAKE_PROFIT
    first = status or (OrderStatus.OPEN if leg.type is _LIMIT else OrderStatus.WAITING)
    placed = OrderState(
        number, *leg[:11], 0, 0, 0, first, CloseReason.NONE, 1, state.at, state.at, leg.terms, group, role, 0
    )
    return Order(number, seat, leg.side, leg.price, leg.qty, 0, placed)


def _begin(state: State, market: Market, order: Order, leg: PlaceOrder, events: list[Event]) -> None:
    """An exit rests, or waits for its trigger."""
    if leg.type is _LIMIT:
        rest(state, market, order, events)
    else:
        trigger, best = first_trigger(market, leg, state.at)
        if best:
            order.state = told_of(order)._replace(terms=terms_of(leg)._replace(trigger_price=trigger))
        state.orders[order.id] = order.seat.orders[order.id] = order
        watch(state, market, order, best)
    events.append(told_of(order))
