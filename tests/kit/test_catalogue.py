"""The worker's copy of markets and assets, and what they are worth."""

from decimal import Decimal
from typing import Any

from cryptovault.engine.commands import DefineAsset, DefineMarket
from cryptovault.infra.clock import SystemClock
from cryptovault.infra.feeds.board import PriceBoard
from cryptovault.kit import catalogue as module
from cryptovault.kit.catalogue import Catalogue
from cryptovault.kit.dollars import Dollars
from fixtures.trading import Desk


async def test_terms_are_those_of_the_engine(desk: Desk) -> None:
    """Scales and tick of the read model give the same integers that the engine uses."""
    terms = await Catalogue(desk.db).market("BTC-USDT")
    assert terms is not None
    market = desk.exchange.markets["BTC-USDT"]
    assert (terms.tick, terms.base_scale, terms.quote_scale) == (market.tick, market.base_scale, market.quote_scale)
    assert (terms.parse_price("64000.01"), terms.price(6_400_001)) == (6_400_001, "64000.01")
    assert (terms.parse_qty("0.5"), terms.parse_amount("0.5")) == (50_000_000, 50_000_000)


async def test_a_new_market_is_found_when_it_is_asked_for(desk: Desk, monkeypatch: Any) -> None:
    """What is unknown is looked up again, but not for every question."""
    monkeypatch.setattr(module, "MISS_SECONDS", 0.0)
    catalogue = Catalogue(desk.db)
    assert await catalogue.market("SOL-USDT") is None
    await desk.do(DefineAsset("SOL", 8, "Solana"))
    await desk.do(DefineMarket("SOL-USDT", "SOL", "USDT", 10**6, 10**4, 10**8, 1_000, 1_500, 50_000, 10**14))
    found = await catalogue.market("SOL-USDT")
    assert found is not None
    assert found.base == "SOL"
    monkeypatch.setattr(module, "MISS_SECONDS", 60.0)
    await desk.do(DefineAsset("XRP", 8, "XRP"))
    assert await catalogue.asset("XRP") is None


class StillBoard(PriceBoard):
    """A board that knows what it was given."""

    async def refresh(self) -> None:
        """Nothing new."""


async def test_dollars_come_from_the_outside_reference(desk: Desk) -> None:
    """The reference price comes before our last trade, USDT markets before USD ones; the unknown is left out."""
    board = StillBoard(SystemClock(), None, desk.db)  # type: ignore[arg-type]
    board._tickers = {
        "BTC-USDT": {"reference_price": "100", "last": "999", "change_24h": "1.5"},
        "BTC-USD": {"reference_price": "101"},
        "ETH-USDT": {"reference_price": None, "last": "10"},
    }
    prices = await Dollars(board).prices(["USD", "USDT", "BTC", "ETH", "NOPE"])
    assert {asset: price.price for asset, price in prices.items()} == {
        "USD": Decimal(1),
        "USDT": Decimal(1),
        "BTC": Decimal(100),
        "ETH": Decimal(10),
    }
    assert prices["BTC"].change_24h == "1.5"
