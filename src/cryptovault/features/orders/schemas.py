"""An order as people read it: decimal strings, words and ISO times. One mapping for answers, messages and documents."""

from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import ConfigDict, Field, JsonValue

from cryptovault.engine.events import OrderState
from cryptovault.engine.types import CloseReason, OrderStatus, OrderType, SelfTrade, Side, TimeInForce
from cryptovault.kit.catalogue import Terms
from cryptovault.kit.schemas import AnswerModel, MarketText, PositiveAmount, RequestModel, iso, iso_ms

SIDES = {side: side.name.lower() for side in Side}
TYPES = {kind: kind.name.lower() for kind in OrderType}
TIMES_IN_FORCE = {tif: tif.name for tif in TimeInForce}
STATUSES = {status: status.name.lower() for status in OrderStatus}
REASONS = {reason: reason.name.lower() for reason in CloseReason}
SELF_TRADES = {mode: mode.name.lower() for mode in SelfTrade}
OPEN = frozenset({"open", "partially_filled", "waiting", "dormant"})

KEY_PATTERN = r"^[A-Za-z0-9._:-]{1,64}$"

LIMIT_EXAMPLE: dict[str, JsonValue] = {
    "market": "BTC-USDT",
    "side": "buy",
    "type": "limit",
    "time_in_force": "GTC",
    "price": "64000",
    "qty": "0.05",
    "client_order_id": "my-order-1",
}
MARKET_EXAMPLE: dict[str, JsonValue] = {"market": "BTC-USDT", "side": "buy", "type": "market", "total": "500"}


class OrderCreate(RequestModel):
    """A new order. A limit order has `price` and `qty`; a market order `qty`, or for a buy `total` to spend."""

    model_config = ConfigDict(json_schema_extra={"examples": [LIMIT_EXAMPLE, MARKET_EXAMPLE]})

    market: MarketText = Field(examples=["BTC-USDT"])
    side: Literal["buy", "sell"]
    type: Literal["limit", "market"]
    time_in_force: Literal["GTC", "IOC", "FOK"] | None = Field(
        default=None, description="GTC for limit orders; market orders are always IOC unless FOK is asked for."
    )
    price: PositiveAmount | None = None
    qty: PositiveAmount | None = None
    total: PositiveAmount | None = Field(default=None, description="Market buys only: spend at most this much.")
    post_only: bool = False
    self_trade_prevention: Literal["cancel_newest", "cancel_oldest", "cancel_both", "decrement"] = "cancel_newest"
    client_order_id: str | None = Field(
        default=None,
        pattern=KEY_PATTERN,
        description="Idempotency key; the header Idempotency-Key is the same. Send it again after an unclear outcome.",
    )


class Order(AnswerModel):
    """An order as it is now. `spent` is the traded quote amount; `fee` was taken from what the order received."""

    id: str = Field(examples=["184"])
    client_order_id: str
    market: str = Field(examples=["BTC-USDT"])
    side: Literal["buy", "sell"]
    type: Literal["limit", "market"]
    time_in_force: Literal["GTC", "IOC", "FOK"]
    post_only: bool
    price: str | None = Field(examples=["64000"])
    qty: str | None = Field(examples=["0.05"])
    total: str | None
    filled: str = Field(examples=["0"])
    remaining: str | None = Field(examples=["0.05"])
    spent: str
    average_price: str | None
    fee: str
    fee_asset: str = Field(examples=["BTC"])
    status: Literal["open", "partially_filled", "filled", "cancelled", "expired"]
    reason: Literal[
        "none", "user", "immediate", "self_trade", "collar", "budget", "date", "linked", "not_placed", "timer", "house",
        "amended",
    ]  # fmt: skip
    created_at: str = Field(examples=["2026-11-21T00:20:49.120Z"])
    updated_at: str
    seq: int


class Cancelled(AnswerModel):
    """Ids of the orders that a cancel-all closed."""

    cancelled: list[str]


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
    return {"id": str(order.order_id), **_shared(order, terms), **times, "seq": seq}


def order_document(order: OrderState, terms: Terms, seq: int) -> dict[str, Any]:
    """The document of the read model `orders`: absolute state, so that writing it again changes nothing."""
    times = {"created_at": utc(order.created), "updated_at": utc(order.updated)}
    names = {"_id": order.order_id, "user_id": order.account}
    return {**names, **_shared(order, terms), "version": order.version, **times, "seq": seq}


def order_view(document: dict[str, Any]) -> dict[str, Any]:
    """The JSON object `Order` of a document."""
    view = {"id": str(document["_id"])}
    view.update((name, document[name]) for name in _VIEWED)
    view["created_at"] = iso(document["created_at"])
    view["updated_at"] = iso(document["updated_at"])
    return view


_VIEWED = tuple(name for name in Order.model_fields if name != "id")


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
