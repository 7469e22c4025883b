"""Everything the exchange knows. Changed only by the command handlers; the same commands always make the same state."""

from collections import OrderedDict, deque

from cryptovault.engine import limits
from cryptovault.engine.account import Record
from cryptovault.engine.book import Order
from cryptovault.engine.commands import CreditDeposit
from cryptovault.engine.events import OrderState
from cryptovault.engine.ledger import Ledger
from cryptovault.engine.market import Asset, Market
from cryptovault.engine.withdrawal import Withdrawal


class State:
    """The whole state of an exchange. `orders` are the open ones; quotes live only in the books and seats."""

    __slots__ = (
        "accounts", "assets", "at", "closed", "deposits", "epoch", "ledger", "markets", "money_keys", "next_order_id",
        "order_keys", "orders", "seq", "withdrawals",
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
        self.closed: OrderedDict[int, OrderState] = OrderedDict()
        self.deposits: dict[str, CreditDeposit] = {}
        self.withdrawals: dict[tuple[str, str], Withdrawal] = {}
        self.order_keys: deque[Record] = deque()
        self.money_keys: deque[Record] = deque()

    def account_limit_reached(self, name: str) -> bool:
        """Whether using this account would open one too many."""
        return name not in self.accounts and len(self.accounts) >= limits.MAX_ACCOUNTS

    def forget(self) -> None:
        """Drop what has grown too old or too much. Called at fixed sequence numbers, so that every replay forgets alike."""
        self._forget_order_keys()
        while self.money_keys and self.at - self.money_keys[0].at > limits.MONEY_KEY_AGE:
            self._forget_money_key(self.money_keys.popleft())
        while len(self.closed) > limits.MAX_CLOSED_ORDERS:
            self.closed.popitem(last=False)

    def _forget_order_keys(self) -> None:
        keys = self.order_keys
        for _ in range(len(keys)):
            too_many = len(keys) > limits.MAX_ORDER_KEYS
            if not too_many and self.at - keys[0].at <= limits.ORDER_KEY_AGE:
                return
            record = keys.popleft()
            if isinstance(record.verdict, OrderState) and record.verdict.order_id in self.orders:
                keys.append(record)  # never while the order is open
            else:
                del self.accounts[record.command.account].keys[record.command.key]

    def _forget_money_key(self, record: Record) -> None:
        name = (record.command.account, record.command.key)
        withdrawal = self.withdrawals.get(name)
        if withdrawal is not None and withdrawal.is_open:
            self.money_keys.append(record._replace(at=self.at))
            return
        self.withdrawals.pop(name, None)
        del self.accounts[record.command.account].keys[record.command.key]
