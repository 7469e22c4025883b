"""Setting up an authenticator, and checking its codes and the recovery codes."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

import segno

from cryptovault.features.auth.factor_store import TRIES, TRIES_WINDOW, FactorStore
from cryptovault.features.auth.two_factor import codes
from cryptovault.infra.mongo import Document, Within
from cryptovault.infra.sealing import Sealer
from cryptovault.kit.errors import BadInput, Conflict, RateLimited
from cryptovault.kit.services import Services
from cryptovault.kit.tokens import Identity

SETUP_LIFETIME = timedelta(minutes=15)
FEW_CODES = 3
_ISSUER = "CryptoVault"
WRONG_CODE = "The code is wrong or was used before."


class FactorLocked(RateLimited):
    """Too many wrong codes: the authenticator is locked for a while, the other methods are not."""

    code = "FACTOR_LOCKED"
    message = "Too many wrong codes. Use another method, or wait."


class NewSecret(NamedTuple):
    """A secret for the authenticator app, in the forms people need."""

    secret: str
    uri: str
    qr_svg: str


Use = Callable[[Within], Awaitable[bool]]
"""Uses a code up; False where somebody else has just done so."""


class TotpCheck(NamedTuple):
    """What a code was found to be: `use` is None for a wrong one. `last_try` says that there are no more after it."""

    use: Use | None
    last_try: bool = False


class RecoveryCheck(NamedTuple):
    """A recovery code that is right, and how many are left after it."""

    use: Use
    left: int


class TwoFactor:
    """Authenticator and recovery codes of the accounts."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._store = FactorStore(services.db)
        self._sealer = Sealer(services.settings, "totp")

    async def set_up(self, user: Document, session_id: str) -> NewSecret:
        """Make a secret, which counts from `confirm` in the same session on; Conflict where one is in force."""
        if "totp" in await self._store.factors(user["_id"]):
            raise Conflict("An authenticator is set up already. Remove it first.")
        secret = codes.new_secret()
        pending = {"sealed": self._sealer.seal(user["_id"], secret), "session_id": session_id, "made_at": self._now()}
        await self._store.begin_totp(user["_id"], pending)
        uri = codes.otpauth_uri(secret, _ISSUER, user["email"])
        picture = segno.make(uri, error="m").svg_data_uri(scale=4, border=4, dark="#000", light="#fff")
        return NewSecret(codes.base32(secret), uri, picture)

    async def confirm(self, owner: Identity, code: str) -> None:
        """Put the pending secret in force by its first code, which is used up by that."""
        user_id = owner.id
        pending: dict[str, Any] = (await self._store.factors(user_id)).get("pending", {})
        begun_here = pending.get("session_id") == owner.session_id
        if not begun_here or self._now() - pending["made_at"] > SETUP_LIFETIME:
            raise Conflict("Begin the set-up again: its QR code is older than 15 minutes.")
        step = self._step(user_id, pending["sealed"], code)
        if step is None:
            raise BadInput(WRONG_CODE, details=[{"field": "code", "message": WRONG_CODE, "type": "code"}])
        if not await self._store.confirm_totp(user_id, pending["sealed"], step, self._now()):
            raise Conflict("The authenticator was set up from elsewhere just now.")

    async def check_totp(self, user_id: str, code: str) -> TotpCheck:
        """Check a code, which works once (T17); FactorLocked after five wrong ones in 15 minutes.

        Every try is counted before it is looked at, so that guesses at the same moment are no more than five either.
        """
        factors = await self._store.count_try(user_id, self._now())
        if factors is None:
            await self._refuse_locked(user_id)
            return TotpCheck(None)
        sealed, last_try = factors["totp"]["sealed"], factors["tries"] == TRIES
        step = self._step(user_id, sealed, code)
        if step is None or step <= factors["totp"]["last_step"]:
            return TotpCheck(None, last_try)
        return TotpCheck(partial(self._store.use_step, user_id, sealed, step), last_try)

    async def check_recovery(self, user_id: str, code: str) -> RecoveryCheck | None:
        """Check a recovery code; None where it is not one of them."""
        hashed, there = codes.recovery_hash(user_id, code), await self._store.factors(user_id)
        recovery = there.get("recovery", [])
        if hashed not in recovery:
            return None
        return RecoveryCheck(partial(self._store.use_recovery, user_id, hashed), len(recovery) - 1)

    async def new_recovery_codes(self, user_id: str) -> list[str]:
        """Replace all recovery codes."""
        fresh = codes.new_recovery_codes()
        await self._store.set_recovery(user_id, codes.recovery_hashes(user_id, fresh), self._now(), only_if_none=False)
        return fresh

    async def first_recovery_codes(self, user_id: str) -> list[str]:
        """The codes that come with the first second factor; none where there are some already."""
        fresh = codes.new_recovery_codes()
        hashes = codes.recovery_hashes(user_id, fresh)
        return fresh if await self._store.set_recovery(user_id, hashes, self._now(), only_if_none=True) else []

    async def disable(self, user_id: str) -> None:
        """Forget the authenticator; Conflict where there is none."""
        if not await self._store.drop_totp(user_id):
            raise Conflict("No authenticator is set up.")

    def _step(self, user_id: str, sealed: str, code: str) -> int | None:
        if len(code) != codes.DIGITS or not code.isascii() or not code.isdigit():
            return None
        secret = self._sealer.open(user_id, sealed)
        now_ms = self._services.clock.now_ms()
        return codes.matching_step(secret, code, now_ms, self._services.settings.totp_drift_steps)

    async def _refuse_locked(self, user_id: str) -> None:
        until = (await self._store.factors(user_id)).get("locked_until")
        if until is not None and (wait := until - self._now()) > timedelta():
            raise FactorLocked(details={"tries": TRIES}, retry_after=int(wait.total_seconds()) + 1)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._services.clock.now_ms() / 1000, UTC)


LOCK_MINUTES = int(TRIES_WINDOW.total_seconds()) // 60
