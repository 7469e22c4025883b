"""What happens to an account's security, said once: to the security log, and to the owner by mail where it matters."""

from typing import Any

from cryptovault.infra.logging import get_logger
from cryptovault.infra.mail import Mail
from cryptovault.infra.mongo import Document
from cryptovault.kit.call import Call

_log = get_logger("security")


async def record(call: Call, user_id: str, kind: str, **facts: Any) -> None:
    """Record what happened to an account: every event of this package passes here. Facts are never secrets."""
    _log.info(kind, user_id=user_id, address=call.address, request_id=call.request_id, **facts)


async def tell(call: Call, user: Document, kind: str, **values: Any) -> None:
    """Mail the owner of an account; `kind` and `values` are those of infra/mail/kinds.py."""
    await call.services.mailer.send(Mail(user["email"], kind=kind, values=values, user_id=user["_id"]))
