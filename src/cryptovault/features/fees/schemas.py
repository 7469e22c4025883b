"""What the route of fees answers."""

from typing import Any

from pydantic import Field

from cryptovault.engine.money import format_units
from cryptovault.engine.questions import Standing
from cryptovault.engine.types import PPM
from cryptovault.kit.schemas import AnswerModel

_PPM_SCALE = len(str(PPM)) - 1


class Tier(AnswerModel):
    """Rates that hold from a 30-day volume on, as fractions: 0.001 is 0.1 %."""

    volume: str = Field(description="In whole dollars.", examples=["1000000"])
    maker: str = Field(examples=["0.0008"])
    taker: str = Field(examples=["0.001"])


class Fees(AnswerModel):
    """What trading costs you now. A market that asks for less is not made dearer by a tier.

    The volume is what you traded in the last 30 UTC days in markets quoted in dollars, both sides of each trade.
    """

    tier: int = Field(description="Your place in `tiers`, from 0.", examples=[1])
    volume_30d: str = Field(examples=["1234567"])
    maker: str | None = Field(description="Null where the markets' own rates hold for everybody.", examples=["0.0008"])
    taker: str | None = Field(examples=["0.001"])
    tiers: list[Tier]
    next: Tier | None = Field(description="The tier above yours.")


def fees_answer(standing: Standing) -> dict[str, Any]:
    """The JSON object `Fees`."""
    tiers = [
        {"volume": str(volume), "maker": _rate(maker), "taker": _rate(taker)} for volume, maker, taker in standing.tiers
    ]
    mine = tiers[standing.tier] if tiers else {"maker": None, "taker": None}
    return {
        "tier": standing.tier,
        "volume_30d": str(standing.volume),
        "maker": mine["maker"],
        "taker": mine["taker"],
        "tiers": tiers,
        "next": tiers[standing.tier + 1] if standing.tier + 1 < len(tiers) else None,
    }


def _rate(ppm: int) -> str:
    return format_units(ppm, _PPM_SCALE)
