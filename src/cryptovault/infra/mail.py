"""Outgoing mail. The console service sends nothing: it keeps each mail where a developer can read it."""

from datetime import UTC, datetime
from typing import NamedTuple, Protocol

from cryptovault.infra.logging import get_logger
from cryptovault.infra.mongo import Database
from cryptovault.settings import Settings

_log = get_logger("mail")


class Mail(NamedTuple):
    """One message. `code` repeats the code in the text, so that tests need not search for it."""

    to: str
    subject: str
    text: str
    code: str | None = None


class Mailer(Protocol):
    """Delivers mail; a raised error means that it was not accepted."""

    async def send(self, mail: Mail) -> None:
        """Hand one mail over."""
        ...


class ConsoleMailer:
    """The development outbox: the `mails` collection, kept a week and shown at /dev/mail; the log omits the text."""

    def __init__(self, db: Database, settings: Settings) -> None:
        self._mails = db["mails"]
        self._keep = not settings.production

    async def send(self, mail: Mail) -> None:
        """Keep the mail; in production, where the outbox does not exist, only say that it could not be sent."""
        _log.info("mail", to=mail.to, subject=mail.subject, kept=self._keep)
        if self._keep:
            await self._mails.insert_one({**mail._asdict(), "at": datetime.now(UTC)})
