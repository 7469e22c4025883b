"""Paper trading on the wire."""

from pydantic import ConfigDict, Field

from cryptovault.kit.schemas import AnswerModel, PositiveAmount, RequestModel, Timestamp


class PaperStart(RequestModel):
    """How much play money to begin with; without `amount` what the account had the last time, or the usual."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}, {"amount": "25000"}]})

    amount: PositiveAmount | None = None


class PaperBalance(AnswerModel):
    """Play money of one kind, and what it would be worth. `held` is set aside for open paper orders."""

    asset: str = Field(examples=["PAPERBTC"])
    mirrors: str = Field(description="The real asset it is paper of.", examples=["BTC"])
    name: str = Field(examples=["Bitcoin"])
    available: str = Field(examples=["0.5"])
    held: str = Field(examples=["0"])
    total: str = Field(examples=["0.5"])
    price_usd: str | None = Field(examples=["64000"])
    value_usd: str | None = Field(examples=["32000.00"])


class Paper(AnswerModel):
    """The caller's paper trading. Before it has begun there are no times and no balances."""

    started_at: Timestamp | None
    reset_at: Timestamp | None = Field(description="When it was last begun anew; null where it never was.")
    start_asset: str = Field(examples=["PAPERUSDT"])
    start_amount: str = Field(description="What it began, or would begin, with.", examples=["100000"])
    items: list[PaperBalance] = Field(description="The most valuable first.")
    total_value_usd: str = Field(examples=["101250.40"])
    profit_usd: str = Field(description="The total value less the amount it began with.", examples=["1250.40"])
    seq: int
    at: str = Field(examples=["2026-11-21T00:20:49.120Z"])
