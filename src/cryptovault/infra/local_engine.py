"""The engine client's twin: the real exchange inside this process, with no journal. For tests of what stands above."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from cryptovault.engine.codec import decode, encode
from cryptovault.engine.commands import Command
from cryptovault.engine.events import Event
from cryptovault.engine.exchange import Exchange
from cryptovault.engine.questions import Question, answer
from cryptovault.infra.clock import Clock, SystemClock
from cryptovault.infra.engine_frames import Ack
from cryptovault.infra.engine_questions import Reply, read_answer, read_question, write_answer, write_question

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

    async def submit_several(self, commands: Sequence[Command], *, timeout: float = 5.0) -> list[Ack]:  # noqa: ASYNC109
        """Execute commands, one after the other."""
        return [await self.submit(command, timeout=timeout) for command in commands]

    async def ask(self, question: Question, *, timeout: float = 5.0) -> Reply:  # noqa: ARG002, ASYNC109 - as the client
        """Answer a question."""
        fields: list[Any] = msgspec.msgpack.decode(msgspec.msgpack.encode(write_question(question)))
        found = answer(self.exchange.state, read_question(fields), self._clock.now_ms())
        told: list[Any] = msgspec.msgpack.decode(msgspec.msgpack.encode(write_answer(found)))
        return Reply(self.exchange.seq, read_answer(question, told))
