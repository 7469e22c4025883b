"""What the routes of orders answer."""

from typing import Literal

from pydantic import Field, JsonValue

from cryptovault.features.orders.requests import OrderKind, SideName, Tif, TriggerBy
from cryptovault.kit.schemas import AnswerModel

OrderStatus = Literal["open", "partially_filled", "filled", "cancelled", "expired", "waiting", "dormant"]


class Order(AnswerModel):
    """An order as it is now. `spent` is the traded quote amount; `fee` was taken from what the order received."""

    id: str = Field(examples=["184"])
    client_order_id: str
    market: str = Field(examples=["BTC-USDT"])
    side: SideName
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
    status: OrderStatus = Field(
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


class OrderFault(AnswerModel):
    """Why there is no order; code, message and details as in an error answer."""

    code: str = Field(examples=["INSUFFICIENT_FUNDS"])
    message: str = Field(examples=["Your available balance does not cover this."])
    details: JsonValue = None


class BatchItem(AnswerModel):
    """The verdict on one order of a batch: `status` is what POST /orders would have answered with."""

    status: int = Field(examples=[201])
    order: Order | None
    error: OrderFault | None


class Batch(AnswerModel):
    """The verdicts on the orders of a batch, in their order."""

    items: list[BatchItem]


class BalanceAfter(AnswerModel):
    """A balance as it would be."""

    asset: str = Field(examples=["USDT"])
    available: str = Field(examples=["6796.8"])
    held: str = Field(examples=["0"])


class PreviewRefusal(AnswerModel):
    """Why the order would be refused."""

    code: str = Field(examples=["NO_LIQUIDITY"])
    message: str


class Foreseen(AnswerModel):
    """An order as it would stand at once."""

    side: SideName
    status: OrderStatus | None = Field(description="As the order's answer would say; null where it would be refused.")
    filled_qty: str = Field(description="What would trade at once.", examples=["0.05"])
    average_price: str | None = Field(examples=["64002.5"])
    best_price: str | None = Field(description="Of the first fill.", examples=["64000"])
    worst_price: str | None = Field(description="Of the last fill.", examples=["64005"])
    slippage_percent: str | None = Field(
        description="How much worse the average is than the best price.", examples=["0.0039"]
    )
    fee: str = Field(description="Of what trades at once.", examples=["0.00005"])
    fee_asset: str = Field(examples=["BTC"])
    fee_rate: str | None = Field(
        description="That of `fee`; where nothing trades at once, that of `rest_fee`. As a fraction.",
        examples=["0.001"],
    )
    total: str = Field(description="Paid or received at once in the quote asset, fees apart.", examples=["3200.125"])
    resting_qty: str = Field(description="What would stay open: in the book, waiting for its trigger, or dormant.")
    rest_fee: str | None = Field(
        description="Of what stays open, if all of it trades at its limit, or its trigger where it has none: the "
        "maker's in the book, the taker's of what goes to market once it fires. Null where no price is known yet.",
        examples=["0"],
    )
    hold: str = Field(description="What stays set aside for it.", examples=["0"])
    hold_asset: str = Field(examples=["USDT"])


class Outcome(AnswerModel):
    """What is true of a preview as a whole."""

    maker_rate: str = Field(description="What you pay here for fills as the maker, as a fraction.", examples=["0.001"])
    taker_rate: str = Field(description="The same as the taker.", examples=["0.0015"])
    balances: list[BalanceAfter] = Field(description="Base and quote afterwards.")
    refusal: PreviewRefusal | None
    book_seq: int = Field(description="The journal position it is true at.")
    at: str = Field(examples=["2026-11-21T00:20:49.120Z"])


class Preview(Foreseen, Outcome):
    """What an order would do to the book as it is at this moment. Nothing is placed, and nothing is promised."""

    market: str = Field(examples=["BTC-USDT"])


class ForeseenInGroup(Foreseen):
    """One of the orders of a group."""

    role: Literal["entry", "take_profit", "stop_loss"]
    type: OrderKind


class GroupPreview(Outcome):
    """What an OCO or a bracket would do to the book as it is at this moment; no orders where it would be refused."""

    market: str = Field(examples=["BTC-USDT"])
    orders: list[ForeseenInGroup] = Field(description="The entry first, then the take-profit.")


class StepBook(AnswerModel):
    """The best levels just before a step, as [price, quantity]."""

    bids: list[tuple[str, str]]
    asks: list[tuple[str, str]]


class StepTrade(AnswerModel):
    """A fill of the order."""

    trade_id: int
    price: str
    qty: str
    role: Literal["maker", "taker"]


class StepSaying(AnswerModel):
    """One sentence of a step by its code, for whoever says it in another language; the English one is in `text`."""

    code: str = Field(examples=["placed_buy_at"])
    values: dict[str, str] = Field(
        description="What it is about: amounts, prices and assets, and `type`, `role` and `source` as their names.",
        examples=[{"type": "limit", "qty": "0.05", "base": "BTC", "price": "64000", "quote": "USDT"}],
    )


class Step(AnswerModel):
    """One decision about an order."""

    seq: int
    at: str
    kind: Literal["placed", "fired", "woken", "amended", "traded", "changed", "ended"]
    text: str = Field(examples=["A limit order was placed to buy 0.05 BTC at 64000 USDT or better."])
    said: list[StepSaying] = Field(description="The same sentences, one by one.")
    book: StepBook | None
    trades: list[StepTrade]


class Explanation(AnswerModel):
    """The life of an order in plain sentences, rebuilt from the journal."""

    order: Order
    steps: list[Step]
    complete: bool = Field(description="False while the journal is read, and where there are more steps than fit.")
    pending: bool = Field(
        description="The journal is still being read: these are the steps so far, ask again for more."
    )
    reached_at: str | None = Field(
        description="Up to what time it has been read.", examples=["2026-11-21T00:20:49.120Z"]
    )


class CancelTimer(AnswerModel):
    """When all your orders are cancelled; null where no timer is armed."""

    cancels_at: str | None = Field(examples=["2026-11-21T00:21:19.120Z"])


class Cancelled(AnswerModel):
    """Ids of the orders that a cancel-all closed."""

    cancelled: list[str]
