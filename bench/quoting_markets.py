"""What many markets cost the engine: fifty of them quoted ten levels a side, against the same load on one market.

Each round tells all reference prices, which walk, replaces the quotes of every market around its price, and brings
orders of others to each: two that rest, one that takes, one cancel. On one market the same commands all meet there.
Nothing is journaled; the runs alternate, and the fastest of each counts, in processor time.

    python bench/quoting_markets.py [--markets 50] [--levels 10] [--seconds-of-load 200] [--rounds 3]
"""

import argparse
import gc
import random
import sys
import time
from typing import NamedTuple

from cryptovault.engine.commands import (
    CancelOrder,
    Command,
    CreditDeposit,
    DefineAsset,
    DefineMarket,
    PlaceOrder,
    ReplaceQuotes,
    SetReferencePrices,
)
from cryptovault.engine.exchange import Exchange
from cryptovault.engine.types import MAKER, OrderType, Side, TimeInForce

SCALE = 8
TICK = 10**6
LOT = 10**5
MIDDLE = 100_000
TRADERS = 40
ORDERS = 4
WARM_UP = 20


class Result(NamedTuple):
    """Commands and quoted levels a second of processor time, seconds for one round, and how many trades there were."""

    commands: float
    levels: float
    round: float
    trades: int


def opened(markets: int) -> Exchange:
    """An exchange with so many markets against one currency, and money for everybody."""
    exchange = Exchange()
    commands: list[Command] = [DefineAsset("USDT", SCALE)]
    for number in range(markets):
        commands.append(DefineAsset(f"C{number}", SCALE))
        commands.append(
            DefineMarket(
                pair(number), f"C{number}", "USDT", TICK, LOT, 1, 1_000, 1_500, 50_000, 10**15, 10**6,
                quotes_expire=True, band=200_000,
            )
        )  # fmt: skip
    assets = ["USDT", *(f"C{number}" for number in range(markets))]
    for name in (MAKER, *(f"trader{number}" for number in range(TRADERS))):
        commands += [CreditDeposit(name, f"{name}{asset}", asset, 10**20, "faucet") for asset in assets]
    for command in commands:
        exchange.apply(exchange.seq + 1, 1, command)
    return exchange


def pair(number: int) -> str:
    """The name of a market."""
    return f"C{number}-USDT"


class Load:
    """Rounds of commands for `places` markets, all of them on the first `markets`; the same seed makes the same."""

    def __init__(self, places: int, markets: int, levels: int) -> None:
        self.rng = random.Random(7)  # noqa: S311 - reproducible, not secret
        self.markets = [pair(place % markets) for place in range(places)]
        self.prices = dict.fromkeys(self.markets, MIDDLE)
        self.levels = levels
        self.keys = 0
        self.resting: list[tuple[str, str]] = []

    def round(self) -> list[Command]:
        """One second of a quoted exchange."""
        for market in self.prices:
            self.prices[market] += self.rng.randint(-3, 3)
        commands: list[Command] = [SetReferencePrices(tuple(self.prices.items()))]
        for market in self.markets:
            commands.append(self._quotes(market))
            commands += [self._order(market, number) for number in range(ORDERS - 1)]
            commands.append(self._cancel())
        return commands

    def _quotes(self, market: str) -> ReplaceQuotes:
        """Ten levels on each side, some with another quantity than before."""
        price, rng = self.prices[market], self.rng
        sides = [
            tuple((price + sign * (5 + level), LOT * rng.choice((50, 50, 60))) for level in range(self.levels))
            for sign in (-1, 1)
        ]
        return ReplaceQuotes(MAKER, market, *sides)

    def _order(self, market: str, number: int) -> PlaceOrder:
        """The last of them takes the best quote, the others rest behind the quotes."""
        rng, price = self.rng, self.prices[market]
        self.keys += 1
        side, trader, key = Side(rng.randint(0, 1)), f"trader{rng.randrange(TRADERS)}", f"k{self.keys}"
        sign = 1 if side is Side.BUY else -1
        if number == ORDERS - 2:
            return PlaceOrder(
                trader, key, market, side, OrderType.LIMIT, TimeInForce.IOC, price + sign * 6, LOT * rng.randint(1, 60)
            )
        self.resting.append((trader, key))
        limit = price - sign * rng.randint(20, 60)
        return PlaceOrder(trader, key, market, side, OrderType.LIMIT, TimeInForce.GTC, limit, LOT * rng.randint(1, 60))

    def _cancel(self) -> CancelOrder:
        trader, key = self.resting.pop(self.rng.randrange(len(self.resting)))
        return CancelOrder(trader, 0, key)


def run(places: int, markets: int, levels: int, rounds: int) -> Result:
    """Play it, with the garbage collector off, as in the engine process."""
    exchange, load = opened(markets), Load(places, markets, levels)
    for _ in range(WARM_UP):
        for command in load.round():
            exchange.apply(exchange.seq + 1, 1, command)
    work = [load.round() for _ in range(rounds)]
    gc.collect()
    gc.freeze()
    gc.disable()
    before, seq, apply = traded(exchange), exchange.seq, exchange.apply
    begin = time.process_time()
    for commands in work:
        for command in commands:
            seq += 1
            apply(seq, seq, command)
    took = time.process_time() - begin
    gc.enable()
    gc.unfreeze()
    exchange.check()
    count = sum(map(len, work))
    return Result(count / took, rounds * places * 2 * levels / took, took / rounds, traded(exchange) - before)


def traded(exchange: Exchange) -> int:
    """How many trades there were so far."""
    return sum(market.last_trade_id for market in exchange.markets.values())


def main() -> None:
    """Compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--markets", type=int, default=50)
    parser.add_argument("--levels", type=int, default=10)
    parser.add_argument("--seconds-of-load", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    one, many = [], []
    for _ in range(options.rounds):
        one.append(run(options.markets, 1, options.levels, options.seconds_of_load))
        many.append(run(options.markets, options.markets, options.levels, options.seconds_of_load))
    print(
        f"python {sys.version.split()[0]}, {options.levels} levels a side, {ORDERS} orders and cancels for each quote"
    )
    for markets, results in ((1, one), (options.markets, many)):
        best = max(results)
        print(
            f"  {markets:3d} markets: {best.commands:9,.0f} commands/s, {best.levels:11,.0f} levels/s, all quoted anew"
            f" in {best.round * 1000:5.1f} ms, {best.trades:,} trades"
        )
    print(f"  ratio {max(many).commands / max(one).commands:.2f}")


if __name__ == "__main__":
    main()
