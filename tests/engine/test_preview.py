"""A preview is what then really happens, and it changes nothing."""

import random
from collections import Counter
from typing import Any

import pytest

from cryptovault.engine import scene
from cryptovault.engine.commands import PlaceBracket, PlaceOco, PlaceOrder, SetReferencePrices, Tick
from cryptovault.engine.events import Event, GroupPlaced, OrderState, Rejected, Trade
from cryptovault.engine.exchange import Exchange
from cryptovault.engine.preview import Foreseen, Placing, Preview, preview
from cryptovault.engine.rejects import Reject
from cryptovault.engine.types import CloseReason, OrderType, Side, TimeInForce
from engine.market_of_fools import OPENING, Fools
from fixtures.order_flow import COIN, MARKET, SETUP, deposit, limit_order


def facts(exchange: Exchange, command: Placing, events: list[Event]) -> tuple[Any, ...]:
    """What a preview foretells, as it has come."""
    market, verdict = exchange.markets[command.market], events[-1]
    assert isinstance(verdict, OrderState | GroupPlaced | Rejected)
    orders = verdict.orders if isinstance(verdict, GroupPlaced) else (verdict,)
    balances = tuple((asset, *exchange.balance(command.account, asset)) for asset in (market.base, market.quote))
    if isinstance(verdict, Rejected):
        return verdict, (), balances
    return None, tuple(as_it_came(exchange, order, events) for order in orders if type(order) is OrderState), balances


def as_it_came(exchange: Exchange, order: OrderState, events: list[Event]) -> Foreseen:
    """An order after the command that brought it; without its key, which a preview has not."""
    prices = [event.price for event in events if isinstance(event, Trade) and event.taker_order_id == order.order_id]
    still_open = exchange.state.orders.get(order.order_id)
    ends = (prices[0], prices[-1]) if prices else (0, 0)
    return Foreseen(order._replace(client_order_id=""), *ends, still_open.reserved if still_open is not None else 0)


def foretold(seen: Preview) -> tuple[Any, ...]:
    """The same of a preview."""
    orders = tuple(one._replace(order=one.order._replace(client_order_id="")) for one in seen.orders)
    return seen.refusal, orders, seen.balances


@pytest.mark.parametrize("seed", range(4))
def test_a_preview_is_what_happens(seed: int) -> None:
    """Over random books orders and groups do to the unit what their previews said, and those left no trace (digest)."""
    fools, exchange, at, checked = Fools(random.Random(seed)), Exchange(), 1_000, Counter[type]()
    for command in OPENING:
        exchange.apply(exchange.seq + 1, at, command)
    while checked[PlaceOrder] < 250 or checked[PlaceOco] + checked[PlaceBracket] < 40:
        command = fools.command()
        at += 1
        seen = None
        if 0 < exchange.next_due <= at:
            exchange.apply(exchange.seq + 1, at, Tick())
        if isinstance(command, Placing) and is_new(exchange, command):
            before = exchange.digest()
            seen = preview(exchange.state, command, at)
            assert exchange.digest() == before
        first = exchange.state.next_order_id
        events = exchange.apply(exchange.seq + 1, at, command)
        others = [event for event in events if isinstance(event, OrderState) and event.order_id < first]
        sets_off_more = any(other.triggered == at or other.reason is CloseReason.LINKED for other in others)
        if seen is not None and isinstance(command, Placing) and not sets_off_more:
            assert foretold(seen) == facts(exchange, command, events)
            checked[type(command)] += 1
    exchange.check()


def is_new(exchange: Exchange, order: Placing) -> bool:
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
    monkeypatch.setattr(scene, "MAX_MAKERS", 150)
    exchange = deep_book(300)
    small = preview(exchange.state, limit_order("ann", "b", Side.BUY, 6_000_000, COIN), 1_000)
    assert small.refusal is None
    large = preview(exchange.state, limit_order("ann", "b", Side.BUY, 6_100_000, 3 * COIN), 1_000)
    assert large.refusal is not None
    assert large.refusal.reason is Reject.LIMIT_REACHED


def test_a_preview_is_of_its_time() -> None:
    """A reference price that is stale by now refuses a market order, as it would the order itself."""
    exchange = deep_book(10)
    order = PlaceOrder("ann", "m", MARKET, Side.BUY, OrderType.MARKET, TimeInForce.IOC, 0, COIN // 100)
    fresh, late = preview(exchange.state, order, 1_000), preview(exchange.state, order, 10**9)
    assert [(one.best_price, one.worst_price) for one in fresh.orders] == [(6_000_000, 6_000_000)]
    assert (fresh.maker_rate, fresh.taker_rate) == (1_000, 1_500)
    assert late.refusal is not None
    assert late.refusal.reason is Reject.PRICE_STALE


def test_an_unknown_market_is_told() -> None:
    """What nobody trades has no preview but the refusal."""
    seen = preview(Exchange().state, limit_order("ann", "b", Side.BUY, 1), 0)
    assert seen.refusal is not None
    assert seen.refusal.reason is Reject.MARKET_UNKNOWN
