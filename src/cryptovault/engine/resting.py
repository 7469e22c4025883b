"""Orders come to rest in the book and are taken out of it."""

from cryptovault.engine.book import Order
from cryptovault.engine.due import DueKind
from cryptovault.engine.events import Event, LevelChanged, OrderState
from cryptovault.engine.market import Market
from cryptovault.engine.matching import cancelled, release_reserve
from cryptovault.engine.state import State
from cryptovault.engine.types import CloseReason, InvariantBroken, OrderStatus, Side


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


def take_out(state: State, order: Order, status: OrderStatus, reason: CloseReason, events: list[Event]) -> OrderState:
    """Close an order that rests: out of the book, with everything it holds given back. Its last state."""
    old = order.state
    if old is None:
        raise InvariantBroken(f"quote {order.id} is indexed as an order")
    market = state.markets[old.market]
    level = (market.bids if order.side is Side.BUY else market.asks).remove(order)
    events.append(LevelChanged(market.symbol, order.side, level.price, level.qty))
    release_reserve(market, order, order.reserved, events)
    del state.orders[order.id]
    del order.seat.orders[order.id]
    state.closed[order.id] = final = cancelled(order, old, reason, state.at, status)
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
