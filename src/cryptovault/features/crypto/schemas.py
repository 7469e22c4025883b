"""What the coins' routes answer."""

from pydantic import Field

from cryptovault.kit.schemas import AnswerModel


class Coin(AnswerModel):
    """A coin and the last seven days of its price in US dollars. What is not known is null."""

    id: str = Field(description="Its name in URLs.", examples=["bitcoin"])
    symbol: str = Field(examples=["BTC"])
    name: str = Field(examples=["Bitcoin"])
    price_usd: str | None = Field(examples=["61837.63"])
    change_24h: str | None = Field(description="Per cent, signed.", examples=["-2.04"])
    volume_24h: str | None = Field(description="In US dollars.", examples=["763371418.89"])
    market_cap: str | None = Field(
        description="In US dollars; a rough figure where prices are simulated.", examples=["1230568837000"]
    )
    sparkline: list[str] = Field(
        description="A week of prices, four hours apart, oldest first, and the price now.",
        examples=[["61500.1", "61837.63"]],
    )


class PricePoint(AnswerModel):
    """A price in US dollars at one moment."""

    at: str = Field(examples=["2026-11-21T00:20:49.120Z"])
    price: str = Field(examples=["61837.63"])


class History(AnswerModel):
    """A coin's price over time, the oldest first."""

    items: list[PricePoint]
