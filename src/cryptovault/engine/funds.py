"""Commands that move money without trading: deposits, withdrawals, transfers, adjustments."""

from collections.abc import Callable
from typing import TypeVar

from cryptovault.engine import limits
from cryptovault.engine.account import Record, is_customer, is_holder, is_name, repeat
from cryptovault.engine.commands import (
    Adjust,
    CreditDeposit,
    HoldWithdrawal,
    ReleaseWithdrawal,
    ResetPaper,
    SettleWithdrawal,
    Transfer,
)
from cryptovault.engine.events import Done, Event, Rejected, Repeated, Verdict
from cryptovault.engine.ledger import AVAILABLE, HELD
from cryptovault.engine.rejects import Reject
from cryptovault.engine.state import State
from cryptovault.engine.types import CLEARING_PREFIX, FEES, TREASURY, AssetStatus, EntryKind
from cryptovault.engine.withdrawal import Withdrawal, WithdrawalStatus

Refusal = tuple[Reject, str]
Money = TypeVar("Money", HoldWithdrawal, Transfer, Adjust, ResetPaper)

_NO_DEPOSITS = (AssetStatus.NO_DEPOSIT, AssetStatus.FROZEN)
_NO_WITHDRAWALS = (AssetStatus.NO_WITHDRAWAL, AssetStatus.FROZEN)


def credit_deposit(state: State, command: CreditDeposit, events: list[Event]) -> Verdict:
    """Credit a payment once, ever. A refused one is not remembered: it may come again when the asset is open."""
    refusal = _refuse_text(command.key, command.rail) or _refuse_customer(state, command.account)
    if refusal is not None:
        return Rejected(command.account, *refusal)
    known = state.deposits.get(command.key)
    if known is not None:
        if known != command:
            return Rejected(command.account, Reject.DEPOSIT_DUPLICATE, "this payment was credited otherwise")
        events.append(Repeated(command.account, command.key))
        return Done(command.account, command.key)
    refusal = _refuse_deposit(state, command)
    if refusal is not None:
        return Rejected(command.account, *refusal)
    # From here on it must succeed.
    state.deposits[command.key] = command
    asset, amount = command.asset, command.amount
    postings = (
        (command.account, asset, AVAILABLE, amount),
        (CLEARING_PREFIX + command.rail, asset, AVAILABLE, -amount),
    )
    state.ledger.post(events, EntryKind.DEPOSIT, command.key, postings)
    return Done(command.account, command.key)


def _refuse_deposit(state: State, command: CreditDeposit) -> Refusal | None:
    if (refusal := _refuse_asset(state, command.asset, _NO_DEPOSITS)) is not None:
        return refusal
    if not _is_amount(command.amount):
        return Reject.AMOUNT_INVALID, "the amount must be positive"
    clearing = CLEARING_PREFIX + command.rail
    if command.amount > state.ledger.room(clearing, command.asset):
        return Reject.LIMIT_REACHED, "the rail's clearing account is at its limit"
    if len(state.deposits) >= limits.MAX_DEPOSITS or state.account_limit_reached(clearing):
        return Reject.LIMIT_REACHED, "no room for further deposits"
    return None


def keyed(
    state: State, command: Money, events: list[Event], perform: Callable[[State, Money, list[Event]], Verdict]
) -> Verdict:
    """Answer a known key as before; else perform the command and remember the answer."""
    refusal = _refuse_text(command.key) or _refuse_holder(state, command.account)
    if refusal is not None:
        return Rejected(command.account, *refusal)
    account = state.ledger.open(command.account)
    known = account.keys.get(command.key)
    if known is not None:
        return repeat(known, command, events)
    if len(state.money_keys) >= limits.MAX_MONEY_KEYS:
        return Rejected(command.account, Reject.LIMIT_REACHED, "no room for further keys")
    verdict = perform(state, command, events)
    record: Record = (state.at, command, verdict)
    account.keys[command.key] = record
    state.money_keys.append(record)
    return verdict


