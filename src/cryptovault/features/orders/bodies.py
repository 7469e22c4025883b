"""The bodies of requests as OpenAPI shows them; requests.py decodes the same."""

from typing import Any

from pydantic import ConfigDict, Field, JsonValue

from cryptovault.engine.limits import MAX_TIMER
from cryptovault.features.orders.requests import (
    MAX_BATCH,
    LossKind,
    OrderKind,
    ProfitKind,
    SelfTradeMode,
    SideName,
    Tif,
    TriggerBy,
)
from cryptovault.kit.schemas import MarketText, MomentText, PositiveAmount, RequestModel

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
STOP_EXAMPLE: dict[str, JsonValue] = {
    "market": "BTC-USDT",
    "side": "sell",
    "type": "stop_limit",
    "price": "61900",
    "qty": "0.05",
    "trigger_price": "62000",
    "trigger_by": "last_trade",
}
TRAILING_EXAMPLE: dict[str, JsonValue] = {
    "market": "BTC-USDT",
    "side": "sell",
    "type": "trailing_stop",
    "qty": "0.05",
    "trail_percent": "2.5",
    "activation_price": "66000",
}
PROFIT_EXAMPLE: dict[str, JsonValue] = {"type": "limit", "price": "70000"}
LOSS_EXAMPLE: dict[str, JsonValue] = {"type": "stop", "trigger_price": "62000"}
OCO_EXAMPLE: dict[str, JsonValue] = {
    "market": "BTC-USDT",
    "side": "sell",
    "qty": "0.05",
    "take_profit": PROFIT_EXAMPLE,
    "stop_loss": LOSS_EXAMPLE,
}
BRACKET_EXAMPLE: dict[str, JsonValue] = {
    **OCO_EXAMPLE,
    "side": "buy",
    "entry": {"type": "limit", "price": "64000"},
}

_TRIGGER = Field(default=None, description="The price at which it fires.", examples=["62000"])
_TRIGGER_BY = Field(
    default=None, description="What fires it: the outside reference price (the default), or the market's last trade."
)
_TRAIL_AMOUNT = Field(default=None, description="How far the trigger stays behind the best price.", examples=["500"])
_TRAIL_PERCENT = Field(default=None, description="The same in per cent, at most 4 decimals.", examples=["2.5"])
_ACTIVATION = Field(default=None, description="It trails once the price has been here.", examples=["66000"])
_SELF_TRADE: Any = Field(default="cancel_newest", description="What happens where it meets an order of your own.")
_EXPIRES = Field(default=None, description="When it ends (GTD).", examples=["2026-11-22T18:00:00Z"])
_KEY = Field(
    default=None,
    pattern=KEY_PATTERN,
    description="Idempotency key; the header Idempotency-Key is the same. Send it again after an unclear outcome.",
)


