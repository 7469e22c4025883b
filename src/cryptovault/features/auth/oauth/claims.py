"""What providers say about people, taken with care: any of it may be missing or of another kind."""

from typing import Any

import msgspec

_MAX_SUBJECT = 255
_MAX_EMAIL = 254


class ClaimRefused(Exception):
    """A claim that must be there is not, or cannot be used."""


def subject_of(value: object) -> str:
    """A provider's name for somebody as text; ClaimRefused where it is none."""
    subject = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not 0 < len(subject) <= _MAX_SUBJECT or "/" in subject or not subject.isprintable():
        raise ClaimRefused("no usable subject")
    return subject


def confirmed_email(claims: dict[str, Any]) -> str:
    """The address of an ID token, if the provider says that it is confirmed (Apple says so in a string)."""
    return _email(claims.get("email")) if claims.get("email_verified") in (True, "true") else ""


def primary_email(entry: Any) -> str:
    """The address of one entry of GitHub's list, if it is the primary one and confirmed."""
    good = isinstance(entry, dict) and entry.get("primary") is True and entry.get("verified") is True
    return _email(entry.get("email")) if good else ""


def apple_name(user: str) -> str:
    """The name in the form that Apple posts at somebody's first consent; empty where there is none."""
    try:
        name = msgspec.json.decode(user)["name"]
        return f"{name.get('firstName', '')} {name.get('lastName', '')}".strip()
    except (msgspec.DecodeError, KeyError, TypeError, AttributeError):
        return ""


def _email(value: object) -> str:
    email = value.lower() if isinstance(value, str) else ""
    # The Kelvin sign and the like become ASCII letters when made small: another mailbox, another person's account.
    if isinstance(value, str) and _ascii(email) != _ascii(value).lower():
        return ""
    return email if "@" in email[1:-1] and len(email) <= _MAX_EMAIL and email.isprintable() else ""


def _ascii(text: str) -> str:
    return "".join(filter(str.isascii, text))
