"""Prices of sources that speak of dollars only, as prices of our markets.

A dollar is not a Tether. What such a source says of a coin in dollars is its price against USD; divided by what the
same answer says of Tether it is its price against USDT. An answer without Tether says nothing of those markets.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from cryptovault.infra.feeds.catalog import Coin, Listing
from cryptovault.infra.feeds.quote import Quote
from cryptovault.infra.feeds.rules import plausible

DOLLAR = "USD"


class Dollars(NamedTuple):
    """What a source says of a coin; every amount in US dollars, volume and capital too."""

    price: Decimal
    at: int
    change_24h: Decimal | None = None
    high_24h: Decimal | None = None
    low_24h: Decimal | None = None
    volume_24h: Decimal | None = None
    market_cap: Decimal | None = None


def priced_coins(listings: Sequence[Listing]) -> list[Coin]:
    """The coins to ask for: each base once, and the quote currencies that are not the dollar itself."""
    quotes = [one.quote for one in listings if one.quote.symbol != DOLLAR]
    return list(dict.fromkeys([*quotes, *(one.base for one in listings)]))


def in_quote_currency(told: Mapping[str, Dollars], listings: Sequence[Listing]) -> list[Quote]:
    """The quote of each market whose coin, and quote currency, the answer speaks of."""
    rates = {symbol: row.price for symbol, row in told.items() if plausible(row.price)} | {DOLLAR: Decimal(1)}
    return [
        _quote(one.market, told[one.base.symbol], rates[one.quote.symbol])
        for one in listings
        if one.base.symbol in told and one.quote.symbol in rates
    ]


def _quote(market: str, row: Dollars, rate: Decimal) -> Quote:
    def worth(dollars: Decimal | None) -> Decimal | None:
        return None if dollars is None else dollars / rate

    return Quote(
        market=market,
        price=row.price / rate,
        at=row.at,
        change_24h=row.change_24h,
        high_24h=worth(row.high_24h),
        low_24h=worth(row.low_24h),
        quote_volume_24h=worth(row.volume_24h),
        market_cap=worth(row.market_cap),
    )
