"""Signing up, in and out. Every answer about an unknown account is the one a known account would get."""

import hmac
from datetime import UTC, datetime

from bson import ObjectId

from cryptovault.features.auth import policy
from cryptovault.features.auth.devices.service import Devices, origin_of
from cryptovault.features.auth.hashing import Owner, hash_password, verify_password
from cryptovault.features.auth.lockout import Lockout
from cryptovault.features.auth.mailed_codes import code_mac, new_code
from cryptovault.features.auth.repository import Accounts
from cryptovault.features.auth.schemas import LogIn, SignUp, VerifyEmail
from cryptovault.features.auth.security import record
from cryptovault.features.auth.sessions import Grant
from cryptovault.features.auth.sign_in import Pending, admit, enter
from cryptovault.infra.mail import Mail
from cryptovault.infra.mongo import Database, Document
from cryptovault.infra.passwords import Passwords
from cryptovault.kit.call import Call
from cryptovault.kit.errors import BadInput, EmailNotVerified, NotAuthenticated, RateLimited
from cryptovault.kit.rate_limit import RateClass
from cryptovault.kit.services import Services

_WRONG_LOGIN = "The e-mail address or the password is wrong."
_WRONG_CODE = "The code is wrong, used up or older than 10 minutes."
_WHOSE_CODE = "Several sign-ups wait with this address. Enter the code where you signed up, or sign up again."

_RESEND_MINUTE = RateClass("resend_minute", policy.RESEND_PER_MINUTE)
_RESEND_HOUR = RateClass("resend_hour", policy.RESEND_PER_HOUR, window=3600)
_SIGNUP_HOUR = RateClass("signup_hour", policy.SIGNUPS_PER_HOUR, window=3600)


