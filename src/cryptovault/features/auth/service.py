"""Signing up, in and out. Every answer about an unknown account is the one a known account would get."""

import hmac
from datetime import UTC, datetime
from hashlib import sha256
from secrets import randbelow

from bson import ObjectId

from cryptovault.features.auth import policy
from cryptovault.features.auth.repository import Accounts
from cryptovault.features.auth.schemas import LogIn, SignUp, VerifyEmail
from cryptovault.features.auth.sessions import Grant
from cryptovault.features.auth.sign_in import Pending, admit, enter
from cryptovault.infra.mail import Mail
from cryptovault.infra.mongo import Database, Document
from cryptovault.infra.passwords import HashersBusy, Passwords
from cryptovault.kit.call import Call
from cryptovault.kit.errors import BadInput, EmailNotVerified, NotAuthenticated, Overloaded, RateLimited
from cryptovault.kit.rate_limit import RateClass
from cryptovault.kit.services import Services

_WRONG_LOGIN = "The e-mail address or the password is wrong."
_WRONG_CODE = "The code is wrong, used up or older than 10 minutes."

_RESEND_MINUTE = RateClass("resend_minute", policy.RESEND_PER_MINUTE)
_RESEND_HOUR = RateClass("resend_hour", policy.RESEND_PER_HOUR, window=3600)


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
                return await enter(call, user, "email_code")
        raise BadInput(_WRONG_CODE, details=[{"field": "code", "message": _WRONG_CODE, "type": "code"}])

    async def log_in(self, request: LogIn, call: Call) -> Grant | Pending:
        """Sign in by password. One hash is checked whoever asks, so time tells nothing."""
        rates = self._services.rates
        await self._services.limiter.check(rates.login, f"{call.address}:{request.email}")
        user = await self._accounts.user_by_email(request.email)
        if user is None:
            waiting = await self._accounts.signups(request.email)
            if await self._verify(waiting[0]["password_hash"] if waiting else None, request.password):
                raise EmailNotVerified
            raise NotAuthenticated(_WRONG_LOGIN)
        # Who signed up with Google, GitHub or Apple has no password; checking takes as long as with one.
        if not await self._verify(user["password_hash"] or None, request.password):
            raise NotAuthenticated(_WRONG_LOGIN)
        if self._services.passwords.outdated(user["password_hash"]):
            await self._accounts.update_user(user["_id"], {"password_hash": await self._hash(request.password)})
        return await admit(call, user, "password")

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
