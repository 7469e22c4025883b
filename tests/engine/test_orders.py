"""O1 to O6 and O8 of orders and matching; O7 is in test_differential."""

import itertools
import random

import pytest

from cryptovault.engine.commands import AmendOrder, CancelOrder, ReplaceQuotes
from cryptovault.engine.events import (
    LevelChanged,
    MarketChanged,
    OrderState,
    Posted,
    QuotesReplaced,
    Rejected,
    Repeated,
    Trade,
)
from cryptovault.engine.rejects import Reject
from cryptovault.engine.types import (
    CloseReason,
    EntryKind,
    MarketStatus,
    OrderStatus,
    OrderType,
    SelfTrade,
    TimeInForce,
)
from engine.playing import BUY, MARKET, PAIR, SELL, Table
from engine.test_ledger import DAYS, day

FINAL = (OrderStatus.FILLED, OrderStatus.CANCELLED, OrderStatus.EXPIRED)


@pytest.mark.parametrize("seed", DAYS)
def test_o1_states_of_an_order_follow_each_other(seed: int) -> None:
    """Filled never exceeds what was asked nor shrinks, versions rise by one, and nothing follows a final state.

    A verdict tells the order after its own matching; what that set off may have changed the order again before it.
    """
    last: dict[int, OrderState] = {}
    for exchange, _, events in day(seed):
        for state in sorted(
            (event for event in events if isinstance(event, OrderState)), key=lambda told: told.version
        ):
            before = last.get(state.order_id)
            if before is not None and state.version <= before.version:
                assert state == before or isinstance(events[0], Repeated) or before.status in FINAL
                continue
            assert state.version == (before.version + 1 if before else 1)
            assert before is None or (before.status not in FINAL and before.filled <= state.filled)
            assert state.budget or state.filled <= state.qty
            if state.status is OrderStatus.FILLED:
                assert state.filled == state.qty or state.reason is CloseReason.BUDGET
            last[state.order_id] = state
        for order_id, state in last.items():
            assert (state.status in FINAL) == (exchange.order(order_id) is None)


@pytest.mark.parametrize("seed", DAYS)
def test_o2_the_book_is_never_crossed(seed: int) -> None:
    """After every command every level has a quantity, and where the market trades the book is not crossed."""
    for exchange, _, _ in day(seed):
        for symbol in exchange.markets:
            bids, asks = exchange.depth(symbol, 100)
            assert bids == sorted(bids, reverse=True)
            assert asks == sorted(asks)
            if exchange.markets[symbol].status in {MarketStatus.OPEN, MarketStatus.POST_ONLY}:
                assert not (bids and asks) or bids[0][0] < asks[0][0]
            assert all(qty > 0 for _, qty in bids + asks)


@pytest.mark.parametrize("seed", DAYS)
def test_o3_trades_come_in_price_order_within_the_limit(seed: int) -> None:
    """Within one command trades go from the best price outwards, never beyond the taker's limit, oldest order first.

    Orders that went to the back of their queue later are left out, amended ones and icebergs; so are opening auctions.
    """
    moved: set[int] = set()
    for _, command, events in day(seed):
        for state in events:
            if isinstance(state, OrderState) and (state.terms or isinstance(command, AmendOrder)):
                moved.add(state.order_id)
        trades = [event for event in events if isinstance(event, Trade)]
        taker = events[-1]
        opened = any(isinstance(event, MarketChanged) for event in events)
        for one, two in itertools.pairwise(trades):
            if not opened and one.taker_order_id == two.taker_order_id:
                worse = two.price - one.price if one.taker_side is BUY else one.price - two.price
                in_turn = one.maker_order_id < two.maker_order_id
                assert worse > 0 or (worse == 0 and (in_turn or moved & {one.maker_order_id, two.maker_order_id}))
        if isinstance(taker, OrderState) and taker.price:
            for trade in trades:
                if trade.taker_order_id != taker.order_id:
                    continue
                assert trade.price <= taker.price if taker.side is BUY else trade.price >= taker.price


