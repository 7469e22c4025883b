"""What the web app's source may not contain."""

import re

from tidy.tree import files, text

SOURCES = [name for name in files(".ts", ".tsx", under="web/src/") if ".test." not in name]
DANGEROUS = re.compile(
    r"dangerouslySetInnerHTML|\.innerHTML|outerHTML|insertAdjacentHTML|document\.write|new Function|\beval\("
)
TOKENS = re.compile(r"(?:local|session)Storage\.setItem\([^)]*(?:token|password|secret|session)", re.IGNORECASE)


def test_text_stays_text() -> None:
    """Nothing turns text into markup or code."""
    assert [name for name in SOURCES if DANGEROUS.search(text(name))] == []


def test_no_messages_between_windows() -> None:
    """No window is listened to or told anything: there is no origin to get wrong."""
    assert [name for name in SOURCES if re.search(r"postMessage|addEventListener\('message'", text(name))] == []


def test_nothing_secret_is_stored_by_the_browser() -> None:
    """Browser storage holds how things look, never what opens an account."""
    assert [name for name in SOURCES if TOKENS.search(text(name))] == []
