"""The 24-hour figures of a market: each figure from the first of its sources that tells it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from cryptovault.infra.feeds.quote import Quote
from cryptovault.infra.feeds.runner import SourceRunner

_FIGURES = ("change_24h", "high_24h", "low_24h", "volume_24h", "quote_volume_24h", "market_cap")


def merged(
    runners: Sequence[SourceRunner], prices: Mapping[str, Decimal], before: Mapping[str, Quote], now_ms: int
) -> dict[str, Quote]:
    """The figures of each market that has a price now; what nobody tells any more stays as it was."""
    answers = [runner.batch.quotes for runner in runners if runner.batch is not None and runner.usable(now_ms)]
    answers += [runner.batch.quotes for runner in runners if runner.batch is not None and not runner.usable(now_ms)]
    found = {}
    for market, price in prices.items():
        told = [quotes[market] for quotes in answers if market in quotes]
        if market in before:
            told.append(before[market])
        found[market] = _first_of_each(market, price, told)
    return found


def _first_of_each(market: str, price: Decimal, told: Sequence[Quote]) -> Quote:
    figures = {
        name: next((figure for quote in told if (figure := getattr(quote, name)) is not None), None)
        for name in _FIGURES
    }
    return Quote(market, price, max((quote.at for quote in told), default=0), **figures)
