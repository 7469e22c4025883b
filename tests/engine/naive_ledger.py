"""The naive exchange without its orders: definitions, balances, deposits, withdrawals, transfers."""

from collections.abc import Callable
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

from cryptovault.engine.limits import DAY_MS
from cryptovault.engine.rejects import Reject
from cryptovault.engine.types import AssetStatus, MarketStatus, OrderStatus, Side, TriggerSource

PRECEDENCE = list(Reject)
LIVE = (OrderStatus.OPEN, OrderStatus.PARTIALLY_FILLED)
OPEN = (*LIVE, OrderStatus.WAITING, OrderStatus.DORMANT)
OVER = (OrderStatus.FILLED, OrderStatus.CANCELLED, OrderStatus.EXPIRED)
Answer = tuple[Any, ...]


class Refused(Exception):
    """Carries the reason."""


class NaiveLedger:
    """Everything but orders. `apply` returns (answer, trades)."""

    def __init__(self) -> None:
        self.at = 0
        self.assets = {}
        self.markets = {}
        self.money = {}
        self.orders = []
        self.left_over = []
        self.seen = []  # prices and changed orders, in the order in which they came up
        self.fired = {}
        self.last_id = 0
        self.last_turn = 0
        self.timers = {}
        self.dollars, self.tiers = (), ()
        self.volumes = []
        self.grades = {}
        self.graded = ()  # what the grades were worked out from
        self.answers = {}
        self.deposits = {}
        self.withdrawals = {}

    def apply(self, at: int, command: Any) -> tuple[Answer, list[Answer]]:
        """The answer, as a tuple to be compared, and the trades."""
        self.at = max(self.at, at)
        self.trades = []
        self.seen = []
        self.looked = 0
        self.executed = 0
        self.pass_time()
        self.after()
        try:
            answer = getattr(self, "do_" + type(command).__name__)(command)
        except Refused as refused:
            answer = ("rejected", refused.args[0])
        self.after()
        return answer, self.trades

    def pass_time(self) -> None:
        """Do what is due."""

    def after(self) -> None:
        """Do what the command has set off."""

    # What can be asked

    def current(self) -> list[Any]:
        """The orders that are not over, oldest first; what is over stays over and is looked at no more."""
        self.left_over = [order for order in self.left_over if order.status not in OVER]
        return self.left_over

    def held(self, account: str, asset: str) -> Fraction:
        """Everything open orders and withdrawals need, added up anew."""
        total = sum(
            (
                w.amount + w.fee
                for w in self.withdrawals.values()
                if w.status == "held" and w.account == account and w.asset == asset
            ),
            Fraction(0),
        )
        for order in self.current():
            market = self.markets[order.market]
            if order.status == OrderStatus.WAITING and order.account == account:
                total += order.hold if asset == (market.quote if order.side == Side.BUY else market.base) else 0
            if order.status in LIVE and order.account == account:
                if order.side == Side.BUY and market.quote == asset:
                    total += order.left * self.coins_per_coin(market, order.price)
                if order.side == Side.SELL and market.base == asset:
                    total += order.left
        return total

    def available(self, account: str, asset: str) -> Fraction:
        """What is not held."""
        return self.money.get((account, asset), Fraction(0)) - self.held(account, asset)

    def queue(self, symbol: str, side: Side) -> list[Any]:
        """The live orders of one side, first to trade first."""
        live = [o for o in self.current() if o.status in LIVE and o.market == symbol and o.side == side]
        return sorted(live, key=lambda o: (-o.price if side == Side.BUY else o.price, o.turn))

    def news(self, order: Any) -> None:
        """An order has changed; whoever looks at it later sees what it was now."""
        self.seen.append(("order", order, order.filled, order.fee, order.status))

    def coins_per_coin(self, market: Any, price: int) -> Fraction:
        """A price in ticks as quote coins for one base coin."""
        return Fraction(price * market.rules.tick, 10 ** self.assets[market.quote].scale)

    def units(self, asset: str, coins: Fraction) -> int:
        """Coins as ledger units, which must be whole."""
        units, broken = divmod(coins.numerator * 10 ** self.assets[asset].scale, coins.denominator)
        assert not broken
        return units

    def coins(self, asset: str, units: int) -> Fraction:
        """Ledger units as coins."""
        return Fraction(units, 10 ** self.assets[asset].scale)

    # Definitions

    def do_DefineAsset(self, command: Any) -> Answer:
        if command.asset in self.assets:
            raise Refused(Reject.ASSET_EXISTS)
        self.assets[command.asset] = SimpleNamespace(scale=command.scale, status=AssetStatus.ACTIVE)
        return ("done", command.asset)

    def do_SetAssetStatus(self, command: Any) -> Answer:
        if command.asset not in self.assets:
            raise Refused(Reject.ASSET_UNKNOWN)
        self.assets[command.asset].status = command.status
        return ("done", command.asset)

    def do_DefineMarket(self, command: Any) -> Answer:
        self.markets.setdefault(
            command.market,
            SimpleNamespace(
                base=command.base, quote=command.quote, status=MarketStatus.OPEN, mark=0, mark_at=0, trades=0, last=0,
                schedule={}, reopens=0,
            ),
        ).rules = command  # fmt: skip
        self.markets[command.market].moves = {"trade": [], "reference": []}
        self.seen.append((command.market, None, 0))
        return ("done", command.market)

    def do_SetReferencePrices(self, command: Any) -> Answer:
        for symbol, price in command.prices:
            self.markets[symbol].mark, self.markets[symbol].mark_at = price, self.at
            self.seen.append((symbol, TriggerSource.REFERENCE, price))
        return ("done", "")

    # Money

    def move(self, asset: str, coins: Fraction, source: str, target: str) -> None:
        self.money[source, asset] = self.money.get((source, asset), Fraction(0)) - coins
        self.money[target, asset] = self.money.get((target, asset), Fraction(0)) + coins

    def once(self, command: Any, do: Callable[[Any], Answer]) -> Answer:
        """Remember the answer under (account, key)."""
        name = (command.account, command.key)
        if name in self.answers:
            first, answer = self.answers[name]
            if first != command:
                raise Refused(Reject.KEY_REUSED)
            return answer
        try:
            answer = do(command)
        except Refused as refused:
            answer = ("rejected", refused.args[0])
        self.answers[name] = (command, answer)
        return answer

    def refuse_first(self, *reasons: tuple[Reject, Any]) -> None:
        """Of all reasons that apply, the one that comes first in the list of refusals."""
        applying = [reason for reason, applies in reasons if applies]
        if applying:
            raise Refused(min(applying, key=PRECEDENCE.index))

    def do_CreditDeposit(self, command: Any) -> Answer:
        known = self.deposits.get(command.key)
        if known is not None:
            self.refuse_first((Reject.DEPOSIT_DUPLICATE, known != command))
            return ("done", command.key)
        asset = self.assets.get(command.asset)
        self.refuse_first(
            (Reject.ASSET_UNKNOWN, asset is None),
            (Reject.ASSET_CLOSED, asset and asset.status in (AssetStatus.NO_DEPOSIT, AssetStatus.FROZEN)),
            (Reject.AMOUNT_INVALID, command.amount <= 0),
        )
        self.deposits[command.key] = command
        self.move(
            command.asset, self.coins(command.asset, command.amount), "@clearing:" + command.rail, command.account
        )
        return ("done", command.key)

    def do_HoldWithdrawal(self, command: Any) -> Answer:
        return self.once(command, self.hold_withdrawal)

    def hold_withdrawal(self, command: Any) -> Answer:
        asset = self.assets.get(command.asset)
        self.refuse_first((Reject.ASSET_UNKNOWN, asset is None))
        amount, fee = self.coins(command.asset, command.amount), self.coins(command.asset, command.fee)
        self.refuse_first(
            (Reject.ASSET_CLOSED, asset.status in (AssetStatus.NO_WITHDRAWAL, AssetStatus.FROZEN)),
            (Reject.AMOUNT_INVALID, amount <= 0 or fee < 0),
            (Reject.INSUFFICIENT_FUNDS, amount + fee > self.available(command.account, command.asset)),
        )
        self.withdrawals[command.account, command.key] = SimpleNamespace(
            account=command.account, asset=command.asset, amount=amount, fee=fee, rail=command.rail, status="held"
        )
        return ("done", command.key)

    def do_SettleWithdrawal(self, command: Any) -> Answer:
        return self.close_withdrawal(command, "settled")

    def do_ReleaseWithdrawal(self, command: Any) -> Answer:
        return self.close_withdrawal(command, "released")

    def close_withdrawal(self, command: Any, status: str) -> Answer:
        w = self.withdrawals.get((command.account, command.key))
        self.refuse_first((Reject.WITHDRAWAL_UNKNOWN, w is None))
        self.refuse_first((Reject.WITHDRAWAL_CLOSED, w.status not in ("held", status)))
        if w.status == "held" and status == "settled":
            self.move(w.asset, w.amount, w.account, "@clearing:" + w.rail)
            self.move(w.asset, w.fee, w.account, "@fees")
        w.status = status
        return ("done", command.key)

    def do_Transfer(self, command: Any) -> Answer:
        return self.once(command, self.transfer)

    def transfer(self, command: Any) -> Answer:
        asset = self.assets.get(command.asset)
        self.refuse_first(
            (Reject.ACCOUNT_INVALID, command.account == command.to), (Reject.ASSET_UNKNOWN, asset is None)
        )
        amount = self.coins(command.asset, command.amount)
        self.refuse_first(
            (Reject.ASSET_CLOSED, asset.status == AssetStatus.FROZEN),
            (Reject.AMOUNT_INVALID, amount <= 0),
            (Reject.INSUFFICIENT_FUNDS, amount > self.available(command.account, command.asset)),
        )
        self.move(command.asset, amount, command.account, command.to)
        return ("done", command.key)

    def do_Adjust(self, command: Any) -> Answer:
        return self.once(command, self.adjust)

    def adjust(self, command: Any) -> Answer:
        self.refuse_first((Reject.ASSET_UNKNOWN, command.asset not in self.assets))
        amount = self.coins(command.asset, command.amount)
        self.refuse_first(
            (Reject.AMOUNT_INVALID, amount == 0),
            (Reject.INSUFFICIENT_FUNDS, amount < 0 and -amount > self.available(command.account, command.asset)),
        )
        self.move(command.asset, amount, "@treasury", command.account)
        return ("done", command.key)

    # Fees

    def rate(self, market: Any, account: str, is_maker: bool) -> int:
        """The lower of the market's rate and that of the account's tier."""
        own = market.rules.maker_fee if is_maker else market.rules.taker_fee
        return min(own, self.tiers[self.grades.get(account, 0)][1 if is_maker else 2]) if self.tiers else own

    def regrade(self) -> None:
        """Put everybody in the tier that the volume of today and the 29 days before gives."""
        today = self.at // DAY_MS
        if (known := (today, len(self.volumes), self.tiers)) == self.graded:
            return
        self.graded = known
        sums: dict[str, Fraction] = {}
        for day, account, worth in self.volumes:
            if day > today - 30:
                sums[account] = sums.get(account, Fraction(0)) + worth
        self.grades = {name: len([v for v, _, _ in self.tiers if v <= total]) - 1 for name, total in sums.items()}

    def do_SetFeeTiers(self, command: Any) -> Answer:
        self.refuse_first((Reject.ASSET_UNKNOWN, any(name not in self.assets for name in command.dollars)))
        self.dollars, self.tiers = command.dollars, command.tiers
        if not self.tiers:
            self.volumes = []
        self.regrade()
        return ("done", "fees")
