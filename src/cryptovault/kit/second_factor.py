"""Who trades, or hands a key to a program, has a second factor first where SECOND_FACTOR_REQUIRED says so.

Whatever moves money out asks the same question. It is about the account, not about the request: orders by an API key
or over a socket are as closed as those of a page until the owner has an authenticator or a passkey.
"""

from typing import Final

from cryptovault.infra.clock import Clock
from cryptovault.infra.mongo import Database
from cryptovault.kit.errors import NotAllowed
from cryptovault.settings import Settings

KNOWN_SECONDS: Final = 10.0
"""How long a worker believes that an account has a second factor; that it has none is looked up each time."""

_MAX_KNOWN = 50_000


class SecondFactorMissing(NotAllowed):
    """The account has no second factor yet: POST /auth/2fa/setup or /auth/passkeys/register/begin give it one."""

    code = "SECOND_FACTOR_REQUIRED"
    message = "Set up a second factor first: an authenticator app or a passkey."


class SecondFactors:
    """Which accounts have a second factor, as one worker knows it."""

    def __init__(self, settings: Settings, db: Database, clock: Clock) -> None:
        self._required = settings.second_factor_required
        self._factors, self._passkeys = db["second_factors"], db["passkeys"]
        self._clock = clock
        self._known: dict[str, float] = {}

    async def require(self, user_id: str) -> None:
        """SecondFactorMissing where the exchange asks for a second factor and the account has none."""
        if self._required and not await self._has(user_id):
            raise SecondFactorMissing

    async def _has(self, user_id: str) -> bool:
        now = self._clock.monotonic()
        if self._known.get(user_id, now) > now:
            return True
        query = {"_id": user_id, "totp": {"$exists": True}}
        found = await self._factors.find_one(query, {"_id": 1}) or await self._passkeys.find_one(
            {"user_id": user_id}, {"_id": 1}
        )
        self._known.pop(user_id, None)
        if found is None:
            return False
        if len(self._known) >= _MAX_KNOWN:
            del self._known[next(iter(self._known))]
        self._known[user_id] = now + KNOWN_SECONDS
        return True
