"""Sessions: started at each sign-in under a new id (T23), rotated by refresh, ended at once in every worker."""

import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_hex, token_urlsafe
from typing import NamedTuple

from fastapi import Response

from cryptovault.features.auth import policy
from cryptovault.features.auth.repository import Accounts
from cryptovault.features.auth.schemas import AuthResult, SessionState, User
from cryptovault.features.auth.security import record
from cryptovault.features.auth.session_limits import SessionLimits, limits_of, maybe_over, role_in
from cryptovault.infra.fanout import REVOKED, announce
from cryptovault.infra.mail import Mail
from cryptovault.infra.mongo import Document
from cryptovault.kit.call import Call
from cryptovault.kit.errors import NotAuthenticated
from cryptovault.kit.notices import Category, Notice
from cryptovault.kit.services import Services
from cryptovault.kit.tokens import Identity

_MAX_USER_AGENT = 200


class Grant(NamedTuple):
    """A session as its holder gets it; `refresh_token` and `device` are empty where the holder has them already."""

    user: Document
    session_id: str
    access_token: str
    refresh_token: str
    seconds: int
    """For how long the access token is good."""
    device: str = ""


class Sessions:
    """Starts, refreshes and ends sessions, for one worker."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._accounts = Accounts(services.db)

    def prepare(self, user: Document, call: Call, role: str, challenge: str = "") -> tuple[Grant, Document]:
        """A session to be, with the rights of a role, and the document that it begins with being stored.

        The answer to a challenge gives the session its id, so that a challenge lets in once.
        """
        session_id = sha256(challenge.encode()).hexdigest()[:32] if challenge else token_hex(16)
        secret, now = token_urlsafe(32), self._now()
        session = {
            "_id": session_id,
            "user_id": user["_id"],
            "role": role,
            "refresh_hash": _hash_secret(secret),
            "previous_hash": "",
            "rotated_at": now,
            "created_at": now,
            "last_seen_at": now,
            "revoked_at": None,
            "reason": "",
            "user_agent": _user_agent(call),
            "address": call.address,
        }
        session["expires_at"] = self._limits(role).forget_at(session, now, self._lifetime)
        return self._grant(user, session, secret), session

    async def end_surplus(self, user_id: str) -> None:
        """End the oldest sessions of a user who has more than are allowed."""
        for surplus in await self._accounts.surplus_sessions(user_id, self._now()):
            await self.end(surplus, "too_many_sessions")

    async def refresh(self, token: str, call: Call) -> Grant:
        """Exchange a refresh token for new tokens. A token that was used before ends its whole session."""
        session_id, _, secret = token.partition(".")
        session, now = await self._renewable(session_id, secret), self._now()
        call.check_csrf(session_id)
        user = await self._accounts.user(session["user_id"])
        if user is None:
            raise NotAuthenticated
        limits = self._limits(role_in(session, user))
        if (over := limits.over(session, now)) is not None:
            await self.end(session_id, over)
            raise _ended(over)
        presented, new_secret = _hash_secret(secret), token_urlsafe(32)
        forget_at = limits.forget_at(session, now, self._lifetime)
        fields = {"refresh_hash": _hash_secret(new_secret), "expires_at": forget_at}
        if call.attended:
            fields["last_seen_at"] = now
        if await self._accounts.rotate(session_id, presented, fields, now) is None:
            await self._refuse_reuse(session_id, presented, call)
            new_secret = ""
        return self._grant(user, session, new_secret)

    async def end_overdue(self) -> None:
        """End every session that is over by itself, which closes its connections."""
        settings, now = self._services.settings, self._now()
        for session in await self._accounts.sessions(maybe_over(settings, now)):
            over = self._limits(session.get("role", "user")).over(session, now)
            if over is not None:
                await self.end(session["_id"], over)

    async def end(self, session_id: str, reason: str) -> None:
        """Revoke a session: durably, in this worker at once, in the others by message (or by their poll)."""
        await self._accounts.end_session(session_id, reason, self._now())
        self._services.tokens.revoke(session_id)
        await announce(self._services.redis, REVOKED, session_id)

    async def live(self, user_id: str) -> list[Document]:
        """The sessions of a user that can still be used."""
        found, now = await self._accounts.live_sessions(user_id, self._now()), self._now()
        return [one for one in found if self._limits(one.get("role", "user")).over(one, now) is None]

    def ends_at(self, session: Document) -> datetime:
        """When a session ends if it is not used any more."""
        return self._limits(session.get("role", "user")).ends_at(session)

    async def state(self, identity: Identity) -> SessionState:
        """How long the caller's session lasts; NotAuthenticated where it is gone."""
        session = await self._accounts.session(identity.session_id)
        if session is None:
            raise _ended()
        limits = self._limits(identity.role)
        last = None if limits.absolute is None else session["created_at"] + limits.absolute
        return SessionState(role=identity.role, idle_seconds=int(limits.idle.total_seconds()), ends_at=last)

    async def end_others(self, user_id: str, kept: str, reason: str) -> int:
        """Revoke every live session of a user but one; the result is how many that were."""
        others = [one["_id"] for one in await self.live(user_id) if one["_id"] != kept]
        for session_id in others:
            await self.end(session_id, reason)
        return len(others)

    @property
    def _lifetime(self) -> timedelta:
        return timedelta(seconds=self._services.tokens.lifetime)

    def _limits(self, role: str) -> SessionLimits:
        return limits_of(self._services.settings, role)

    async def _renewable(self, session_id: str, secret: str) -> Document:
        """The session that a refresh token is of; NotAuthenticated where it is over, with the reason for its holder."""
        session = await self._accounts.session(session_id) if secret else None
        if session is None or session["expires_at"] <= self._now():
            raise _ended()
        if session["revoked_at"] is not None:
            own = hmac.compare_digest(session["refresh_hash"], _hash_secret(secret))
            raise _ended(session["reason"] if own else "")
        return session

    async def _refuse_reuse(self, session_id: str, presented: str, call: Call) -> None:
        """Return only if this is the same browser asking twice at once; otherwise the session is over."""
        session = await self._accounts.session(session_id)
        if session is not None and session["revoked_at"] is None and self._is_twin(session, presented, call):
            return
        await self.end(session_id, "refresh_reuse")
        if session is not None and session["revoked_at"] is None:
            await record(call, session["user_id"], "refresh_reused", session=session_id[:8])
            await self._warn(session["user_id"])
        raise _ended()

    async def _warn(self, user_id: str) -> None:
        """Somebody else may hold the owner's cookies: one of the two has just been turned away."""
        user = await self._accounts.user(user_id)
        if user is not None:
            title = "A session was ended for your safety"
            text = (
                "One of its cookies was used twice, as happens after a theft. Sign in again and look at your sessions."
            )
            mail = Mail(user["email"], title, text, user_id=user_id)
            notice = Notice(user_id, Category.SECURITY, "refresh_reused", title, text, "/settings/sessions", mail)
            await self._services.notices.tell(notice)

    def _is_twin(self, session: Document, presented: str, call: Call) -> bool:
        recent = self._now() - session["rotated_at"] <= policy.REFRESH_GRACE
        same_browser = (session["user_agent"], session["address"]) == (_user_agent(call), call.address)
        return recent and same_browser and hmac.compare_digest(session["previous_hash"], presented)

    def _grant(self, user: Document, session: Document, secret: str) -> Grant:
        session_id, role = session["_id"], role_in(session, user)
        seconds = self._limits(role).token_seconds(session, self._now(), self._lifetime)
        access = self._services.tokens.issue(user["_id"], session_id, role, seconds)
        return Grant(user | {"role": role}, session_id, access, f"{session_id}.{secret}" if secret else "", seconds)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._services.clock.now_ms() / 1000, UTC)


