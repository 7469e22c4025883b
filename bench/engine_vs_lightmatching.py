"""How fast the engine is with holds, fees and postings, against lightmatchingengine, which only matches.

Both run the same stream, interpreted and in this process, nothing is journaled in either; the runs alternate, and the
fastest of each counts. Both must end with the same quantity resting, or the comparison is refused. The deeper the book,
the more lightmatchingengine has to search; a Binance snapshot of BTC-USDT shows 1,000 levels a side.

    python bench/engine_vs_lightmatching.py [--steps 100000] [--levels 20 100 500 1000] [--rounds 5]
"""

import argparse
import gc
import sys
import time
from collections.abc import Callable
from typing import Any

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
from order_stream import BUY, MAKERS, TAKERS, Add, Step, stream, warm_up

SCALE = 8
TICK = 10**6  # 0.01 USDT
LOT = 10**5  # 0.001 BTC
PAIR = "BTC-USDT"
BATCH = 500


def prepared_exchange() -> Exchange:
    """An exchange with one market, where everybody has money and coins."""
    exchange = Exchange()
    commands: list[Command] = [
        DefineAsset("BTC", SCALE),
        DefineAsset("USDT", SCALE),
        DefineMarket(PAIR, "BTC", "USDT", TICK, LOT, 1, 1000, 1500, 50_000, 10**15, 10**6),
    ]
    commands.extend(
        CreditDeposit(f"trader{trader}", f"{trader}{asset}", asset, 10**18, "faucet")
        for trader in range(MAKERS + TAKERS)
        for asset in ("BTC", "USDT")
    )
    for seq, command in enumerate(commands, 1):
        exchange.apply(seq, 1, command)
    return exchange


def command_of(number: int, step: Step) -> Command:
    """A step as our engine takes it, with an idempotency key of its own."""
    if not isinstance(step, Add):
        return CancelOrder(f"trader{step.trader}", step.number)
    trader, side, qty = f"trader{step.trader}", Side(step.side), step.lots * LOT
    return PlaceOrder(trader, f"key{number}", PAIR, side, OrderType.LIMIT, TimeInForce.GTC, step.price, qty)


def call_of(_number: int, step: Step) -> tuple[int, ...]:
    """A step as the arguments of lightmatchingengine."""
    if not isinstance(step, Add):
        return (step.number,)
    return (step.price, step.lots, LightSide.BUY if step.side == BUY else LightSide.SELL)


def measure(
    steps: list[Step], first: int, make: Callable[[int, Step], Any], work: Callable[[list[Any]], None]
) -> float:
    """Seconds of work on all steps from `first` on, with the garbage collector off, as in the engine process.

    What is fed is made outside the clock, batch by batch, as a sequencer decodes a batch just before it applies it.
    """
    gc.collect()
    gc.freeze()
    gc.disable()
    seconds = 0.0
    for start in range(0, len(steps), BATCH):
        batch = [make(number, steps[number]) for number in range(start, min(start + BATCH, len(steps)))]
        before = time.perf_counter()
        work(batch)
        seconds += (time.perf_counter() - before) * (start >= first)
    gc.enable()
    gc.unfreeze()
    return seconds


def run_ours(steps: list[Step], first: int) -> tuple[float, int]:
    """Seconds, and the lots that rest at the end."""
    exchange = prepared_exchange()

    def work(commands: list[Command]) -> None:
        apply = exchange.apply
        for seq, command in enumerate(commands, exchange.seq + 1):
            apply(seq, seq, command)

    seconds = measure(steps, first, command_of, work)
    exchange.check()
    bids, asks = exchange.depth(PAIR, 10**9)
    return seconds, sum(qty for _, qty in bids + asks) // LOT


def run_light(steps: list[Step], first: int) -> tuple[float, int]:
    """Seconds, and the lots that rest at the end."""
    engine = LightMatchingEngine()

    def work(calls: list[tuple[int, ...]]) -> None:
        add, cancel = engine.add_order, engine.cancel_order
        for call in calls:
            if len(call) == 1:
                cancel(call[0], PAIR)
            else:
                add(PAIR, *call)

    seconds = measure(steps, first, call_of, work)
    book = engine.order_books[PAIR]
    sides = [*book.bids.values(), *book.asks.values()]
    return seconds, sum(order.leaves_qty for level in sides for order in level)


def compare(steps: int, levels: int, rounds: int) -> None:
    """Print both rates and their ratio. Filling the book, up to a whole batch, is not measured."""
    first = -(-warm_up(levels) // BATCH) * BATCH
    work = list(stream(first, steps, levels))
    ours, light = [], []
    for _ in range(rounds):
        our_seconds, our_lots = run_ours(work, first)
        light_seconds, light_lots = run_light(work, first)
        if our_lots != light_lots:
            sys.exit(f"the books differ: {our_lots} and {light_lots} lots rest")
        ours.append(our_seconds)
        light.append(light_seconds)
    our_rate, light_rate = steps / min(ours), steps / min(light)
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
