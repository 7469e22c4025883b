"""J4 and J5: the same commands make the same state, by any way, in any process."""

import os
import random
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from cryptovault.engine import snapshot
from cryptovault.engine.commands import Adjust, Command
from cryptovault.engine.exchange import Exchange
from engine.market_of_fools import OPENING, Fools

LENGTH = 500


def journal(seed: int, length: int = LENGTH) -> list[tuple[int, Command]]:
    """Commands with their times."""
    fools = Fools(random.Random(seed))
    commands = [*OPENING, *(fools.command() for _ in range(length))]
    commands.insert(len(OPENING), Adjust("@maker", "wide", "ETH", 10**25, "wider than 64 bits"))
    return [(number * 3, command) for number, command in enumerate(commands)]


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


def test_j4_digest_sees_every_part_of_the_state() -> None:
    """Each command that changes anything changes the digest."""
    exchange = Exchange()
    seen = set()
    for number, (at, command) in enumerate(journal(3, 300), 1):
        exchange.apply(number, at, command)
        seen.add(exchange.digest())
        assert len(seen) == number


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
