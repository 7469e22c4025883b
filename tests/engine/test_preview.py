"""A preview is what then really happens, and it changes nothing."""

import random
from typing import Any

import pytest

from cryptovault.engine import preview as module
from cryptovault.engine.commands import PlaceOrder, SetReferencePrices, Tick
from cryptovault.engine.events import Event, OrderState, Rejected, Trade
from cryptovault.engine.exchange import Exchange
from cryptovault.engine.preview import Preview, preview
from cryptovault.engine.rejects import Reject
from cryptovault.engine.types import OrderType, Side, TimeInForce
from engine.market_of_fools import OPENING, Fools
from fixtures.order_flow import COIN, MARKET, SETUP, deposit, limit_order


def comparable(verdict: object) -> Any:
    """A verdict without the key, which a preview has not."""
    return verdict._replace(client_order_id="") if isinstance(verdict, OrderState) else verdict


def facts(exchange: Exchange, order: PlaceOrder, events: list[Event]) -> tuple[Any, ...]:
    """What a preview foretells, as it has come."""
    market = exchange.markets[order.market]
    prices = [event.price for event in events if isinstance(event, Trade)]
    balances = tuple((asset, *exchange.balance(order.account, asset)) for asset in (market.base, market.quote))
    return comparable(events[-1]), prices[:1], prices[-1:], balances


def foretold(seen: Preview) -> tuple[Any, ...]:
    """The same of a preview."""
    best, worst = ([price] if price else [] for price in (seen.best_price, seen.worst_price))
    return comparable(seen.verdict), best, worst, seen.balances


@pytest.mark.parametrize("seed", range(4))
def test_a_preview_is_what_happens(seed: int) -> None:
    """Over random books each order does to the unit what its preview said, and the preview left no trace (digest)."""
    fools, exchange, at, checked = Fools(random.Random(seed)), Exchange(), 1_000, 0
    for command in OPENING:
        exchange.apply(exchange.seq + 1, at, command)
    while checked < 250:
        command = fools.command()
        at += 1
        seen = None
        if 0 < exchange.next_due <= at:
            exchange.apply(exchange.seq + 1, at, Tick())
        if isinstance(command, PlaceOrder) and is_new(exchange, command):
            before = exchange.digest()
            seen = preview(exchange.state, command, at)
            assert exchange.digest() == before
        events = exchange.apply(exchange.seq + 1, at, command)
        sets_off_more = any(isinstance(event, OrderState) and event.triggered == at for event in events)
        if seen is not None and isinstance(command, PlaceOrder) and not sets_off_more:
            assert foretold(seen) == facts(exchange, command, events)
            checked += 1
    exchange.check()


def is_new(exchange: Exchange, order: PlaceOrder) -> bool:
    """Whether the order's market exists and its key was not used, so that it would be placed anew."""
    account = exchange.state.accounts.get(order.account)
    return order.market in exchange.markets and not (account is not None and order.key in account.keys)


def deep_book(orders: int) -> Exchange:
    """A book with so many sellers at one price."""
    exchange = Exchange()
    for command in [*SETUP, deposit("bob", "BTC", 10_000), deposit("ann", "USDT", 10**9)]:
        exchange.apply(exchange.seq + 1, 1_000, command)
    exchange.apply(exchange.seq + 1, 1_000, SetReferencePrices(((MARKET, 6_000_000),)))
    for number in range(orders):
        exchange.apply(exchange.seq + 1, 1_000, limit_order("bob", f"s{number}", Side.SELL, 6_000_000 + number // 100))
    return exchange


def test_what_reaches_too_deep_is_not_foretold(monkeypatch: pytest.MonkeyPatch) -> None:
    """The work for one question is bounded: an order that would meet too many others gets no preview."""
    monkeypatch.setattr(module, "MAX_MAKERS", 150)
    exchange = deep_book(300)
    small = preview(exchange.state, limit_order("ann", "b", Side.BUY, 6_000_000, COIN), 1_000)
    assert isinstance(small.verdict, OrderState)
    large = preview(exchange.state, limit_order("ann", "b", Side.BUY, 6_100_000, 3 * COIN), 1_000)
    assert isinstance(large.verdict, Rejected)
    assert large.verdict.reason is Reject.LIMIT_REACHED


def test_a_preview_is_of_its_time() -> None:
    """A reference price that is stale by now refuses a market order, as it would the order itself."""
    exchange = deep_book(10)
    order = PlaceOrder("ann", "m", MARKET, Side.BUY, OrderType.MARKET, TimeInForce.IOC, 0, COIN // 100)
    fresh, late = preview(exchange.state, order, 1_000), preview(exchange.state, order, 10**9)
    assert isinstance(fresh.verdict, OrderState)
    assert (fresh.best_price, fresh.worst_price, fresh.fee_rate) == (6_000_000, 6_000_000, 1_500)
    assert isinstance(late.verdict, Rejected)
    assert late.verdict.reason is Reject.PRICE_STALE


def test_an_unknown_market_is_told() -> None:
    """What nobody trades has no preview but the refusal."""
    seen = preview(Exchange().state, limit_order("ann", "b", Side.BUY, 1), 0)
    assert isinstance(seen.verdict, Rejected)
    assert seen.verdict.reason is Reject.MARKET_UNKNOWN
