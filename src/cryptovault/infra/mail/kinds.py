"""The kinds of mail: subject, what the template needs, and until when it is of any use."""

from datetime import timedelta
from typing import NamedTuple

from cryptovault.infra.mail.message import Mail

_SOON = timedelta(minutes=15)
_DAYS = timedelta(days=3)


class Kind(NamedTuple):
    """One template. `needs` are the values without which it makes no sense; the others it knows are optional.

    `useful` is how long delivery is tried. `security` mails cannot be switched off by their reader, and their attempts
    are limited by that time alone.
    """

    subject: str
    needs: tuple[str, ...] = ()
    useful: timedelta = _DAYS
    security: bool = True


KINDS: dict[str, Kind] = {
    "notice": Kind("A message from CryptoVault", security=False),
    "verify_code": Kind("Your CryptoVault code", ("code", "minutes"), useful=_SOON),
    "account_exists": Kind("You have an account already"),
    "password_reset": Kind("Reset your password", ("url", "minutes"), useful=timedelta(hours=1)),
    "password_changed": Kind("Your password was changed"),
    "email_change_old": Kind("Confirm the change of your e-mail address", ("new_email", "minutes"), useful=_SOON),
    "email_change_new": Kind("Confirm your new e-mail address", ("minutes",), useful=_SOON),
    "email_changed": Kind("Your e-mail address was changed", ("new_email",)),
    "new_device": Kind("New sign-in to your account", ("device", "at")),
    "two_factor_enabled": Kind("Two-factor authentication is on"),
    "two_factor_disabled": Kind("Two-factor authentication is off"),
    "second_factor_reset": Kind("Your second factor is about to be removed", ("url", "at")),
    "recovery_codes_low": Kind("Your recovery codes are running out", ("left",)),
    "account_locked": Kind("Sign-in is locked for a while", ("minutes",)),
    "api_key_created": Kind("An API key was created", ("name",)),
    "step_up_code": Kind("Confirm that it is you", ("code", "minutes", "what"), useful=_SOON),
    "admin_code": Kind("Your administrator code", ("code", "minutes"), useful=_SOON),
}
"""Optional values of most kinds: `at`, `device`, `place`, `address` (shown as facts), `freeze_url`, `url`, `phrase`.

`email_change_*` take a `code` or a `url`.
"""


def check(mail: Mail) -> Kind:
    """The mail's kind; ValueError where it is unknown or a value it needs is missing."""
    kind = KINDS.get(mail.kind)
    if kind is None:
        raise ValueError(f"there is no mail template {mail.kind!r}")
    if missing := [name for name in kind.needs if str(mail.values.get(name, "")) == ""]:
        raise ValueError(f"the mail {mail.kind!r} lacks {', '.join(missing)}")
    if any(sign in mail.to + mail.subject for sign in "\r\n\0"):
        raise ValueError("a line break in an address or a subject")
    return kind


def subject_of(mail: Mail) -> str:
    """What the reader sees in the list."""
    return mail.subject or KINDS[mail.kind].subject
