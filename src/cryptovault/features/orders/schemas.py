"""What the routes of orders answer."""

from typing import Literal

from pydantic import Field

from cryptovault.features.orders.bodies import OrderKind, Tif, TriggerBy
from cryptovault.kit.schemas import AnswerModel


class Order(AnswerModel):
    """An order as it is now. `spent` is the traded quote amount; `fee` was taken from what the order received."""

    id: str = Field(examples=["184"])
    client_order_id: str
    market: str = Field(examples=["BTC-USDT"])
    side: Literal["buy", "sell"]
    type: OrderKind
    time_in_force: Tif
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
    status: Literal["open", "partially_filled", "filled", "cancelled", "expired", "waiting", "dormant"] = Field(
        description="`waiting` for its trigger; `dormant` is an exit of a bracket whose entry has not traded yet."
    )
    reason: Literal[
        "none", "user", "immediate", "self_trade", "collar", "budget", "date", "linked", "not_placed", "timer", "house",
        "amended",
    ]  # fmt: skip
    fee_rate: str | None = Field(
        description="The share that went as fee so far, as a fraction; null before the first fill.", examples=["0.001"]
    )
    trigger_price: str | None = Field(description="Of a trailing stop, where the trigger stood last.")
    trigger_by: TriggerBy | None
    trail_amount: str | None
    trail_percent: str | None
    activation_price: str | None
    visible_qty: str | None
    reduce_to_available: bool
    expires_at: str | None
    group_id: str | None = Field(description="Shared by the orders of an OCO or a bracket.")
    role: Literal["entry", "take_profit", "stop_loss"] | None
    triggered_at: str | None = Field(description="When it fired.")
    created_at: str = Field(examples=["2026-11-21T00:20:49.120Z"])
    updated_at: str
    seq: int


class Group(AnswerModel):
    """Orders that live and die together, the entry first."""

    group_id: str = Field(examples=["184"])
    orders: list[Order]


class Cancelled(AnswerModel):
    """Ids of the orders that a cancel-all closed."""

    cancelled: list[str]