def hold_withdrawal(state: State, command: HoldWithdrawal, events: list[Event]) -> Verdict:
    """Set amount and fee aside."""
    return keyed(state, command, events, _hold_withdrawal)


def _hold_withdrawal(state: State, command: HoldWithdrawal, events: list[Event]) -> Verdict:
    account, asset = command.account, command.asset
    refusal = _refuse_withdrawal(state, command)
    if refusal is not None:
        return Rejected(account, *refusal)
    # From here on it must succeed.
    total = command.amount + command.fee
    state.withdrawals[account, command.key] = Withdrawal(asset, command.amount, command.fee, command.rail)
    postings = ((account, asset, AVAILABLE, -total), (account, asset, HELD, total))
    state.ledger.post(events, EntryKind.WITHDRAWAL_HOLD, command.key, postings)
    return Done(account, command.key)


def _refuse_withdrawal(state: State, command: HoldWithdrawal) -> Refusal | None:
    if not is_name(command.rail):
        return Reject.COMMAND_INVALID, "not a rail"
    if not is_customer(command.account):
        return Reject.ACCOUNT_INVALID, "this account cannot withdraw"
    if (refusal := _refuse_asset(state, command.asset, _NO_WITHDRAWALS)) is not None:
        return refusal
    if not _is_amount(command.amount) or (command.fee != 0 and not _is_amount(command.fee)):
        return Reject.AMOUNT_INVALID, "the amount must be positive, the fee not negative"
    if state.account_limit_reached(CLEARING_PREFIX + command.rail):
        return Reject.LIMIT_REACHED, "no more accounts"
    return _refuse_funds(state, command.account, command.asset, command.amount + command.fee)


def settle_withdrawal(state: State, command: SettleWithdrawal, events: list[Event]) -> Verdict:
    """What was held leaves the exchange; its fee stays."""
    return _close_withdrawal(state, command, events, WithdrawalStatus.SETTLED)


def release_withdrawal(state: State, command: ReleaseWithdrawal, events: list[Event]) -> Verdict:
    """What was held becomes available again."""
    return _close_withdrawal(state, command, events, WithdrawalStatus.RELEASED)


def _close_withdrawal(
    state: State, command: SettleWithdrawal | ReleaseWithdrawal, events: list[Event], status: WithdrawalStatus
) -> Verdict:
    account, key = command.account, command.key
    withdrawal = state.withdrawals.get((account, key))
    if withdrawal is None:
        return Rejected(account, Reject.WITHDRAWAL_UNKNOWN, "no such withdrawal")
    if not withdrawal.is_open:
        if withdrawal.status is status:
            events.append(Repeated(account, key))
            return Done(account, key)
        return Rejected(account, Reject.WITHDRAWAL_CLOSED, f"it was {withdrawal.status.name.lower()} before")
    # From here on it must succeed.
    asset, amount, fee, total = withdrawal.asset, withdrawal.amount, withdrawal.fee, withdrawal.held
    withdrawal.status = status
    if status is WithdrawalStatus.RELEASED:
        postings = [(account, asset, HELD, -total), (account, asset, AVAILABLE, total)]
        state.ledger.post(events, EntryKind.WITHDRAWAL_RELEASE, key, tuple(postings))
        return Done(account, key)
    postings = [(account, asset, HELD, -total), (CLEARING_PREFIX + withdrawal.rail, asset, AVAILABLE, amount)]
    if fee:
        postings.append((FEES, asset, AVAILABLE, fee))
    state.ledger.post(events, EntryKind.WITHDRAWAL_SETTLE, key, tuple(postings))
    return Done(account, key)


def transfer(state: State, command: Transfer, events: list[Event]) -> Verdict:
    """Move an amount from one account to another."""
    return keyed(state, command, events, _transfer)


