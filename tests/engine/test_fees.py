"""Fee tiers over many days, and T8: nobody gains by trading in circles."""

import random
from fractions import Fraction

import pytest

from cryptovault.engine.commands import (
    Command,
    CreditDeposit,
    DefineAsset,
    DefineMarket,
    PlaceOrder,
    SetFeeTiers,
    Terms,
    Tick,
)
from cryptovault.engine.events import Trade
from cryptovault.engine.exchange import Exchange
from cryptovault.engine.limits import DAY_MS
from cryptovault.engine.tiers import WINDOW_DAYS
from cryptovault.engine.types import OrderType, SelfTrade, Side, TimeInForce
from engine.comparing import SideBySide
from engine.market_of_fools import OPENING
from engine.playing import BUY, SELL, Table

PEOPLE = ("ann", "bob", "carol")
TIERS = ((0, 900, 1_900), (40, 500, 1_000), (100, 70, 130), (400, 0, 0))


@pytest.mark.parametrize("seed", range(3))
def test_tiers_over_months_equal_the_naive_exchange(seed: int) -> None:
    """Orders on random days of a year: fees, tiers and volumes equal those of the naive exchange after each."""
    both, rng = SideBySide(), random.Random(seed)
    for command in (*OPENING, SetFeeTiers(("USD",), TIERS)):
        assert both.apply(command)[0] == "done"
    for number in range(250):
        order = PlaceOrder(
            rng.choice(PEOPLE), f"on day {number}", "BTC-USD", rng.choice(tuple(Side)), OrderType.LIMIT,
            TimeInForce.GTC, rng.randint(99, 101), 1_000 * rng.randint(1, 5),
        )  # fmt: skip
        both.apply(order, wait=rng.choice((1, 1, DAY_MS // 2, 3 * DAY_MS)))
        engine, naive = both.engine, both.naive
        for name in PEOPLE:
            days = [worth for day, who, worth in naive.volumes if who == name and day > both.at // DAY_MS - WINDOW_DAYS]
            assert engine.fee_tier(name) == (naive.grades.get(name, 0), int(sum(days, Fraction(0))))
    both.engine.check()


def test_accounts_without_volume_hold_nothing() -> None:
    """A month after the last trade the volumes are empty again, and nothing is due."""
    table = Table()
    table.do(SetFeeTiers(("USD",), TIERS))
    table.place("bob", BUY, 100, 1600)
    table.place("carol", SELL, 100, 1600)
    tiers = table.exchange.state.tiers
    assert list(tiers.totals) == ["bob", "carol"]
    assert table.exchange.next_due == WINDOW_DAYS * DAY_MS
    table.at += WINDOW_DAYS * DAY_MS
    table.do(Tick())
    assert tiers.totals == tiers.by_day == {}
    assert table.exchange.next_due == 0


# Three markets whose prices agree: a coin of ETH is 1/4 BTC, a BTC 80 USD. Scales, ticks and lots are odd on purpose.
PRICES = {"BTC-USD": 160, "ETH-BTC": 250, "ETH-USD": 40}
WORTH = {"USD": Fraction(1, 100), "BTC": Fraction(80, 10**4), "ETH": Fraction(20, 10**3)}
CIRCLE: tuple[Command, ...] = (
    DefineAsset("USD", 2),
    DefineAsset("BTC", 4),
    DefineAsset("ETH", 3),
    DefineMarket("BTC-USD", "BTC", "USD", 50, 200, 1, 333, 777, 100_000, 10**6),
    DefineMarket("ETH-BTC", "ETH", "BTC", 10, 100, 1, 0, 1, 100_000, 10**6),
    DefineMarket("ETH-USD", "ETH", "USD", 50, 20, 1, 999, 999, 100_000, 10**6),
    *(CreditDeposit(name, f"{name} {asset}", asset, 10**5, "rail") for name in PEOPLE for asset in WORTH),
)


def wealth(exchange: Exchange, name: str) -> Fraction:
    """Everything an account has, in dollars at the prices of the circle."""
    return sum((sum(exchange.balance(name, asset)) * worth for asset, worth in WORTH.items()), Fraction(0))


@pytest.mark.parametrize("seed", range(5))
def test_t8_trading_in_circles_never_pays(seed: int) -> None:
    """At prices that agree, no order of any size, dust included, ever makes anybody richer: fees only cost.

    Across markets, tiers, icebergs and every way of preventing self-trades; and what all lose is what the house gains.
    """
    rng, exchange = random.Random(seed), Exchange()
    tiers = ((0, 900, 1_900), (50, 300, 600), (500, 1, 1), (5_000, 0, 0))
    for command in (*CIRCLE, SetFeeTiers(("USD",), tiers)):
        exchange.apply(exchange.seq + 1, 1, command)
    before = {name: wealth(exchange, name) for name in PEOPLE}
    trades = 0
    for number in range(1_500):
        market = rng.choice(tuple(PRICES))
        lots, terms = rng.choice((1, 1, 2, 7, 60)), None
        lot = exchange.markets[market].lot
        tif = rng.choice((TimeInForce.GTC, TimeInForce.GTC, TimeInForce.IOC))
        if lots > 1 and tif is TimeInForce.GTC and rng.random() < 0.3:
            terms = Terms(visible_qty=lot, reduce_to_available=True)
        order = PlaceOrder(
            rng.choice(PEOPLE), f"key {number}", market, rng.choice(tuple(Side)), OrderType.LIMIT, tif,
            PRICES[market], lots * lot, self_trade=rng.choice(tuple(SelfTrade)), terms=terms,
        )  # fmt: skip
        events = exchange.apply(exchange.seq + 1, number * DAY_MS // 50, order)
        for trade in events:
            if isinstance(trade, Trade):
                trades += 1
                paid_in = (trade.qty, trade.notional)
                taker, maker = paid_in if trade.taker_side is Side.BUY else paid_in[::-1]
                assert min(trade.taker_fee, trade.maker_fee) >= 0
                assert trade.taker_fee <= taker
                assert trade.maker_fee <= maker
        now = {name: wealth(exchange, name) for name in PEOPLE}
        assert all(now[name] <= before[name] for name in PEOPLE)
        before = now
    exchange.check()
    assert trades > 300
    assert sum(before.values()) + wealth(exchange, "@fees") == 3 * sum(10**5 * worth for worth in WORTH.values())
