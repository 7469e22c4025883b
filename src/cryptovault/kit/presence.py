"""When a session was last used: noted in the worker's memory, and written down every few seconds for all together."""

import asyncio
import contextlib
from datetime import UTC, datetime

from pymongo.errors import PyMongoError

from cryptovault.infra.clock import Clock
from cryptovault.infra.mongo import Database

WRITE_SECONDS = 15.0
_MANY = 1_000


class Presence:
    """The sessions that were used since the last time it was written down, in one worker."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._sessions = db["sessions"]
        self._clock = clock
        self._seen: set[str] = set()
        self.note = self._seen.add
        """Note that a session was used; called for each request, so it does nothing else."""

    async def write_forever(self) -> None:
        """Write down what was noted, until cancelled. What cannot be written is noted anew by the next use."""
        while True:
            await asyncio.sleep(WRITE_SECONDS)
            with contextlib.suppress(PyMongoError):
                await self.write()

    async def write(self) -> None:
        """Write down what was noted; times are as exact as the pause between two of these."""
        seen, now = [*self._seen], datetime.fromtimestamp(self._clock.now_ms() / 1000, UTC)
        self._seen.clear()
        for start in range(0, len(seen), _MANY):
            query = {"_id": {"$in": seen[start : start + _MANY]}, "revoked_at": None}
            await self._sessions.update_many(query, {"$set": {"last_seen_at": now}})
