"""Valuation rules, on exact decimals."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cryptovault.features.portfolio.policy import (
    DAY,
    MAX_POINTS,
    Move,
    Point,
    Position,
    allocation,
    curve,
    gain,
    grid,
    money,
    percent_of,
    plain,
    price_at,
    step_for,
    worth,
)

D = Decimal
AMOUNTS = st.decimals(min_value="0.00000001", max_value="1000000000", places=8)


@pytest.mark.parametrize(
    ("value", "text"),
    [("0", "0.00"), ("-0.001", "0.00"), ("1e3", "1000.00"), ("0.005", "0.00"), ("0.015", "0.02"), ("-1.239", "-1.24")],
)
def test_dollars_have_two_decimals_and_no_minus_zero(value: str, text: str) -> None:
    """Dollars for people: half to even, no exponent, never minus zero."""
    assert money(D(value)) == text


@pytest.mark.parametrize(("value", "text"), [("1E+5", "100000"), ("0.100", "0.1"), ("0", "0"), ("1e-8", "0.00000001")])
def test_plain_decimals_are_canonical(value: str, text: str) -> None:
    """No exponent and no trailing zeros."""
    assert plain(D(value)) == text


def test_worth_sums_without_floats() -> None:
    """A tenth and two tenths are three tenths; what has no price counts as nothing."""
    assert worth({"A": D("0.1"), "B": D("0.2"), "C": D(5)}, {"A": D(1), "B": D(1)}) == D("0.3")


def test_shares_add_up_to_exactly_100() -> None:
    """Three equal thirds are shown so that they sum to 100.00."""
    rows = allocation({"A": D(1), "B": D(1), "C": D(1), "D": D(0)})
    assert [asset for asset, _, _ in rows] == ["A", "B", "C"]
    assert [share for _, _, share in rows] == [D("33.34"), D("33.33"), D("33.33")]


@given(st.dictionaries(st.text("ABCDEF", min_size=1, max_size=3), AMOUNTS, min_size=1, max_size=20))
def test_shares_of_anything_add_up_to_100(values: dict[str, Decimal]) -> None:
    """Whatever is held, the shares sum to exactly 100 and the largest comes first."""
    rows = allocation(values)
    assert sum(share for _, _, share in rows) == 100
    assert [value for _, value, _ in rows] == sorted(values.values(), reverse=True)


def test_nothing_has_no_shares() -> None:
    """An empty portfolio divides nothing by nothing."""
    assert allocation({}) == []
    assert percent_of(D(1), D(0)) == 0


def test_average_cost_follows_buys_and_sells() -> None:
    """Selling keeps the average; buying dearer raises it; an emptied position starts afresh."""
    position = Position().acquire(D(1), D(100)).acquire(D(1), D(200))
    assert position.average_cost == 150
    assert position.dispose(D("0.5")).average_cost == 150
    assert position.dispose(D(2)) == Position()
    assert position.dispose(D(2)).acquire(D(1), D(50)).average_cost == 50


def test_an_unknown_cost_makes_the_position_unknown_until_it_is_emptied() -> None:
    """Nobody invents a cost."""
    position = Position().acquire(D(1), None).acquire(D(1), D(100))
    assert position.average_cost is None
    assert position.dispose(D(1)).average_cost is None
    assert position.dispose(D(2)).acquire(D(1), D(10)).average_cost == 10


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=20))
def test_the_cost_of_what_was_only_bought_is_what_was_paid(buys: list[tuple[Decimal, Decimal]]) -> None:
    """Quantities and costs sum exactly."""
    position = Position()
    for qty, cost in buys:
        position = position.acquire(qty, cost)
    assert position == Position(sum((qty for qty, _ in buys), D(0)), sum((cost for _, cost in buys), D(0)))


@pytest.mark.parametrize("span", [1, 60_000, 3_600_000, DAY, 7 * DAY, 30 * DAY])
def test_a_grid_spans_all_with_few_points(span: int) -> None:
    """A curve begins and ends where asked, rises in time, and has at most about sixty points."""
    start = 1_795_222_777_123
    times = grid(start, start + span)
    assert (times[0], times[-1]) == (start, start + span)
    assert times == sorted(set(times))
    assert len(times) <= MAX_POINTS + 2
    assert all(time % step_for(span) == 0 for time in times[1:-1])


def test_price_at_takes_the_last_close() -> None:
    """The last close not after the moment; before the first, the first; without any, what is given."""
    closes = [(10, D(1)), (20, D(2))]
    assert [price_at(closes, at, None) for at in (5, 10, 19, 20, 99)] == [1, 1, 1, 2, 2]
    assert price_at([], 5, D(7)) == 7


def test_a_curve_walks_back_from_what_is_there() -> None:
    """Before a deposit there was less, and each moment is valued at its own price."""
    moves = [Move(0, "BTC", D(1), external=True), Move(1, "BTC", D(1), external=True)]
    prices = [{"BTC": D(100)}, {"BTC": D(110)}, {"BTC": D(120)}]
    points = curve([0, 10, 20], {"BTC": D(2)}, moves, prices)
    assert points == [Point(0, D(0)), Point(10, D(110)), Point(20, D(240))]


def test_deposits_are_no_gain() -> None:
    """Who only deposited has gained nothing; a rise on what was there is a gain in dollars and percent."""
    flat = [{"USDT": D(1)}, {"USDT": D(1)}]
    deposit = [Move(0, "USDT", D(10_000), external=True)]
    assert gain(curve([0, 1], {"USDT": D(10_000)}, deposit, flat), deposit, flat) == (D(0), D(0))
    rising = [{"BTC": D(100)}, {"BTC": D(110)}]
    assert gain(curve([0, 1], {"BTC": D(2)}, [], rising), [], rising) == (D(20), D("10.00"))


def test_trading_fees_are_a_loss() -> None:
    """A trade moves value between assets; what it cost shows as a loss."""
    prices = [{"USDT": D(1), "BTC": D(100)}] * 2
    trade = [Move(0, "USDT", D(-100), external=False), Move(0, "BTC", D("0.999"), external=False)]
    points = curve([0, 1], {"USDT": D(0), "BTC": D("0.999")}, trade, prices)
    assert gain(points, trade, prices) == (D("-0.1"), D("-0.10"))
