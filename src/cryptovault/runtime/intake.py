"""What waits to be sequenced, and who is turned away at the door (J11)."""

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from cryptovault.engine.commands import Command
from cryptovault.infra.engine_frames import Status
from cryptovault.infra.engine_server import Caller
from cryptovault.runtime.journal import MAX_IN_FLIGHT


class Limits(NamedTuple):
    """Bounds of the sequencer; beyond them commands are refused before they are journaled."""

    waiting: int = 16_384  # commands offered and not yet answered
    batch: int = 1_024  # commands in one record
    batch_bytes: int = 4 << 20  # of frames in one record
    in_flight: int = MAX_IN_FLIGHT  # records being written at the same time; readers count on no more


class Waiting(NamedTuple):
    """A command that was taken in."""

    caller: Caller
    request_id: int
    command: Command
    deadline: float
    size: int
    joined: bool = False
    """Whether it belongs into the same record as the one before it."""


class Intake:
    """The bounded queue in front of the sequencer."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._queue: deque[Waiting] = deque()
        self.unanswered = 0
        self.stopping = False
        self.paused = False

    def __len__(self) -> int:
        return len(self._queue)

    @property
    def goes_on(self) -> bool:
        """Whether the next command belongs into the record of the last one that was taken."""
        return bool(self._queue) and self._queue[0].joined

    def offer(self, *waiting: Waiting) -> bool:
        """Take a command, or several that came together; or refuse them on the spot."""
        first = waiting[0]
        if self.stopping or self.paused:
            reason = "the engine stops" if self.stopping else "the journal cannot be written now"
            first.caller.refuse(first.request_id, Status.UNAVAILABLE, 1.0, reason)
            return False
        if self.unanswered + len(waiting) > self._limits.waiting:
            first.caller.refuse(first.request_id, Status.BUSY, 0.1, "the engine has too much to do")
            return False
        self.unanswered += len(waiting)
        self._queue.extend(waiting)
        return True

    def take_batch(self, now: float) -> Iterator[Waiting]:
        """The commands of the next record; those that came too late are refused instead."""
        count = size = 0
        while self._queue:
            head = self._queue[0]
            full = count >= self._limits.batch or size + head.size > self._limits.batch_bytes
            if full and count and not head.joined:
                return
            waiting = self._queue.popleft()
            if waiting.deadline <= now:
                self.unanswered -= 1
                waiting.caller.refuse(waiting.request_id, Status.EXPIRED, 0.1, "the deadline had passed")
                continue
            count += 1
            size += waiting.size
            yield waiting
