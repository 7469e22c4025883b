"""What each worker does about sessions beside its requests: learning of ended ones, ending those that are over."""

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta

from pymongo.errors import PyMongoError

from cryptovault.features.auth import policy
from cryptovault.features.auth.repository import Accounts
from cryptovault.features.auth.sessions import Sessions
from cryptovault.kit.services import Services


async def end_overdue_forever(services: Services) -> None:
    """End sessions that are over by themselves, until cancelled. Several workers doing so do no harm."""
    while True:
        await asyncio.sleep(policy.OVERDUE_POLL_SECONDS)
        with contextlib.suppress(PyMongoError):
            await Sessions(services).end_overdue()


async def learn_revocations(services: Services, look_back: timedelta) -> None:
    """Take note of sessions that ended within a time, wherever they were ended."""
    since = datetime.fromtimestamp(services.clock.now_ms() / 1000, UTC) - look_back
    for session_id in await Accounts(services.db).ended_since(since):
        services.tokens.revoke(session_id)


async def watch_revocations(services: Services) -> None:
    """Learn of sessions ended anywhere until cancelled, should the message about one not arrive.

    How far a look goes back covers the time in which looks have failed.
    """
    looked_at = services.clock.monotonic()
    while True:
        await asyncio.sleep(policy.REVOCATION_POLL_SECONDS)
        now = services.clock.monotonic()
        with contextlib.suppress(PyMongoError):
            await learn_revocations(services, timedelta(seconds=now - looked_at) + policy.REVOCATION_OVERLAP)
            looked_at = now