class Auth:
    """What can be done with accounts, for one worker."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._accounts = Accounts(services.db)

    async def sign_up(self, request: SignUp) -> str:
        """Begin an account and mail its code; the result is the id the user will have.

        Where the address has an account, its owner gets a mail saying so, and the caller learns nothing: not even from
        the time it takes, for a sign-up that nobody can confirm is kept all the same (T19).
        """
        await self._services.limiter.check(_SIGNUP_HOUR, request.email)  # each writes to somebody
        hashed = await hash_password(self._services, request.password, Owner(request.email, request.name))
        user_id = str(ObjectId())
        taken = await self._accounts.user_by_email(request.email) is not None
        code, fields = self._new_code(user_id)
        now = self._now()
        signup = {
            "_id": user_id,
            "email": request.email,
            "name": request.name,
            "password_hash": hashed,
            "created_at": now,
            "expires_at": now + policy.SIGNUP_LIFETIME,
            "decoy": taken,
            **fields,
        }
        await self._accounts.add_signup(signup)
        if taken:
            await self._services.mailer.send(Mail(request.email, kind="account_exists"))
        else:
            await self._mail_code(request.email, code)
        return user_id

    async def resend(self, email: str, user_id: str) -> None:
        """Mail a new code, within limits that count unknown addresses alike. Says nothing of whether one went out."""
        try:
            for rate in (_RESEND_MINUTE, _RESEND_HOUR):
                await self._services.limiter.check(rate, email)
        except RateLimited:
            return
        nothing: Document = {"_id": "", "decoy": True}
        waiting = await self._accounts.signups(email)
        signup = next((one for one in waiting if user_id in {"", one["_id"]}), nothing)
        code, fields = self._new_code(signup["_id"])
        await self._accounts.renew_code(signup["_id"], fields)
        await self._mail_code(email, code, decoy=bool(signup.get("decoy")))

    async def verify_email(self, request: VerifyEmail, call: Call) -> Grant:
        """Turn the sign-up whose code this is into an account, and sign its owner in.

        Where several wait, only the one that its own browser names counts: the newest code in a mailbox may belong to
        a stranger's sign-up, and with it would come the stranger's password.
        """
        waiting = [one["_id"] for one in await self._accounts.signups(request.email)]
        if not request.user_id and len(waiting) > 1:
            raise BadInput(_WHOSE_CODE, details=[{"field": "user_id", "message": _WHOSE_CODE, "type": "missing"}])
        mine = [one for one in waiting if request.user_id in {"", one}]
        for signup in await self._accounts.try_code(mine, self._now()):
            expected = self._code_mac(signup["_id"], request.code)
            right = hmac.compare_digest(expected, signup["code_mac"]) and not signup.get("decoy")
            if right and await self._accounts.take_signup(signup["_id"]):
                user = new_user(signup["_id"], request.email, signup["name"], signup["password_hash"], self._now())
                await self._accounts.add_user(user)
                await self._accounts.drop_signups(request.email)
                await record(call, user["_id"], "account_created")
                return await enter(call, user, "email_code")
        raise BadInput(_WRONG_CODE, details=[{"field": "code", "message": _WRONG_CODE, "type": "code"}])

    async def log_in(self, request: LogIn, call: Call) -> Grant | Pending:
        """Sign in by password. The same hashes are checked whether or not there is an account: time tells nothing.

        A sign-up that waits is told so to whoever knows its password, and gives nobody new tries at the account's.
        """
        rates = self._services.rates
        await self._services.limiter.check(rates.login, f"{call.stranger}:{request.email}")
        user = await self._accounts.user_by_email(request.email)
        waiting = await self._accounts.signups(request.email)  # asked for everybody: time must not tell (T19)
        device = await Devices(self._services).known(call, user["_id"] if user else "")
        lockout = Lockout(self._services)
        locks = await lockout.count(request.email, call.address, device)
        # Who signed up with Google, GitHub or Apple has no password; checking takes as long as with one.
        stored = user["password_hash"] if user else ""
        right = await verify_password(self._services, stored or None, request.password)
        if user is None or not right:
            await self._refuse_waiting(waiting[:1], request.password)
            await self._refused(call, user or {"_id": "", "email": request.email}, locks=locks)
            raise NotAuthenticated(_WRONG_LOGIN)
        await lockout.forgive(request.email, call.address, device)
        if self._services.passwords.outdated(user["password_hash"]):
            hashed = await self._services.passwords.hash(request.password)
            await self._accounts.update_user(user["_id"], {"password_hash": hashed})
        return await admit(call, user, "password")

    async def _refuse_waiting(self, waiting: list[Document], password: str) -> None:
        """Raise EmailNotVerified where this is the password of a sign-up that waits for its code."""
        for signup in waiting:
            if await verify_password(self._services, signup["password_hash"], password):
                raise EmailNotVerified(details={"user_id": signup["_id"]})

    async def _refused(self, call: Call, user: Document, *, locks: bool) -> None:
        """Note a wrong password; the owner is told when sign-in is locked by it, at most once a day."""
        await record(call, user["_id"], "sign_in_refused", how="password", locked=locks)
        if locks:
            values = {"minutes": self._services.settings.login_lock_minutes, "at": self._now(), **origin_of(call)}
            once = f"locked:{user['_id']}:{self._now():%Y-%m-%d}" if user["_id"] else ""
            mail = Mail(user["email"], kind="account_locked", values=values, once=once, decoy=not user["_id"])
            await self._services.mailer.send(mail)

    async def user(self, user_id: str) -> Document:
        """The caller's account."""
        return await self._accounts.owner(user_id)

    async def rename(self, user_id: str, name: str) -> Document:
        """Change the caller's display name."""
        user = await self._accounts.update_user(user_id, {"name": name})
        if user is None:
            raise NotAuthenticated
        return user

    def _new_code(self, signup_id: str) -> tuple[str, Document]:
        code = new_code()
        expires = self._now() + policy.CODE_LIFETIME
        return code, {"code_mac": self._code_mac(signup_id, code), "code_expires_at": expires, "tries": 0}

    def _code_mac(self, signup_id: str, code: str) -> str:
        return code_mac(self._services.settings, f"verify:{signup_id}", code)

    async def _mail_code(self, email: str, code: str, *, decoy: bool = False) -> None:
        values = {"code": code, "minutes": int(policy.CODE_LIFETIME.total_seconds()) // 60}
        await self._services.mailer.send(Mail(email, kind="verify_code", values=values, decoy=decoy))

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