class OrderCreate(RequestModel):
    """A new order. docs/reference/orders.md says what each type does and which fields it has.

    A limit order has `price` and `qty`; a market order `qty`, or for a buy `total` to spend. Stops and take-profits
    have a `trigger_price`, a trailing stop `trail_amount` or `trail_percent` instead.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [LIMIT_EXAMPLE, MARKET_EXAMPLE, STOP_EXAMPLE, TRAILING_EXAMPLE]}
    )

    market: MarketText = Field(examples=["BTC-USDT"])
    side: SideName
    type: OrderKind
    time_in_force: Tif | None = Field(
        default=None,
        description="GTD where there is `expires_at`, else IOC for market orders and GTC for all others.",
    )
    price: PositiveAmount | None = None
    qty: PositiveAmount | None = None
    total: PositiveAmount | None = Field(default=None, description="Market buys only: spend at most this much.")
    post_only: bool = False
    self_trade_prevention: SelfTradeMode = _SELF_TRADE
    client_order_id: str | None = _KEY
    trigger_price: PositiveAmount | None = _TRIGGER
    trigger_by: TriggerBy | None = _TRIGGER_BY
    trail_amount: PositiveAmount | None = _TRAIL_AMOUNT
    trail_percent: PositiveAmount | None = _TRAIL_PERCENT
    activation_price: PositiveAmount | None = _ACTIVATION
    visible_qty: PositiveAmount | None = Field(
        default=None, description="An iceberg shows only so much of itself in the book at a time.", examples=["0.01"]
    )
    expires_at: MomentText | None = _EXPIRES
    reduce_to_available: bool = Field(
        default=False, description="Make it as large as the balance allows instead of refusing it."
    )


class _LegCreate(RequestModel):
    price: PositiveAmount | None = None
    trigger_price: PositiveAmount | None = _TRIGGER
    trigger_by: TriggerBy | None = _TRIGGER_BY


class _TrailingLegCreate(_LegCreate):
    trail_amount: PositiveAmount | None = _TRAIL_AMOUNT
    trail_percent: PositiveAmount | None = _TRAIL_PERCENT
    activation_price: PositiveAmount | None = _ACTIVATION


class ProfitCreate(_LegCreate):
    """The order of a group that takes the profit."""

    model_config = ConfigDict(json_schema_extra={"examples": [PROFIT_EXAMPLE]})

    type: ProfitKind


class LossCreate(_TrailingLegCreate):
    """The order of a group that stops the loss."""

    model_config = ConfigDict(json_schema_extra={"examples": [LOSS_EXAMPLE]})

    type: LossKind


class EntryCreate(_TrailingLegCreate):
    """The first order of a bracket."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"type": "limit", "price": "64000"}]})

    type: OrderKind


class OcoCreate(RequestModel):
    """Two orders of which one cancels the other. What they need is held once."""

    model_config = ConfigDict(json_schema_extra={"examples": [OCO_EXAMPLE]})

    market: MarketText = Field(examples=["BTC-USDT"])
    side: SideName
    qty: PositiveAmount = Field(examples=["0.05"])
    take_profit: ProfitCreate
    stop_loss: LossCreate
    expires_at: MomentText | None = _EXPIRES
    self_trade_prevention: SelfTradeMode = _SELF_TRADE
    client_order_id: str | None = _KEY


class BracketCreate(RequestModel):
    """An entry with a take-profit and a stop on the other side, which protect what the entry brings."""

    model_config = ConfigDict(json_schema_extra={"examples": [BRACKET_EXAMPLE]})

    market: MarketText = Field(examples=["BTC-USDT"])
    side: SideName = Field(description="The side of the entry; the exits are on the other side.")
    qty: PositiveAmount = Field(examples=["0.05"])
    entry: EntryCreate
    take_profit: ProfitCreate
    stop_loss: LossCreate
    time_in_force: Tif | None = Field(default=None, description="Of the entry.")
    expires_at: MomentText | None = Field(default=None, description="When the entry ends (GTD).")
    post_only: bool = Field(default=False, description="Of the entry.")
    self_trade_prevention: SelfTradeMode = _SELF_TRADE
    client_order_id: str | None = _KEY


class BatchCreate(RequestModel):
    """Up to 50 orders, placed in this order. Each has its own verdict; send a `client_order_id` with each."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"orders": [LIMIT_EXAMPLE, MARKET_EXAMPLE]}]})

    orders: list[OrderCreate] = Field(min_length=1, max_length=MAX_BATCH)


class CancelTimerSet(RequestModel):
    """When to cancel everything."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"after_ms": 30_000}]})

    after_ms: int = Field(
        ge=0, le=MAX_TIMER, strict=True, description="Milliseconds from now; 0 disarms.", examples=[30_000]
    )


class OrderAmend(RequestModel):
    """What to change of an open order. An order that only gets smaller keeps its place in the queue."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"price": "64100"}, {"qty": "0.03"}]})

    price: PositiveAmount | None = Field(default=None, examples=["64100"])
    qty: PositiveAmount | None = Field(default=None, description="The new total, what has traded included.")
    trigger_price: PositiveAmount | None = _TRIGGER
