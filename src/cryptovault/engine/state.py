"""Everything the exchange knows. Changed only by the command handlers; the same commands always make the same state."""

from collections import deque
from itertools import islice
from typing import NamedTuple

from cryptovault.engine import limits
from cryptovault.engine.account import Record, orders_of
from cryptovault.engine.book import BookSide, Order, Seat
from cryptovault.engine.commands import CreditDeposit
from cryptovault.engine.due import Due, DueKind, Entry
from cryptovault.engine.events import OrderState
from cryptovault.engine.ledger import Ledger
from cryptovault.engine.market import Asset, Market
from cryptovault.engine.tiers import FeeTiers
from cryptovault.engine.withdrawal import Withdrawal

PAPER_TURN = 2**80
"""Above the numbers of all orders."""


class Group:
    """The open orders of a group, by number; 0 where there is none, or it is no longer one of them."""

    __slots__ = ("entry", "id", "stop_loss", "take_profit")

    def __init__(self, group_id: int, entry: int, take_profit: int, stop_loss: int) -> None:
        self.id = group_id
        self.entry = entry
        self.take_profit = take_profit
        self.stop_loss = stop_loss


class Laid(NamedTuple):
    """Whose view of a paper market its book shows now; the whole book, and the owner's orders in it, as they were."""

    market: Market
    seat: Seat
    bids: BookSide
    asks: BookSide
    before: list[tuple[Order, int, int]]
    """Each with its price and what it showed."""


class State:
    """The whole state of an exchange. `orders` are the open ones; quotes live only in the books and seats."""

    __slots__ = (
        "accounts", "assets", "at", "closed", "deposits", "due", "epoch", "executed", "fired", "groups", "laid",
        "ledger", "markets", "money_keys", "next_order_id", "order_keys", "orders", "queue", "read", "resting_paper",
        "seq", "stirred", "tiers", "timers", "watched", "withdrawals",
    )  # fmt: skip

    def __init__(self) -> None:
        self.seq = 0
        self.at = 0
        self.epoch = 0
        self.next_order_id = 1
        self.assets: dict[str, Asset] = {}
        self.markets: dict[str, Market] = {}
        self.ledger = Ledger()
        self.accounts = self.ledger.accounts
        self.orders: dict[int, Order] = {}
        self.closed: dict[int, OrderState] = {}
        self.deposits: dict[str, CreditDeposit] = {}
        self.withdrawals: dict[tuple[str, str], Withdrawal] = {}
        self.order_keys: deque[Record] = deque()
        self.money_keys: deque[Record] = deque()
        self.timers: dict[str, int] = {}
        self.tiers = FeeTiers()
        self.due = Due()
        self.groups: dict[int, Group] = {}
        self.watched = 0  # orders that wait for a price
        self.fired: dict[int, tuple[int, int]] = {}  # orders about to be executed: price, best price of a trailing stop
        self.queue: list[int] = []  # their turns, as a heap; and of some that are about to be executed no more
        self.executed = (0, 0, 0)  # a command's number, and how many of them it has executed, on paper and in all
        self.stirred = False  # whether there was a price, a trade or another status since it was looked what that fires
        self.read = 0  # of the present command's events, how many have been looked at for what they set off
        self.laid: dict[
            str, Laid
        ] = {}  # paper markets that show one account its orders and the live book, for this command
        self.resting_paper: dict[str, Market] = {}  # paper markets in whose books orders rest, by their real market

    def account_limit_reached(self, name: str) -> bool:
        """Whether using this account would open one too many."""
        return name not in self.accounts and len(self.accounts) >= limits.MAX_ACCOUNTS

    def turn_of(self, order_id: int) -> int:
        """When a fired order is executed: the oldest first, and those on paper after all real ones."""
        order = self.orders[order_id]
        on_paper = order.state is not None and self.markets[order.state.market].mirrors is not None
        return order_id + PAPER_TURN * on_paper

    def forget(self) -> None:
        """Drop what has grown too old or too much. Called at fixed sequence numbers, so that replays forget alike."""
        self._forget_order_keys()
        while self.money_keys and self.at - self.money_keys[0][0] > limits.MONEY_KEY_AGE:
            self._forget_money_key(self.money_keys.popleft())
        self.due.prune(self._is_wanted)
        if len(self.closed) > limits.MAX_CLOSED_ORDERS:
            for order_id in list(islice(self.closed, len(self.closed) // 4)):
                del self.closed[order_id]

    def _is_wanted(self, entry: Entry) -> bool:
        """Whether there is still something to do when this comes due."""
        return entry[1] is not DueKind.EXPIRY or entry[2] in self.orders

    def _forget_order_keys(self) -> None:
        keys = self.order_keys
        for _ in range(min(len(keys), limits.MAX_FORGOTTEN)):
            at, command, verdict = keys[0]
            if len(keys) <= limits.MAX_ORDER_KEYS and self.at - at <= limits.ORDER_KEY_AGE:
                return
            record = keys.popleft()
            if any(order_id in self.orders for order_id in orders_of(verdict)):
                keys.append(record)  # never while an order of it is open
            else:
                del self.accounts[command.account].keys[command.key]

    def _forget_money_key(self, record: Record) -> None:
        _, command, verdict = record
        withdrawal = self.withdrawals.get((command.account, command.key))
        if withdrawal is not None and withdrawal.is_open:
            self.money_keys.append((self.at, command, verdict))  # look again later
            return
        self.withdrawals.pop((command.account, command.key), None)
        del self.accounts[command.account].keys[command.key]
