"""Open orders come to rest in the book or wait for a price, and are taken out of wherever they are."""

from heapq import heappush

from cryptovault.engine.book import Order
from cryptovault.engine.due import DueKind
from cryptovault.engine.events import Event, LevelChanged, OrderState
from cryptovault.engine.market import Market
from cryptovault.engine.matching import cancelled, release_reserve
from cryptovault.engine.state import State
from cryptovault.engine.triggers import trigger_now, watched
from cryptovault.engine.types import CloseReason, InvariantBroken, OrderStatus, Side

NOT_IN_BOOK = frozenset({OrderStatus.WAITING, OrderStatus.DORMANT})
"""Open orders that nobody can trade with."""


def rest(state: State, market: Market, order: Order, events: list[Event]) -> None:
    """Queue what is left of an order behind those already at its price; of an iceberg only a part is shown."""
    terms = order.state.terms if order.state is not None else None
    order.turn = state.next_order_id - 1
    if terms is not None:
        if terms.visible_qty:
            order.hidden, order.remaining = order.left, 0
            order.refresh(order.turn)
        if terms.expires_at:
            state.due.add(terms.expires_at, DueKind.EXPIRY, order.id)
    level = (market.bids if order.side is Side.BUY else market.asks).add(order)
    state.orders[order.id] = order.seat.orders[order.id] = order
    events.append(LevelChanged(market.symbol, order.side, level.price, level.qty))


def watch(state: State, market: Market, order: Order, best: int) -> None:
    """Let an order wait for its trigger; a trailing stop that is active follows from the price `best` on, else 0."""
    terms = watched(order)[1]
    market.watchers[terms.trigger_by].add(order, best)
    state.watched += 1
    if terms.expires_at:
        state.due.add(terms.expires_at, DueKind.EXPIRY, order.id)


def unwatch(state: State, market: Market, order: Order) -> int:
    """Let it wait no longer; the best price a trailing stop has seen, 0 where it has seen none."""
    if order.id in state.fired:
        return state.fired.pop(order.id)[1]
    state.watched -= 1
    return market.watchers[watched(order)[1].trigger_by].remove(order)


def best_so_far(state: State, market: Market, order: Order) -> int:
    """The best price a trailing stop that waits, or has fired and is not executed yet, has seen; 0 for none."""
    fired = state.fired.get(order.id)
    return fired[1] if fired else market.watchers[watched(order)[1].trigger_by].best(order)


def fire(state: State, order_id: int, price: int, best: int) -> None:
    """An order that is watched no more is to be executed at this price, in its turn."""
    state.fired[order_id] = (price, best)
    heappush(state.queue, state.turn_of(order_id))


def take_out(state: State, order: Order, status: OrderStatus, reason: CloseReason, events: list[Event]) -> OrderState:
    """Close an open order, wherever it is, with everything it holds given back. Its last state, still to be told."""
    old = order.state
    if old is None:
        raise InvariantBroken(f"quote {order.id} is indexed as an order")
    market = state.markets[old.market]
    if old.status is OrderStatus.WAITING:
        old = old._replace(terms=trigger_now(order, unwatch(state, market, order)))
    elif old.status is not OrderStatus.DORMANT:
        level = (market.bids if order.side is Side.BUY else market.asks).remove(order)
        events.append(LevelChanged(market.symbol, order.side, level.price, level.qty))
    release_reserve(market, order, order.reserved, events)
    return forget(state, order, cancelled(order, old, reason, state.at, status))


def forget(state: State, order: Order, final: OrderState) -> OrderState:
    """Take a closed order out of the indexes of open ones."""
    del state.orders[order.id]
    del order.seat.orders[order.id]
    state.closed[order.id] = final
    return final


def tell_levels_once(events: list[Event], start: int = 0) -> None:
    """Of several news of one level since event number `start`, keep the last."""
    told: set[tuple[str, Side, int]] = set()
    for place in range(len(events) - 1, start - 1, -1):
        event = events[place]
        if type(event) is LevelChanged:
            level = event[:3]
            if level in told:
                del events[place]
            told.add(level)
