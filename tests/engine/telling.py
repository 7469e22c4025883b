"""What the engine says, in the words of a scenario."""

from cryptovault.engine.events import (
    Done,
    Event,
    GroupPlaced,
    MarketChanged,
    OrdersCancelled,
    OrderState,
    QuotesReplaced,
    Rejected,
    Repeated,
    TierChanged,
    Trade,
)
from cryptovault.engine.money import format_units, parse_units
from cryptovault.engine.types import CloseReason, GroupRole, MarketStatus, OrderStatus

SCALES = {"USD": 2, "BTC": 3}


def units(asset: str, text: str) -> int:
    """Ledger units of a decimal."""
    return -parse_units(text[1:], SCALES[asset]) if text.startswith("-") else parse_units(text, SCALES[asset])


def amount(asset: str, number: int) -> str:
    """The decimal of ledger units."""
    return format_units(number, SCALES[asset])


class Teller:
    """Tells events; `status` is the last of the market that it told of."""

    def __init__(self, status: MarketStatus) -> None:
        self.status = status

    def told_all(self, events: list[Event], at: int) -> str:
        """What happened during a command at this time, and its verdict."""
        return ", ".join([*filter(None, (self.told(event, at) for event in events[:-1])), _verdict(events[-1])])

    def told(self, event: Event, at: int) -> str:
        """One event before the verdict, or nothing."""
        match event:
            case Repeated():
                return "again"
            case Trade():
                return f"trades #{event.maker_order_id} {amount('BTC', event.qty)}@{event.price}"
            case TierChanged():
                return f"{event.account} tier {event.tier}"
            case MarketChanged(status=status) if status is not self.status:
                self.status = status
                return f"market {status.name.lower()}"
            case OrderState(triggered=fired) if fired == at:
                return f"fires #{event.order_id}: {_verdict(event)}"
            case OrderState():
                return _told_order(event)
        return ""


def _told_order(order: OrderState) -> str:
    """News of an order that neither came nor fired just now."""
    match order:
        case OrderState(status=OrderStatus.CANCELLED, reason=CloseReason.LINKED | CloseReason.NOT_PLACED as reason):
            return f"cancels #{order.order_id} {reason.name.lower()}"
        case OrderState(status=OrderStatus.CANCELLED):
            return f"cancels #{order.order_id}"
        case OrderState(group=group, version=1) if group:
            return ""
        case OrderState(role=role, status=OrderStatus.OPEN | OrderStatus.WAITING) if role > GroupRole.ENTRY:
            return f"#{order.order_id} stands for {amount('BTC', order.qty)}"
        case OrderState(status=OrderStatus.EXPIRED):
            return f"expires #{order.order_id}"
        case OrderState(reason=reason, filled=0) if reason == 0:
            return f"lowers #{order.order_id} to {amount('BTC', order.qty)}"
    return ""


def _verdict(event: Event) -> str:
    match event:
        case Rejected():
            return f"rejected {event.reason.name.lower()}"
        case Done():
            return "done"
        case QuotesReplaced():
            return f"quotes {event.bids} bids {event.asks} asks"
        case OrdersCancelled():
            return "cancelled " + " ".join(f"#{number}" for number in event.order_ids)
        case GroupPlaced(orders=orders):
            return ", ".join(map(_standing, orders))
        case OrderState():
            return _standing(event)
    raise AssertionError(event)


def _standing(order: OrderState) -> str:
    """How an order stands."""
    match order:
        case OrderState(status=OrderStatus.DORMANT):
            return f"sleeps #{order.order_id}"
        case OrderState(status=OrderStatus.WAITING):
            return f"waits #{order.order_id}"
        case OrderState(status=OrderStatus.OPEN):
            return f"open #{order.order_id}"
        case OrderState(status=OrderStatus.PARTIALLY_FILLED):
            return f"open #{order.order_id} with {amount('BTC', order.qty - order.filled)} left"
        case OrderState(reason=reason) if reason:
            return f"{order.status.name.lower()} {reason.name.lower()}"
    return order.status.name.lower()
