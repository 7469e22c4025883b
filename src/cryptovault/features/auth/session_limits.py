"""When a session ends by itself: so long after it was last used, and so long after it began, however it is used.

By default a session of a user ends when it is not used for seven days, and one with administrators' rights after 15
minutes, or after 8 hours in any case. Use is a request of somebody, not an open page that renews itself: the web app
marks requests that nobody has caused with the header X-Unattended.

An access token lives no longer than a session may lie unused, so that requests are judged without looking anything up.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NamedTuple

from cryptovault.infra.mongo import Document
from cryptovault.kit.presence import WRITE_SECONDS
from cryptovault.kit.tokens import ADMIN
from cryptovault.settings import Settings

KEPT: Final = timedelta(days=1)
"""How long a session is remembered after its end, to tell whoever comes back why it ended."""

_NOTED: Final = timedelta(seconds=2 * WRITE_SECONDS)
"""The last use of a session is known to others that much later."""


class Over(StrEnum):
    """Why a session has ended by itself."""

    IDLE = "idle"
    ABSOLUTE = "absolute"


class SessionLimits(NamedTuple):
    """How long a session may lie unused, and how long it may last."""

    idle: timedelta
    absolute: timedelta | None

    def ends_at(self, session: Document) -> datetime:
        """When the session ends if it is not used again."""
        unused = last_use(session) + self.idle
        return unused if self.absolute is None else min(unused, session["created_at"] + self.absolute)

    def over(self, session: Document, now: datetime) -> Over | None:
        """Why the session is over; None while it is not."""
        if self.absolute is not None and session["created_at"] + self.absolute <= now:
            return Over.ABSOLUTE
        return Over.IDLE if last_use(session) + self.idle + _NOTED <= now else None

    def forget_at(self, session: Document, now: datetime, lifetime: timedelta) -> datetime:
        """When nothing needs to be known of the session any more, if its tokens are renewed now."""
        ends_at = now + lifetime + self.idle
        return KEPT + (ends_at if self.absolute is None else min(ends_at, session["created_at"] + self.absolute))

    def token_seconds(self, session: Document, now: datetime, lifetime: timedelta) -> int:
        """How long an access token made now may live."""
        left = min(lifetime, self.idle)
        if self.absolute is not None:
            left = min(left, session["created_at"] + self.absolute - now)
        return max(int(left.total_seconds()), 1)


def limits_of(settings: Settings, role: str) -> SessionLimits:
    """The limits of sessions with the rights of a role; an administrator's are never wider than a user's."""
    idle = timedelta(minutes=settings.session_idle_minutes) or timedelta(days=settings.refresh_token_expire_days)
    absolute = timedelta(hours=settings.session_absolute_hours) or None
    if role != ADMIN:
        return SessionLimits(idle, absolute)
    own = timedelta(hours=settings.admin_session_absolute_hours)
    return SessionLimits(min(idle, timedelta(minutes=settings.admin_session_idle_minutes)), min(absolute or own, own))


def role_in(session: Document, user: Document) -> str:
    """The role that a session gives its user: never more than the user's, and for some administrators less."""
    return str(session.get("role", user["role"])) if user["role"] == ADMIN else str(user["role"])


def last_use(session: Document) -> datetime:
    """When the session was last used, as far as it is written down."""
    seen: datetime = session.get("last_seen_at") or session["rotated_at"]
    return seen


def maybe_over(settings: Settings, now: datetime) -> dict[str, Any]:
    """The query for sessions that may be over, by the index on `expires_at`; `over` then says whether they are."""
    lifetime = timedelta(minutes=settings.access_token_expire_minutes)
    return {"revoked_at": None, "expires_at": {"$lte": now + KEPT + lifetime}}
