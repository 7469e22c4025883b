"""Read your own writes: a reader who was given seq s waits until the read models have passed s.

The projector announces its position on Redis. Where that announcement does not come (Redis away, message
lost), whoever waits asks MongoDB, where the position is stored with the read models themselves.
"""

import asyncio
import contextlib
from collections import OrderedDict

from pymongo.errors import PyMongoError

from cryptovault.infra.cancellation import heed_cancellation
from cryptovault.infra.mongo import Database
from cryptovault.kit.errors import ReadsBehind

WAIT_SECONDS = 1.0
_POLL_SECONDS = 0.05
_MAX_USERS = 100_000
_MAX_SEQ = 2**63 - 1


class Watermark:
    """How far the read models are, as far as this worker knows; it only rises."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.seq = 0
        self._targets: dict[asyncio.Future[None], int] = {}
        self._given: OrderedDict[str, int] = OrderedDict()

    def advance(self, seq: int) -> None:
        """Take note that the read models now show everything up to `seq`."""
        if seq <= self.seq:
            return
        self.seq = seq
        for future, target in list(self._targets.items()):
            if target <= seq and not future.done():
                future.set_result(None)

    def remember(self, user_id: str, seq: int) -> None:
        """Note the seq of an answer to this user, so that any later read here sees it, cookie or not."""
        if seq > self._given.get(user_id, 0):
            self._given[user_id] = seq
            self._given.move_to_end(user_id)
            if len(self._given) > _MAX_USERS:
                self._given.popitem(last=False)

    def given(self, user_id: str) -> int:
        """The highest seq this worker has answered to a user."""
        return self._given.get(user_id, 0)

    async def reach(self, seq: int, timeout: float = WAIT_SECONDS) -> None:  # noqa: ASYNC109 - a bound, not a cancel scope
        """Wait until the read models have passed `seq`; ReadsBehind after `timeout` seconds."""
        if seq <= self.seq:
            return
        future = asyncio.get_running_loop().create_future()
        self._targets[future] = min(seq, _MAX_SEQ)
        try:
            async with asyncio.timeout(timeout):
                while not future.done():
                    heed_cancellation()
                    await asyncio.wait([future], timeout=_POLL_SECONDS)
                    if not future.done():
                        await self.refresh()
        except TimeoutError as error:
            raise ReadsBehind from error
        finally:
            del self._targets[future]

    async def refresh(self) -> None:
        """Read the position from MongoDB; where that fails the next announcement or poll will tell."""
        with contextlib.suppress(PyMongoError):
            document = await self._db["watermarks"].find_one({"_id": "read_models"}, {"seq": 1})
            if document is not None:
                self.advance(document["seq"])
