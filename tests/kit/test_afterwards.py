import pytest
from pymongo.errors import AutoReconnect

from cryptovault.kit import afterwards as module
from cryptovault.kit.afterwards import afterwards


class Step:
    """Something that fails a few times before it works."""

    def __init__(self, failures: int, error: type[Exception] = AutoReconnect) -> None:
        self.failures = failures
        self.error = error
        self.done = False

    async def __call__(self) -> None:
        if self.failures:
            self.failures -= 1
            raise self.error
        self.done = True


async def test_what_follows_survives_a_moment_without_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """A step that fails is tried again; one that never works, or is broken, neither raises nor stops the next."""
    monkeypatch.setattr(module, "_PAUSE_SECONDS", 0.0)
    late, never, broken, last = Step(3), Step(99), Step(99, ValueError), Step(0)
    await afterwards(late, never, broken, last)
    assert (late.done, never.done, broken.done, last.done) == (True, False, False, True)
    assert broken.failures == 98
