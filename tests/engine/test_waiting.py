"""Orders that wait for a price: fired once, never by a price that is none, and never beyond what they held."""

import random

import pytest

from cryptovault.engine.commands import (
    AmendOrder,
    CancelAll,
    CancelOrder,
    CreditDeposit,
    Leg,
    PlaceBracket,
    PlaceOco,
    PlaceOrder,
    ScheduleMarketStatus,
    SetMarketStatus,
    SetReferencePrices,
    Terms,
)
from cryptovault.engine.events import GroupPlaced, OrderState, Posted, Rejected, Trade
from cryptovault.engine.exchange import Exchange
from cryptovault.engine.trailing import Trails
from cryptovault.engine.types import EntryKind, MarketStatus, OrderStatus, OrderType, Side, TriggerSource
from engine.market_of_fools import ACCOUNTS, OPENING, Fools
from engine.playing import BUY, MARKET, PAIR, SELL, Table

DAYS = range(3)


def stop(table: Table, account: str, side: Side, trigger: int, qty: int = 100, **fields: object) -> PlaceOrder:
    """A stop by reference price."""
    order = table.order(account, side, qty, 0, type=OrderType.STOP, terms=Terms(trigger))
    return order._replace(**fields)  # type: ignore[arg-type]


def fired(events: list[object], at: int) -> list[int]:
    """The orders that fired in a command at this time."""
    return [event.order_id for event in events if isinstance(event, OrderState) and event.triggered == at]


@pytest.mark.parametrize("seed", DAYS)
def test_each_order_fires_once_and_a_fired_buy_spends_what_was_held(seed: int) -> None:
    """Over a random day no order fires twice, and no fired buy spends more than it held."""
    fools, exchange, at = Fools(random.Random(seed)), Exchange(), 0
    when: dict[int, int] = {}
    for command in (*OPENING, *(fools.command() for _ in range(2_000))):
        at += fools.rng.choice((1, 1, 5, 30))
        held = {number: order.reserved for number, order in exchange.state.orders.items()}
        for event in exchange.apply(exchange.seq + 1, at, command):
            if not isinstance(event, OrderState) or not event.triggered:
                continue
            assert when.setdefault(event.order_id, event.triggered) == event.triggered
            if event.order_id in held and not event.group and event.side is BUY and event.triggered == at:
                assert event.spent <= held[event.order_id]
    assert len(when) > 20
    exchange.check()


@pytest.mark.parametrize("source", TriggerSource)
def test_f19_no_price_that_is_none_fires_anything(source: TriggerSource) -> None:
    """Price 0, a refused tick and a stale price at the opening fire no stop; no tick fires what looks at trades."""
    table = Table()
    table.place("bob", BUY, 100, 1490)
    order = table.do(stop(table, "carol", SELL, 1500, terms=Terms(1500, source)))[-1]
    assert isinstance(order, OrderState)
    for prices in ((PAIR, 0),), ((PAIR, -1),), (("NO-PE", 1400),), ((PAIR, 1400), ("NO-PE", 1400)):
        assert not fired([*table.do(SetReferencePrices(prices))], table.at)
    table.do(SetMarketStatus(PAIR, MarketStatus.HALTED), SetReferencePrices(((PAIR, 1400),)))
    table.at += 10_001
    assert not fired([*table.do(SetMarketStatus(PAIR, MarketStatus.OPEN))], table.at)
    events = table.do(SetReferencePrices(((PAIR, 1400),)))
    assert fired([*events], table.at) == ([order.order_id] if source is TriggerSource.REFERENCE else [])
    table.exchange.check()


def test_o6_a_pair_is_held_and_released_once() -> None:
    """Whichever way a pair ends, what was held for it is released or spent once, to the unit."""
    for ending in ("cancel", "profit", "stop", "nobody"):
        table = Table()
        table.do(CreditDeposit("carol", "money", "USD", 10**9, "bank"))
        if ending == "stop":
            table.place("bob", BUY, 1_000, 1495)
        legs = Leg(OrderType.LIMIT, 1700), Leg(OrderType.STOP, 0, Terms(1500))
        placed = table.do(PlaceOco("carol", "pair", PAIR, SELL, 1_000, *legs))
        assert isinstance(placed[-1], GroupPlaced)
        before = table.exchange.balance("carol", "BTC")
        assert before[1] == 1_000
        if ending == "cancel":
            events = table.do(CancelAll("carol"))
        elif ending == "profit":
            events = table.do(table.order("bob", BUY, 1_000, 1700))
        else:
            events = table.do(SetReferencePrices(((PAIR, 1500),)))
        released = [event for event in events if isinstance(event, Posted) and event.kind is EntryKind.RELEASE]
        gone = {"cancel": 0, "profit": 1_000, "stop": 1_000, "nobody": 0}[ending]
        assert len([entry for entry in released if entry.postings[0][0] == "carol"]) == (gone == 0)
        assert table.exchange.balance("carol", "BTC") == (before[0] + 1_000 - gone, 0)
        table.exchange.check()


@pytest.mark.parametrize("seed", DAYS)
def test_everything_is_given_back_in_the_end(seed: int) -> None:
    """After a random day and a cancel-all by everybody no order holds anything, in book or out of it."""
    fools, exchange = Fools(random.Random(seed)), Exchange()
    for at, command in enumerate((*OPENING, *(fools.command() for _ in range(800)))):
        exchange.apply(exchange.seq + 1, at * 5, command)
    for symbol in exchange.markets:
        exchange.apply(exchange.seq + 1, 10**6, SetMarketStatus(symbol, MarketStatus.OPEN))
    for account in ACCOUNTS:
        exchange.apply(exchange.seq + 1, 10**6, CancelAll(account))
    assert not exchange.state.orders
    assert not exchange.state.groups
    assert exchange.state.watched == 0
    exchange.check()


