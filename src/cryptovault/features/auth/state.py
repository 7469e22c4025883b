"""Locks of an account, and ending everything that is signed in to it.

users  {... withdrawals_locked_until, withdrawals_locked_by, settings_locked_until, frozen_at, password_changed_at,
anti_phishing_phrase, deleted_at}
"""

from datetime import datetime

from cryptovault.features.auth.sessions import Sessions
from cryptovault.infra.mongo import Document
from cryptovault.kit.errors import NotAllowed
from cryptovault.kit.services import Services

WITHDRAWALS_LOCK = "withdrawals_locked_until"


class AccountFrozen(NotAllowed):
    """The owner has frozen the account; a new password by mail opens it again."""

    code = "ACCOUNT_FROZEN"
    message = "This account is frozen. To open it again, set a new password by mail."


async def lock_withdrawals(services: Services, user_id: str, until: datetime, reason: str) -> None:
    """Let nothing be withdrawn until a moment; a longer lock that is there already stays."""
    query = {"_id": user_id, "$or": [{WITHDRAWALS_LOCK: None}, {WITHDRAWALS_LOCK: {"$lt": until}}]}
    change = {"$set": {WITHDRAWALS_LOCK: until, "withdrawals_locked_by": reason}}
    await services.db["users"].update_one(query, change)


async def end_everything(services: Services, user_id: str, reason: str) -> None:
    """End every session and every API key of an account."""
    await Sessions(services).end_others(user_id, "", reason)
    await services.keys.end_all(user_id)


def still_open(before: Document, now: Document) -> bool:
    """Whether a sign-in that began with one state of the account may end in the other.

    A password reset or a freeze meanwhile has ended the sessions it found, and must not miss this one.
    """
    same_password = before.get("password_changed_at") == now.get("password_changed_at")
    return same_password and now.get("frozen_at") is None and now.get("deleted_at") is None
