"""J6: idempotency keys, how long they are kept, and D1: deposit keys, kept for ever."""

import pytest

from cryptovault.engine import limits
from cryptovault.engine.commands import (
    CancelOrder,
    CreditDeposit,
    HoldWithdrawal,
    SetReferencePrices,
    SettleWithdrawal,
    Transfer,
)
from cryptovault.engine.events import Done, OrderState, Posted, Rejected, Repeated
from cryptovault.engine.limits import DAY_MS, FORGET_EVERY
from cryptovault.engine.rejects import Reject
from cryptovault.engine.types import OrderStatus
from engine.playing import BUY, PAIR, SELL, Table


def pass_time(table: Table, milliseconds: int) -> None:
    """Let journal time pass, and with it the moment at which the engine forgets."""
    table.at += milliseconds
    for _ in range(FORGET_EVERY):
        table.do(SetReferencePrices(((PAIR, 1600),)))


def test_j6_same_key_same_answer_one_effect() -> None:
    """A repeated order is marked as repeated, answers the first verdict and posts nothing."""
    table = Table()
    order = table.order("bob", BUY, 100, 1600)
    first = table.do(order)
    digest_orders = dict(table.exchange.state.orders)
    again = table.do(order)
    assert again == [Repeated("bob", order.key), first[-1]]
    assert table.exchange.state.orders == digest_orders


def test_j6_answers_the_first_verdict_not_the_present_state() -> None:
    """After the order has traded, its key still answers what was answered first."""
    table = Table()
    order = table.order("bob", BUY, 100, 1600)
    first = table.do(order)[-1]
    table.place("carol", SELL, 100, 1600)
    assert table.do(order)[-1] == first


def test_j6_one_name_space_for_orders_and_money() -> None:
    """A key used for an order cannot be used for a transfer, nor the other way round."""
    table = Table()
    order = table.order("bob", BUY, 100, 1600)
    table.do(order)
    verdict = table.do(Transfer("bob", order.key, "carol", "USD", 1))[-1]
    assert isinstance(verdict, Rejected)
    assert verdict.reason is Reject.KEY_REUSED
    table.do(Transfer("bob", "t", "carol", "USD", 1))
    verdict = table.do(table.order("bob", BUY, 100, 1600, key="t"))[-1]
    assert isinstance(verdict, Rejected)
    assert verdict.reason is Reject.KEY_REUSED


def test_j6_order_keys_live_for_a_day() -> None:
    """A closed order's key is known for 24 hours, then forgotten; an order that is open keeps its key."""
    table = Table()
    closed, still_open = table.order("bob", BUY, 100, 1600), table.order("bob", BUY, 100, 1500)
    first = table.do(closed)[-1]
    assert isinstance(first, OrderState)
    table.do(still_open, CancelOrder("bob", first.order_id))
    pass_time(table, DAY_MS - 10_000)
    assert isinstance(table.do(closed)[0], Repeated)
    pass_time(table, 20_000)
    assert isinstance(table.do(still_open)[0], Repeated)
    again = table.do(closed)[-1]
    assert isinstance(again, OrderState)
    assert again.order_id > first.order_id
    assert len(table.exchange.state.order_keys) == 2


