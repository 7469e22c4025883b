"""Every invariant that the core promises is tested under its name, so that a reader finds the proof of each."""

import re
from pathlib import PurePath

import pytest

from tidy.tree import files, functions

PROMISED = [
    *(f"l{number}" for number in range(1, 9)),  # the ledger
    *(f"o{number}" for number in range(1, 9)),  # orders and matching
    *(f"j{number}" for number in range(1, 13)),  # journal and recovery
    "f1",  # an API process killed
    "f3",  # the engine killed
    "f5",  # a paused leader
    "f6",  # mongod killed
    "f19",  # prices that lie
    "f22",  # mail providers that are down, slow or refuse
    "t11",  # other people's things
    "t12",  # functions that are not one's own
    "t13",  # fields that are nobody's business
    "t14",  # operators for the database
    "t15",  # the first administrator
    "t16",  # second factors gone around
    "t17",  # codes used twice, guessed
    "t18",  # password resets
    "t19",  # who has an account
    "t20",  # forged tokens
    "t21",  # refresh tokens used again
    "t22",  # requests from other sites
    "t23",  # sessions planted or stolen
    "t24",  # the live stream
    "t25",  # messages that would be code
    "t29",  # guessing
    "t30",  # claimed addresses
    "t31",  # hostile requests
    "t34",  # API keys
    "t36",  # what logs and errors tell
    "t38",  # secrets
]


def marks() -> set[str]:
    """The marks of all tests: `test_l1_zero_sum` is marked l1, `test_j3_j5_...` with both."""
    modules = [name for name in files(".py", under="tests/") if PurePath(name).name.startswith("test_")]
    names = [function.name for module in modules for function in functions(module)]
    return {mark for name in names if name.startswith("test_") for mark in re.findall(r"(?<=_)([a-z]\d+)(?=_)", name)}


NAMES = marks()


@pytest.mark.parametrize("mark", PROMISED)
def test_each_promise_has_a_test(mark: str) -> None:
    """At least one test carries the name of this invariant or fault."""
    assert mark in NAMES
