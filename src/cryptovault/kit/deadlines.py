"""A time limit for every request, watched by one timer instead of one for each.

Arming and disarming a timer costs more than the rest of a light request's book-keeping; noting the task in a
table costs next to nothing. Once a second the table, which is in order of arrival, is looked through from
its oldest end.
"""

import asyncio
from time import monotonic
from typing import Any


class Deadlines:
    """Requests under way, and which of them were cancelled for being too slow."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._running: dict[asyncio.Task[Any], float] = {}
        self._late: set[asyncio.Task[Any]] = set()
        self._timer: asyncio.TimerHandle | None = None

    def enter(self, task: asyncio.Task[Any]) -> None:
        """A request begins."""
        self._running[task] = monotonic()
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._seconds / 30, self._sweep)

    def leave(self, task: asyncio.Task[Any]) -> bool:
        """A request has ended; True where it was cancelled from here."""
        self._running.pop(task, None)
        if task not in self._late:
            return False
        self._late.discard(task)
        return True

    def _sweep(self) -> None:
        self._timer = None
        oldest_allowed = monotonic() - self._seconds
        for task, began in list(self._running.items()):
            if began > oldest_allowed:
                break
            del self._running[task]
            self._late.add(task)
            task.cancel()
        if self._running:
            self._timer = asyncio.get_running_loop().call_later(self._seconds / 30, self._sweep)
