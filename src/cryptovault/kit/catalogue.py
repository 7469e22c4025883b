"""What can be traded, for those who speak decimal strings: markets and assets with their scales.

The truth about them is in the engine. An api worker keeps this copy, loaded from the read models
`assets` and `markets`; the engine refuses what a copy that is a moment old still allows.
"""

import asyncio
import time
from collections.abc import Mapping
from typing import NamedTuple, Self

from cryptovault.engine.exchange import Exchange
from cryptovault.engine.market import Market
from cryptovault.engine.money import format_price, format_units, parse_price, parse_units
from cryptovault.infra.mongo import Database, Document

LIST_SECONDS = 5.0
MISS_SECONDS = 0.5
MAX_ROWS = 2_000


class Terms(NamedTuple):
    """A market's units: how its integers are written as decimal strings, and read from them.

    A paper market `mirrors` a real one.
    """

    market: str
    base: str
    quote: str
    base_scale: int
    quote_scale: int
    tick: int
    mirrors: str = ""

    @classmethod
    def of(cls, market: Market) -> Self:
        """The units of a market of an exchange."""
        mirrors = market.mirrors.symbol if market.mirrors is not None else ""
        units = market.base_scale, market.quote_scale, market.tick
        return cls(market.symbol, market.base, market.quote, *units, mirrors)

    def price(self, ticks: int) -> str:
        """A price, in quote for one whole base coin."""
        return format_price(ticks, self.tick, self.quote_scale)

    def qty(self, units: int) -> str:
        """An amount of the base asset."""
        return format_units(units, self.base_scale) if units else "0"

    def amount(self, units: int) -> str:
        """An amount of the quote asset."""
        return format_units(units, self.quote_scale) if units else "0"

    def parse_price(self, text: str) -> int:
        """Ticks; ValueError where the text is no plain decimal or lies between two ticks."""
        return parse_price(text, self.tick, self.quote_scale)

    def parse_qty(self, text: str) -> int:
        """Base units; ValueError as `parse_units`."""
        return parse_units(text, self.base_scale)

    def parse_amount(self, text: str) -> int:
        """Quote units; ValueError as `parse_units`."""
        return parse_units(text, self.quote_scale)


class AssetTerms(NamedTuple):
    """An asset's name for people and its number of decimals; a paper asset `mirrors` a real one."""

    symbol: str
    scale: int
    name: str
    mirrors: str = ""


class TermsBook:
    """Terms of each market of an exchange, worked out once: base, quote, scales and tick never change."""

    def __init__(self) -> None:
        self._known: dict[str, Terms] = {}

    def of(self, market: str, exchange: Exchange) -> Terms:
        """The units of a market that is defined in the exchange."""
        if (terms := self._known.get(market)) is None:
            terms = self._known[market] = Terms.of(exchange.markets[market])
        return terms


class Catalogue:
    """An api worker's copy of all markets and assets.

    What is known never changes, so it is answered from memory; what is unknown is looked up at most twice a second.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._markets: dict[str, Terms] = {}
        self._assets: dict[str, AssetTerms] = {}
        self._loaded = float("-inf")
        self._lock = asyncio.Lock()

    async def market(self, symbol: str) -> Terms | None:
        """The units of a market, or None where there is no such market."""
        if (terms := self._markets.get(symbol)) is None:
            await self._refresh(MISS_SECONDS)
            terms = self._markets.get(symbol)
        return terms

    async def asset(self, symbol: str) -> AssetTerms | None:
        """An asset, or None where there is no such asset."""
        if (terms := self._assets.get(symbol)) is None:
            await self._refresh(MISS_SECONDS)
            terms = self._assets.get(symbol)
        return terms

    async def markets(self) -> Mapping[str, Terms]:
        """All markets by symbol, paper ones too; a new one shows within seconds."""
        await self._refresh(LIST_SECONDS if self._markets else MISS_SECONDS)
        return self._markets

    async def assets(self) -> Mapping[str, AssetTerms]:
        """All assets by symbol, paper ones too; a new one shows within seconds."""
        await self._refresh(LIST_SECONDS if self._assets else MISS_SECONDS)
        return self._assets

    async def _refresh(self, max_age: float) -> None:
        async with self._lock:
            if time.monotonic() - self._loaded > max_age:
                await self.load()

    async def load(self) -> None:
        """Read everything now."""
        assets = await self._db["assets"].find({}, limit=MAX_ROWS).to_list()
        markets = await self._db["markets"].find({}, limit=MAX_ROWS).to_list()
        self._assets = {
            row["_id"]: AssetTerms(row["_id"], row["scale"], row["name"], row.get("mirrors", "")) for row in assets
        }
        known = [row for row in markets if {row["base"], row["quote"]} <= self._assets.keys()]  # else just defined
        self._markets = {row["_id"]: _terms(row, self._assets) for row in known}
        self._loaded = time.monotonic()


def _terms(row: Document, assets: Mapping[str, AssetTerms]) -> Terms:
    base, quote = assets[row["base"]], assets[row["quote"]]
    tick = parse_units(row["tick_size"], quote.scale)
    return Terms(row["_id"], base.symbol, quote.symbol, base.scale, quote.scale, tick, row.get("mirrors", ""))
