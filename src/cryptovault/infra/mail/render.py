"""Mail from templates: plain text and HTML that follows the reader's light or dark theme."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, select_autoescape

from cryptovault.infra.mail.kinds import check, subject_of
from cryptovault.infra.mail.message import Mail
from cryptovault.settings import Settings

_TEMPLATES = Path(__file__).parent / "templates"
# Line breaks and signs that turn the direction of writing could make a device's name look like a part of our text.
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u2028-\u202e\u2066-\u2069]+")
_MANY_BREAKS = re.compile(r"\n{3,}")
_VALUE_MAX = 500
_URL_MAX = 2000


class Rendered(NamedTuple):
    """What the reader gets."""

    subject: str
    text: str
    html: str


class Renderer:
    """Fills the templates. `phrase` is the anti-phishing phrase that only the reader and we know."""

    def __init__(self, settings: Settings) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=select_autoescape(["html"]),
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        host = urlsplit(settings.public_url).netloc
        self._own = {"app_name": settings.email_from_name, "app_url": settings.public_url, "app_host": host}

    def render(self, mail: Mail, phrase: str = "") -> Rendered:
        """Subject, text and HTML of a mail; ValueError where it cannot be made."""
        kind = check(mail)
        subject = subject_of(mail)
        values = {
            **_clean(mail.values),
            **self._own,
            "to": mail.to,
            "subject": subject,
            "paragraphs": [_CONTROL.sub(" ", part) for part in mail.text.split("\n\n") if part.strip()],
            "phrase": _plain(phrase, _VALUE_MAX),
            "security": kind.security,
        }
        html = self._environment.get_template(f"{mail.kind}.html").render(values)
        text = self._environment.get_template(f"{mail.kind}.txt").render(values)
        return Rendered(subject, _MANY_BREAKS.sub("\n\n", text).strip() + "\n", html)


def _clean(values: Mapping[str, Any]) -> dict[str, str]:
    """Every value as one line of text; moments as people write them, addresses only of the web."""
    return {name: _url(value) if name.endswith("url") else _shown(value) for name, value in values.items()}


def _shown(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%-d %B %Y, %H:%M UTC")
    if isinstance(value, list | tuple | set | frozenset):
        return _plain(", ".join(map(str, value)), _VALUE_MAX)
    return _plain(str(value), _VALUE_MAX)


def _url(value: Any) -> str:
    url = str(value)
    if url and (not url.startswith(("https://", "http://")) or len(url) > _URL_MAX):
        raise ValueError("a link of a mail must be an address of the web")
    return _plain(url, _URL_MAX)


def _plain(text: str, limit: int) -> str:
    return _CONTROL.sub(" ", text)[:limit]
