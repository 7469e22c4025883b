"""What we asked and wait for an answer to: kept in Redis under an unguessable name, answered once.

Losing one is harmless, its owner starts again; with Redis away nothing that needs one goes on.
"""

from secrets import token_urlsafe
from typing import Any, Final

import msgspec
from redis.asyncio import Redis

_MAX_TOKEN = 128

SECOND_FACTOR: Final = "second_factor"
PASSKEY: Final = "passkey"
OAUTH_STATE: Final = "oauth_state"
OAUTH_RESULT: Final = "oauth_result"
WALLET: Final = "wallet"
STEP_UP: Final = "step_up"


class Challenges:
    """Open questions of one kind."""

    def __init__(self, redis: Redis, kind: str, seconds: int) -> None:
        self._redis = redis
        self._prefix = f"cv:challenge:{kind}:"
        self._seconds = seconds

    async def ask(self, facts: dict[str, Any], token: str = "") -> str:
        """Keep the facts for `seconds`; the result names them, 256 random bits unless a token is given."""
        token = token or token_urlsafe(32)
        await self._redis.set(self._prefix + token, msgspec.json.encode(facts), ex=self._seconds)
        return token

    async def look(self, token: str) -> dict[str, Any] | None:
        """The facts, which stay; None where there are none."""
        return _facts(await self._redis.get(self._prefix + token)) if _plausible(token) else None

    async def take(self, token: str) -> dict[str, Any] | None:
        """The facts, for the one who comes first; None for everybody later."""
        return _facts(await self._redis.getdel(self._prefix + token)) if _plausible(token) else None


def _plausible(token: str) -> bool:
    return 0 < len(token) <= _MAX_TOKEN


def _facts(stored: bytes | str | None) -> dict[str, Any] | None:
    return None if stored is None else msgspec.json.decode(stored)
