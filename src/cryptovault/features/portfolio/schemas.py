"""A portfolio as people read it."""

from pydantic import Field

from cryptovault.kit.schemas import AnswerModel


class Allocation(AnswerModel):
    """An asset's share of the whole; shares add up to 100."""

    asset: str = Field(examples=["BTC"])
    value_usd: str = Field(examples=["6400.00"])
    percent: str = Field(examples=["64.00"])


class Holding(AnswerModel):
    """An asset that is held. Cost is by the average cost method; null where it is not known.

    Coins that were deposited cost what they were worth when they came.
    """

    asset: str = Field(examples=["BTC"])
    name: str = Field(examples=["Bitcoin"])
    amount: str = Field(examples=["0.1"])
    available: str
    held: str
    price_usd: str | None = Field(examples=["64000"])
    value_usd: str | None = Field(examples=["6400.00"])
    change_24h: str | None = Field(examples=["-1.25"], description="Percent, of the price.")
    average_cost: str | None = Field(examples=["63000"])
    unrealized_pnl: str | None = Field(examples=["100.00"])


class HistoryPoint(AnswerModel):
    """What everything was worth at one moment."""

    at: str = Field(examples=["2026-11-21T00:00:00.000Z"])
    value_usd: str = Field(examples=["10000.00"])


class Portfolio(AnswerModel):
    """What is held, valued now.

    The 24 h change leaves deposits and withdrawals out: it is what markets and trading made of the rest.
    """

    total_value_usd: str = Field(examples=["10000.00"])
    change_24h_usd: str = Field(examples=["120.50"])
    change_24h_percent: str = Field(examples=["1.22"])
    allocation: list[Allocation]
    holdings: list[Holding]
    history: list[HistoryPoint]
    at: str
