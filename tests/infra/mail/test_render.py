from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest

from cryptovault.infra.mail import Mail
from cryptovault.infra.mail.kinds import KINDS, check
from cryptovault.infra.mail.render import Rendered, Renderer
from cryptovault.settings import Settings

VALUES: dict[str, Any] = {
    "code": "428913",
    "minutes": 10,
    "what": "set a password",
    "url": "https://exchange.org/reset?token=a&b=c",
    "new_email": "new@example.org",
    "device": "Firefox on Linux",
    "at": datetime(2026, 11, 21, 1, 5, tzinfo=UTC),
    "place": "Vienna, Austria",
    "address": "203.0.113.7",
    "freeze_url": "https://exchange.org/freeze?token=xyz",
    "left": 0,
    "name": "my bot",
    "scopes": ["read", "trade"],
}
_VOID = {"meta", "br", "img", "link", "hr"}


class Balance(HTMLParser):
    """Whether every tag that opens is closed in its turn."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, _attributes: Any) -> None:
        """Remember it."""
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """It must be the last one opened."""
        assert self.open.pop() == tag


def rendered(mail: Mail, phrase: str = "") -> Rendered:
    """A mail of an exchange at exchange.org."""
    settings = Settings(_env_file=None, app_url="https://exchange.org", jwt_secret="x", csrf_secret="y")
    return Renderer(settings).render(mail, phrase)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_needs_no_more_than_it_says(kind: str) -> None:
    """A template renders with the values it needs and nothing else, and leaves no trace of what is missing."""
    values = {name: VALUES[name] for name in KINDS[kind].needs}
    mail = rendered(Mail("ada@example.com", text="What happened.", kind=kind, values=values))
    for text in (mail.text, mail.html):
        assert "None" not in text
        assert "{{" not in text
        assert "Undefined" not in text
    assert mail.subject == KINDS[kind].subject


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_shows_the_phrase_and_what_is_known(kind: str) -> None:
    """Phrase, time, device, freeze link, recipient and needed values are in the HTML and in the text of each kind."""
    mail = rendered(Mail("ada@example.com", text="What happened.", kind=kind, values=VALUES), "blue heron 42")
    needed = [str(VALUES[name]) for name in KINDS[kind].needs if name not in {"at", "url"}]
    shown = ["blue heron 42", "21 November 2026, 01:05 UTC", "Firefox on Linux", "ada@example.com", "token=xyz"]
    for text in (mail.text, mail.html):
        assert [part for part in shown + needed if part not in text] == []


@pytest.mark.parametrize("kind", KINDS)
def test_html_is_well_formed_and_self_contained(kind: str) -> None:
    """Tags are closed, both themes are declared, and nothing is loaded, so that opening a mail tells nobody."""
    html = rendered(Mail("ada@example.com", text="One.\n\nTwo.", kind=kind, values=VALUES), "blue heron").html
    balance = Balance()
    balance.feed(html)
    assert balance.open == []
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "prefers-color-scheme: dark" in html
    assert [loading for loading in ("src=", "<script", "@import", "url(", "<img", "<link") if loading in html] == []


def test_what_strangers_wrote_stays_text() -> None:
    """A device's name or a key's name is neither markup in the HTML nor a line of its own in the text."""
    name = '<img src=x>"\n\nYour account is frozen, call us'
    html, text = rendered(Mail("a@example.com", kind="api_key_created", values={"name": name}))[:0:-1]
    assert "<img" not in html
    assert "&lt;img src=x&gt;" in html
    assert "\nYour account is frozen" not in text
    spoofed = rendered(Mail("a@example.com", kind="api_key_created", values={"name": "abc\u202egnp.exe"})).text
    assert "\u202e" not in spoofed


def test_links_are_addresses_of_the_web() -> None:
    """A link that is a script, or no address at all, makes no mail."""
    for url in ("javascript:alert(1)", "data:text/html,x", "//evil.example", "https://" + "a" * 3000):
        with pytest.raises(ValueError, match="link"):
            rendered(Mail("a@example.com", kind="password_reset", values={"url": url, "minutes": 15}))


def test_a_mail_that_makes_no_sense_is_refused_when_it_is_handed_over() -> None:
    """An unknown kind, a missing value or a line break in the address is an error of the caller, at once."""
    for mail, fault in (
        (Mail("a@example.com", kind="no_such"), "no mail template"),
        (Mail("a@example.com", kind="verify_code", values={"minutes": 10}), "lacks code"),
        (Mail("a@example.com\r\nBcc: all@example.com", "Hello", "text"), "line break"),
        (Mail("a@example.com", "Hello\r\nBcc: all@example.com", "text"), "line break"),
    ):
        with pytest.raises(ValueError, match=fault):
            check(mail)


def test_a_value_of_nought_is_a_value() -> None:
    """Zero recovery codes left is told as zero, not taken for missing."""
    assert "You have 0 left" in rendered(Mail("a@example.com", kind="recovery_codes_low", values={"left": 0})).text


def test_paragraphs_of_a_plain_notice() -> None:
    """A blank line in the text of a notice begins a paragraph, in both forms."""
    mail = rendered(Mail("a@example.com", "Subject", "First.\n\nSecond & last."))
    assert "First.\n\nSecond & last.\n" in mail.text
    assert mail.html.count('<p class="normal"') == 2
    assert "Second &amp; last." in mail.html
