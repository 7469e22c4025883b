"""Signing up, in and out. Every answer about an unknown account is the one a known account would get."""

import asyncio
import contextlib
import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import randbelow, token_hex, token_urlsafe
from typing import NamedTuple

from bson import ObjectId
from pymongo.errors import PyMongoError
from redis.exceptions import RedisError

from cryptovault.features.auth import policy
from cryptovault.features.auth.repository import Accounts
from cryptovault.features.auth.schemas import LogIn, SignUp, VerifyEmail
from cryptovault.infra.fanout import REVOKED
from cryptovault.infra.logging import get_logger
from cryptovault.infra.mail import Mail
from cryptovault.infra.mongo import Database, Document
from cryptovault.infra.passwords import HashersBusy, Passwords
from cryptovault.kit.call import Call
from cryptovault.kit.errors import BadInput, EmailNotVerified, NotAuthenticated, Overloaded, RateLimited
from cryptovault.kit.rate_limit import RateClass
from cryptovault.kit.services import Services

_log = get_logger("auth")

_WRONG_LOGIN = "The e-mail address or the password is wrong."
_WRONG_CODE = "The code is wrong, used up or older than 10 minutes."
_MAX_USER_AGENT = 200

_RESEND_MINUTE = RateClass("resend_minute", policy.RESEND_PER_MINUTE)
_RESEND_HOUR = RateClass("resend_hour", policy.RESEND_PER_HOUR, window=3600)


class Grant(NamedTuple):
    """A session as its holder gets it; `refresh_token` is empty where the holder has the new one already."""

    user: Document
    session_id: str
    access_token: str
    refresh_token: str


