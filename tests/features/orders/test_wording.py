import json
import re
from pathlib import Path

from cryptovault.engine.types import CloseReason, GroupRole, OrderType
from cryptovault.features.orders.wording import SENTENCES, WORDS, Saying

ENGLISH = Path(__file__).parents[3] / "web" / "src" / "locales" / "en" / "story.json"


def test_the_web_app_says_the_same_in_english() -> None:
    """The English texts under the codes in the web app are these; its other languages have the same codes."""
    braced = {code: re.sub(r"\{(\w+)\}", r"{{\1}}", text) for code, text in SENTENCES.items()}
    assert json.loads(ENGLISH.read_text()) == {"words": WORDS, "sentences": braced}


def test_there_are_words_for_everything() -> None:
    """Every type, every role in a group and every reason to end has its words."""
    assert set(WORDS["type"]) == {kind.name.lower() for kind in OrderType}
    assert set(WORDS["role"]) == {role.name.lower() for role in GroupRole if role}
    assert {f"ended_{reason.name.lower()}" for reason in CloseReason if reason} <= set(SENTENCES)


def test_a_saying_puts_words_for_names() -> None:
    """Types, roles and sources stand in the values by their names, and in the sentence in words."""
    saying = Saying("waits_above", {"source": "last_trade", "price": "64000", "quote": "USDT"})
    assert saying.text == "It waits until the last trade is at 64000 USDT or above."
    assert saying.told()["values"]["source"] == "last_trade"
