"""A small exchange for unit tests: two accounts, one market, and commands in one line."""

from typing import Any

from cryptovault.engine.commands import (
    Command,
    CreditDeposit,
    DefineAsset,
    DefineMarket,
    PlaceOrder,
    SetReferencePrices,
)
from cryptovault.engine.events import Event, OrderState
from cryptovault.engine.exchange import Exchange
from cryptovault.engine.types import OrderType, Side, TimeInForce

PAIR = "BTC-USD"
MARKET = DefineMarket(PAIR, "BTC", "USD", 100, 10, 0, 1_000, 2_000, 50_000, 10**9)
BUY, SELL = Side.BUY, Side.SELL


class Table:
    """An exchange with bob, who has money, and carol, who has coins."""

    def __init__(self, market: DefineMarket = MARKET) -> None:
        self.exchange = Exchange()
        self.at = 1_000
        self.keys = 0
        self.do(DefineAsset("USD", 2), DefineAsset("BTC", 3), market, SetReferencePrices(((PAIR, 1600),)))
        self.do(
            CreditDeposit("bob", "bob's", "USD", 10**9, "bank"), CreditDeposit("carol", "carol's", "BTC", 10**7, "bank")
        )

    def do(self, *commands: Command) -> list[Event]:
        """Apply commands; the events of the last one."""
        events: list[Event] = []
        for command in commands:
            self.at += 1
            events = self.exchange.apply(self.exchange.seq + 1, self.at, command)
        return events

    def order(self, account: str, side: Side, qty: int, price: int, **fields: Any) -> PlaceOrder:
        """A GTC limit order with a key of its own."""
        self.keys += 1
        order = PlaceOrder(account, f"key {self.keys}", PAIR, side, OrderType.LIMIT, TimeInForce.GTC, price, qty)
        return order._replace(**fields)

    def place(self, account: str, side: Side, qty: int, price: int, **fields: Any) -> OrderState:
        """Place it; its state."""
        verdict = self.do(self.order(account, side, qty, price, **fields))[-1]
        assert isinstance(verdict, OrderState), verdict
        return verdict
