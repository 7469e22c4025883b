"""What the markets' routes answer."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from cryptovault.engine.money import format_units
from cryptovault.engine.types import PPM, MarketStatus, Side
from cryptovault.infra.feeds.candles import INTERVALS_MS
from cryptovault.infra.mongo import Document
from cryptovault.kit.schemas import AnswerModel, iso

SIDES = {side: side.name.lower() for side in Side}
STATUSES = {status: status.name.lower() for status in MarketStatus}
_PPM_SCALE = len(str(PPM)) - 1

Interval = Literal["1m", "5m", "15m", "1h", "4h", "1d"]
assert set(INTERVALS_MS) == {"1m", "5m", "15m", "1h", "4h", "1d"}  # noqa: S101 - two spellings of one list


class Ticker(AnswerModel):
    """A market's last 24 hours. What is not known is null."""

    market: str
    last: str | None
    change_24h: Annotated[str | None, Field(description="Per cent, signed.")]
    high_24h: str | None
    low_24h: str | None
    volume_24h: Annotated[str | None, Field(description="In base coins, at the price source.")]
    quote_volume_24h: str | None
    bid: str | None
    ask: str | None
    reference_price: Annotated[str | None, Field(description="The outside price; null while it is stale.")]
    source: str
    at: str


class Market(AnswerModel):
    """A market and its rules."""

    symbol: str
    base: str
    quote: str
    status: Literal["open", "post_only", "cancel_only", "halted"]
    tick_size: str
    lot_size: str
    min_notional: str
    max_qty: str
    maker_fee: Annotated[str, Field(description="As a fraction: 0.001 is 0.1 %.")]
    taker_fee: str
    base_name: str
    price_decimals: int
    qty_decimals: int
    ticker: Ticker | None


class Markets(AnswerModel):
    """All markets."""

    items: list[Market]


class Book(AnswerModel):
    """The best levels of both sides, best first, each as [price, quantity]."""

    market: str
    seq: int
    bids: list[tuple[str, str]]
    asks: list[tuple[str, str]]
    checksum: Annotated[int, Field(description="CRC-32 of `bids|asks`, levels joined as `price:qty,price:qty`.")]
    at: str


class PublicTrade(AnswerModel):
    """One fill, without its parties."""

    trade_id: int
    price: str
    qty: str
    taker_side: Literal["buy", "sell"]
    at: str


class Candle(AnswerModel):
    """Prices of one span of time; `open_time` in milliseconds since 1970 UTC."""

    open_time: int
    open: str
    high: str
    low: str
    close: str
    volume: str


class Candles(AnswerModel):
    """Candles, the oldest first."""

    items: list[Candle]


def fee_text(ppm: int) -> str:
    """A rate as a decimal fraction."""
    return format_units(ppm, _PPM_SCALE)


def decimals(step: str) -> int:
    """How many decimals a price or quantity on this step has."""
    exponent = Decimal(step).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def market_view(document: Document, base_name: str, ticker: Document | None) -> dict[str, Any]:
    """The answer for one row of the read model `markets`."""
    rules = {name: document[name] for name in ("base", "quote", "status", "tick_size", "lot_size", "min_notional")}
    rest = {name: document[name] for name in ("max_qty", "maker_fee", "taker_fee")}
    return {
        "symbol": document["_id"],
        **rules,
        **rest,
        "base_name": base_name,
        "price_decimals": decimals(document["tick_size"]),
        "qty_decimals": decimals(document["lot_size"]),
        "ticker": ticker,
    }


def trade_view(document: Document) -> dict[str, Any]:
    """The answer for one row of the read model `trades`."""
    row = {name: document[name] for name in ("trade_id", "price", "qty", "taker_side")}
    return {**row, "at": iso(document["at"])}