class Auth:
    """What can be done with accounts, for one worker."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._accounts = Accounts(services.db)

    async def sign_up(self, request: SignUp) -> str:
        """Begin an account and mail its code; the result is the id the user will have.

        Where the address has an account, its owner gets a mail saying so, and the caller learns nothing.
        """
        fault = policy.password_fault(request.password, request.email)
        if fault:
            raise BadInput(fault, details=[{"field": "password", "message": fault, "type": "password"}])
        hashed = await self._hash(request.password)
        user_id = str(ObjectId())
        if await self._accounts.user_by_email(request.email) is not None:
            text = "Somebody tried to sign up with this address. You have an account already: log in instead."
            await self._services.mailer.send(Mail(request.email, "You have an account already", text))
            return user_id
        code, fields = self._new_code(user_id)
        now = self._now()
        signup = {
            "_id": user_id,
            "email": request.email,
            "name": request.name,
            "password_hash": hashed,
            "created_at": now,
            "expires_at": now + policy.SIGNUP_LIFETIME,
            **fields,
        }
        await self._accounts.add_signup(signup)
        await self._mail_code(request.email, code)
        return user_id

    async def resend(self, email: str) -> None:
        """Mail a new code, within limits that count unknown addresses alike. Says nothing of whether one went out."""
        try:
            for rate in (_RESEND_MINUTE, _RESEND_HOUR):
                await self._services.limiter.check(rate, email)
        except RateLimited:
            return
        waiting = await self._accounts.signups(email)
        if waiting:
            code, fields = self._new_code(waiting[0]["_id"])
            await self._accounts.renew_code(waiting[0]["_id"], fields)
            await self._mail_code(email, code)

    async def verify_email(self, request: VerifyEmail, call: Call) -> Grant:
        """Turn the sign-up whose code this is into an account, and sign its owner in."""
        for signup in await self._accounts.try_code(request.email, self._now()):
            expected = self._code_mac(signup["_id"], request.code)
            if hmac.compare_digest(expected, signup["code_mac"]) and await self._accounts.take_signup(signup["_id"]):
                user = new_user(signup["_id"], request.email, signup["name"], signup["password_hash"], self._now())
                await self._accounts.add_user(user)
                await self._accounts.drop_signups(request.email)
                return await self._start_session(user, call)
        raise BadInput(_WRONG_CODE, details=[{"field": "code", "message": _WRONG_CODE, "type": "code"}])

    async def log_in(self, request: LogIn, call: Call) -> Grant:
        """Sign in by password. One hash is checked whoever asks, so time tells nothing."""
        rates = self._services.rates
        await self._services.limiter.check(rates.login, f"{call.address}:{request.email}")
        user = await self._accounts.user_by_email(request.email)
        if user is None:
            waiting = await self._accounts.signups(request.email)
            if await self._verify(waiting[0]["password_hash"] if waiting else None, request.password):
                raise EmailNotVerified
            raise NotAuthenticated(_WRONG_LOGIN)
        if not await self._verify(user["password_hash"], request.password):
            raise NotAuthenticated(_WRONG_LOGIN)
        fields: Document = {"last_login": self._now()}
        if self._services.passwords.outdated(user["password_hash"]):
            fields["password_hash"] = await self._hash(request.password)
        await self._accounts.update_user(user["_id"], fields)
        return await self._start_session(user, call)

    async def refresh(self, token: str, call: Call) -> Grant:
        """Exchange a refresh token for new tokens. A token that was used before ends its whole session."""
        session_id, _, secret = token.partition(".")
        session = await self._accounts.session(session_id) if secret else None
        now = self._now()
        if session is None or session["revoked_at"] is not None or session["expires_at"] <= now:
            raise NotAuthenticated("Your session has ended.")
        call.check_csrf(session_id)
        presented, new_secret = _hash_secret(secret), token_urlsafe(32)
        fields = {"refresh_hash": _hash_secret(new_secret), "expires_at": now + self._refresh_lifetime}
        won = await self._accounts.rotate(session_id, presented, fields, now)
        if won is None:
            await self._refuse_reuse(session_id, presented, call)
            new_secret = ""
        user = await self._accounts.user(session["user_id"])
        if user is None:
            raise NotAuthenticated
        return self._grant(user, session_id, new_secret)

    async def end_session(self, session_id: str, reason: str) -> None:
        """Revoke a session: durably, in this worker at once, in the others by message (or by their poll)."""
        await self._accounts.end_session(session_id, reason, self._now())
        self._services.tokens.revoke(session_id)
        with contextlib.suppress(RedisError, OSError):
            await self._services.redis.publish(REVOKED, session_id)

    async def user(self, user_id: str) -> Document:
        """The caller's account."""
        user = await self._accounts.user(user_id)
        if user is None:
            raise NotAuthenticated
        return user

    async def rename(self, user_id: str, name: str) -> Document:
        """Change the caller's display name."""
        user = await self._accounts.update_user(user_id, {"name": name})
        if user is None:
            raise NotAuthenticated
        return user

    @property
    def _refresh_lifetime(self) -> timedelta:
        return timedelta(days=self._services.settings.refresh_token_expire_days)

    async def _refuse_reuse(self, session_id: str, presented: str, call: Call) -> None:
        """Return only if this is the same browser asking twice at once; otherwise the session is over."""
        session = await self._accounts.session(session_id)
        if session is not None and session["revoked_at"] is None and self._is_twin(session, presented, call):
            return
        _log.warning("refresh token reused", session_id=session_id, address=call.address)
        await self.end_session(session_id, "refresh_reuse")
        raise NotAuthenticated("Your session has ended.")

    def _is_twin(self, session: Document, presented: str, call: Call) -> bool:
        recent = self._now() - session["rotated_at"] <= policy.REFRESH_GRACE
        same_browser = (session["user_agent"], session["address"]) == (_user_agent(call), call.address)
        return recent and same_browser and hmac.compare_digest(session["previous_hash"], presented)

    async def _start_session(self, user: Document, call: Call) -> Grant:
        session_id, secret, now = token_hex(16), token_urlsafe(32), self._now()
        session = {
            "_id": session_id,
            "user_id": user["_id"],
            "refresh_hash": _hash_secret(secret),
            "previous_hash": "",
            "rotated_at": now,
            "created_at": now,
            "expires_at": now + self._refresh_lifetime,
            "revoked_at": None,
            "reason": "",
            "user_agent": _user_agent(call),
            "address": call.address,
        }
        await self._accounts.add_session(session)
        for surplus in await self._accounts.surplus_sessions(user["_id"], now):
            await self.end_session(surplus, "too_many_sessions")
        return self._grant(user, session_id, secret)

    def _grant(self, user: Document, session_id: str, secret: str) -> Grant:
        access = self._services.tokens.issue(user["_id"], session_id, user["role"])
        return Grant(user, session_id, access, f"{session_id}.{secret}" if secret else "")

    def _new_code(self, signup_id: str) -> tuple[str, Document]:
        code = f"{randbelow(10**policy.CODE_DIGITS):0{policy.CODE_DIGITS}}"
        expires = self._now() + policy.CODE_LIFETIME
        return code, {"code_mac": self._code_mac(signup_id, code), "code_expires_at": expires, "tries": 0}

    def _code_mac(self, signup_id: str, code: str) -> str:
        """Six digits are guessed in no time from a plain hash; without our secret this one says nothing."""
        secret = self._services.settings.csrf_secret.get_secret_value().encode()
        return hmac.digest(secret, f"verify:{signup_id}:{code}".encode(), sha256).hex()

    async def _mail_code(self, email: str, code: str) -> None:
        text = f"Your code is {code}. It works for 10 minutes. If you did not sign up, ignore this mail."
        await self._services.mailer.send(Mail(email, "Your CryptoVault code", text, code))

    async def _hash(self, password: str) -> str:
        try:
            return await self._services.passwords.hash(password)
        except HashersBusy as error:
            raise Overloaded from error

    async def _verify(self, stored: str | None, password: str) -> bool:
        try:
            return await self._services.passwords.verify(stored, password)
        except HashersBusy as error:
            raise Overloaded from error

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._services.clock.now_ms() / 1000, UTC)


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


def new_user(user_id: str, email: str, name: str, password_hash: str, now: datetime) -> Document:
    """The document of an account whose address is confirmed."""
    return {
        "_id": user_id,
        "email": email,
        "name": name,
        "password_hash": password_hash,
        "email_verified": True,
        "role": "user",
        "created_at": now,
        "last_login": None,
    }


async def ensure_user(db: Database, passwords: Passwords, email: str, password: str, name: str) -> str:
    """Make sure that a confirmed account exists, and return its id; an existing one is left as it is.

    For demo accounts and tests: nobody proves the address.
    """
    accounts = Accounts(db)
    user = await accounts.user_by_email(email.lower())
    if user is None:
        user = new_user(str(ObjectId()), email.lower(), name, await passwords.hash(password), datetime.now(UTC))
        await accounts.add_user(user)
    return str(user["_id"])


def _hash_secret(secret: str) -> str:
    """Refresh secrets are 256 random bits: a plain hash is enough, and nothing to steal in the database."""
    return sha256(secret.encode()).hexdigest()


def _user_agent(call: Call) -> str:
    return call.headers.get(b"user-agent", b"").decode("latin-1")[:_MAX_USER_AGENT]
