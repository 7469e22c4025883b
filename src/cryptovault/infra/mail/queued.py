"""The mailer of everything but development: a mail is accepted by writing it to the outbox, and nothing else."""

from cryptovault.infra.clock import Clock
from cryptovault.infra.mail.console import ConsoleMailer
from cryptovault.infra.mail.kinds import check
from cryptovault.infra.mail.message import Mail, Mailer
from cryptovault.infra.mongo import Database, Document
from cryptovault.infra.outbox.store import Message, Outbox
from cryptovault.settings import Settings

CHANNEL = "mail"


class QueuedMailer:
    """Accepts mail in the time of one insert, whatever the provider is doing."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    async def send(self, mail: Mail) -> None:
        """Accept a mail; ValueError where its kind is unknown or lacks a value."""
        kind = check(mail)
        body = {
            "subject": mail.subject,
            "text": mail.text,
            "values": {name: _stored(value) for name, value in mail.values.items()},
            "user_id": mail.user_id,
            "phrase": mail.phrase,
        }
        message = Message(
            CHANNEL, mail.to, mail.kind, body, kind.useful, security=kind.security, once=mail.once, decoy=mail.decoy
        )
        await self._outbox.put(message)


def mail_of(to: str, kind: str, body: Document) -> Mail:
    """The mail again, from its outbox document."""
    named = {name: body.get(name, "") for name in ("user_id", "phrase")}
    return Mail(to, body["subject"], body["text"], kind=kind, values=body["values"], **named)


def build_mailer(settings: Settings, db: Database, clock: Clock) -> Mailer:
    """The mailer that the settings ask for."""
    if settings.email_service == "console":
        return ConsoleMailer(db, settings)
    return QueuedMailer(Outbox(settings, db, clock))


def _stored(value: object) -> object:
    return list(value) if isinstance(value, set | frozenset | tuple) else value
