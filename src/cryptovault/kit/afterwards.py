"""What follows from something that has happened and cannot undo it: logs, mails, tidying up.

Whoever was let in is let in, though the security log is slow or Redis is away just then. Each step is tried a few
times; the request waits for them for a moment, so that usually they are done when its answer arrives.
"""

import asyncio
from collections.abc import Awaitable, Callable

from pymongo.errors import PyMongoError
from redis.exceptions import RedisError

from cryptovault.infra.logging import get_logger
from cryptovault.kit.errors import Unavailable

PATIENCE_SECONDS = 3.0
_TRIES = 4
_PAUSE_SECONDS = 0.5

_log = get_logger("api")
_under_way: set[asyncio.Task[None]] = set()
"""The loop itself keeps no hold of its tasks."""

Step = Callable[[], Awaitable[object]]


async def afterwards(*steps: Step) -> None:
    """Do the steps, one after the other. No failure comes back; one that lasts is logged."""
    task = asyncio.create_task(_all(steps))
    _under_way.add(task)
    task.add_done_callback(_under_way.discard)
    await asyncio.wait({task}, timeout=PATIENCE_SECONDS)


async def _all(steps: tuple[Step, ...]) -> None:
    for step in steps:
        await _lasting(step)


async def _lasting(step: Step) -> None:
    for tries_left in reversed(range(_TRIES)):
        try:
            await step()
        except (PyMongoError, RedisError, OSError, Unavailable):
            if not tries_left:
                _log.exception("not done afterwards", step=getattr(step, "__qualname__", ""))
                return
            await asyncio.sleep(_PAUSE_SECONDS)
        except Exception:  # noqa: BLE001 - what has happened stays, whatever is wrong with its consequences
            _log.exception("not done afterwards", step=getattr(step, "__qualname__", ""))
            return
        else:
            return
