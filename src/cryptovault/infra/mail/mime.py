"""A rendered mail as a MIME message."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from cryptovault.infra.mail.render import Rendered
from cryptovault.settings import Settings


def message_id(outbox_id: str, settings: Settings) -> str:
    """The same for every attempt at one mail, so that a receiving server can tell a repetition."""
    domain = settings.email_from.rpartition("@")[2] or "localhost"
    return f"<{outbox_id}@{domain}>"


def mime_message(rendered: Rendered, to: str, outbox_id: str, created_at: datetime, settings: Settings) -> EmailMessage:
    """Plain text with HTML beside it. ValueError where an address cannot be one."""
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(settings.email_from_name, addr_spec=settings.email_from)
    message["To"] = Address(addr_spec=to)
    message["Subject"] = rendered.subject
    message["Date"] = format_datetime(created_at)
    message["Message-ID"] = message_id(outbox_id, settings)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Entity-Ref-ID"] = outbox_id
    message.set_content(rendered.text, cte="quoted-printable")
    message.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    return message
