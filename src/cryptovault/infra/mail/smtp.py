"""Delivery by SMTP, with what each refusal means."""

import contextlib
import re
import ssl
from email.errors import MessageError

import aiosmtplib
from aiosmtplib.errors import SMTPException, SMTPRecipientsRefused, SMTPResponseException, SMTPSenderRefused

from cryptovault.infra.mail.mime import mime_message
from cryptovault.infra.mail.render import Rendered
from cryptovault.infra.outbox.errors import DeliveryError, ProviderAway, TryAgain, Undeliverable
from cryptovault.infra.outbox.store import Claim
from cryptovault.settings import Settings

_TIMEOUT = 20.0
_PERMANENT = 500
_SHUTTING_DOWN = 421
# RFC 3463: 5.7.x is policy (relaying denied, sender not allowed), which an operator can mend.
_POLICY = re.compile(r"5\.7\.\d")
_REASON_MAX = 200


class SmtpTransport:
    """One connection a mail: mails of an exchange are few, and a connection that was idle is the one that breaks."""

    def __init__(self, settings: Settings, tls: ssl.SSLContext | None = None) -> None:
        self._settings = settings
        self._tls = tls

    async def send(self, rendered: Rendered, message: Claim) -> str:
        """Send; what the server called the message."""
        client = await self._connect()
        try:
            return await self._hand_over(client, rendered, message)
        finally:
            # The mail is accepted or refused by now: a bad good-bye changes nothing.
            with contextlib.suppress(SMTPException, OSError, TimeoutError):
                await client.quit(timeout=1.0)
            client.close()

    async def close(self) -> None:
        """Nothing is open between two mails."""

    async def _connect(self) -> aiosmtplib.SMTP:
        settings = self._settings
        client = aiosmtplib.SMTP(
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            use_tls=settings.smtp_tls == "tls",
            start_tls=settings.smtp_tls == "starttls",
            username=settings.smtp_username or None,
            password=settings.smtp_password.get_secret_value() or None,
            tls_context=self._tls,
            timeout=_TIMEOUT,
        )
        try:
            await client.connect()
        except (SMTPException, OSError, TimeoutError, ValueError) as error:
            client.close()
            raise ProviderAway(_reason(error)) from None
        return client

    async def _hand_over(self, client: aiosmtplib.SMTP, rendered: Rendered, message: Claim) -> str:
        try:
            mime = mime_message(rendered, message.to, message.id, message.created_at, self._settings)
            _, answer = await client.send_message(mime, sender=self._settings.email_from, recipients=[message.to])
        except SMTPRecipientsRefused as refused:
            raise _meaning(refused.recipients[0], to_recipient=True) from None
        except SMTPResponseException as error:
            raise _meaning(error) from None
        except aiosmtplib.SMTPNotSupported as error:
            raise Undeliverable(_reason(error), "recipient") from None
        except (MessageError, ValueError) as error:
            raise Undeliverable(_reason(error)) from None
        except (SMTPException, OSError, TimeoutError) as error:
            raise ProviderAway(_reason(error)) from None
        return answer


def _meaning(error: SMTPResponseException, *, to_recipient: bool = False) -> DeliveryError:
    reason = _reason(error)
    if error.code == _SHUTTING_DOWN or isinstance(error, SMTPSenderRefused):
        return ProviderAway(reason)
    if error.code < _PERMANENT or _POLICY.search(error.message):
        return TryAgain(reason)
    return Undeliverable(reason, "recipient" if to_recipient else "message")


def _reason(error: Exception) -> str:
    """The server's words where it spoke, the kind of error where it did not."""
    if isinstance(error, SMTPResponseException):
        return f"{error.code} {error.message}"[:_REASON_MAX]
    return type(error).__name__
