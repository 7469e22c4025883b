"""What one order of a batch of 50 costs in processor time, part by part: in the API's worker, and in the engine.

    python bench/batch_cost.py [--rounds 9]

Processor time of one process, the fastest of some rounds: what else the machine does counts for little.
"""

import argparse
import itertools
import time
from collections.abc import Callable
from typing import Any

import msgspec

from cryptovault.engine.commands import CreditDeposit, PlaceOrder
from cryptovault.engine.events import OrderState
from cryptovault.engine.exchange import Exchange
from cryptovault.features.orders.entry import command_of
from cryptovault.features.orders.requests import decode, decode_keyed, read_batch, read_order
from cryptovault.features.orders.views import order_answer
from cryptovault.infra.engine_frames import FrameReader, pack_several, read_command, read_event
from cryptovault.kit.catalogue import Terms
from engine_vs_lightmatching import PAIR, prepared_exchange

BATCH = 50
REPEATS = 40
OWNER = "a" * 24
_encode = msgspec.json.Encoder().encode
_keys = itertools.count()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    exchange = prepared_exchange()
    exchange.apply(exchange.seq + 1, 1, CreditDeposit(OWNER, "bench", exchange.markets[PAIR].quote, 10**24, "bench"))
    terms = Terms.of(exchange.markets[PAIR])
    bodies = decode(
        read_batch, msgspec.json.encode({"orders": [body(number, terms) for number in range(BATCH)]})
    ).orders
    requests = [decode_keyed(read_order, bytes(one)) for one in bodies]
    commands = [command_of(request, OWNER, terms) for request in requests]
    sent = pack_several((1, 1_000), commands)
    verdicts = [verdict_of(exchange, command) for command in commands]
    answered = pack_several((1, 0, 1), verdicts)
    items = [{"status": 201, "order": order_answer(one, terms, 1), "error": None} for one in verdicts]
    parts: list[tuple[str, Callable[[], object]]] = [
        ("worker: read the body", lambda: [decode_keyed(read_order, bytes(one)) for one in bodies]),
        ("worker: make the command", lambda: [command_of(request, OWNER, terms) for request in requests]),
        ("worker: send it to the engine", lambda: pack_several((1, 1_000), commands)),
        ("engine: read the command", lambda: [read_command(fields) for fields in unframed(sent)[2]]),
        ("engine: carry it out", lambda: [verdict_of(exchange, one) for one in commands]),
        ("engine: send the verdict", lambda: pack_several((1, 0, 1), verdicts)),
        ("worker: read the verdict", lambda: [read_event(fields) for fields in unframed(answered)[3]]),
        ("worker: make the answer", lambda: [order_answer(one, terms, 1) for one in verdicts]),
        ("worker: write the answer", lambda: _encode({"items": items})),
    ]
    for name, part in parts:
        print(f"{name:<32}{fastest(part, rounds):6.2f} us")


def body(number: int, terms: Terms) -> dict[str, str]:
    """A limit order as a program sends it."""
    order = {"market": PAIR, "side": "buy", "type": "limit", "price": terms.price(6_400_000), "qty": terms.qty(100_000)}
    return order | {"client_order_id": f"order-{number}"}


def verdict_of(exchange: Exchange, command: PlaceOrder) -> OrderState:
    """Carry an order out under a new key."""
    verdict = exchange.apply(exchange.seq + 1, 1, command._replace(key=str(next(_keys))))[-1]
    assert isinstance(verdict, OrderState), verdict
    return verdict


def unframed(frame: bytes) -> list[Any]:
    """The message in a frame."""
    return next(iter(FrameReader().feed(frame)))[0]


def fastest(part: Callable[[], object], rounds: int) -> float:
    """Microseconds of processor time for one order."""
    times = []
    for _ in range(rounds):
        begun = time.process_time_ns()
        for _ in range(REPEATS):
            part()
        times.append(time.process_time_ns() - begun)
    return min(times) / REPEATS / BATCH / 1_000


if __name__ == "__main__":
    main()
