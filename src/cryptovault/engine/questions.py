"""What can be asked of an exchange: answered from the state as it is, and nothing changes by it."""

from typing import NamedTuple

from cryptovault.engine.commands import PlaceOrder
from cryptovault.engine.preview import Preview, preview
from cryptovault.engine.state import State


class PreviewOrder(NamedTuple):
    """What this order would do if it came now."""

    order: PlaceOrder


Question = PreviewOrder
Answer = Preview


def answer(state: State, question: Question, at: int) -> Answer:
    """The answer at time `at` (ms). Bounded in time whatever the state."""
    return preview(state, question.order, at)
