"""The engine client's twin: the real exchange inside this process, with no journal. For tests of what stands above."""

from collections.abc import Callable
from typing import Any

import msgspec

from cryptovault.engine.codec import decode, encode
from cryptovault.engine.commands import Command
from cryptovault.engine.events import Event
from cryptovault.engine.exchange import Exchange
from cryptovault.infra.clock import Clock, SystemClock
from cryptovault.infra.engine_frames import Ack

Listener = Callable[[int, int, list[Event], Exchange], None]
"""Called after each command with its seq, time, events and the exchange."""


class LocalEngine:
    """Executes commands at once; commands make the journey through the codec as they would on the socket."""

    def __init__(self, exchange: Exchange | None = None, clock: Clock | None = None) -> None:
        self.exchange = exchange or Exchange()
        self.listeners: list[Listener] = []
        self._clock = clock or SystemClock()

    async def submit(self, command: Command, *, timeout: float = 5.0) -> Ack:  # noqa: ARG002, ASYNC109 - as the client
        """Execute a command."""
        wire: list[Any] = msgspec.msgpack.decode(msgspec.msgpack.encode(encode(command)))
        seq = self.exchange.seq + 1
        at = max(self.exchange.at, self._clock.now_ms())
        events = self.exchange.apply(seq, at, decode(wire))
        for listener in self.listeners:
            listener(seq, at, events, self.exchange)
        verdict: Any = events[-1]
        return Ack(seq, verdict)
