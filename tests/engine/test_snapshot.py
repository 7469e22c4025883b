"""J4 and J5: the same commands make the same state, by any way, in any process."""

import os
import random
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from cryptovault.engine import snapshot
from cryptovault.engine.commands import (
    Adjust,
    AmendOrder,
    CancelAll,
    CancelOrder,
    Command,
    CreditDeposit,
    DefineAsset,
    EpochBarrier,
    HoldWithdrawal,
    OpenPaperMarket,
    PlaceOrder,
    ReleaseWithdrawal,
    ReplaceQuotes,
    ResetPaper,
    ScheduleMarketStatus,
    SetAssetStatus,
    SetCancelTimer,
    SetFeeTiers,
    SetMarketStatus,
    SetReferencePrices,
    SettleWithdrawal,
    Terms,
    Transfer,
)
from cryptovault.engine.events import Rejected
from cryptovault.engine.exchange import Exchange
from cryptovault.engine.types import AssetStatus, MarketStatus, OrderType, TimeInForce
from engine.market_of_fools import OPENING, Fools
from engine.playing import BUY, MARKET, PAIR, SELL, Table

LENGTH = 500


def journal(seed: int, length: int = LENGTH) -> list[tuple[int, Command]]:
    """Commands with their times."""
    fools = Fools(random.Random(seed))
    commands = [*OPENING, *(fools_command(fools, 3 * (len(OPENING) + number)) for number in range(length))]
    commands.insert(len(OPENING), Adjust("@maker", "wide", "ETH", 10**25, "wider than 64 bits"))
    return [(number * 3, command) for number, command in enumerate(commands)]


def fools_command(fools: Fools, now: int) -> Command:
    """Their next command, made at a time."""
    fools.now = now
    return fools.command()


def replay(exchange: Exchange, entries: list[tuple[int, Command]]) -> Exchange:
    """Apply what comes after what the exchange has."""
    for at, command in entries[exchange.seq :]:
        exchange.apply(exchange.seq + 1, at, command)
    return exchange


def test_j5_a_snapshot_at_any_moment_leads_to_the_same_state() -> None:
    """For every k: load the snapshot of k, replay the rest, and the digest is that of the full replay."""
    entries = journal(1, 120)
    whole = replay(Exchange(), entries)
    running = Exchange()
    for k in range(len(entries)):
        running = replay(running, entries[: k + 1])
        stored = msgspec.msgpack.encode(snapshot.dump(running))
        loaded = snapshot.load(msgspec.msgpack.decode(stored))
        assert loaded.digest() == running.digest()
        assert replay(loaded, entries).digest() == whole.digest()
        loaded.check()


def test_j5_a_chain_of_snapshots_forgets_nothing() -> None:
    """Going through a snapshot after every command ends in the same state, answer by answer."""
    entries = journal(2, 300)
    whole, chained = Exchange(), Exchange()
    for number, (at, command) in enumerate(entries, 1):
        chained = snapshot.load(snapshot.dump(chained))
        assert whole.apply(number, at, command) == chained.apply(number, at, command)
    assert chained.digest() == whole.digest()


def test_j5_a_foreign_format_is_refused() -> None:
    """A tree of another format is not loaded."""
    tree = snapshot.dump(Exchange())
    tree[0] = 99
    with pytest.raises(ValueError, match="snapshot format 99"):
        snapshot.load(tree)


def test_j5_a_snapshot_of_the_first_format_is_loaded() -> None:
    """What was appended since takes its default: resting orders, keys and quotes of an old snapshot are all there."""
    table = Table()
    table.place("bob", BUY, 100, 1600)
    table.place("carol", SELL, 100, 1700)
    table.do(ReplaceQuotes("carol", PAIR, (), ((1701, 100),)))
    tree = snapshot.dump(table.exchange)[:10]
    tree[0] = 1
    old_state = 21  # a tag and twenty fields
    for market in tree[4]:
        del market[7:]
        for side in market[5:7]:
            side[:] = [[*order[:5], list(order[5])[:old_state]] for order in side]
    tree[5] = [[at, command, list(told)[:old_state]] for at, command, told in tree[5]]
    loaded = snapshot.load(msgspec.msgpack.decode(msgspec.msgpack.encode(tree)))
    loaded.check()
    assert loaded.digest() == table.exchange.digest()


def test_j5_a_snapshot_without_paper_is_as_it_was_before_there_was_any() -> None:
    """So the digests that older versions have written down still hold."""
    tree = snapshot.dump(Table().exchange)
    assert [len(asset) for asset in tree[2]] == [4, 4]
    assert [sorted(market[-1]) for market in tree[4]] == [["moves", "reopens_at", "schedule"]]


def timeless(exchange: Exchange) -> bytes:
    """The digest without what every command changes."""
    state = exchange.state
    kept = state.seq, state.at
    state.seq = state.at = 0
    digest = exchange.digest()
    state.seq, state.at = kept
    return digest


