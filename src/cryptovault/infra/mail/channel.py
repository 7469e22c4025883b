"""The way out for mail: render what was accepted, and hand it to the provider of the settings."""

from typing import Protocol

from cryptovault.infra.mail.phrases import phrase_of
from cryptovault.infra.mail.queued import CHANNEL, mail_of
from cryptovault.infra.mail.render import Rendered, Renderer
from cryptovault.infra.mail.sendgrid import SendGridTransport
from cryptovault.infra.mail.smtp import SmtpTransport
from cryptovault.infra.mongo import Database, Document
from cryptovault.infra.outbox.errors import ProviderAway, Undeliverable
from cryptovault.infra.outbox.store import Claim
from cryptovault.settings import Settings


class Transport(Protocol):
    """A provider."""

    async def send(self, rendered: Rendered, message: Claim) -> str:
        """Send one mail and return the provider's name for it; DeliveryError otherwise."""
        ...

    async def close(self) -> None:
        """Hang up."""
        ...


class NoTransport:
    """Of the console mailer, which puts nothing into the outbox; what another mailer has left there waits for it."""

    async def send(self, _rendered: Rendered, _message: Claim) -> str:
        """Send nothing."""
        raise ProviderAway("EMAIL_SERVICE names no provider")

    async def close(self) -> None:
        """Nothing was open."""


class MailChannel:
    """Delivers mail of the outbox. Rendering happens here, so the request that caused a mail does not pay for it."""

    name = CHANNEL
    spacing = 0.0

    def __init__(self, settings: Settings, db: Database, transport: Transport | None = None) -> None:
        self._db = db
        self._renderer = Renderer(settings)
        self._transport = transport or build_transport(settings)

    async def deliver(self, message: Claim, body: Document) -> str:
        """Send one mail."""
        mail = mail_of(message.to, message.kind, body)
        try:
            rendered = self._renderer.render(mail, await phrase_of(self._db, mail))
        except ValueError as error:
            raise Undeliverable(str(error)) from error
        return await self._transport.send(rendered, message)

    async def close(self) -> None:
        """Hang up."""
        await self._transport.close()


def build_transport(settings: Settings) -> Transport:
    """The provider that the settings name."""
    if settings.email_service == "smtp":
        return SmtpTransport(settings)
    return SendGridTransport(settings) if settings.email_service == "sendgrid" else NoTransport()
