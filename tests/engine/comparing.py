"""The engine and the naive exchange side by side: after every command everything that can be seen must be equal."""

from fractions import Fraction
from typing import Any

from cryptovault.engine.commands import Command
from cryptovault.engine.events import (
    Done,
    Event,
    GroupPlaced,
    LevelChanged,
    OrdersCancelled,
    OrderState,
    Posted,
    QuotesReplaced,
    Rejected,
    Repeated,
    Trade,
)
from cryptovault.engine.exchange import Exchange
from cryptovault.engine.types import Bucket, OrderStatus, Side
from engine.naive import NaiveExchange

FINAL = (OrderStatus.FILLED, OrderStatus.CANCELLED, OrderStatus.EXPIRED)


def answer_of(verdict: Event) -> tuple[Any, ...]:
    """A verdict in the words of the naive exchange."""
    match verdict:
        case Rejected():
            return ("rejected", verdict.reason)
        case Done():
            return ("done", verdict.ref)
        case OrdersCancelled():
            return ("cancelled", verdict.order_ids)
        case QuotesReplaced():
            return ("quotes", verdict.bids, verdict.asks)
        case GroupPlaced(orders=orders):
            return ("group", *map(answer_of, orders))
        case OrderState(order_id=order_id, qty=qty, budget=budget, filled=filled, spent=spent, fee=fee):
            return ("order", order_id, qty, budget, filled, spent, fee, verdict.status, verdict.reason)
    raise AssertionError(verdict)


class SideBySide:
    """Applies each command to both, and compares."""

    def __init__(self) -> None:
        self.engine = Exchange()
        self.naive = NaiveExchange()
        self.balances: dict[tuple[str, str, Bucket], int] = {}
        self.levels: dict[tuple[str, Side, int], int] = {}
        self.at = 0

    def apply(self, command: Command, wait: int = 1, *, in_full: bool = True) -> tuple[Any, ...]:
        """The answer both gave. Answers and trades are compared always, balances and queues `in_full`."""
        self.at += wait
        due = 0 < self.engine.next_due <= self.at
        events = self.engine.apply(self.engine.seq + 1, self.at, command)
        answer, trades = self.naive.apply(self.at, command)
        assert answer_of(events[-1]) == answer, command
        assert [trade_of(event) for event in events if isinstance(event, Trade)] == trades, command
        self._follow(events)
        repeated = any(isinstance(event, Repeated) for event in events)
        if not due and (repeated or isinstance(events[-1], Rejected)):
            assert len(events) == 1 + repeated, "what is refused or repeated changes nothing"
        if in_full:
            self.compare_balances()
            self.compare_books(events)
        return answer

    def _follow(self, events: list[Event]) -> None:
        """Keep balances and levels from events alone, as a read model does."""
        seen = set()
        for event in events:
            if isinstance(event, Posted):
                assert event.postings
                for account, asset, bucket, amount in event.postings:
                    key = (account, asset, bucket)
                    self.balances[key] = self.balances.get(key, 0) + amount
            if isinstance(event, LevelChanged):
                level = (event.market, event.side, event.price)
                assert level not in seen, "a level is told once per command"
                seen.add(level)
                self.levels[level] = event.qty

    def compare_balances(self) -> None:
        """Every balance: of the engine, of its postings added up, of the naive exchange."""
        for account in {name for name, _ in self.naive.money} | set(self.engine.state.accounts):
            for asset in self.naive.assets:
                available, held = self.engine.balance(account, asset)
                total = self.naive.money.get((account, asset), Fraction(0))
                assert available + held == self.naive.units(asset, total), (account, asset)
                assert held == self.naive.units(asset, self.naive.held(account, asset)), (account, asset)
                assert available == self.balances.get((account, asset, Bucket.AVAILABLE), 0)
                assert held == self.balances.get((account, asset, Bucket.HELD), 0)

    def compare_books(self, events: list[Event]) -> None:
        """Every order of every queue, in order, and every level as the events told it."""
        for symbol, market in self.naive.markets.items():
            ours = self.engine.markets[symbol]
            assert ours.status == market.status
            for side, book in ((Side.BUY, ours.bids), (Side.SELL, ours.asks)):
                queue = [
                    (order.id, order.price, order.remaining, order.hidden, order.state is None)
                    for rank in reversed(book.ranks)
                    for order in book.levels[rank].orders.values()
                ]
                naive = [
                    (
                        o.id, o.price, self.naive.units(market.base, o.shown),
                        self.naive.units(market.base, o.left - o.shown), o.quote,
                    )
                    for o in self.naive.queue(symbol, side)
                ]  # fmt: skip
                assert queue == naive
                told = {price: qty for (m, s, price), qty in self.levels.items() if (m, s) == (symbol, side) and qty}
                assert dict(book.depth(10**9)) == told
        grades = {name: tier for name, tier in self.naive.grades.items() if tier}
        assert {name: account.tier for name, account in self.engine.state.accounts.items() if account.tier} == grades
        for event in events:
            if isinstance(event, OrderState) and event.status in FINAL:
                assert answer_of(event) == self.naive.told(self.naive.orders[event.order_id - 1])
        for state in self.engine.state.orders.values():
            assert answer_of(state.state) == self.naive.told(self.naive.orders[state.id - 1])


def trade_of(trade: Trade) -> tuple[Any, ...]:
    """A trade in the words of the naive exchange."""
    return (
        trade.market, trade.trade_id, trade.price, trade.qty,
        trade.maker_order_id, trade.taker_order_id, trade.maker_fee, trade.taker_fee,
    )  # fmt: skip
