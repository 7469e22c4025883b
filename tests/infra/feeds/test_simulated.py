from decimal import Decimal
from itertools import pairwise

from cryptovault.infra.feeds.catalog import load_catalog
from cryptovault.infra.feeds.simulated import SimulatedFeed

COINS = load_catalog().coins
NOW = 1_795_219_200_000


def test_the_same_seed_makes_the_same_world() -> None:
    """Prices are a function of seed, coin and time."""
    one, two, other = SimulatedFeed(7), SimulatedFeed(7), SimulatedFeed(8)
    assert one.quotes(COINS, NOW) == two.quotes(COINS, NOW)
    assert one.price_at(COINS[0], NOW) != other.price_at(COINS[0], NOW)


def test_prices_stay_near_the_base_price() -> None:
    """Over two years every coin stays between half and one and a half times its base price."""
    feed = SimulatedFeed()
    for coin in COINS:
        prices = [feed.price_at(coin, NOW + day * 86_400_000) for day in range(0, 730, 5)]
        assert min(prices) > coin.base_price / 2
        assert max(prices) < coin.base_price * 3 / 2


def test_ticks_move_but_do_not_jump() -> None:
    """From second to second a price moves by at most a tenth of a per cent, and it does move."""
    feed = SimulatedFeed()
    prices = [feed.price_at(COINS[0], NOW + second * 1_000) for second in range(600)]
    moves = [abs(later / earlier - 1) for earlier, later in pairwise(prices)]
    assert max(moves) < Decimal("0.001")
    assert sum(move > 0 for move in moves) > 590


def test_candles_join_and_agree_with_ticks() -> None:
    """Each candle opens at the last one's close, and both are prices of that moment."""
    feed = SimulatedFeed()
    candles = feed.candles(COINS[0], 60_000, NOW, 50)
    assert all(later.open == earlier.close for earlier, later in pairwise(candles))
    assert all(kline.open == feed.price_at(COINS[0], kline.open_time) for kline in candles)
    assert all(kline.low <= min(kline.open, kline.close) <= kline.high and kline.volume > 0 for kline in candles)


def test_the_last_day_is_told_like_a_real_ticker() -> None:
    """Change, high, low and volume are there and fit the price."""
    for quote in SimulatedFeed().quotes(COINS, NOW):
        assert quote.low_24h is not None
        assert quote.high_24h is not None
        assert quote.volume_24h is not None
        assert quote.low_24h <= quote.price <= quote.high_24h
        assert quote.volume_24h > 0


def test_an_anchored_coin_goes_on_from_there() -> None:
    """After anchoring, the price at that time is the given one to nine digits."""
    feed = SimulatedFeed()
    feed.anchor(COINS[0], Decimal("61837.63"), NOW)
    assert abs(feed.price_at(COINS[0], NOW) / Decimal("61837.63") - 1) < Decimal("1e-9")
