"""How fast the engine is with holds, fees and postings, against lightmatchingengine, which only matches.

Both run the same stream, interpreted and in this process, nothing is journaled in either; the runs alternate, and the
fastest of each counts. Both must end with the same quantity resting, or the comparison is refused.

    python bench/engine_vs_lightmatching.py [--steps 100000] [--levels 20 100 500 1000] [--rounds 5]
"""

import argparse
import gc
import sys
import time
from collections.abc import Callable

from lightmatchingengine.lightmatchingengine import LightMatchingEngine
from lightmatchingengine.lightmatchingengine import Side as LightSide

from cryptovault.engine.commands import (
    CancelOrder,
    Command,
    CreditDeposit,
    DefineAsset,
    DefineMarket,
    PlaceOrder,
)
from cryptovault.engine.exchange import Exchange
from cryptovault.engine.types import OrderType, Side, TimeInForce
from order_stream import BUY, MAKERS, TAKERS, Add, Step, stream

SCALE = 8
TICK = 10**6  # 0.01 USDT
LOT = 10**5  # 0.001 BTC
PAIR = "BTC-USDT"


def our_commands(steps: list[Step]) -> tuple[list[Command], list[Command]]:
    """What sets the exchange up, and what is measured."""
    prepare: list[Command] = [
        DefineAsset("BTC", SCALE),
        DefineAsset("USDT", SCALE),
        DefineMarket(PAIR, "BTC", "USDT", TICK, LOT, 1, 1000, 1500, 50_000, 10**15, 10**6),
    ]
    prepare.extend(
        CreditDeposit(f"trader{trader}", f"{trader}{asset}", asset, 10**18, "faucet")
        for trader in range(MAKERS + TAKERS)
        for asset in ("BTC", "USDT")
    )
    return prepare, [_command(number, step) for number, step in enumerate(steps)]


def _command(number: int, step: Step) -> Command:
    if not isinstance(step, Add):
        return CancelOrder(f"trader{step.trader}", step.number)
    return PlaceOrder(
        f"trader{step.trader}",
        f"key{number}",
        PAIR,
        Side(step.side),
        OrderType.LIMIT,
        TimeInForce.GTC,
        step.price,
        step.lots * LOT,
    )


def measure(work: Callable[[], None]) -> float:
    """Seconds of one run, with the garbage collector as the engine process has it: frozen and off."""
    gc.collect()
    gc.freeze()
    gc.disable()
    start = time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    gc.enable()
    gc.unfreeze()
    return seconds


def run_ours(steps: list[Step]) -> tuple[float, int]:
    """Seconds, and the lots that rest at the end."""
    prepare, commands = our_commands(steps)
    exchange = Exchange()
    for seq, command in enumerate(prepare, 1):
        exchange.apply(seq, 1, command)
    first = len(prepare) + 1

    def work() -> None:
        apply = exchange.apply
        for seq, command in enumerate(commands, first):
            apply(seq, seq, command)

    seconds = measure(work)
    exchange.check()
    bids, asks = exchange.depth(PAIR, 10**9)
    return seconds, sum(qty for _, qty in bids + asks) // LOT


def run_light(steps: list[Step]) -> tuple[float, int]:
    """Seconds, and the lots that rest at the end."""
    engine = LightMatchingEngine()
    calls = [
        (step.price, step.lots, LightSide.BUY if step.side == BUY else LightSide.SELL)
        if isinstance(step, Add)
        else (step.number,)
        for step in steps
    ]

    def work() -> None:
        add, cancel = engine.add_order, engine.cancel_order
        for call in calls:
            if len(call) == 1:
                cancel(call[0], PAIR)
            else:
                add(PAIR, *call)

    seconds = measure(work)
    book = engine.order_books[PAIR]
    sides = [*book.bids.values(), *book.asks.values()]
    return seconds, sum(order.leaves_qty for level in sides for order in level)


def compare(steps: int, levels: int, rounds: int) -> None:
    """Print both rates and their ratio."""
    work = list(stream(steps, levels))
    ours, light = [], []
    for _ in range(rounds):
        our_seconds, our_lots = run_ours(work)
        light_seconds, light_lots = run_light(work)
        if our_lots != light_lots:
            sys.exit(f"the books differ: {our_lots} and {light_lots} lots rest")
        ours.append(our_seconds)
        light.append(light_seconds)
    our_rate, light_rate = len(work) / min(ours), len(work) / min(light)
    print(
        f"{levels:4d} levels a side: engine {our_rate:9,.0f}/s  lightmatchingengine {light_rate:9,.0f}/s"
        f"  ratio {our_rate / light_rate:.2f}"
    )


def main() -> None:
    """Compare at several depths of the book."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=100_000)
    parser.add_argument("--levels", type=int, nargs="+", default=[20, 100, 500, 1000])
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    for levels in options.levels:
        compare(options.steps, levels, options.rounds)


if __name__ == "__main__":
    main()
