import asyncio

import pytest

from cryptovault.infra.cancellation import end_tasks, heed_cancellation


async def test_a_swallowed_cancellation_is_heeded() -> None:
    """A loop whose body swallows the cancellation, as wait_for of Python 3.11 can, ends at its next turn."""
    turns = 0

    async def loop() -> None:
        nonlocal turns
        while True:
            heed_cancellation()
            turns += 1
            try:
                await asyncio.sleep(10)
            except asyncio.CancelledError:
                continue

    task = asyncio.create_task(loop())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(asyncio.shield(task), 1)
    assert turns == 1


async def test_a_task_that_is_not_cancelled_goes_on() -> None:
    """Nothing happens to a task nobody has cancelled."""
    heed_cancellation()


async def test_a_task_that_swallows_a_cancellation_is_cancelled_again() -> None:
    """`end_tasks` returns only when the task has ended, however often it went on."""
    swallowed = 0

    async def stubborn() -> None:
        nonlocal swallowed
        while True:
            try:
                await asyncio.sleep(10)
            except asyncio.CancelledError:
                swallowed += 1
                if swallowed == 3:
                    raise

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    await end_tasks((task,))
    assert task.cancelled()
    assert swallowed == 3
