"""The audit finds what is wrong: each test damages the state behind the engine's back."""

from collections.abc import Callable

import pytest

from cryptovault.engine.commands import HoldWithdrawal, Leg, PlaceOco, ReplaceQuotes, Terms
from cryptovault.engine.types import InvariantBroken, OrderType
from engine.playing import BUY, PAIR, SELL, Table


def _table() -> Table:
    table = Table()
    table.place("bob", BUY, 100, 1600)
    table.place("bob", BUY, 200, 1600)
    table.place("carol", SELL, 100, 1700)
    table.do(ReplaceQuotes("carol", PAIR, (), ((1701, 100),)))
    table.do(HoldWithdrawal("bob", "w", "USD", 50, 1, "bank"))
    legs = Leg(OrderType.LIMIT, 1800), Leg(OrderType.TRAILING_STOP, 0, Terms(trail=50))
    table.do(PlaceOco("carol", "pair", PAIR, SELL, 100, *legs))
    table.do(table.order("bob", BUY, 100, 0, type=OrderType.STOP, terms=Terms(1750)))
    return table


def _money_from_nowhere(table: Table) -> None:
    table.exchange.state.accounts["bob"].cells["USD"][0] += 1


def _overdrawn(table: Table) -> None:
    cells = table.exchange.state.accounts
    cells["bob"].cells["BTC"][0] -= 1
    cells["carol"].cells["BTC"][0] += 1


def _hold_too_large(table: Table) -> None:
    cell = table.exchange.state.accounts["bob"].cells["USD"]
    cell[0] -= 1
    cell[1] += 1


def _reserve_wrong(table: Table) -> None:
    table.exchange.state.orders[1].reserved += 1


def _withdrawal_lost(table: Table) -> None:
    table.exchange.state.withdrawals.clear()


def _crossed(table: Table) -> None:
    side = table.exchange.markets[PAIR].asks
    level = side.levels.pop(-1700)
    level.price = 1500
    for order in level.orders.values():
        order.price = 1500
    side.levels[-1500] = level
    side.ranks[:] = sorted(side.levels)


def _level_total_wrong(table: Table) -> None:
    table.exchange.markets[PAIR].bids.levels[1600].qty += 1


def _ranks_wrong(table: Table) -> None:
    table.exchange.markets[PAIR].asks.ranks.append(-5)


def _queue_reordered(table: Table) -> None:
    orders = table.exchange.markets[PAIR].bids.levels[1600].orders
    orders[1] = orders.pop(1)


def _index_lost(table: Table) -> None:
    del table.exchange.state.orders[1]


def _seat_lost(table: Table) -> None:
    table.exchange.markets[PAIR].seats["bob"].orders.clear()


def _quote_lost(table: Table) -> None:
    table.exchange.markets[PAIR].seats["carol"].quotes.clear()


def _filled_wrong(table: Table) -> None:
    order = table.exchange.state.orders[1]
    assert order.state is not None
    order.state = order.state._replace(filled=10)


def _trigger_lost(table: Table) -> None:
    table.exchange.markets[PAIR].watchers[0].rising.rungs.clear()


def _trail_out_of_order(table: Table) -> None:
    table.exchange.markets[PAIR].watchers[0].trails[SELL].firsts.append((1, 1))


def _watched_miscounted(table: Table) -> None:
    table.exchange.state.watched += 1


def _pair_lost(table: Table) -> None:
    group = next(iter(table.exchange.state.groups.values()))
    group.stop_loss = 999


def _pair_holds_twice(table: Table) -> None:
    group = next(iter(table.exchange.state.groups.values()))
    table.exchange.state.orders[group.stop_loss].reserved += 100
    cell = table.exchange.state.accounts["carol"].cells["BTC"]
    cell[0] -= 100
    cell[1] += 100


@pytest.mark.parametrize(
    ("damage", "finding"),
    [
        (_money_from_nowhere, "L1"),
        (_overdrawn, "L3"),
        (_hold_too_large, "L4"),
        (_reserve_wrong, "L4"),
        (_withdrawal_lost, "L4"),
        (_crossed, "O2"),
        (_level_total_wrong, "O2"),
        (_ranks_wrong, "O2"),
        (_queue_reordered, "O3"),
        (_index_lost, "O2"),
        (_seat_lost, "O2"),
        (_quote_lost, "O2"),
        (_filled_wrong, "O1"),
        (_trigger_lost, "O8"),
        (_trail_out_of_order, "O8"),
        (_watched_miscounted, "O8"),
        (_pair_lost, "O6"),
        (_pair_holds_twice, "O6"),
    ],
)
def test_audit_finds_damage(damage: Callable[[Table], None], finding: str) -> None:
    """Sound books pass; the damage is found and named by its invariant."""
    table = _table()
    table.exchange.check()
    damage(table)
    with pytest.raises(InvariantBroken, match=finding):
        table.exchange.check()
