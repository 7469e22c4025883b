"""Figures of the fault tests, to be raised for longer runs."""

import os

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests in this folder kill real processes."""
    for item in items:
        if "tests/faults" in str(item.path):
            item.add_marker("faults")


@pytest.fixture(name="kills")
def _kills() -> int:
    """How often a process is killed; CRYPTOVAULT_KILLS=1000 for a long run."""
    return int(os.environ.get("CRYPTOVAULT_KILLS", "20"))


@pytest.fixture(name="seed")
def _seed() -> int:
    """The seed of the moments and orders; CRYPTOVAULT_SEED to choose another."""
    return int(os.environ.get("CRYPTOVAULT_SEED", "1"))
