"""What a price source tells, and how it can fail.

FeedError
  + FeedUnavailable   not reached, or an answer that makes no sense
  + FeedLimited       asked too often; `retry_after` says when to come back
  + FeedRefused       the key is missing, wrong or not entitled: asking again will not help soon
"""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import NamedTuple, Protocol

from cryptovault.infra.feeds.catalog import Listing

_BEYOND_REASON = Decimal("1e24")


class Quote(NamedTuple):
    """One market at one moment. Prices are in the market's quote currency for a whole coin, volumes in whole coins.

    `at` is the source's own time in milliseconds; 0 where it tells none. A statistic a source does not have is None.
    `quote_volume_24h` and `market_cap` are in the quote currency.
    """

    market: str
    price: Decimal
    at: int
    change_24h: Decimal | None = None
    high_24h: Decimal | None = None
    low_24h: Decimal | None = None
    volume_24h: Decimal | None = None
    quote_volume_24h: Decimal | None = None
    market_cap: Decimal | None = None


class Kline(NamedTuple):
    """One candle: `open_time` in milliseconds, volume in whole coins."""

    open_time: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal


class FeedError(Exception):
    """A source did not give prices."""


class FeedUnavailable(FeedError):
    """Not reached in time, or answered with something that is no price list."""


class FeedLimited(FeedError):
    """The source asks for patience."""

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class FeedRefused(FeedError):
    """The key is missing, wrong or not entitled."""


class PriceSource(Protocol):
    """An adapter for one provider."""

    name: str

    def speaks(self, listing: Listing) -> bool:
        """Whether this source could have a price of the market at all, as far as is known before it was asked."""
        ...

    async def poll(self, listings: Sequence[Listing]) -> list[Quote]:
        """Ask for all markets at once; one the source does not have is left out. Raises FeedError."""
        ...

    async def close(self) -> None:
        """Give the connections back."""
        ...


class CandleSource(PriceSource, Protocol):
    """A price source that also knows the past."""

    async def history(self, listing: Listing, interval: str, since_ms: int, limit: int) -> list[Kline]:
        """Candles that opened at or after a time, the oldest first; the last one may still be open. Raises FeedError.

        At most 1,000 at a time. A market the source does not have gives none.
        """
        ...


def decimal_or_none(text: object) -> Decimal | None:
    """Read a number that came as text (or as a whole number); None where it is no number, or one beyond reason.

    A float is refused: it has already lost what it was.
    """
    if not isinstance(text, str | int | Decimal) or isinstance(text, bool):
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value) < _BEYOND_REASON else None


def price_of(text: object) -> Decimal:
    """A price as the source wrote it: NaN, zero and negative ones pass on, for the rules to refuse and report."""
    if not isinstance(text, str | int | Decimal) or isinstance(text, bool):
        return Decimal("NaN")
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("NaN")
