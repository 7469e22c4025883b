"""A preview as people read it."""

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from cryptovault.engine.events import OrderState, Rejected
from cryptovault.engine.money import fee as fee_of
from cryptovault.engine.money import format_units, notional
from cryptovault.engine.preview import Foreseen, Preview
from cryptovault.engine.types import PPM, OrderType, Side
from cryptovault.features.orders.policy import FINAL, in_coins
from cryptovault.features.orders.views import ROLES, SIDES, STATUSES, TYPES, average_price
from cryptovault.infra.engine_questions import Reply
from cryptovault.kit.catalogue import Terms
from cryptovault.kit.errors import Refused
from cryptovault.kit.schemas import iso_ms

_STEP = Decimal("0.0001")
_RATE_SCALE = len(str(PPM)) - 1

Answer = dict[str, Any]


def order_preview(reply: Reply, side: str, terms: Terms) -> Answer:
    """The JSON object `Preview`."""
    seen = _preview(reply)
    order = _order(seen.orders[0], seen, terms) if seen.orders else _nothing(side, terms)
    return {"market": terms.market, **order, **_shared(seen, reply.seq, terms)}


def group_preview(reply: Reply, terms: Terms) -> Answer:
    """The JSON object `GroupPreview`."""
    seen = _preview(reply)
    orders = [
        {"role": ROLES[one.order.role], "type": TYPES[one.order.type], **_order(one, seen, terms)}
        for one in seen.orders
    ]
    return {"market": terms.market, "orders": orders, **_shared(seen, reply.seq, terms)}


def _preview(reply: Reply) -> Preview:
    assert isinstance(reply.answer, Preview)  # noqa: S101 - what was asked for
    return reply.answer


def _shared(seen: Preview, seq: int, terms: Terms) -> Answer:
    return {
        "maker_rate": format_units(seen.maker_rate, _RATE_SCALE),
        "taker_rate": format_units(seen.taker_rate, _RATE_SCALE),
        "balances": [_balance(*balance, terms) for balance in seen.balances],
        "refusal": _refusal(seen.refusal, terms) if seen.refusal is not None else None,
        "book_seq": seq,
        "at": iso_ms(seen.at),
    }


def _order(seen: Foreseen, whole: Preview, terms: Terms) -> Answer:
    order, buys = seen.order, seen.order.side is Side.BUY
    average = average_price(order, terms)
    best = terms.price(seen.best_price) if seen.best_price else None
    rest_rate = _rest_rate(order, whole)
    return {
        "side": SIDES[order.side],
        "status": STATUSES[order.status],
        "filled_qty": terms.qty(order.filled),
        "average_price": average,
        "best_price": best,
        "worst_price": terms.price(seen.worst_price) if seen.worst_price else None,
        "slippage_percent": _slippage(best, average),
        "fee": _received(order.fee, terms, buys=buys),
        "fee_asset": terms.base if buys else terms.quote,
        "fee_rate": format_units(whole.taker_rate if order.filled else rest_rate, _RATE_SCALE),
        "total": terms.amount(order.spent),
        "resting_qty": terms.qty(_rest(order)),
        "rest_fee": _rest_fee(order, rest_rate, terms),
        "hold": terms.amount(seen.hold) if buys else terms.qty(seen.hold),
        "hold_asset": terms.quote if buys else terms.base,
    }


def _nothing(side: str, terms: Terms) -> Answer:
    """An order that would be refused."""
    buys = side == "buy"
    unknown = dict.fromkeys(
        ("status", "average_price", "best_price", "worst_price", "slippage_percent", "fee_rate", "rest_fee")
    )
    return {
        "side": side,
        **unknown,
        **dict.fromkeys(("filled_qty", "fee", "total", "resting_qty", "hold"), "0"),
        "fee_asset": terms.base if buys else terms.quote,
        "hold_asset": terms.quote if buys else terms.base,
    }


def _rest(order: OrderState) -> int:
    return 0 if order.status in FINAL else order.qty - order.filled


def _rest_rate(order: OrderState, whole: Preview) -> int:
    """What is in the book is the maker; what waits for a price and then goes to market is the taker."""
    return whole.maker_rate if order.post_only or order.type is OrderType.LIMIT else whole.taker_rate


def _rest_fee(order: OrderState, rate: int, terms: Terms) -> str | None:
    """The fee of what stays open, should it trade at its own price; None where it has none yet."""
    qty = _rest(order)
    if order.side is Side.BUY:
        return terms.qty(fee_of(qty, rate))
    price = order.price or (order.terms.trigger_price if order.terms is not None else 0)
    if qty and not price:
        return None
    return terms.amount(fee_of(notional(price, qty, terms.tick, 10**terms.base_scale), rate))


def _received(units: int, terms: Terms, *, buys: bool) -> str:
    return terms.qty(units) if buys else terms.amount(units)


def _slippage(best: str | None, average: str | None) -> str | None:
    if best is None or average is None:
        return None
    worse = abs(Decimal(average) - Decimal(best)) / Decimal(best) * 100
    return f"{worse.quantize(_STEP, ROUND_HALF_EVEN).normalize():f}"


def _balance(asset: str, available: int, held: int, terms: Terms) -> dict[str, str]:
    text = terms.qty if asset == terms.base else terms.amount
    return {"asset": asset, "available": text(available), "held": text(held)}


def _refusal(verdict: Rejected, terms: Terms) -> dict[str, str]:
    refused = in_coins(Refused(verdict.reason, verdict.detail), terms)
    message = f"{refused.message} ({refused.reason})" if refused.reason else refused.message
    return {"code": refused.code, "message": message}
