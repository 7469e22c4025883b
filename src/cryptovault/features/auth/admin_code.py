"""Administrators also enter a code that is sent to them at each sign-in, whatever they have proven before.

It goes to the administrator's mail and, where a Telegram chat of the administrators is configured, there too.
"""

import hmac

from cryptovault.features.auth import policy
from cryptovault.features.auth.mailed_codes import code_mac, new_code
from cryptovault.infra.mail import Mail
from cryptovault.infra.mongo import Document
from cryptovault.kit.call import Call
from cryptovault.kit.rate_limit import RateClass
from cryptovault.kit.tokens import ADMIN

_MINUTES = int(policy.ADMIN_CODE_LIFETIME.total_seconds()) // 60
_TRIES = RateClass("admin_code", policy.ADMIN_CODE_TRIES, window=_MINUTES * 60, closed=True)


def wanted(user: Document) -> bool:
    """Whether this account needs the code."""
    return bool(user["role"] == ADMIN)


async def send(call: Call, user: Document) -> str:
    """Send a new code; the result is what `right` compares with."""
    code = new_code()
    values = {"code": code, "minutes": _MINUTES}
    await call.services.mailer.send(Mail(user["email"], kind="admin_code", values=values, user_id=user["_id"]))
    text = f"{code} is the code for {user['email']}. It works for {_MINUTES} minutes, once."
    await call.services.notices.tell_admins("Administrator sign-in", text, useful=policy.ADMIN_CODE_LIFETIME)
    return _mac(call, user["_id"], code)


async def right(call: Call, user: Document, kept: str, code: str) -> bool:
    """Whether this is the code; RateLimited after five tries."""
    await call.services.limiter.check(_TRIES, user["_id"])
    return hmac.compare_digest(kept, _mac(call, user["_id"], code))


def _mac(call: Call, user_id: str, code: str) -> str:
    return code_mac(call.services.settings, f"admin-code:{user_id}", code)
