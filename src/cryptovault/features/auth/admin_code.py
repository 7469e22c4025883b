"""Administrators also enter a code that is sent to them at each sign-in, whatever they have proven before.

It goes to the administrator's mail and by Telegram: to the chat that the administrator has linked, else to that of all
administrators where one is configured.
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
    title, useful, notices = "Administrator sign-in", policy.ADMIN_CODE_LIFETIME, call.services.notices
    if not await notices.message(user["_id"], title, text, useful=useful):
        await notices.tell_admins(title, text, useful=useful)
    return _mac(call, user["_id"], code)


async def right(call: Call, user: Document, kept: str, code: str) -> bool:
    """Whether this is the code; RateLimited after five tries."""
    await call.services.limiter.check(_TRIES, user["_id"])
    return hmac.compare_digest(kept, _mac(call, user["_id"], code))


def _mac(call: Call, user_id: str, code: str) -> str:
    return code_mac(call.services.settings, f"admin-code:{user_id}", code)
