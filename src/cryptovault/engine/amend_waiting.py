"""AmendOrder for orders that wait for a price and for the exits of a group: limit, trigger, quantity where free."""

from cryptovault.engine.book import Order
from cryptovault.engine.commands import AmendOrder, PlaceOrder
from cryptovault.engine.conditional import need, refuse_fields, terms_of
from cryptovault.engine.events import Event, LevelChanged, OrderState, Rejected, Verdict
from cryptovault.engine.group_orders import refuse_exits, refuse_leg_price, refuse_levels
from cryptovault.engine.groups import need_of, told_of
from cryptovault.engine.ledger import hold
from cryptovault.engine.market import Market
from cryptovault.engine.matching import release_reserve
from cryptovault.engine.order_rules import Refusal, refuse_status
from cryptovault.engine.rejects import Reject
from cryptovault.engine.resting import NOT_IN_BOOK, rest, unwatch, watch
from cryptovault.engine.state import Group, State
from cryptovault.engine.types import GroupRole, OrderStatus, OrderType, Side

_TRAILING = OrderType.TRAILING_STOP

Holds = list[tuple[Order, int]]
"""Orders and what each of them has to hold."""


def is_waiting(state: State, old: OrderState) -> bool:
    """Whether this order is amended here."""
    return old.status in NOT_IN_BOOK or (old.group in state.groups and old.role is not GroupRole.ENTRY)


def amend_waiting(state: State, order: Order, command: AmendOrder, events: list[Event]) -> Verdict:
    """Change an order that waits, or refuse and leave it exactly as it is."""
    old = told_of(order)
    market = state.markets[old.market]
    group = state.groups.get(old.group) if old.role is not GroupRole.ENTRY else None
    wanted = _wanted(old, command)
    refusal = refuse_status(market, wanted) or _refuse(state, market, group, old, wanted)
    holds: Holds = []
    if refusal is None:
        holds = _holds(state, market, group, order, wanted)
        refusal = _refuse_funds(market, order, holds)
    if refusal is not None:
        return Rejected(command.account, *refusal)
    # From here on it must succeed.
    if wanted == as_placed(old):
        return old
    for held, amount in sorted(holds, key=_more):
        _hold(market, held, amount, events)
    return _change(state, market, order, wanted, events)


def as_placed(old: OrderState) -> PlaceOrder:
    """An order as it would be placed now; a trailing stop finds its trigger by itself."""
    terms = old.terms
    if old.type is _TRAILING and terms is not None:
        terms = terms._replace(trigger_price=0)
    return PlaceOrder(*old[1:12], terms)


def _wanted(old: OrderState, command: AmendOrder) -> PlaceOrder:
    placed = as_placed(old)
    terms = placed.terms
    if command.trigger_price:
        terms = terms_of(placed)._replace(trigger_price=command.trigger_price)
    return placed._replace(price=command.price or old.price, qty=command.qty or old.qty, terms=terms)


def _refuse(state: State, market: Market, group: Group | None, old: OrderState, wanted: PlaceOrder) -> Refusal | None:
    if old.type is _TRAILING:
        return Reject.ORDER_INVALID, "a trailing stop is not amended: cancel it and place another"
    if group is not None and wanted.qty != old.qty:
        return Reject.GROUP_INVALID, "the quantity is the group's"
    if (refusal := refuse_entry(state, old, wanted)) is not None:
        return refusal
    if (refusal := refuse_fields(state, market, wanted, amended=True)) is not None:
        return refusal
    if old.status is not OrderStatus.DORMANT and (refusal := refuse_leg_price(state, market, wanted)) is not None:
        return refusal
    return _refuse_pair(state, market, group, old, wanted) if group is not None else None


def _refuse_pair(state: State, market: Market, group: Group, old: OrderState, wanted: PlaceOrder) -> Refusal | None:
    """The take-profit stays on the better side; while it sleeps, the entry stays between."""
    is_profit = old.role is GroupRole.TAKE_PROFIT
    other = as_placed(told_of(state.orders[group.stop_loss if is_profit else group.take_profit]))
    entry = state.orders.get(group.entry) if old.status is OrderStatus.DORMANT else None
    between = as_placed(told_of(entry)) if entry is not None else None
    return refuse_exits(state, market, (wanted, other) if is_profit else (other, wanted), between)


def refuse_entry(state: State, old: OrderState, wanted: PlaceOrder) -> Refusal | None:
    """An entry stays between its exits; one that has traded only has to stay short of its take-profit."""
    group = state.groups.get(old.group)
    moved = wanted.price != old.price or (wanted.terms is not None and wanted.terms != old.terms)
    if group is None or old.role is not GroupRole.ENTRY or not moved:
        return None
    profit, loss = (told_of(state.orders[number]) for number in (group.take_profit, group.stop_loss))
    sleeps = profit.status is OrderStatus.DORMANT
    return refuse_levels(as_placed(profit), as_placed(loss) if sleeps else None, wanted)


def _holds(state: State, market: Market, group: Group | None, order: Order, wanted: PlaceOrder) -> Holds:
    """What the order, and its counterpart, have to hold from now on."""
    if told_of(order).status is OrderStatus.DORMANT:
        return []
    needed = need(market, wanted.side, wanted.price, wanted.qty, terms_of(wanted).trigger_price)
    if group is None:
        return [(order, needed)]
    profit, loss = state.orders[group.take_profit], state.orders[group.stop_loss]
    first = needed if order is profit else profit.reserved
    second = needed if order is loss else need_of(state, market, loss, loss.left)
    return [(profit, first), (loss, max(0, second - first))]


def _refuse_funds(market: Market, order: Order, holds: Holds) -> Refusal | None:
    more = sum(amount - held.reserved for held, amount in holds)
    cell, asset = (order.seat.quote, market.quote) if order.side is Side.BUY else (order.seat.base, market.base)
    if more > cell[0]:
        return Reject.INSUFFICIENT_FUNDS, f"needs {more} units of {asset} more, has {cell[0]} available"
    return None


def _more(held: tuple[Order, int]) -> int:
    """How much more it is than before: what becomes free comes first, so that nothing runs short."""
    return held[1] - held[0].reserved


def _hold(market: Market, order: Order, amount: int, events: list[Event]) -> None:
    """Make an order hold this much."""
    more = amount - order.reserved
    cell, asset = (order.seat.quote, market.quote) if order.side is Side.BUY else (order.seat.base, market.base)
    if more > 0:
        hold(events, order, cell, asset, more)
        order.reserved = amount
    else:
        release_reserve(market, order, -more, events)


def _change(state: State, market: Market, order: Order, wanted: PlaceOrder, events: list[Event]) -> OrderState:
    """It waits, sleeps or rests on, as what it is now; in the book it goes to the back of its new level."""
    old = told_of(order)
    if old.status is OrderStatus.WAITING:
        unwatch(state, market, order)
    elif old.status is OrderStatus.OPEN:
        level = (market.bids if order.side is Side.BUY else market.asks).remove(order)
        events.append(LevelChanged(market.symbol, order.side, level.price, level.qty))
    order.price, order.remaining = wanted.price, wanted.qty
    order.state = told = old._replace(
        price=wanted.price, qty=wanted.qty, terms=wanted.terms, version=old.version + 1, updated=state.at
    )
    if old.status is OrderStatus.WAITING:
        watch(state, market, order, 0)
    elif old.status is OrderStatus.OPEN:
        rest(state, market, order, events)
    return told
