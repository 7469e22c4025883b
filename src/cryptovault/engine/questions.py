"""What can be asked of an exchange: answered from the state as it is, and nothing changes by it."""

from typing import NamedTuple

from cryptovault.engine.commands import PlaceOrder
from cryptovault.engine.preview import Preview, preview
from cryptovault.engine.state import State


class PreviewOrder(NamedTuple):
    """What this order would do if it came now."""

    order: PlaceOrder


class StandingOf(NamedTuple):
    """How an account stands."""

    account: str


class Standing(NamedTuple):
    """When the account's cancel timer runs out: journal time in ms, or 0 where none is armed."""

    cancels_at: int


Question = PreviewOrder | StandingOf
Answer = Preview | Standing


def answer(state: State, question: Question, at: int) -> Answer:
    """The answer at time `at` (ms). Bounded in time whatever the state."""
    if isinstance(question, PreviewOrder):
        return preview(state, question.order, at)
    return Standing(state.timers.get(question.account, 0))