@pytest.mark.parametrize("sign", [1, -1])
def test_trailing_stops_equal_each_looked_at_alone(sign: int) -> None:
    """The cohorts fire exactly what following every stop by itself would fire, with the same best price."""
    rng = random.Random(sign)
    trails, alone = Trails(sign), dict[int, tuple[int, int, int]]()
    price = 10_000
    for number in range(4_000):
        price = max(1, price + rng.randint(-30, 30))
        best = {key: max(b * sign, price * sign) * sign for key, (b, _, _) in alone.items()}
        reached = set()
        for key, (_, ticks, share) in alone.items():
            trigger = best[key] - sign * (ticks or -(-best[key] * share // 1_000_000))
            if trigger * sign >= price * sign:
                reached.add((key, best[key]))
        assert set(trails.move(price)) == reached
        alone = {key: (best[key], *alone[key][1:]) for key in alone if (key, best[key]) not in reached}
        if rng.random() < 0.5:
            trail = (rng.randint(1, 300), 0) if rng.random() < 0.5 else (0, rng.randint(1, 30_000))
            trails.add(number, price, *trail)
            alone[number] = (price, *trail)
        elif alone and rng.random() < 0.3:
            key = rng.choice(list(alone))
            best_price, *trail_of = alone.pop(key)
            assert trails.remove(key, *trail_of) == best_price
    assert len(trails.places) == len(alone)


def test_a_refused_order_that_waits_leaves_nothing() -> None:
    """What is refused holds nothing and is watched by nobody."""
    table = Table()
    verdict = table.do(stop(table, "carol", SELL, 1600))[-1]
    assert isinstance(verdict, Rejected)
    assert table.exchange.state.watched == 0
    assert table.exchange.balance("carol", "BTC")[1] == 0
    waits = table.do(stop(table, "carol", SELL, 1500))[-1]
    assert isinstance(waits, OrderState)
    assert waits.status is OrderStatus.WAITING
    assert table.exchange.open_orders("carol") == [waits]


@pytest.mark.parametrize(
    ("bought", "amend"),
    [
        (1_000, AmendOrder("carol", 2, trigger_price=1490)),
        (400, AmendOrder("carol", 2, trigger_price=1490)),
        (400, AmendOrder("carol", 1, price=1710)),
    ],
)
def test_what_is_due_has_its_effects_on_groups_before_the_command(bought: int, amend: AmendOrder) -> None:
    """A scheduled opening that trades a leg ends its group before the command that came at that time looks at it."""
    table = Table()
    legs = Leg(OrderType.LIMIT, 1700), Leg(OrderType.STOP, 0, Terms(1500))
    table.do(PlaceOco("carol", "pair", PAIR, SELL, 1_000, *legs), SetMarketStatus(PAIR, MarketStatus.PRE_OPEN))
    table.place("bob", BUY, bought, 1700)
    table.do(ScheduleMarketStatus(PAIR, MarketStatus.OPEN, table.at + 2))
    table.at += 5
    verdict = table.do(amend)[-1]
    table.exchange.check()
    stop_is_gone = amend.order_id == 2
    assert isinstance(verdict, Rejected if stop_is_gone else OrderState)
    assert [order.order_id for order in table.exchange.open_orders("carol")] == ([1] if bought < 1_000 else [])


def test_an_exit_does_not_trade_in_the_halt_that_its_entry_has_caused() -> None:
    """A take-profit that would trade at once waits in the book where the entry's own trades have halted the market."""
    table = Table(MARKET._replace(band=10_000, collar=500_000))
    table.do(CreditDeposit("dave", "dave's", "USD", 10**9, "bank"))
    table.place("dave", BUY, 100, 1590)
    table.place("carol", SELL, 100, 1600)
    table.place("carol", SELL, 100, 1700)
    legs = Leg(OrderType.MARKET), Leg(OrderType.LIMIT, 1550), Leg(OrderType.STOP, 0, Terms(1400))
    placed = table.do(PlaceBracket("bob", "bracket", PAIR, BUY, 200, *legs))[-1]
    assert isinstance(placed, GroupPlaced)
    assert table.exchange.markets[PAIR].status is MarketStatus.HALTED
    assert [order.status for order in placed.orders] == [OrderStatus.FILLED, OrderStatus.OPEN, OrderStatus.WAITING]
    opening = table.do(SetMarketStatus(PAIR, MarketStatus.OPEN))
    table.exchange.check()
    assert [event.qty for event in opening if isinstance(event, Trade)] == [100]


def test_a_trailing_trigger_moves_in_silence() -> None:
    """A price that moves a trailing trigger tells nothing of its order; the order's next state says where it stood."""
    table = Table()
    placed = table.place("carol", SELL, 100, 0, type=OrderType.TRAILING_STOP, terms=Terms(trail=50))
    assert placed.terms is not None
    assert placed.terms.trigger_price == 1550
    told = table.do(SetReferencePrices(((PAIR, 1700),)))
    assert not any(isinstance(event, OrderState) for event in told)
    last = table.do(CancelOrder("carol", placed.order_id))[-1]
    assert isinstance(last, OrderState)
    assert last.terms is not None
    assert last.terms.trigger_price == 1650