def _transfer(state: State, command: Transfer, events: list[Event]) -> Verdict:
    account, asset, amount = command.account, command.asset, command.amount
    refusal = _refuse_holder(state, command.to)
    if refusal is None and account == command.to:
        refusal = Reject.ACCOUNT_INVALID, "sender and receiver are the same"
    refusal = refusal or _refuse_asset(state, asset, (AssetStatus.FROZEN,))
    if refusal is None and not _is_amount(amount):
        refusal = Reject.AMOUNT_INVALID, "the amount must be positive"
    refusal = refusal or _refuse_funds(state, account, asset, amount)
    if refusal is not None:
        return Rejected(account, *refusal)
    # From here on it must succeed.
    postings = ((account, asset, AVAILABLE, -amount), (command.to, asset, AVAILABLE, amount))
    state.ledger.post(events, EntryKind.TRANSFER, command.key, postings)
    return Done(account, command.key)


def adjust(state: State, command: Adjust, events: list[Event]) -> Verdict:
    """Correct an account against the treasury."""
    return keyed(state, command, events, _adjust)


def _adjust(state: State, command: Adjust, events: list[Event]) -> Verdict:
    account, asset, amount = command.account, command.asset, command.amount
    payer, payment = (account, -amount) if amount < 0 else (TREASURY, amount)
    refusal: Refusal | None = None
    if len(command.reason) > limits.MAX_TEXT:
        refusal = Reject.COMMAND_INVALID, f"a reason has at most {limits.MAX_TEXT} characters"
    elif account == TREASURY:
        refusal = Reject.ACCOUNT_INVALID, "the treasury is the other side of every adjustment"
    refusal = refusal or _refuse_asset(state, asset, ())
    if refusal is None and not _is_amount(payment):
        refusal = Reject.AMOUNT_INVALID, "the amount must not be zero"
    refusal = refusal or _refuse_funds(state, payer, asset, payment)
    if refusal is not None:
        return Rejected(account, *refusal)
    # From here on it must succeed.
    postings = ((account, asset, AVAILABLE, amount), (TREASURY, asset, AVAILABLE, -amount))
    state.ledger.post(events, EntryKind.ADJUSTMENT, command.key, postings)
    return Done(account, command.key)


def _refuse_text(key: str, rail: str = "none") -> Refusal | None:
    if not 0 < len(key) <= limits.MAX_KEY or not is_name(rail):
        return Reject.COMMAND_INVALID, f"a key has 1 to {limits.MAX_KEY} characters, and a rail has a name"
    return None


def _refuse_customer(state: State, name: str) -> Refusal | None:
    if not is_customer(name):
        return Reject.ACCOUNT_INVALID, "not an account of a customer"
    return _refuse_holder(state, name)


def _refuse_holder(state: State, name: str) -> Refusal | None:
    if not is_holder(name):
        return Reject.ACCOUNT_INVALID, "not an account that can hold money"
    if state.account_limit_reached(name):
        return Reject.LIMIT_REACHED, "no more accounts"
    return None


def _refuse_asset(state: State, symbol: str, closed: tuple[AssetStatus, ...]) -> Refusal | None:
    asset = state.assets.get(symbol)
    if asset is None:
        return Reject.ASSET_UNKNOWN, "no such asset"
    if asset.mirrors:
        return Reject.ASSET_CLOSED, f"{symbol} is play money: it never comes in, goes out or changes hands"
    if asset.status in closed:
        return Reject.ASSET_CLOSED, f"{symbol} is closed for this: {asset.status.name.lower()}"
    return None


def _refuse_funds(state: State, account: str, asset: str, amount: int) -> Refusal | None:
    room = state.ledger.room(account, asset)
    if amount > room:
        return Reject.INSUFFICIENT_FUNDS, f"needs {amount} units of {asset}, has {room} available"
    return None


def _is_amount(amount: int) -> bool:
    return type(amount) is int and 0 < amount <= limits.MAX_AMOUNT