def signed_in(grant: Grant, call: Call, response: Response) -> AuthResult:
    """The answer to whoever has signed in; the tokens are also set as cookies."""
    services = call.services
    set_cookies(response, services.cookies.access(grant.access_token))
    if grant.refresh_token:
        csrf = services.csrf.issue(grant.session_id)
        set_cookies(response, services.cookies.refresh(grant.refresh_token), services.cookies.csrf(csrf))
    if grant.device:
        set_cookies(response, services.cookies.device(grant.device))
    user = User.of(grant.user)
    return AuthResult(user=user, access_token=grant.access_token, expires_in=grant.seconds)


def set_cookies(response: Response, *cookies: bytes) -> None:
    """Add Set-Cookie headers to an answer."""
    response.raw_headers.extend((b"set-cookie", cookie) for cookie in cookies)


def _ended(reason: str = "") -> NotAuthenticated:
    return NotAuthenticated("Your session has ended.", details={"reason": reason} if reason else None)


def _hash_secret(secret: str) -> str:
    """Refresh secrets are 256 random bits: a plain hash is enough, and nothing to steal in the database."""
    return sha256(secret.encode()).hexdigest()


def _user_agent(call: Call) -> str:
    return call.headers.get(b"user-agent", b"").decode("latin-1")[:_MAX_USER_AGENT]