def test_j6_order_keys_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the bound the oldest keys of closed orders go first."""
    monkeypatch.setattr(limits, "MAX_ORDER_KEYS", 3)
    table = Table()
    orders = [table.order("bob", BUY, 100, 1600) for _ in range(5)]
    for order in orders:
        state = table.do(order)[-1]
        assert isinstance(state, OrderState)
        table.do(CancelOrder("bob", state.order_id))
    pass_time(table, 0)
    assert list(table.exchange.state.accounts["bob"].keys) == [order.key for order in orders[2:]]
    table.exchange.check()


def test_j6_money_keys_live_for_thirty_days() -> None:
    """A transfer's key is known for 30 days; an open withdrawal is never forgotten."""
    table = Table()
    transfer = Transfer("bob", "t", "carol", "USD", 5)
    withdrawal = HoldWithdrawal("bob", "w", "USD", 7, 1, "bank")
    table.do(transfer, withdrawal)
    pass_time(table, 30 * DAY_MS - 10_000)
    assert isinstance(table.do(transfer)[0], Repeated)
    pass_time(table, 20_000)
    assert isinstance(table.do(transfer)[0], Posted)
    assert isinstance(table.do(withdrawal)[0], Repeated)
    assert table.do(SettleWithdrawal("bob", "w"))[-1] == Done("bob", "w")
    pass_time(table, 31 * DAY_MS)
    assert not table.exchange.state.withdrawals
    table.exchange.check()


def test_j6_full_money_key_table_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Money keys are never dropped early: with a full table, new money commands are refused and not remembered."""
    monkeypatch.setattr(limits, "MAX_MONEY_KEYS", 1)
    table = Table()
    table.do(Transfer("bob", "one", "carol", "USD", 5))
    verdict = table.do(Transfer("bob", "two", "carol", "USD", 5))[-1]
    assert isinstance(verdict, Rejected)
    assert verdict.reason is Reject.LIMIT_REACHED
    assert isinstance(table.do(Transfer("bob", "one", "carol", "USD", 5))[0], Repeated)


def test_d1_a_deposit_is_credited_once_ever() -> None:
    """Years later, and for another account, the same payment credits nothing."""
    table = Table()
    deposit = CreditDeposit("bob", "chain:tx:0", "USD", 5, "bank")
    table.do(deposit)
    pass_time(table, 3_000 * DAY_MS)
    assert table.do(deposit) == [Repeated("bob", "chain:tx:0"), Done("bob", "chain:tx:0")]
    verdict = table.do(deposit._replace(account="carol"))[-1]
    assert isinstance(verdict, Rejected)
    assert verdict.reason is Reject.DEPOSIT_DUPLICATE


def test_closed_orders_are_remembered_within_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest final states are forgotten first; cancelling such an order finds it unknown."""
    monkeypatch.setattr(limits, "MAX_CLOSED_ORDERS", 4)
    table = Table()
    states = [table.place("bob", BUY, 100, 1600) for _ in range(8)]
    for state in states:
        table.do(CancelOrder("bob", state.order_id))
    pass_time(table, 0)
    assert list(table.exchange.state.closed) == [state.order_id for state in states[2:]]
    assert isinstance(table.do(CancelOrder("bob", states[0].order_id))[-1], Rejected)
    last = table.do(CancelOrder("bob", states[-1].order_id))[-1]
    assert isinstance(last, OrderState)
    assert last.status is OrderStatus.CANCELLED


@pytest.mark.parametrize("key", ["", "k" * 129])
def test_keys_have_a_length(key: str) -> None:
    """Empty and overlong keys are refused for every kind of command that takes one."""
    table = Table()
    for command in (
        table.order("bob", BUY, 100, 1600, key=key),
        table.order("new", BUY, 100, 1600, key=key),
        Transfer("bob", key, "carol", "USD", 5),
        CreditDeposit("bob", key, "USD", 5, "bank"),
    ):
        verdict = table.do(command)[-1]
        assert isinstance(verdict, Rejected)
        assert verdict.reason is Reject.COMMAND_INVALID


def test_the_figures_of_the_reference() -> None:
    """The reference says: 75,000 closed orders, 250,000 keys of orders, those for a day, others for 30 days."""
    forgotten_at_once = limits.MAX_CLOSED_ORDERS // 4
    assert limits.MAX_CLOSED_ORDERS - forgotten_at_once >= 75_000
    assert (limits.MAX_ORDER_KEYS, limits.ORDER_KEY_AGE) == (250_000, 24 * 3_600_000)
    assert limits.MONEY_KEY_AGE == 30 * 24 * 3_600_000
