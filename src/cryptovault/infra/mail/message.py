"""A mail as the one who sends it sees it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Mail(NamedTuple):
    """One message.

    `kind` names a template and `values` fills it; see infra/mail/kinds.py for what each kind needs. The default kind
    shows `subject` and `text` as they are. `user_id` names the account whose anti-phishing phrase the mail shows,
    where that is not the account of the address; `phrase` is that phrase itself, where the account will be gone by the
    time of delivery. `code` repeats a code of `values` or of the text for the development
    mailbox. Of several mails with the same `once`, one is sent. A `decoy` costs what a mail costs and is never sent,
    so that time does not tell whether there was anybody to write to.
    """

    to: str
    subject: str = ""
    text: str = ""
    code: str | None = None
    kind: str = "notice"
    values: Mapping[str, Any] = _NOTHING
    user_id: str = ""
    phrase: str = ""
    once: str = ""
    decoy: bool = False


class Mailer(Protocol):
    """Takes mail in. A raised error means that it was not accepted; what was accepted is delivered by the worker."""

    async def send(self, mail: Mail) -> None:
        """Hand one mail over."""
        ...
