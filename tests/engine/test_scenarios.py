"""The scenarios of tests/engine/scenarios, and that the written reference cites only scenarios that exist."""

import re
from pathlib import Path

import pytest

from engine.scenario import Player, Scenario, read

SCENARIOS = list(read(Path(__file__).parent / "scenarios"))
REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "orders.md"


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
    """docs/reference/orders.md backs its statements with scenarios that exist, and leaves none out."""
    cited = set(re.findall(r"`\[([\w-]+)\]`", REFERENCE.read_text()))
    assert cited == {scenario.name for scenario in SCENARIOS}
