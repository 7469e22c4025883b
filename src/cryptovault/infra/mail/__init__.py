"""Mail: what callers hand over (Mail, Mailer), templates, and the providers that deliver it."""

from cryptovault.infra.mail.message import Mail, Mailer

__all__ = ["Mail", "Mailer"]