@pytest.mark.parametrize("seed", DAYS)
def test_o4_nobody_trades_with_themselves(seed: int) -> None:
    """No trade has the same account on both sides."""
    for _, _, events in day(seed):
        for trade in events:
            assert not isinstance(trade, Trade) or trade.maker_account != trade.taker_account


@pytest.mark.parametrize("seed", DAYS)
def test_o5_time_in_force_is_kept(seed: int) -> None:
    """FOK trades all or nothing, IOC and market orders never rest, post-only never takes."""
    for _, _, events in day(seed):
        state = events[-1]
        if not isinstance(state, OrderState) or state.version > 1 or state.status is OrderStatus.WAITING:
            continue
        if state.tif is TimeInForce.FOK:
            assert state.filled in (0, state.qty)
        if state.tif in {TimeInForce.IOC, TimeInForce.FOK} or not state.price:
            assert state.status in FINAL
        if state.post_only:
            assert state.filled == 0


def test_o6_cancel_and_fill_have_one_outcome() -> None:
    """Whichever of cancel and fill comes first decides, and what was held is released once."""
    table = Table()
    order = table.place("bob", BUY, 1_000, 1600)
    table.place("carol", SELL, 1_000, 1600)
    again = table.do(CancelOrder("bob", order.order_id))
    assert [type(event) for event in again] == [OrderState]
    assert again[-1].status is OrderStatus.FILLED  # type: ignore[union-attr]
    other = table.place("bob", BUY, 1_000, 1600)
    cancelled = table.do(CancelOrder("bob", other.order_id))
    released = [event for event in cancelled if isinstance(event, Posted)]
    assert [entry.kind for entry in released] == [EntryKind.RELEASE]
    assert table.do(CancelOrder("bob", other.order_id)) == [cancelled[-1]]
    table.exchange.check()


def test_o8_the_held_asset_follows_from_market_and_side() -> None:
    """A buy holds the quote asset and a sell the base asset; a request has no say in it."""
    table = Table()
    table.place("bob", BUY, 1_000, 1600)
    table.place("carol", SELL, 1_000, 1700)
    assert table.exchange.balance("bob", "USD")[1] == 160_000
    assert table.exchange.balance("carol", "BTC")[1] == 1_000


