"""Questions to the leader wait here and are answered between its turns, a few at a time: commands come first."""

import asyncio
import logging
from collections import deque
from typing import Any, NamedTuple

from cryptovault.engine.exchange import Exchange
from cryptovault.engine.questions import Question, answer
from cryptovault.infra.clock import Clock
from cryptovault.infra.engine_frames import Status
from cryptovault.infra.engine_questions import read_question, write_answer
from cryptovault.infra.engine_server import Asker

MAX_WAITING = 256

logger = logging.getLogger(__name__)


class _Asked(NamedTuple):
    caller: Asker
    request_id: int
    question: Question
    deadline: float


class Questions:
    """Answers questions about an exchange, one in each turn of the loop."""

    def __init__(self, exchange: Exchange, clock: Clock) -> None:
        self._exchange = exchange
        self._clock = clock
        self._waiting: deque[_Asked] = deque()

    def ask(self, caller: Asker, request_id: int, question: list[Any], deadline: float) -> None:
        """Take a question, or refuse it now. Part of the engine server's interface. Raises ValueError."""
        asked = read_question(question)
        if len(self._waiting) >= MAX_WAITING:
            caller.refuse(request_id, Status.BUSY, 0.5, "too many questions wait")
            return
        self._waiting.append(_Asked(caller, request_id, asked, deadline))
        if len(self._waiting) == 1:
            asyncio.get_running_loop().call_soon(self._turn)

    def _turn(self) -> None:
        asked = self._waiting.popleft()
        if self._waiting:
            asyncio.get_running_loop().call_soon(self._turn)
        if asked.deadline <= self._clock.monotonic():
            asked.caller.refuse(asked.request_id, Status.EXPIRED, 0.1, "the deadline had passed")
            return
        try:
            found = answer(self._exchange.state, asked.question, self._clock.now_ms())
        except Exception:  # a question changes nothing, so its failure is nobody else's
            logger.exception("a question cannot be answered: %r", asked.question)
            asked.caller.refuse(asked.request_id, Status.INVALID, 0.0, "the question cannot be answered")
            return
        asked.caller.reply(asked.request_id, self._exchange.seq, write_answer(found))
