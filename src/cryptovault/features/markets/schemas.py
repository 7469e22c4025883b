"""What the markets' routes answer."""

from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from cryptovault.engine.money import format_units
from cryptovault.engine.types import PPM, MarketStatus, Side
from cryptovault.infra.feeds.candles import INTERVALS_MS
from cryptovault.infra.mongo import Document
from cryptovault.kit.schemas import AnswerModel, iso

SIDES = {side: side.name.lower() for side in Side}
STATUSES = {status: status.name.lower() for status in MarketStatus}
_PPM_SCALE = len(str(PPM)) - 1

CandleSource = Literal["trades", "reference"]
Interval = Literal["1m", "5m", "15m", "1h", "4h", "1d"]
assert set(INTERVALS_MS) == {"1m", "5m", "15m", "1h", "4h", "1d"}  # noqa: S101 - two spellings of one list


Status = Literal["open", "post_only", "cancel_only", "halted", "pre_open"]
OrderKind = Literal[
    "market", "limit", "stop", "stop_limit", "take_profit", "take_profit_limit", "trailing_stop", "iceberg", "gtd",
    "group",
]  # fmt: skip
ORDER_KINDS: tuple[OrderKind, ...] = OrderKind.__args__  # type: ignore[attr-defined]


class Outside(AnswerModel):
    """The last 24 hours of a market's coin in the outside world, whatever is traded here. What is not known is null."""

    last: str | None = Field(None, description="The reference price, or the last known one.", examples=["61837.63"])
    change_24h: str | None = Field(None, description="Per cent, signed.", examples=["-2.04"])
    high_24h: str | None = Field(None, examples=["62451.42"])
    low_24h: str | None = Field(None, examples=["60596.43"])
    volume_24h: str | None = Field(None, description="In base coins.", examples=["12345.678"])
    quote_volume_24h: str | None = Field(None, examples=["763371418.89"])


class Ticker(AnswerModel):
    """A market's last 24 hours, to the minute. What is not known is null.

    `last`, `change_24h` and the figures after it are of our own trades (`stats_source` is "trades") as soon as there
    was one in the last 24 hours; before that they are those of the reference price's sources ("reference"), which
    `reference` tells in either case.
    """

    market: str = Field(examples=["BTC-USDT"])
    last: str | None = Field(examples=["61837.63"])
    change_24h: str | None = Field(description="Per cent, signed.", examples=["-2.04"])
    high_24h: str | None = Field(examples=["62451.42"])
    low_24h: str | None = Field(examples=["60596.43"])
    volume_24h: str | None = Field(description="In base coins.", examples=["12345.678"])
    quote_volume_24h: str | None = Field(examples=["763371418.89"])
    trades_24h: int | None = Field(None, description="How many trades; own ones only.", examples=[5120])
    stats_source: CandleSource = Field("reference", examples=["trades"])
    reference: Outside = Field(default_factory=Outside, description="The same figures of the price sources.")
    bid: str | None = Field(examples=["61811.22"])
    ask: str | None = Field(examples=["61848.32"])
    reference_price: str | None = Field(description="The outside price; null while it is stale.", examples=["61837.63"])
    source: str = Field(examples=["live: Binance"])
    at: str = Field(examples=["2026-11-21T00:20:49.120Z"])


class Scheduled(AnswerModel):
    """A change of a market's status that is to come."""

    status: Status
    at: str = Field(examples=["2026-11-22T18:00:00.000Z"])


class Market(AnswerModel):
    """A market and its rules."""

    symbol: str = Field(examples=["BTC-USDT"])
    base: str = Field(examples=["BTC"])
    quote: str = Field(examples=["USDT"])
    status: Status
    scheduled: Scheduled | None = Field(description="The next change of the status, where one is set.")
    order_types: list[OrderKind] = Field(
        description="What the market takes; `iceberg`, `gtd` and `group` (OCO and brackets) beside the types."
    )
    band_percent: str | None = Field(
        description="A move beyond it halts the market by itself; null where there is none.", examples=["10"]
    )
    band_seconds: int | None = Field(description="How far back such a move is looked for.", examples=[300])
    halt_seconds: int | None = Field(
        description="How long such a halt lasts; null: until it is opened.", examples=[300]
    )
    collar_percent: str | None = Field(
        description="How far from the reference price a market order may trade.", examples=["5"]
    )
    tick_size: str = Field(examples=["0.01"])
    lot_size: str = Field(examples=["0.00001"])
    min_notional: str = Field(examples=["5"])
    max_qty: str = Field(examples=["100"])
    maker_fee: str = Field(description="As a fraction: 0.001 is 0.1 %.", examples=["0.001"])
    taker_fee: str = Field(examples=["0.0015"])
    base_name: str = Field(examples=["Bitcoin"])
    price_decimals: int = Field(examples=[2])
    qty_decimals: int = Field(examples=[5])
    paper: bool = Field(description="Whether play money is traded here.")
    mirrors: str | None = Field(
        description="The real market whose depth, prices, rules and status a paper market has.", examples=[None]
    )
    ticker: Ticker | None


class Markets(AnswerModel):
    """All markets."""

    items: list[Market]


class Book(AnswerModel):
    """The best levels of both sides, best first, each as [price, quantity]."""

    market: str = Field(examples=["BTC-USDT"])
    seq: int = Field(description="The journal position it shows.", examples=[229])
    bids: list[tuple[str, str]] = Field(examples=[[["95154.04", "0.05254"]]])
    asks: list[tuple[str, str]] = Field(examples=[[["95211.16", "0.05251"]]])
    checksum: int = Field(
        description="CRC-32 of `bids|asks`, levels joined as `price:qty,price:qty`.", examples=[1349489344]
    )
    at: str = Field(examples=["2026-11-21T00:20:49.120Z"])


class PublicTrade(AnswerModel):
    """One fill, without its parties."""

    trade_id: int = Field(examples=[17])
    price: str = Field(examples=["64000"])
    qty: str = Field(examples=["0.05"])
    taker_side: Literal["buy", "sell"]
    at: str = Field(examples=["2026-11-21T00:20:49.120Z"])


class Candle(AnswerModel):
    """Prices of one span of time; `open_time` in milliseconds since 1970 UTC."""

    open_time: int = Field(examples=[1795215600000])
    open: str = Field(examples=["60141.36"])
    high: str = Field(examples=["60704.16"])
    low: str = Field(examples=["60102.99"])
    close: str = Field(examples=["60688.2"])
    volume: str = Field(description="In base coins.", examples=["1078.47277369"])
    quote_volume: str | None = Field(None, description="Own trades only.", examples=["65125042.11"])
    trades: int | None = Field(None, description="How many trades; own ones only.", examples=[312])
    source: CandleSource = Field(description="Our own trades, or the reference price.", examples=["trades"])


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
        "scheduled": document.get("scheduled"),
        "order_types": document.get("order_types", ORDER_KINDS),
        "band_percent": document.get("band_percent"),
        **{name: document.get(name) for name in ("band_seconds", "halt_seconds", "collar_percent")},
        "base_name": base_name,
        "price_decimals": decimals(document["tick_size"]),
        "qty_decimals": decimals(document["lot_size"]),
        "paper": "mirrors" in document,
        "mirrors": document.get("mirrors"),
        "ticker": ticker,
    }


def trade_view(document: Document) -> dict[str, Any]:
    """The answer for one row of the read model `trades`."""
    row = {name: document[name] for name in ("trade_id", "price", "qty", "taker_side")}
    return {**row, "at": iso(document["at"])}
