"""Ticks of the price desk as messages: `prices` for everybody, a `ticker` for each market."""

from collections.abc import Mapping, Sequence
from decimal import Context, Decimal
from typing import Any

from cryptovault.engine.money import format_price
from cryptovault.features.markets.statistics import DayStatistics, Figures
from cryptovault.infra.feeds.catalog import Listing
from cryptovault.infra.feeds.quote import Quote
from cryptovault.infra.feeds.tick import Tick
from cryptovault.kit.schemas import iso_ms

Payload = dict[str, Any]

_CENT = Decimal("0.01")
_MILLI = Decimal("0.001")
_WIDE = Context(prec=100)


class TickerTape:
    """Remembers the last price of each market, so that a stale one still shows where it was."""

    def __init__(self, listings: Sequence[Listing], own: DayStatistics) -> None:
        self._listings = listings
        self._own = own
        self._last: dict[str, str] = {}
        self._tops: dict[str, tuple[str | None, str | None]] = {}

    def top(self, market: str, bid: str | None, ask: str | None) -> None:
        """The best prices of our own book."""
        self._tops[market] = (bid, ask)

    def prices(self, tick: Tick) -> Payload:
        """The `prices` message; `reference_price` is null while the price may not be used."""
        rows = {}
        for listing in self._listings:
            reference = self._reference(listing, tick)
            quote = tick.quotes.get(listing.market)
            change = quote.change_24h if quote is not None else None
            rows[listing.market] = {
                "last": self._last.get(listing.market),
                "change_24h": None if change is None else rounded(change, _CENT),
                "reference_price": reference,
            }
        sources = [state.told() for state in tick.sources]
        source = {"name": tick.name, "kind": tick.kind, "label": tick.label, "age_ms": 0, "sources": sources}
        return {"at": iso_ms(tick.at), "at_ms": tick.at, "source": source, "prices": rows}

    def tickers(self, tick: Tick, prices: Payload) -> dict[str, Payload]:
        """The `ticker` of each market; to be called with what `prices` gave for the same tick."""
        return {
            listing.market: self._ticker(listing, tick, prices["prices"][listing.market]) for listing in self._listings
        }

    def _reference(self, listing: Listing, tick: Tick) -> str | None:
        price = tick.prices.get(listing.market)
        if price is None:
            return None
        text = self._last[listing.market] = on_tick(listing, price)
        return text

    def _ticker(self, listing: Listing, tick: Tick, row: Payload) -> Payload:
        bid, ask = self._tops.get(listing.market, (None, None))
        quote = tick.quotes.get(listing.market)
        outside = dict.fromkeys(_STATISTICS) if quote is None else _statistics(listing, quote, row["last"])
        reference = row | outside
        own = self._own.of(listing.market, tick.at)
        return {
            "market": listing.market,
            **reference,
            **({"trades_24h": None, "stats_source": "reference"} if own is None else _own_figures(own)),
            "reference": {name: reference[name] for name in _OF_REFERENCE},
            "bid": bid,
            "ask": ask,
            "source": tick.label if row["reference_price"] is not None else "stale",
            "at": iso_ms(tick.at),
        }


_STATISTICS = ("high_24h", "low_24h", "volume_24h", "quote_volume_24h", "market_cap")

_OF_REFERENCE = ("last", "change_24h", *_STATISTICS[:-1])
"""What others than the market's own traders are told, whatever somebody trades here."""


def _statistics(listing: Listing, quote: Quote, last: str | None) -> Payload:
    """The outside day; `last`, a median that may be newer than a source's range, is always within high and low."""
    seen = () if last is None else (Decimal(last),)
    volume, turnover = quote.volume_24h, quote.quote_volume_24h
    if volume is None and turnover is not None and quote.price > 0:
        volume = turnover / quote.price
    capital = quote.market_cap if quote.market_cap is not None else listing.base.supply * quote.price
    return {
        "high_24h": None if quote.high_24h is None else on_tick(listing, max((quote.high_24h, *seen))),
        "low_24h": None if quote.low_24h is None else on_tick(listing, min((quote.low_24h, *seen))),
        "volume_24h": None if volume is None else rounded(volume, _MILLI),
        "quote_volume_24h": None if turnover is None else rounded(turnover, _CENT),
        "market_cap": rounded(capital, Decimal(1)) if capital.is_finite() else None,
    }


def _own_figures(own: Figures) -> Payload:
    return {
        "last": plain(own.last),
        "change_24h": rounded(own.change, _CENT),
        "high_24h": plain(own.high),
        "low_24h": plain(own.low),
        "volume_24h": plain(own.volume),
        "quote_volume_24h": plain(own.quote_volume),
        "trades_24h": own.trades,
        "stats_source": "trades",
    }


def on_tick(listing: Listing, price: Decimal) -> str:
    """A price as the market would write it."""
    return format_price(listing.ticks(price), listing.tick_units, listing.quote.scale)


def rounded(value: Decimal, step: Decimal) -> str:
    """A figure on a step, however large it is."""
    return plain(value.quantize(step, context=_WIDE))


def plain(value: Decimal) -> str:
    """A decimal without exponent and trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def turnover(quote: Quote, milliseconds: int) -> Decimal:
    """Coins that change hands outside in a span of time, by the average of the last day."""
    volume = quote.volume_24h
    if volume is None and quote.quote_volume_24h is not None and quote.price > 0:
        volume = quote.quote_volume_24h / quote.price
    return Decimal(0) if volume is None else volume * milliseconds / 86_400_000


def reference_ticks(listings: Sequence[Listing], prices: Mapping[str, Decimal]) -> dict[str, int]:
    """Each market's price in ticks, 0 where there is none to be used."""
    return {
        listing.market: listing.ticks(price) if (price := prices.get(listing.market)) is not None else 0
        for listing in listings
    }
