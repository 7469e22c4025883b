"""Prices that fire very many orders: each command executes a bounded number, the oldest first, and nothing is lost."""

import random

import pytest

from cryptovault.engine import limits, snapshot
from cryptovault.engine.commands import (
    AmendOrder,
    CancelOrder,
    Command,
    CreditDeposit,
    DefineMarket,
    Leg,
    PlaceOco,
    SetMarketStatus,
    SetReferencePrices,
    Terms,
    Tick,
)
from cryptovault.engine.events import Event, OrderState, Trade
from cryptovault.engine.types import MarketStatus, OrderStatus, OrderType, TriggerSource
from engine.playing import BUY, MARKET, PAIR, SELL, Table

CRASH = SetReferencePrices(((PAIR, 1500),))


def crowded(stops: int, market: DefineMarket = MARKET) -> Table:
    """A market with so many sell stops at 1500, numbered from 2 on, and a bid for all of them."""
    table = Table(market._replace(max_open_orders=10**6))
    table.place("bob", BUY, 10 * stops, 1495)
    for _ in range(stops):
        table.place("carol", SELL, 10, 0, type=OrderType.STOP, terms=Terms(1500))
    return table


def fired(events: list[Event]) -> list[int]:
    """The orders that were executed, in turn."""
    return [event.order_id for event in events if isinstance(event, OrderState) and event.triggered]


def test_a_command_executes_so_many_and_the_next_ones_go_on() -> None:
    """Of 450 orders that a price fires 200 are executed at once, 200 before the next command, the rest with a Tick."""
    table = crowded(450)
    exchange = table.exchange
    assert limits.MAX_FIRED == 200
    assert fired(table.do(CRASH)) == list(range(2, 202))
    assert exchange.is_firing
    assert 0 < exchange.next_due <= exchange.at
    exchange.check()
    table.do(CreditDeposit("dave", "coins", "BTC", 10, "bank"))
    assert exchange.state.executed == (exchange.seq, 0, 200)
    events = table.do(table.order("dave", SELL, 10, 1495))
    assert fired(events) == list(range(402, 452))
    assert not exchange.is_firing
    assert isinstance(events[-1], OrderState)
    assert events[-1].status is OrderStatus.OPEN, "those that fired before have taken all there was"
    exchange.check()


def test_what_fired_is_not_overtaken_by_more_than_one_command_for_each_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that comes in between finds what is left by all that were executed before it."""
    monkeypatch.setattr(limits, "MAX_FIRED", 2)
    table = crowded(5)
    trades: list[int] = []
    commands: list[Command] = [CRASH, table.order("carol", SELL, 10, 1495), Tick()]
    for command in commands:
        trades += [event.taker_order_id for event in table.do(command) if isinstance(event, Trade)]
    assert trades == [2, 3, 4, 5, 7]


def test_what_has_fired_can_still_be_cancelled_amended_and_halted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Until it is executed it waits: it can be cancelled, gets a trigger anew, and waits on where the market halts."""
    monkeypatch.setattr(limits, "MAX_FIRED", 1)
    table = crowded(6)
    assert fired(table.do(CRASH)) == [2]
    assert fired(table.do(CancelOrder("carol", 4))) == [3]
    table.do(SetReferencePrices(((PAIR, 1600),)))  # executes 5
    assert fired(table.do(AmendOrder("carol", 7, trigger_price=1400))) == [6]
    assert not table.exchange.is_firing
    assert table.exchange.order(7) is not None
    table.exchange.check()

    table = crowded(3)
    table.do(CRASH)
    assert fired(table.do(SetMarketStatus(PAIR, MarketStatus.HALTED))) == [3]
    assert fired(table.do(Tick())) == []
    assert not table.exchange.is_firing
    assert table.exchange.state.watched == 1
    assert fired(table.do(SetMarketStatus(PAIR, MarketStatus.OPEN))) == [4], "the price of that moment counts"


def test_the_other_leg_may_trade_while_a_stop_has_to_wait_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pair ends with what happens first, also where its stop has fired and is not executed yet."""
    monkeypatch.setattr(limits, "MAX_FIRED", 1)
    table = crowded(2)
    legs = Leg(OrderType.LIMIT, 1700), Leg(OrderType.STOP, 0, Terms(1500))
    table.do(PlaceOco("carol", "pair", PAIR, SELL, 10, *legs))
    table.do(CRASH)
    table.do(table.order("bob", BUY, 10, 1700))
    assert not table.exchange.is_firing
    assert table.exchange.open_orders("carol") == []
    table.exchange.check()


@pytest.mark.parametrize("seed", range(3))
def test_what_has_fired_survives_a_snapshot(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """An exchange loaded in the midst of a mass fire goes on as the one that was never away."""
    monkeypatch.setattr(limits, "MAX_FIRED", 3)
    rng = random.Random(seed)
    table = crowded(40)
    table.place("carol", SELL, 10, 0, type=OrderType.TRAILING_STOP, terms=Terms(trail=100))
    table.do(CRASH)
    for _ in range(15):
        loaded = snapshot.load(snapshot.dump(table.exchange))
        loaded.check()
        assert loaded.digest() == table.exchange.digest()
        command = rng.choice([Tick(), CRASH, CancelOrder("carol", rng.randint(2, 42))])
        events = table.do(command)
        assert loaded.apply(loaded.seq + 1, table.at, command) == events
    assert not table.exchange.is_firing
    table.exchange.check()


def test_p2_a_cascade_ends_at_the_band() -> None:
    """P2: of 800 stops that fire each other down a thin book those beyond the band wait on, and none fires twice."""
    high, table = 3170, Table(MARKET._replace(max_open_orders=10**6, band=200_000, collar=900_000))
    for step in range(801):
        table.place("bob", BUY, 10, high - 2 * step)
        if step:
            terms = Terms(high - 2 * step + 2, TriggerSource.LAST_TRADE)
            table.place("carol", SELL, 10, 0, type=OrderType.STOP, terms=terms)
    events = table.do(table.order("carol", SELL, 10, high))
    counts = [len(fired(events))]
    while table.exchange.is_firing:
        events += table.do(Tick())
        counts.append(len(fired(events)) - sum(counts))
    assert max(counts) == limits.MAX_FIRED
    assert len(set(fired(events))) == sum(counts) < 400
    assert min(event.price for event in events if isinstance(event, Trade)) >= high * 0.8 - 2
    assert table.exchange.markets[PAIR].status is MarketStatus.HALTED
    assert table.exchange.state.watched == 800 - sum(counts)
    table.exchange.check()
