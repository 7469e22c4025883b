"""What is listed out of the box: coins, their names at each price source, and the first rules of each market.

The ledger is the truth about assets and markets once they are defined; this file is what a new exchange starts with
and where the feeds learn who is called what. `base_price` and `supply` are rough figures of late 2025: the first is
where the simulated feed starts, the second gives a market capitalisation where no source tells one.
"""

import json
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from cryptovault.engine.commands import DefineAsset, DefineMarket, SetFeeTiers

INVENTORY_LADDERS = 10  # a position of this many whole ladders stops the side that would add to it


class Coin(NamedTuple):
    """An asset and its names elsewhere; `scale` is its number of decimals in the ledger."""

    symbol: str
    name: str
    coingecko_id: str
    coincap_slug: str
    base_price: Decimal
    supply: Decimal
    scale: int

    @property
    def id(self) -> str:
        """Its public id in URLs, for example `bitcoin`."""
        return self.coingecko_id or self.symbol.lower()


class MakerTerms(NamedTuple):
    """How the house quotes a market: distances in parts per million of the mid price, sizes in dollars or Tether.

    `inventory_usd` is how far from its target the maker's holding may be before the side that adds to it stops (0: ten
    whole ladders), `loss_usd` what it may lose here in a day (0: no limit of this market's own).
    """

    half_spread_ppm: int
    step_ppm: int
    levels: int
    level_usd: Decimal
    skew_ppm: int
    inventory_usd: Decimal = Decimal(0)
    loss_usd: Decimal = Decimal(0)
    enabled: bool = True

    @property
    def inventory_limit(self) -> Decimal:
        """The largest distance from the target."""
        return self.inventory_usd or self.level_usd * self.levels * INVENTORY_LADDERS


class Listing(NamedTuple):
    """A market as it is first defined; amounts are decimals of whole coins."""

    base: Coin
    quote: Coin
    tick: Decimal
    lot: Decimal
    min_notional: Decimal
    max_qty: Decimal
    maker: MakerTerms

    @property
    def market(self) -> str:
        """The market's symbol, for example `BTC-USDT`."""
        return f"{self.base.symbol}-{self.quote.symbol}"

    @property
    def tick_units(self) -> int:
        """The price step in quote units for one whole base coin."""
        return units(self.tick, self.quote.scale)

    @property
    def lot_units(self) -> int:
        """The quantity step in base units."""
        return units(self.lot, self.base.scale)

    def ticks(self, price: Decimal) -> int:
        """The price as a whole number of ticks, rounded half up; at least 1."""
        return max(1, int(price / self.tick + Decimal("0.5")))


class Catalog(NamedTuple):
    """Everything listed out of the box, the largest coin first."""

    currencies: tuple[Coin, ...]
    coins: tuple[Coin, ...]
    listings: tuple[Listing, ...]
    maker_fee: int
    taker_fee: int
    collar: int
    band: int
    fee_tiers: tuple[tuple[int, int, int], ...]

    def fee_command(self) -> SetFeeTiers:
        """The command that sets the fee schedule; volume counts in markets quoted in one of the currencies."""
        return SetFeeTiers(tuple(coin.symbol for coin in self.currencies), self.fee_tiers)

    def asset_commands(self) -> list[DefineAsset]:
        """The commands that define every asset."""
        return [DefineAsset(coin.symbol, coin.scale, coin.name) for coin in (*self.currencies, *self.coins)]

    def market_commands(self) -> list[DefineMarket]:
        """The commands that define every market."""
        return [self._market_command(listing) for listing in self.listings]

    def _market_command(self, listing: Listing) -> DefineMarket:
        return DefineMarket(
            market=listing.market,
            base=listing.base.symbol,
            quote=listing.quote.symbol,
            tick=listing.tick_units,
            lot=listing.lot_units,
            min_notional=units(listing.min_notional, listing.quote.scale),
            maker_fee=self.maker_fee,
            taker_fee=self.taker_fee,
            collar=self.collar,
            max_qty=units(listing.max_qty, listing.base.scale),
            quotes_expire=True,
            band=self.band,
        )


def units(amount: Decimal, scale: int) -> int:
    """A decimal amount as a whole number of ledger units; ValueError where it is none."""
    scaled = amount.scaleb(scale)
    if scaled != int(scaled):
        message = f"{amount} has more than {scale} decimals"
        raise ValueError(message)
    return int(scaled)


@cache
def load_catalog() -> Catalog:
    """Read the packaged catalogue."""
    document = json.loads(files(__package__).joinpath("catalog.json").read_text(), parse_float=Decimal)
    currencies = tuple(_coin(row) for row in document["currencies"])
    coins = tuple(_coin(row) for row in document["coins"])
    by_symbol = {coin.symbol: coin for coin in (*currencies, *coins)}
    return Catalog(
        currencies,
        coins,
        tuple(_listing(row, by_symbol) for row in document["markets"]),
        document["maker_fee_ppm"],
        document["taker_fee_ppm"],
        document["collar_ppm"],
        document["band_ppm"],
        tuple((volume, maker, taker) for volume, maker, taker in document["fee_tiers"]),
    )


def _coin(row: dict[str, str | int]) -> Coin:
    return Coin(
        symbol=str(row["symbol"]),
        name=str(row["name"]),
        coingecko_id=str(row["coingecko_id"]),
        coincap_slug=str(row["coincap_slug"]),
        base_price=Decimal(row["base_price"]),
        supply=Decimal(row["supply"]),
        scale=int(row["scale"]),
    )


def _listing(row: dict[str, object], coins: dict[str, Coin]) -> Listing:
    maker = dict(row["maker"])  # type: ignore[call-overload]  # the packaged file has this shape, a test reads it whole
    maker["level_usd"] = Decimal(maker["level_usd"])
    return Listing(
        base=coins[str(row["base"])],
        quote=coins[str(row["quote"])],
        tick=Decimal(str(row["tick"])),
        lot=Decimal(str(row["lot"])),
        min_notional=Decimal(str(row["min_notional"])),
        max_qty=Decimal(str(row["max_qty"])),
        maker=MakerTerms(**maker),
    )
