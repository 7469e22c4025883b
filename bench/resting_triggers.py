"""What orders that wait for a price cost everybody else: the same stream with and without 10,000 of them, none firing.

A third of them are trailing stops; half look at the reference price, half at the trades. Every tick and every trade
passes all of them. The runs alternate, and the fastest of each counts, in processor time. Then one price fires
thousands at once, and how long the longest command takes is how long everybody else waits.

    python bench/resting_triggers.py [--triggers 10000] [--steps 60000] [--rounds 3]
"""

import argparse
import gc
import random
import sys
import time

from cryptovault.engine.commands import CancelOrder, Command, CreditDeposit, PlaceOrder, SetReferencePrices, Terms, Tick
from cryptovault.engine.events import OrderState, Rejected
from cryptovault.engine.exchange import Exchange
from cryptovault.engine.types import OrderType, Side, TimeInForce, TriggerSource
from engine_vs_lightmatching import LOT, PAIR, command_of, prepared_exchange
from order_stream import MIDDLE, stream, warm_up

LEVELS = 20
WARM_UP = 1_000
WAITERS = 200
TICK_EVERY = 10
KINDS = (OrderType.STOP, OrderType.TAKE_PROFIT, OrderType.TRAILING_STOP)


def waiting_order(number: int) -> PlaceOrder:
    """A sell so far away that the prices of the stream do not fire it."""
    rng = random.Random(number)  # noqa: S311 - reproducible, not secret
    kind, source, away = KINDS[number % 3], TriggerSource(number // 3 % 2), rng.randint(5_000, 8_000)
    trigger = {OrderType.STOP: MIDDLE - away, OrderType.TAKE_PROFIT: MIDDLE + away}.get(kind, 0)
    terms = Terms(trigger, source) if trigger else Terms(0, source, away, 0, 0 if source == 0 else MIDDLE - 500)
    return PlaceOrder(
        f"waiter{number % WAITERS}", f"w{number}", PAIR, Side.SELL, kind, TimeInForce.GTC, 0, LOT, terms=terms
    )


def orders(steps: int, shift: int) -> list[Command]:
    """The stream; numbers of orders begin `shift` higher where so many came before."""
    commands = [command_of(number, step) for number, step in enumerate(stream(warm_up(LEVELS), steps, LEVELS))]
    return [
        command._replace(order_id=command.order_id + shift) if isinstance(command, CancelOrder) else command
        for command in commands
    ]


def with_ticks(commands: list[Command]) -> list[Command]:
    """A tick of the reference price after every few commands: a walk around the middle."""
    rng, price = random.Random(5), MIDDLE  # noqa: S311 - reproducible, not secret
    mixed: list[Command] = []
    for number, command in enumerate(commands):
        mixed.append(command)
        if number % TICK_EVERY == 0:
            price = min(MIDDLE + 1_000, max(MIDDLE - 1_000, price + rng.randint(-20, 20)))
            mixed.append(SetReferencePrices(((PAIR, price),)))
    return mixed


def opened(triggers: int) -> Exchange:
    """An exchange on which so many orders wait."""
    exchange = prepared_exchange()
    opening: list[Command] = [SetReferencePrices(((PAIR, MIDDLE),))]
    opening += [CreditDeposit(f"waiter{number}", f"w{number}", "BTC", 10**15, "faucet") for number in range(WAITERS)]
    for command in [*opening, *map(waiting_order, range(triggers))]:
        verdict = exchange.apply(exchange.seq + 1, 1, command)[-1]
        if isinstance(verdict, Rejected):
            sys.exit(f"{command} is refused: {verdict.detail}")
    return exchange


def run(steps: int, triggers: int) -> tuple[float, Exchange]:
    """Seconds for the commands while so many orders wait."""
    exchange, first = opened(triggers), warm_up(LEVELS) + WARM_UP
    commands = orders(steps + WARM_UP, triggers)
    for seq, command in enumerate(commands[:first], exchange.seq + 1):
        exchange.apply(seq, seq, command)
    work = with_ticks(commands[first:])
    gc.collect()
    gc.freeze()
    gc.disable()
    begin, seq, apply = time.process_time(), exchange.seq, exchange.apply
    for command in work:
        seq += 1
        apply(seq, seq, command)
    took = time.process_time() - begin
    gc.enable()
    gc.unfreeze()
    if exchange.state.watched != triggers:
        sys.exit(f"{triggers - exchange.state.watched} orders fired; none should")
    return len(work) / took, exchange


def fire_all(exchange: Exchange) -> None:
    """One tick that fires all sells which look at the reference price and wait for it to fall, and what follows it."""
    longest = total = fired = 0.0
    command: Command = SetReferencePrices(((PAIR, 1_000),))
    commands = 0
    gc.collect()
    gc.disable()
    while commands == 0 or exchange.is_firing:
        begin = time.process_time()
        events = exchange.apply(exchange.seq + 1, exchange.seq, command)
        took = time.process_time() - begin
        total, longest, commands, command = total + took, max(longest, took), commands + 1, Tick()
        fired += sum(isinstance(event, OrderState) and event.triggered == exchange.at for event in events)
    gc.enable()
    print(f"  one tick that fires {fired:,.0f} orders: {commands} commands, {total * 1000:,.0f} ms together,")
    print(f"    the longest {longest * 1000:.1f} ms, {fired / total:,.0f} orders/s")
    exchange.check()


def stops_only(triggers: int) -> Exchange:
    """An exchange on which so many stops wait for the same price, and one bid for all of them."""
    exchange = opened(0)
    bid = PlaceOrder("trader0", "bid", PAIR, Side.BUY, OrderType.LIMIT, TimeInForce.GTC, MIDDLE // 2, triggers * LOT)
    stops = [
        waiting_order(3 * number)._replace(key=f"s{number}", terms=Terms(MIDDLE - 6_000)) for number in range(triggers)
    ]
    for order in (bid, *stops):
        verdict = exchange.apply(exchange.seq + 1, 1, order)[-1]
        if isinstance(verdict, Rejected):
            sys.exit(f"{order} is refused: {verdict.detail}")
    return exchange


def main() -> None:
    """Compare, then fire."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--triggers", type=int, default=10_000)
    parser.add_argument("--steps", type=int, default=60_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    alone, together = [], []
    for _ in range(options.rounds):
        alone.append(run(options.steps, 0)[0])
        rate, exchange = run(options.steps, options.triggers)
        together.append(rate)
    print(f"python {sys.version.split()[0]}, {options.steps:,} commands and a tick after every {TICK_EVERY}")
    print(f"  no order waits      {max(alone):9,.0f} commands/s")
    print(
        f"  {options.triggers:6,} orders wait  {max(together):9,.0f} commands/s, ratio {max(together) / max(alone):.3f}"
    )
    fire_all(exchange)
    fire_all(stops_only(options.triggers))


if __name__ == "__main__":
    main()
