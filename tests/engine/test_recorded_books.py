"""Real books replayed through ours: what a large exchange told in 2024, order by order of one account a level."""

from collections.abc import Iterator
from typing import Any

import pytest

from cryptovault.engine.commands import CancelOrder, CreditDeposit, DefineAsset, DefineMarket, PlaceOrder
from cryptovault.engine.events import OrderState
from cryptovault.engine.exchange import Exchange
from cryptovault.engine.money import parse_price, parse_units
from cryptovault.engine.types import OrderType, Side, TimeInForce
from fixtures.recordings import data_dir, raw_stream

SCALE = 8
TICK = 1_000_000  # a cent
LOT = 100
COMPARABLE = {"BTCUSDT": 1_072, "ETHUSDT": 1_056}  # updates that both streams tell
KINDS = ("snapshot", "depth@100ms", "bookTicker")
Best = tuple[tuple[int, int], tuple[int, int]]


class Replay:
    """Our exchange, with one order for each price level that was told."""

    def __init__(self) -> None:
        self.exchange = Exchange()
        self.orders: dict[tuple[Side, int], int] = {}
        for command in (
            DefineAsset("USDT", SCALE),
            DefineAsset("COIN", SCALE),
            DefineMarket("COIN-USDT", "COIN", "USDT", TICK, LOT, 1, 0, 0, 50_000, 10**15, 10**6),
            CreditDeposit("maker", "dollars", "USDT", 10**22, "rail"),
            CreditDeposit("maker", "coins", "COIN", 10**22, "rail"),
        ):
            self.apply(command)

    def apply(self, command: Any) -> Any:
        """The verdict."""
        return self.exchange.apply(self.exchange.seq + 1, self.exchange.seq + 1, command)[-1]

    def tell(self, bids: list[list[str]], asks: list[list[str]]) -> None:
        """Set levels to their new quantities: what has changed goes first, so that nothing old stands in the way."""
        levels = [
            (side, parse_price(price, TICK, SCALE), parse_units(qty, SCALE))
            for side, told in ((Side.BUY, bids), (Side.SELL, asks))
            for price, qty in told
        ]
        for side, price, _ in levels:
            if order := self.orders.pop((side, price), 0):
                assert isinstance(self.apply(CancelOrder("maker", order)), OrderState)
        for side, price, qty in levels:
            if qty:
                self.place(side, price, qty)

    def place(self, side: Side, price: int, qty: int) -> None:
        """One level; it must find nothing to trade with."""
        key = f"{self.exchange.seq}"
        order = PlaceOrder("maker", key, "COIN-USDT", side, OrderType.LIMIT, TimeInForce.GTC, price, qty, 0, True)
        state = self.apply(order)
        assert isinstance(state, OrderState), state
        self.orders[side, price] = state.order_id

    def best(self) -> Best:
        """The best bid and the best ask: price in ticks, quantity in units."""
        bids, asks = self.exchange.depth("COIN-USDT", 1)
        return bids[0], asks[0]


def told_best(ticker: dict[str, Any]) -> Best:
    """The same, as the recording has it."""
    return tuple(  # type: ignore[return-value]
        (parse_price(ticker[price], TICK, SCALE), parse_units(ticker[qty], SCALE))
        for price, qty in (("b", "B"), ("a", "A"))
    )


def recorded(symbol: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(kind, data) of every message; what was told before the snapshot was there comes after it, as the rules say."""
    early: list[tuple[str, dict[str, Any]]] | None = []
    for _, message in raw_stream(symbol, KINDS):
        if "lastUpdateId" in message:
            yield "snapshot", message
            yield from early or ()
            early = None
            continue
        kind, data = str(message["stream"]).partition("@")[2], dict(message["data"])  # type: ignore[call-overload]
        if early is None:
            yield kind, data
        else:
            early.append((kind, data))


@pytest.mark.skipif(data_dir() is None, reason="no recordings: set CRYPTOVAULT_DATA to their folder")
@pytest.mark.parametrize("symbol", COMPARABLE)
def test_the_best_prices_of_a_real_book_are_ours(symbol: str) -> None:
    """At every update that both streams tell, best bid and ask of our book equal the recorded ones, to the unit."""
    replay, at, compared = Replay(), 0, 0
    told = list(recorded(symbol))
    tickers = {data["u"]: data for kind, data in told if kind == "bookTicker"}
    for kind, data in told:
        if kind == "snapshot":
            replay.tell(data["bids"], data["asks"])
            at = data["lastUpdateId"]
        elif kind == "depth@100ms" and data["u"] > at:
            assert data["U"] <= at + 1, "the recording has a gap"
            replay.tell(data["b"], data["a"])
            at = data["u"]
            if at in tickers:
                assert replay.best() == told_best(tickers[at]), at
                compared += 1
    replay.exchange.check()
    assert compared == COMPARABLE[symbol]
