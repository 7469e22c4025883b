"""The scenarios of tests/engine/scenarios, and that the written reference cites only scenarios that exist."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.scenario import Player, Scenario, read

SCENARIOS = list(read(Path(__file__).parent / "scenarios"))
TESTS = Path(__file__).parents[1]
REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "orders.md"
INTRODUCTION = "<!-- introduction -->"
CITATION = re.compile(r"`\[([\w-]+)\]`")
BACKED = re.compile(r"^\|.*`\[[\w-]+\]`|`\[[\w-]+\]`[.:;,]?$")
DEFINED = re.compile(r"^(?:async )?def (test_\w+)\(", re.MULTILINE)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_scenario(scenario: Scenario) -> None:
    """The engine does what the scenario says, line by line, and its books balance after each."""
    player = Player()
    for number, line in scenario.lines:
        try:
            player.play(line)
        except AssertionError as problem:
            pytest.fail(f"{scenario.path.name}:{number}: {line}\n{problem}")


def test_scenario_names_are_unique() -> None:
    """A name leads to one scenario."""
    names = [scenario.name for scenario in SCENARIOS]
    assert len(names) == len(set(names))


def test_reference_cites_every_scenario() -> None:
    """docs/reference/orders.md backs its statements with scenarios and tests that exist, and leaves no scenario out."""
    cited = set(CITATION.findall(REFERENCE.read_text()))
    tests = {name for name in cited if name.startswith("test_")}
    assert cited - tests == {scenario.name for scenario in SCENARIOS}
    assert tests - {name for path in TESTS.rglob("test_*.py") for name in DEFINED.findall(path.read_text())} == set()


def test_every_sentence_of_the_reference_is_backed() -> None:
    """Each sentence ends with a citation and each row of a table has one, but for what is marked as an introduction."""
    unbacked = [statement for statement in statements(REFERENCE.read_text()) if not BACKED.search(statement)]
    assert unbacked == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("An order rests `[a]`. It ends\n`[b]`.\n", []),
        ("An order rests `[a]`. It ends.\n", ["It ends."]),
        ("An order rests `[a]`, as it were.\n", ["An order rests `[a]`, as it were."]),
        ("- One `[a]`;\n- two.\n", ["- two."]),
        ("| a | b |\n|---|---|\n| one `[a]` | 1 |\n| two | 2 |\n", ["| two | 2 |"]),
        ("<!-- introduction -->\nWhat follows. All of it.\n\nNot this.\n", ["Not this."]),
    ],
)
def test_unbacked_sentences_are_found(text: str, found: list[str]) -> None:
    """A sentence, bullet or row without a citation at its end is found; introductions and heads of tables need none."""
    assert [statement for statement in statements(text) if not BACKED.search(statement)] == found


def statements(text: str) -> Iterator[str]:
    """The sentences of paragraphs and bullets, and the rows of tables below their heads."""
    text = re.sub(r"^\|.*\n\|[-|]+$", "", text, flags=re.MULTILINE)  # heads of tables
    for block in re.split(r"\n\s*\n|\n(?=\s*(?:- |\d+\. |#|\||<!--))", text):
        statement = " ".join(block.split())
        if not statement or statement.startswith(("#", INTRODUCTION)):
            continue
        if statement.startswith("|"):
            yield statement
        else:
            yield from re.split(r"(?<=[.!?]) (?=[A-Z`*])", statement)
