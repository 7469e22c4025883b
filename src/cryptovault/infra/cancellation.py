"""A cancellation that got lost on its way.

`asyncio.wait_for` of Python 3.11 swallows a cancellation that arrives in the moment its inner task is done, and PyMongo
and ccxt use it for every message. A loop around them would go on for ever after being cancelled.
"""

import asyncio


def heed_cancellation() -> None:
    """Raise CancelledError if the running task was cancelled and does not know it; for the head of a loop."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