CHANGES: list[Command] = [
    EpochBarrier(7, "node"),
    DefineAsset("ETH", 3),
    SetAssetStatus("USD", AssetStatus.FROZEN),
    SetAssetStatus("USD", AssetStatus.ACTIVE),
    MARKET._replace(maker_fee=5),
    MARKET._replace(taker_fee=5),
    MARKET._replace(min_notional=5),
    MARKET._replace(collar=5),
    MARKET._replace(max_qty=10**6),
    MARKET._replace(max_open_orders=5),
    MARKET._replace(reference_max_age=5),
    MARKET._replace(band=10_000),
    SetReferencePrices(((PAIR, 1616),)),
    SetReferencePrices(((PAIR, 1617),)),
    MARKET._replace(band=10_000, band_window=5),
    MARKET._replace(halt_for=5),
    MARKET._replace(order_types=3),
    MARKET,
    ScheduleMarketStatus(PAIR, MarketStatus.OPEN, 10**6),
    ScheduleMarketStatus(PAIR, MarketStatus.OPEN, 10**6 + 1),
    ScheduleMarketStatus(PAIR, MarketStatus.HALTED, 10**6 + 1),
    ScheduleMarketStatus(PAIR, MarketStatus.OPEN, 0),
    SetMarketStatus(PAIR, MarketStatus.PRE_OPEN),
    SetMarketStatus(PAIR, MarketStatus.POST_ONLY),
    SetMarketStatus(PAIR, MarketStatus.OPEN),
    SetReferencePrices(((PAIR, 1601),)),
    SetReferencePrices(((PAIR, 1601),)),
    SetFeeTiers(("USD",), ((0, 9, 9), (1, 5, 5))),
    SetCancelTimer("bob", 10_000),
    SetCancelTimer("bob", 10_001),
    SetCancelTimer("bob", 0),
    PlaceOrder("bob", "a", PAIR, BUY, OrderType.LIMIT, TimeInForce.GTC, 1600, 100),
    PlaceOrder("bob", "b", PAIR, BUY, OrderType.LIMIT, TimeInForce.GTC, 1600, 100),
    PlaceOrder("nobody", "c", PAIR, BUY, OrderType.LIMIT, TimeInForce.GTC, 1600, 100),
    PlaceOrder("carol", "d", PAIR, SELL, OrderType.LIMIT, TimeInForce.GTC, 1600, 50),
    AmendOrder("bob", 1, qty=90),
    AmendOrder("bob", 1, price=1599),
    CancelOrder("bob", 1),
    PlaceOrder("bob", "j", PAIR, BUY, OrderType.LIMIT, TimeInForce.GTD, 9, 100, terms=Terms(expires_at=10**6)),
    PlaceOrder("bob", "k", PAIR, BUY, OrderType.LIMIT, TimeInForce.GTC, 9, 100, terms=Terms(visible_qty=20)),
    PlaceOrder("carol", "l", PAIR, SELL, OrderType.LIMIT, TimeInForce.IOC, 9, 230),
    ReplaceQuotes("bob", PAIR, ((1599, 100),), ()),
    CancelAll("bob"),
    CreditDeposit("bob", "e", "USD", 5, "bank"),
    HoldWithdrawal("bob", "f", "USD", 5, 1, "bank"),
    HoldWithdrawal("bob", "g", "USD", 5, 1, "bank"),
    SettleWithdrawal("bob", "f"),
    ReleaseWithdrawal("bob", "g"),
    Transfer("bob", "h", "carol", "USD", 5),
    Adjust("bob", "i", "USD", 5, "why"),
    OpenPaperMarket(PAIR),
    ResetPaper("bob", "m", "PAPERUSD", 10**6),
    PlaceOrder("bob", "n", "PAPERBTC-PAPERUSD", BUY, OrderType.LIMIT, TimeInForce.GTC, 1500, 100),
    CancelAll("bob", "", True),
]


def test_j4_digest_and_snapshot_see_every_part_of_the_state() -> None:
    """Each command that changes anything changes the digest, and a snapshot brings back exactly that."""
    table = Table()
    digests = [timeless(table.exchange)]
    for command in CHANGES:
        verdict = table.do(command)[-1]
        assert not isinstance(verdict, Rejected) or verdict.account == "nobody"
        digests.append(timeless(table.exchange))
        assert digests[-1] != digests[-2], command
        loaded = snapshot.load(snapshot.dump(table.exchange))
        loaded.check()
        assert timeless(loaded) == digests[-1]


@pytest.mark.parametrize("hash_seed", ["1", "777"])
def test_j4_same_digest_in_another_process(hash_seed: str) -> None:
    """Another process with another hash seed replays to the same digest."""
    code = f"from engine.test_snapshot import *\nprint(replay(Exchange(), journal(4, {LENGTH})).digest().hex())"
    environment = os.environ | {
        "PYTHONHASHSEED": hash_seed,
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), *sys.path]),
    }
    other = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert other.stdout.strip() == replay(Exchange(), journal(4, LENGTH)).digest().hex()
