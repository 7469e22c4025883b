"""A new password by mail, and freezing. Whoever asks gets the same answer, in the same time, for any address."""

from datetime import UTC, datetime, timedelta

from cryptovault.features.auth import policy
from cryptovault.features.auth.devices.service import freeze_url, origin_of
from cryptovault.features.auth.hashing import Owner, hash_password, is_short, owner_of_password
from cryptovault.features.auth.links import BAD_LINK, Links, Purpose
from cryptovault.features.auth.lockout import Lockout
from cryptovault.features.auth.repository import Accounts
from cryptovault.features.auth.security import record, tell
from cryptovault.features.auth.state import end_everything, lock_withdrawals
from cryptovault.infra.mail import Mail
from cryptovault.infra.mongo import Document
from cryptovault.kit.call import Call
from cryptovault.kit.errors import BadInput, RateLimited
from cryptovault.kit.rate_limit import RateClass
from cryptovault.kit.services import Services
from cryptovault.kit.step_up import SETTINGS_LOCK

_FORGOT_MINUTE = RateClass("forgot_minute", policy.RESEND_PER_MINUTE)
_FORGOT_HOUR = RateClass("forgot_hour", policy.RESEND_PER_HOUR, window=3600)


class Recovery:
    """What the owner of an account can do without signing in, for one worker."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._accounts = Accounts(services.db)
        self._links = Links(services.db, services.settings)

    async def forgot(self, email: str, call: Call) -> None:
        """Mail a link to set a new password; for an unknown address do as much and send nothing (T19)."""
        try:
            for rate in (_FORGOT_MINUTE, _FORGOT_HOUR):
                await self._services.limiter.check(rate, email)
        except RateLimited:
            return
        user = await self._accounts.user_by_email(email) or {"_id": "", "email": email}
        minutes = self._services.settings.reset_token_minutes
        expires_at = self._now() + timedelta(minutes=minutes)
        url = await self._links.make(Purpose.RESET, user["_id"], expires_at)
        values = {"url": url, "minutes": minutes, **origin_of(call)}
        mail = Mail(email, kind="password_reset", values=values, user_id=user["_id"], decoy=not user["_id"])
        await self._services.mailer.send(mail)
        await record(call, user["_id"], "password_reset_asked")

    async def owner(self, token: str) -> Owner | None:
        """Whose password a link can still set; None where it is used up or too old."""
        link = await self._links.look(Purpose.RESET, token, self._now())
        user = await self._accounts.user(link["user_id"]) if link is not None else None
        return None if user is None else await owner_of_password(self._services, user)

    async def reset(self, token: str, password: str, call: Call) -> None:
        """Set a new password and end everything that was signed in; second factors stay, nobody is signed in (T18)."""
        user = await self._owner(await self._links.look(Purpose.RESET, token, self._now()))
        hashed = await hash_password(self._services, password, await owner_of_password(self._services, user))
        await self._owner(await self._links.take(Purpose.RESET, token, self._now()))
        now = self._now()
        fields = {"password_hash": hashed, "password_changed_at": now, "short_password": is_short(password)}
        fields |= {"frozen_at": None, "email_verified": True}
        await self._accounts.update_user(user["_id"], fields)
        until = max(now + policy.RESET_WITHDRAWAL_LOCK, user.get(SETTINGS_LOCK) or now)
        await lock_withdrawals(self._services, user["_id"], until, "password_reset")
        await self._links.drop(user["_id"], Purpose.RESET, Purpose.EMAIL)
        await end_everything(self._services, user["_id"], "password_reset")
        await Lockout(self._services).lift(user["email"])
        await record(call, user["_id"], "password_reset", unfrozen=user.get("frozen_at") is not None)
        facts = {"at": now, "freeze_url": await freeze_url(call, user["_id"]), **origin_of(call)}
        await tell(call, user, "password_changed", **facts)

    async def freeze(self, token: str, call: Call) -> None:
        """End every session and API key and keep everybody out, until the owner has set a new password by mail."""
        link = await self._links.take(Purpose.FREEZE, token, self._now())
        user = await self._owner(link)
        await freeze(call, user["_id"], "freeze_link")

    async def _owner(self, link: Document | None) -> Document:
        user = await self._accounts.user(link["user_id"]) if link is not None else None
        if user is None:
            raise BadInput(BAD_LINK, details=[{"field": "token", "message": BAD_LINK, "type": "token"}])
        return user

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._services.clock.now_ms() / 1000, UTC)


async def freeze(call: Call, user_id: str, reason: str) -> None:
    """Close an account to everybody and everything; what it owns stays where it is."""
    services = call.services
    now = datetime.fromtimestamp(services.clock.now_ms() / 1000, UTC)
    await Accounts(services.db).update_user(user_id, {"frozen_at": now})
    await Links(services.db, services.settings).drop(user_id, Purpose.RESET, Purpose.EMAIL)
    await lock_withdrawals(services, user_id, now + policy.RESET_WITHDRAWAL_LOCK, reason)
    await end_everything(services, user_id, reason)
    await record(call, user_id, "account_frozen", reason=reason)
