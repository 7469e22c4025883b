"""An order as people read it: decimal strings, words and ISO times. One mapping for answers, messages and documents."""

from collections.abc import Callable
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from cryptovault.engine.commands import Terms as OrderTerms
from cryptovault.engine.events import GroupPlaced, OrderState
from cryptovault.engine.money import format_units
from cryptovault.engine.types import (
    PPM,
    CloseReason,
    GroupRole,
    OrderStatus,
    OrderType,
    Side,
    TimeInForce,
    TriggerSource,
)
from cryptovault.features.orders.schemas import Order
from cryptovault.features.orders.shape import PERCENT_SCALE
from cryptovault.kit.catalogue import Terms
from cryptovault.kit.schemas import iso, iso_ms

SIDES = {side: side.name.lower() for side in Side}
TYPES = {kind: kind.name.lower() for kind in OrderType}
TIMES_IN_FORCE = {tif: tif.name for tif in TimeInForce}
STATUSES = {status: status.name.lower() for status in OrderStatus}
REASONS = {reason: reason.name.lower() for reason in CloseReason}
ROLES = {role: role.name.lower() if role else None for role in GroupRole}
TRIGGERS = {source: source.name.lower() for source in TriggerSource}
OPEN = frozenset({"open", "partially_filled", "waiting", "dormant"})

_PLAIN: dict[str, Any] = {
    "trigger_price": None,
    "trigger_by": None,
    "trail_amount": None,
    "trail_percent": None,
    "activation_price": None,
    "visible_qty": None,
    "reduce_to_available": False,
    "expires_at": None,
    "group_id": None,
    "role": None,
    "triggered_at": None,
}
"""What an order has that is no more than a market or limit order. Documents leave it out."""

_VIEWED = tuple(name for name in Order.model_fields if name not in {"id", "fee_rate"})
_NO_TERMS = OrderTerms()
_RATE_SCALE = len(str(PPM)) - 1


def utc(ms: int) -> datetime:
    """A journal time as a datetime."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def average_price(order: OrderState, terms: Terms) -> str | None:
    """Quote paid or received for one whole base coin, fees apart, rounded half to even at the quote's scale."""
    if not order.filled:
        return None
    units, rest = divmod(order.spent * 10**terms.base_scale, order.filled)
    above_half = 2 * rest > order.filled or (2 * rest == order.filled and units % 2 == 1)
    return terms.amount(units + above_half)


def order_answer(order: OrderState, terms: Terms, seq: int) -> dict[str, Any]:
    """The JSON object `Order` of a state, true as of journal position `seq`."""
    times = {"created_at": iso_ms(order.created), "updated_at": iso_ms(order.updated)}
    received = order.filled if order.side == Side.BUY else order.spent
    return {
        "id": str(order.order_id),
        **_shared(order, terms),
        "fee_rate": _fee_rate(order.fee, received),
        **(_particulars(order, terms, iso_ms) if _is_special(order) else _PLAIN),
        **times,
        "seq": seq,
    }


def group_answer(group: GroupPlaced, terms: Terms, seq: int) -> dict[str, Any]:
    """The JSON object `Group` of a verdict."""
    return {"group_id": str(group.group), "orders": [order_answer(order, terms, seq) for order in group.orders]}


def order_document(order: OrderState, terms: Terms, seq: int) -> dict[str, Any]:
    """The document of the read model `orders`: absolute state, so that writing it again changes nothing."""
    times = {"created_at": utc(order.created), "updated_at": utc(order.updated)}
    names = {"_id": order.order_id, "user_id": order.account}
    special = _particulars(order, terms, utc) if _is_special(order) else {}
    return {**names, **_shared(order, terms), **special, "version": order.version, **times, "seq": seq}


def order_view(document: dict[str, Any]) -> dict[str, Any]:
    """The JSON object `Order` of a document."""
    view = {"id": str(document["_id"]), "fee_rate": _shown_fee_rate(document)}
    for name in _VIEWED:
        value = document.get(name, _PLAIN.get(name))
        view[name] = iso(value) if isinstance(value, datetime) else value
    return view


def _is_special(order: OrderState) -> bool:
    return order.terms is not None or order.group != 0


def _particulars(order: OrderState, terms: Terms, time: Callable[[int], Any]) -> dict[str, Any]:
    """What an order has beyond a plain one."""
    asked = order.terms or _NO_TERMS
    price = terms.price
    return {
        "trigger_price": price(asked.trigger_price) if asked.trigger_price else None,
        "trigger_by": TRIGGERS[asked.trigger_by] if order.type > OrderType.LIMIT else None,
        "trail_amount": price(asked.trail) if asked.trail else None,
        "trail_percent": format_units(asked.trail_ppm, PERCENT_SCALE) if asked.trail_ppm else None,
        "activation_price": price(asked.activation_price) if asked.activation_price else None,
        "visible_qty": terms.qty(asked.visible_qty) if asked.visible_qty else None,
        "reduce_to_available": bool(asked.reduce_to_available),
        "expires_at": time(asked.expires_at) if asked.expires_at else None,
        "group_id": str(order.group) if order.group else None,
        "role": ROLES[order.role],
        "triggered_at": time(order.triggered) if order.triggered else None,
    }


def _fee_rate(fee: int, received: int) -> str | None:
    """What share of what an order received went as fee, at the precision of a rate, rounded half to even."""
    if not received:
        return None
    rate, rest = divmod(fee * PPM, received)
    above_half = 2 * rest > received or (2 * rest == received and rate % 2 == 1)
    return format_units(rate + above_half, _RATE_SCALE)


def _shown_fee_rate(document: dict[str, Any]) -> str | None:
    """The same of a document, whose amounts are decimal strings."""
    received = Fraction(document["filled"] if document["side"] == "buy" else document["spent"])
    share = Fraction(document["fee"]) / received if received else Fraction(0)
    return _fee_rate(share.numerator, share.denominator) if received else None


def _shared(order: OrderState, terms: Terms) -> dict[str, Any]:
    """What the stored document and the JSON object have in common."""
    buys = order.side == Side.BUY
    qty = terms.qty(order.qty) if order.qty else None
    untouched = not order.filled
    return {
        "client_order_id": order.client_order_id,
        "market": order.market,
        "side": SIDES[order.side],
        "type": TYPES[order.type],
        "time_in_force": TIMES_IN_FORCE[order.tif],
        "post_only": bool(order.post_only),
        "price": terms.price(order.price) if order.price else None,
        "qty": qty,
        "total": terms.amount(order.budget) if order.budget else None,
        "filled": "0" if untouched else terms.qty(order.filled),
        "remaining": qty if untouched or qty is None else terms.qty(order.qty - order.filled),
        "spent": "0" if untouched else terms.amount(order.spent),
        "average_price": average_price(order, terms),
        "fee": "0" if untouched else terms.qty(order.fee) if buys else terms.amount(order.fee),
        "fee_asset": terms.base if buys else terms.quote,
        "status": STATUSES[order.status],
        "reason": REASONS[order.reason],
    }
