"""A line of the statement as people read it."""

from typing import Any, Literal

from pydantic import Field

from cryptovault.kit.schemas import AnswerModel, iso

TransactionType = Literal[
    "deposit", "withdrawal", "trade_buy", "trade_sell", "transfer_in", "transfer_out", "adjustment", "fee"
]
TYPES: tuple[str, ...] = TransactionType.__args__  # type: ignore[attr-defined]


class Transaction(AnswerModel):
    """One movement of an account.

    `amount` (and for a trade `quote_amount`) is what the balance changed by, sign included; a fee is already
    taken from it. So all amounts of an asset add up to its balance.
    """

    id: str
    type: TransactionType
    asset: str = Field(examples=["BTC"])
    amount: str = Field(examples=["0.04995"])
    market: str | None = Field(default=None, examples=["BTC-USDT"])
    order_id: str | None = None
    role: Literal["maker", "taker"] | None = Field(default=None, description="Of a trade: whether your order waited.")
    price: str | None = Field(default=None, examples=["64000"])
    quote_asset: str | None = Field(default=None, examples=["USDT"])
    quote_amount: str | None = Field(default=None, examples=["-3200"])
    fee: str | None = Field(default=None, examples=["0.00005"])
    fee_asset: str | None = Field(default=None, examples=["BTC"])
    ref: str
    created_at: str = Field(examples=["2026-11-21T00:20:49.120Z"])
    seq: int


def transaction_view(document: dict[str, Any]) -> dict[str, Any]:
    """The JSON object `Transaction` of a document."""
    view = {name: document.get(name) for name in Transaction.model_fields}
    return view | {"id": document["_id"], "created_at": iso(document["created_at"])}
