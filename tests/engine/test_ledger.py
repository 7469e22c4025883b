"""The ledger's invariants L1 to L6 and L8 over everything a long random day does."""

import itertools
import random
from collections import Counter
from collections.abc import Iterator

import pytest

from cryptovault.engine.commands import Command
from cryptovault.engine.events import Event, Posted, Trade
from cryptovault.engine.exchange import Exchange
from cryptovault.engine.ledger import Ledger
from cryptovault.engine.types import Bucket, EntryKind, InvariantBroken, Side
from engine.market_of_fools import OPENING, Fools

DAYS = range(3)


def day(seed: int, length: int = 1_500) -> Iterator[tuple[Exchange, Command, list[Event]]]:
    """A random day, command by command."""
    exchange = Exchange()
    fools = Fools(random.Random(seed))
    for number in range(len(OPENING) + length):
        fools.now = number
        command = OPENING[number] if number < len(OPENING) else fools.command()
        yield exchange, command, exchange.apply(number + 1, number, command)


@pytest.mark.parametrize("seed", DAYS)
def test_l1_every_asset_sums_to_zero(seed: int) -> None:
    """Over all accounts, users and house, each asset sums to zero after every command."""
    for exchange, _, _ in day(seed):
        for asset in exchange.assets:
            assert sum(sum(exchange.balance(name, asset)) for name in exchange.state.accounts) == 0


@pytest.mark.parametrize("seed", DAYS)
def test_l2_every_entry_balances(seed: int) -> None:
    """Each entry sums to zero per asset and has no empty posting."""
    for _, _, events in day(seed):
        for entry in events:
            if isinstance(entry, Posted):
                sums: Counter[str] = Counter()
                for _, asset, _, amount in entry.postings:
                    assert amount != 0
                    sums[asset] += amount
                assert not any(sums.values()), entry


@pytest.mark.parametrize("seed", DAYS)
def test_l3_nobody_is_negative(seed: int) -> None:
    """Only the treasury and clearing accounts are ever below zero, and nothing held is."""
    for exchange, _, _ in day(seed):
        for name in exchange.state.accounts:
            for available, held in exchange.balances(name).values():
                assert held >= 0
                assert available >= 0 or name == "@treasury" or name.startswith("@clearing:")


@pytest.mark.parametrize("seed", DAYS)
def test_l3_postings_are_never_negative_on_the_way(seed: int) -> None:
    """Also between the entries of one command, no balance of a user is negative."""
    balances: Counter[tuple[str, str, Bucket]] = Counter()
    for _, command, events in day(seed):
        for entry in events:
            if isinstance(entry, Posted):
                for account, asset, bucket, amount in entry.postings:
                    balances[account, asset, bucket] += amount
                for account, asset, bucket, _ in entry.postings:
                    assert balances[account, asset, bucket] >= 0 or account.startswith("@"), (command, entry)


@pytest.mark.parametrize("seed", DAYS)
def test_l4_holds_are_explained(seed: int) -> None:
    """The audit, which recomputes every hold from orders, quotes and withdrawals, passes after every command."""
    for exchange, _, _ in day(seed):
        exchange.check()


@pytest.mark.parametrize("seed", DAYS)
def test_l5_trades_conserve(seed: int) -> None:
    """Per trade, what one side gives is what the other side and the house receive, in both assets."""
    traded = 0
    for exchange, _, events in day(seed):
        for trade, entry in itertools.pairwise(events):
            if not isinstance(trade, Trade):
                continue
            traded += 1
            assert isinstance(entry, Posted)
            assert entry.ref == f"{trade.market}/{trade.trade_id}"
            market = exchange.markets[trade.market]
            buyer, seller = trade.taker_account, trade.maker_account
            base_fee, quote_fee = trade.taker_fee, trade.maker_fee
            if trade.taker_side is Side.SELL:
                buyer, seller, base_fee, quote_fee = seller, buyer, quote_fee, base_fee
            change: Counter[tuple[str, str, Bucket]] = Counter()
            for account, asset, bucket, amount in entry.postings:
                change[account, asset, bucket] += amount
            assert change[seller, market.base, Bucket.HELD] == -trade.qty
            assert change[buyer, market.base, Bucket.AVAILABLE] == trade.qty - base_fee
            assert change["@fees", market.base, Bucket.AVAILABLE] == base_fee
            assert change[buyer, market.quote, Bucket.HELD] == -trade.notional
            assert change[seller, market.quote, Bucket.AVAILABLE] == trade.notional - quote_fee
            assert change["@fees", market.quote, Bucket.AVAILABLE] == quote_fee
            assert trade.notional * market.whole == trade.price * market.tick * trade.qty
    assert traded > 50


@pytest.mark.parametrize("seed", DAYS)
def test_l6_fees_stay_within_what_is_received(seed: int) -> None:
    """No fee is negative or above the amount it is taken from."""
    for _, _, events in day(seed):
        for trade in events:
            if isinstance(trade, Trade):
                buyer_fee, seller_fee = trade.taker_fee, trade.maker_fee
                if trade.taker_side is Side.SELL:
                    buyer_fee, seller_fee = seller_fee, buyer_fee
                assert 0 <= buyer_fee <= trade.qty
                assert 0 <= seller_fee <= trade.notional


@pytest.mark.parametrize("seed", DAYS)
def test_l8_balances_are_the_sum_of_postings(seed: int) -> None:
    """Every balance is the sum of the postings so far, so any earlier balance can be reproduced."""
    sums: Counter[tuple[str, str, Bucket]] = Counter()
    for exchange, _, events in day(seed):
        for entry in events:
            if isinstance(entry, Posted):
                for account, asset, bucket, amount in entry.postings:
                    sums[account, asset, bucket] += amount
        for (account, asset, bucket), total in sums.items():
            assert exchange.balance(account, asset)[bucket] == total


def test_l2_an_unbalanced_entry_stops_the_engine() -> None:
    """Postings that do not sum to zero raise instead of being posted."""
    ledger, available = Ledger(), Bucket.AVAILABLE
    with pytest.raises(InvariantBroken, match="sums to"):
        ledger.post([], EntryKind.TRANSFER, "x", (("bob", "USD", available, 5), ("@treasury", "USD", available, -4)))


def test_l3_an_overdraft_stops_the_engine() -> None:
    """A posting that would take a user below zero raises instead of being posted."""
    ledger, available = Ledger(), Bucket.AVAILABLE
    with pytest.raises(InvariantBroken, match="leaves"):
        ledger.post([], EntryKind.TRANSFER, "x", (("bob", "USD", available, -5), ("carol", "USD", available, 5)))


def test_l3_nothing_is_held_below_zero() -> None:
    """The floor of the treasury is for what it has available; a negative hold raises for everybody."""
    ledger, held = Ledger(), Bucket.HELD
    with pytest.raises(InvariantBroken, match="leaves"):
        ledger.post([], EntryKind.TRANSFER, "x", (("@treasury", "USD", held, -5), ("bob", "USD", held, 5)))
