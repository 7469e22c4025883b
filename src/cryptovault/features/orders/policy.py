"""Rules about orders that need neither database nor network."""

from cryptovault.engine.events import OrderState
from cryptovault.engine.exchange import Exchange
from cryptovault.engine.types import OrderStatus

FINAL = frozenset({OrderStatus.FILLED, OrderStatus.CANCELLED, OrderStatus.EXPIRED})


def is_news(order: OrderState, exchange: Exchange) -> bool:
    """False for the old state that an idempotency key repeats after the order has moved on.

    A final state is the last one an order ever has. A state that is not final counts only while the
    order is open in just this version.
    """
    if order.status in FINAL:
        return True
    now = exchange.order(order.order_id)
    return now is not None and now.version == order.version
