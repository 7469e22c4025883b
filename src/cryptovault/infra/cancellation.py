"""A cancellation that got lost on its way.

`asyncio.wait_for` of Python 3.11 swallows a cancellation that arrives in the moment its inner task is done, and PyMongo
and ccxt use it for every message. A loop around them would go on for ever after being cancelled.
"""

import asyncio
from collections.abc import Iterable
from typing import Any

_AGAIN_SECONDS = 0.1


def heed_cancellation() -> None:
    """Raise CancelledError if the running task was cancelled and does not know it; for the head of a loop."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


async def end_tasks(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel, and cancel again, until every task has ended; what they ended with is left to the caller."""
    running = set(tasks)
    while running:
        for task in running:
            task.cancel()
        _, running = await asyncio.wait(running, timeout=_AGAIN_SECONDS)
