"""What the coins' routes answer."""

from typing import Annotated

from pydantic import Field

from cryptovault.kit.schemas import AnswerModel


class Coin(AnswerModel):
    """A coin and the last 24 hours of its price in US dollars. What is not known is null."""

    id: Annotated[str, Field(description="Its name in URLs, for example `bitcoin`.")]
    symbol: str
    name: str
    price_usd: str | None
    change_24h: Annotated[str | None, Field(description="Per cent, signed.")]
    volume_24h: Annotated[str | None, Field(description="In US dollars.")]
    market_cap: Annotated[str | None, Field(description="In US dollars; a rough figure where prices are simulated.")]
    sparkline: Annotated[list[str], Field(description="Prices of the last day at equal distances, the oldest first.")]


class PricePoint(AnswerModel):
    """A price in US dollars at one moment."""

    at: str
    price: str


class History(AnswerModel):
    """A coin's price over time, the oldest first."""

    items: list[PricePoint]