def test_many_makers_in_one_sweep() -> None:
    """A taker that empties several levels of several orders trades each once, in order, and tells each level once."""
    table = Table()
    makers = [table.place("carol", SELL, 100, 1600 + number // 3).order_id for number in range(9)]
    events = table.do(table.order("bob", BUY, 850, 1610))
    assert [event.maker_order_id for event in events if isinstance(event, Trade)] == makers
    levels = [(event.price, event.qty) for event in events if isinstance(event, LevelChanged)]
    assert levels == [(1600, 0), (1601, 0), (1602, 50)]


def test_random_cancels_leave_queues_in_order() -> None:
    """Cancels anywhere in long queues keep the order of the others."""
    table = Table(MARKET._replace(max_open_orders=10_000))
    rng = random.Random(3)
    orders = [table.place("carol", SELL, 10, 1600 + rng.randrange(5)) for _ in range(300)]
    rng.shuffle(orders)
    for order in orders[:200]:
        table.do(CancelOrder("carol", order.order_id))
    left = sorted((order.price, order.order_id) for order in orders[200:])
    events = table.do(table.order("bob", BUY, 1_000, 1700))
    assert [(event.price, event.maker_order_id) for event in events if isinstance(event, Trade)] == left
    table.exchange.check()


def test_quotes_make_few_events() -> None:
    """Replacing quotes posts one entry per asset and one event per level that changed."""
    table = Table()
    table.do(ReplaceQuotes("bob", PAIR, tuple((1600 - step, 100) for step in range(10)), ()))
    events = table.do(ReplaceQuotes("bob", PAIR, tuple((1599 - step, 100) for step in range(10)), ()))
    assert [type(event) for event in events] == [Posted, LevelChanged, LevelChanged, QuotesReplaced]


def test_quotes_and_orders_are_told_apart() -> None:
    """Quotes are in the book and in quotes(), not among open orders, and cannot be cancelled one by one."""
    table = Table()
    table.do(ReplaceQuotes("bob", PAIR, ((1600, 100), (1599, 200)), ()))
    order = table.place("bob", BUY, 100, 1600)
    assert table.exchange.quotes("bob", PAIR) == ([(1600, 100), (1599, 200)], [])
    assert table.exchange.open_orders("bob") == [order]
    assert table.exchange.open_orders("bob", PAIR) == [order]
    assert table.exchange.open_orders("nobody") == []
    assert table.exchange.quotes("nobody", PAIR) == ([], [])
    assert table.exchange.depth(PAIR, 1) == ([(1600, 200)], [])
    quote_id = order.order_id - 1
    verdict = table.do(CancelOrder("bob", quote_id))[-1]
    assert isinstance(verdict, Rejected)
    assert verdict.reason is Reject.ORDER_UNKNOWN


def test_a_decremented_quote_is_lowered() -> None:
    """Decrement meets a quote as it meets an order; a quote has no order state to tell."""
    table = Table()
    table.do(ReplaceQuotes("carol", PAIR, (), ((1600, 300),)))
    verdict = table.place("bob", BUY, 100, 1600)
    assert verdict.status is OrderStatus.FILLED
    events = table.do(table.order("carol", BUY, 50, 1600, self_trade=SelfTrade.DECREMENT))
    assert not [event for event in events[:-1] if isinstance(event, OrderState)]
    assert events[-1].reason is CloseReason.SELF_TRADE  # type: ignore[union-attr]
    assert table.exchange.quotes("carol", PAIR) == ([], [(1600, 150)])
    table.exchange.check()


def test_the_age_of_a_reference_price_is_inclusive() -> None:
    """A reference price exactly as old as the market allows is still used; one millisecond later it is not."""
    table = Table()
    table.place("carol", SELL, 1_000, 1600)
    market_order = table.order("bob", BUY, 100, 0, type=OrderType.MARKET)
    table.at = table.exchange.markets[PAIR].reference_at + 9_999
    assert isinstance(table.do(market_order)[-1], OrderState)
    verdict = table.do(market_order._replace(key="later"))[-1]
    assert isinstance(verdict, Rejected)
    assert verdict.reason is Reject.PRICE_STALE


def test_versions_and_times_of_an_order() -> None:
    """Each change of an order raises its version and stamps the journal time; its creation stays."""
    table = Table()
    placed = table.place("bob", BUY, 300, 1600)
    created = table.at
    table.place("carol", SELL, 100, 1600)
    traded = table.exchange.order(placed.order_id)
    assert traded is not None
    assert (traded.version, traded.created, traded.updated) == (2, created, created + 1)
    final = table.do(CancelOrder("bob", placed.order_id))[-1]
    assert isinstance(final, OrderState)
    assert (final.version, final.created, final.updated) == (3, created, created + 2)


def test_the_fields_of_a_fill() -> None:
    """A trade and both orders tell the same story: who, how much, at what price, for which fee."""
    table = Table()
    maker = table.place("carol", SELL, 1_000, 1600)
    events = table.do(table.order("bob", BUY, 500, 1650))
    taker = events[-1]
    assert isinstance(taker, OrderState)
    assert Trade(1, PAIR, 1600, 500, 80_000, BUY, maker.order_id, taker.order_id, "carol", "bob", 80, 1) in events
    assert (taker.filled, taker.spent, taker.fee) == (500, 80_000, 1)
    sold = table.exchange.order(maker.order_id)
    assert sold is not None
    assert (sold.filled, sold.spent, sold.fee, sold.status) == (500, 80_000, 80, OrderStatus.PARTIALLY_FILLED)


def test_repeated_bookkeeping_of_seats() -> None:
    """After orders of all ends, no index of the account's orders holds anything that is not open."""
    table = Table()
    first = table.place("bob", BUY, 100, 1600)
    table.place("bob", BUY, 100, 1599)
    table.place("carol", SELL, 100, 1600)
    table.place("carol", SELL, 100, 1600, tif=TimeInForce.IOC)
    assert [order.price for order in table.exchange.open_orders("bob")] == [1599]
    assert table.exchange.order(first.order_id) is None
    assert table.exchange.open_orders("carol") == []
