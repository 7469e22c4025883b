"""What happens to an account's security, said once: to the security log, and to the owner by mail where it matters."""

from typing import Any

from cryptovault.infra.mail import Mail
from cryptovault.infra.mail.kinds import subject_of
from cryptovault.infra.mongo import Document
from cryptovault.kit.audit import Entry
from cryptovault.kit.call import Call
from cryptovault.kit.notices import Category, Notice

SECURITY_PAGE = "/settings/security"


async def record(call: Call, user_id: str, kind: str, **facts: Any) -> None:
    """Write into the security log what happened to an account, empty where nobody's. Facts are never secrets."""
    await call.services.audit.append(entry_of(call, user_id, kind, **facts))


def entry_of(call: Call, user_id: str, kind: str, **facts: Any) -> Entry:
    """What `record` writes, for a record that is promised in a transaction."""
    actor = call.identity
    return Entry(
        kind,
        user_id,
        actor_id=actor.id if actor is not None else "",
        session_id=actor.session_id if actor is not None else "",
        address=call.address,
        request_id=call.request_id,
        facts=facts,
    )


async def tell(call: Call, user: Document, kind: str, **values: Any) -> None:
    """Tell the owner of an account by mail, which cannot be switched off, in the app, and by Telegram where chosen.

    `kind` and `values` are those of infra/mail/kinds.py; only the mail shows the values.
    """
    mail = Mail(user["email"], kind=kind, values=values, user_id=user["_id"])
    notice = Notice(user["_id"], Category.SECURITY, kind, subject_of(mail), link=SECURITY_PAGE, mail=mail)
    await call.services.notices.tell(notice)
