"""T8: whoever trades in circles at one price is never richer for it: not by dust, by splitting, nor with themselves."""

import os
import random

import pytest

from cryptovault.engine.commands import (
    CancelAll,
    Command,
    CreditDeposit,
    DefineAsset,
    DefineMarket,
    PlaceOrder,
    ReplaceQuotes,
    SetFeeTiers,
    SetReferencePrices,
    Transfer,
)
from cryptovault.engine.events import Trade
from cryptovault.engine.exchange import Exchange
from cryptovault.engine.types import MAKER, OrderType, SelfTrade, Side, TimeInForce

COMMANDS = int(os.environ.get("CRYPTOVAULT_LOOPS", "20000"))
SEEDS = 10
LIFE = 200
PAIR = "COIN-USD"
MALLORY = ("mallory", "mallory's other")
FEES = (0, 1, 999, 1_000, 50_000)


class Loop:
    """A market with odd scales, a house that quotes around one price, and Mallory, who has two accounts."""

    def __init__(self, rng: random.Random) -> None:
        self.rng, self.exchange, self.keys, self.trades = rng, Exchange(), 0, 0
        self.base_scale, self.quote_scale = rng.randint(0, 8), rng.randint(0, 8)
        whole = 10**self.base_scale
        self.tick = rng.choice((1, 2, 5, 10, 25))
        self.lot = next(lot for lot in range(1, whole + 1) if lot * self.tick % whole == 0) if whole < 10**6 else whole
        self.price = rng.randint(3, 10**6)
        maker, taker = sorted((rng.choice(FEES), rng.choice(FEES)))
        market = DefineMarket(PAIR, "COIN", "USD", self.tick, self.lot, 1, maker, taker, 900_000, self.lot * 10**6)
        for command in (
            DefineAsset("COIN", self.base_scale),
            DefineAsset("USD", self.quote_scale),
            market,
            SetFeeTiers(("USD",), ((0, rng.choice(FEES), rng.choice(FEES)),)),
            SetReferencePrices(((PAIR, self.price),)),
            *(
                CreditDeposit(account, f"{account} {asset}", asset, 10**20, "rail")
                for account in (*MALLORY, MAKER)
                for asset in ("COIN", "USD")
            ),
        ):
            self.apply(command)

    def apply(self, command: Command) -> None:
        """One more command."""
        events = self.exchange.apply(self.exchange.seq + 1, self.exchange.seq + 1, command)
        self.trades += sum(isinstance(event, Trade) for event in events)

    def wealth(self) -> int:
        """Everything that Mallory has, valued at the price, in quote units times units of a coin."""
        coins, dollars = (
            sum(sum(self.exchange.balance(account, asset)) for account in MALLORY) for asset in ("COIN", "USD")
        )
        return dollars * 10**self.base_scale + coins * self.price * self.tick

    def command(self) -> Command:
        """What Mallory or the house does next; the house never gives more, nor asks less, than the price."""
        rng = self.rng
        kind = rng.random()
        if kind < 0.15:
            below, above = rng.choice(((0, 1), (1, 0), (1, 1), (0, 3)))
            size = rng.choice((1, 1, 7, 1_000)) * self.lot
            return ReplaceQuotes(MAKER, PAIR, ((self.price - below, size),), ((self.price + above, size),))
        account = rng.choice(MALLORY)
        if kind < 0.2:
            return CancelAll(account)
        self.keys += 1
        if kind < 0.25:
            target = MALLORY[account == MALLORY[0]]
            return Transfer(account, f"{self.keys}", target, rng.choice(("COIN", "USD")), rng.randint(1, 1_000))
        return self.order(account)

    def order(self, account: str) -> PlaceOrder:
        """Dust and lumps, at the price and around it, by quantity and by total."""
        rng, side, qty, budget = self.rng, self.rng.choice(tuple(Side)), 0, 0
        if rng.random() < 0.3:
            kind, tif, price = OrderType.MARKET, TimeInForce.IOC, 0
            if side is Side.BUY and rng.random() < 0.6:
                budget = rng.randint(1, max(2, self.price * self.lot * self.tick * 20 // 10**self.base_scale))
        else:
            kind, tif = OrderType.LIMIT, rng.choice((TimeInForce.GTC, TimeInForce.GTC, TimeInForce.IOC))
            price = max(1, self.price + rng.choice((0, 0, 0, 1, -1, 2, -2)))
        if not budget:
            qty = rng.choice((1, 1, 2, 3, 10, 999)) * self.lot
        return PlaceOrder(
            account, f"{self.keys}", PAIR, side, kind, tif, price, qty, budget, False, rng.choice(tuple(SelfTrade))
        )


@pytest.mark.parametrize("seed", range(SEEDS))
@pytest.mark.timeout(3600)
def test_t8_trading_in_circles_never_pays(seed: int) -> None:
    """T8: no command makes Mallory's two accounts together worth more at a price that does not move."""
    done = number = trades = 0
    while done < COMMANDS // SEEDS:
        loop = Loop(random.Random(f"{seed} {number}"))
        wealth = loop.wealth()
        for _ in range(LIFE):
            command = loop.command()
            loop.apply(command)
            before, wealth = wealth, loop.wealth()
            assert wealth <= before, command
        loop.exchange.check()
        done, number, trades = done + LIFE, number + 1, trades + loop.trades
    assert trades > done // 20, "hardly anything was traded"
