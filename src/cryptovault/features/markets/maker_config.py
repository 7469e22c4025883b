"""The market maker's terms and limits from a file, laid over those of the catalogue.

    daily_loss_limit = 50000          # of all markets together

    [defaults]                        # every line is optional; what is missing is as in the catalogue
    half_spread_percent = 0.05
    inventory_limit = 250000

    [markets.BTC-USDT]
    levels = 6
    level_size = 2000

    [targets]                         # coins to hold; without one the maker leans only against what it traded today
    BTC = 12.5

Amounts are in the market's quote currency. docs/reference/market-maker.md has the whole list.
"""

import tomllib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cryptovault.engine.limits import MAX_QUOTE_LEVELS
from cryptovault.infra.feeds.catalog import Listing, MakerTerms

_PPM_OF_PERCENT = 10_000

Percent = Annotated[Decimal, Field(gt=0, le=20, decimal_places=4)]
Money = Annotated[Decimal, Field(gt=0, le=Decimal("1e12"))]


class MakerConfigError(ValueError):
    """The file cannot be used; the text names the file, the place in it and the reason."""


class _Terms(BaseModel):
    """Terms of one market, or of all that do not say otherwise."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    enabled: bool | None = None
    half_spread_percent: Percent | None = None
    step_percent: Percent | None = None
    levels: int | None = Field(default=None, ge=1, le=MAX_QUOTE_LEVELS)
    level_size: Money | None = None
    skew_percent: Annotated[Decimal, Field(ge=0, le=20, decimal_places=4)] | None = None
    inventory_limit: Money | None = None
    daily_loss_limit: Money | None = None

    def over(self, terms: MakerTerms) -> MakerTerms:
        """These terms where they are given, the others' where they are not."""
        given: dict[str, Any] = {
            "half_spread_ppm": _ppm(self.half_spread_percent),
            "step_ppm": _ppm(self.step_percent),
            "levels": self.levels,
            "level_usd": self.level_size,
            "skew_ppm": _ppm(self.skew_percent),
            "inventory_usd": self.inventory_limit,
            "loss_usd": self.daily_loss_limit,
            "enabled": self.enabled,
        }
        return MakerTerms(**(terms._asdict() | {name: value for name, value in given.items() if value is not None}))


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    daily_loss_limit: Money | None = None
    defaults: _Terms = _Terms()
    markets: dict[str, _Terms] = {}
    targets: dict[str, Annotated[Decimal, Field(ge=0, le=Decimal("1e15"))]] = {}


class MakerPlan(NamedTuple):
    """What the maker is to do: the listings with their terms, the loss of a day it may make, coins to hold."""

    listings: tuple[Listing, ...]
    daily_loss: Decimal
    targets: Mapping[str, Decimal]


def load_plan(path: str, listings: Sequence[Listing], targets: Mapping[str, Decimal]) -> MakerPlan:
    """The plan of a file, or of the catalogue where there is none. Raises MakerConfigError."""
    if not path:
        return MakerPlan(tuple(listings), Decimal(0), targets)
    read = _read(Path(path).expanduser())
    _names_known(path, read, listings)
    planned = tuple(_planned(path, listing, read) for listing in listings)
    return MakerPlan(planned, read.daily_loss_limit or Decimal(0), {**targets, **read.targets})


def _read(path: Path) -> _File:
    try:
        document = tomllib.loads(path.read_text(), parse_float=Decimal)
    except (OSError, UnicodeDecodeError) as error:
        raise MakerConfigError(f"MAKER_CONFIG: {path} cannot be read: {error}") from error
    except (tomllib.TOMLDecodeError, ArithmeticError) as error:
        raise MakerConfigError(f"MAKER_CONFIG: {path} is no TOML: {error}") from error
    try:
        return _File.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise MakerConfigError(f"MAKER_CONFIG: {path}: {place}: {first['msg']}.") from error


def _names_known(path: str, read: _File, listings: Sequence[Listing]) -> None:
    markets, coins = {one.market for one in listings}, {one.base.symbol for one in listings}
    for kind, unknown in (("market", set(read.markets) - markets), ("coin", set(read.targets) - coins)):
        if unknown:
            raise MakerConfigError(f"MAKER_CONFIG: {path}: there is no {kind} {min(unknown)}.")


def _planned(path: str, listing: Listing, read: _File) -> Listing:
    terms = read.markets.get(listing.market, _Terms()).over(read.defaults.over(listing.maker))
    depth = terms.half_spread_ppm + terms.step_ppm * (terms.levels - 1)
    if depth * 2 >= _PPM_OF_PERCENT * 100:
        raise MakerConfigError(
            f"MAKER_CONFIG: {path}: {listing.market}: its last level is half the price away or more."
        )
    return listing._replace(maker=terms)


def _ppm(percent: Decimal | None) -> int | None:
    return None if percent is None else int(percent * _PPM_OF_PERCENT)
