"""A preview as people read it."""

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from cryptovault.engine.events import OrderState, Rejected
from cryptovault.engine.money import format_units
from cryptovault.engine.preview import Preview
from cryptovault.engine.types import PPM, OrderStatus
from cryptovault.features.orders.policy import FINAL, in_coins
from cryptovault.features.orders.requests import OrderRequest
from cryptovault.features.orders.views import STATUSES, average_price
from cryptovault.infra.engine_questions import Reply
from cryptovault.kit.catalogue import Terms
from cryptovault.kit.errors import Refused
from cryptovault.kit.schemas import iso_ms

_STEP = Decimal("0.0001")


def preview_answer(reply: Reply, request: OrderRequest, terms: Terms) -> dict[str, Any]:
    """The JSON object `Preview`."""
    seen = reply.answer
    assert isinstance(seen, Preview)  # noqa: S101 - what was asked for
    verdict, buys = seen.verdict, request.side == "buy"
    order = verdict if isinstance(verdict, OrderState) else None
    average = average_price(order, terms) if order is not None else None
    best = terms.price(seen.best_price) if seen.best_price else None
    return {
        "market": terms.market,
        "side": request.side,
        "status": STATUSES[order.status] if order is not None else None,
        "filled_qty": terms.qty(order.filled) if order is not None else "0",
        "average_price": average,
        "best_price": best,
        "worst_price": terms.price(seen.worst_price) if seen.worst_price else None,
        "slippage_percent": _slippage(best, average),
        "fee": "0" if order is None else terms.qty(order.fee) if buys else terms.amount(order.fee),
        "fee_asset": terms.base if buys else terms.quote,
        "fee_rate": format_units(seen.fee_rate, len(str(PPM)) - 1),
        "total": terms.amount(order.spent) if order is not None else "0",
        "resting_qty": _resting(order, terms),
        "balances": [_balance(*balance, terms) for balance in seen.balances],
        "refusal": _refusal(verdict, terms) if isinstance(verdict, Rejected) else None,
        "book_seq": reply.seq,
        "at": iso_ms(seen.at),
    }


def _slippage(best: str | None, average: str | None) -> str | None:
    if best is None or average is None:
        return None
    worse = abs(Decimal(average) - Decimal(best)) / Decimal(best) * 100
    return f"{worse.quantize(_STEP, ROUND_HALF_EVEN).normalize():f}"


def _resting(order: OrderState | None, terms: Terms) -> str:
    if order is None or order.status in FINAL or order.status is OrderStatus.FILLED:
        return "0"
    return terms.qty(order.qty - order.filled)


def _balance(asset: str, available: int, held: int, terms: Terms) -> dict[str, str]:
    text = terms.qty if asset == terms.base else terms.amount
    return {"asset": asset, "available": text(available), "held": text(held)}


def _refusal(verdict: Rejected, terms: Terms) -> dict[str, str]:
    refused = in_coins(Refused(verdict.reason, verdict.detail), terms)
    message = f"{refused.message} ({refused.reason})" if refused.reason else refused.message
    return {"code": refused.code, "message": message}
