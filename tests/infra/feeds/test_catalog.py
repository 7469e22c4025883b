from decimal import Decimal

import pytest

from cryptovault.engine.events import Rejected
from cryptovault.engine.exchange import Exchange
from cryptovault.infra.feeds.catalog import load_catalog, units

CATALOG = load_catalog()


def test_fifty_coins_each_against_two_currencies() -> None:
    """Each of the 50 coins trades against USDT and against USD; ids and symbols are unique."""
    quotes = [listing.quote.symbol for listing in CATALOG.listings]
    assert (len(CATALOG.coins), quotes.count("USDT"), quotes.count("USD")) == (50, 50, 50)
    for name in ("symbol", "coingecko_id", "coincap_slug"):
        assert len({getattr(coin, name) for coin in CATALOG.coins}) == 50


def test_the_engine_takes_the_whole_catalogue() -> None:
    """Every asset and market definition is accepted: all notionals are whole numbers of quote units."""
    exchange = Exchange()
    for command in [*CATALOG.asset_commands(), *CATALOG.market_commands()]:
        verdict = exchange.apply(exchange.seq + 1, 1, command)[-1]
        assert not isinstance(verdict, Rejected), (command, verdict)
    assert len(exchange.markets) == 100


def test_markets_of_the_catalogue_halt_and_their_quotes_expire() -> None:
    """Every market halts for five minutes after a move of 20 % in five minutes, and stale quotes are not traded."""
    for market in CATALOG.market_commands():
        assert (market.band, market.band_window, market.halt_for) == (200_000, 300_000, 300_000), market.market
        assert market.quotes_expire, market.market


def test_ticks_are_fine_and_lots_are_affordable() -> None:
    """A tick is below 0.25 % of the price, a lot within the minimum, a maximum at least a million dollars."""
    for listing in CATALOG.listings:
        price = listing.base.base_price
        assert listing.tick / price < Decimal("0.0025"), listing.market
        assert listing.lot * price <= listing.min_notional, listing.market
        assert listing.max_qty * price >= 1_000_000, listing.market


def test_prices_become_ticks_by_rounding_half_up() -> None:
    """The nearest tick is taken, and never zero."""
    listing = CATALOG.listings[0]
    prices = ("100.004", "100.005", "0.000001")
    assert [listing.ticks(Decimal(text)) for text in prices] == [10_000, 10_001, 1]


def test_amounts_below_the_ledger_unit_are_refused() -> None:
    """A catalogue amount with more decimals than its asset is a mistake, not a rounding."""
    with pytest.raises(ValueError, match="decimals"):
        units(Decimal("0.000000001"), 8)
