"""What trading costs: the schedule of the house, and where the caller stands in it."""

from typing import Any

from fastapi import APIRouter

from cryptovault.engine.questions import Standing, StandingOf
from cryptovault.features.fees.schemas import Fees, fees_answer
from cryptovault.kit.access import CallDep, Reader
from cryptovault.kit.errors import NotAllowed, NotAuthenticated, Overloaded, RateLimited, Unavailable, declare

router = APIRouter(prefix="/fees", tags=["fees"])


@router.get(
    "", response_model=Fees, responses=declare(NotAuthenticated, NotAllowed, RateLimited, Overloaded, Unavailable)
)
async def get_fees(call: CallDep, user: Reader) -> dict[str, Any]:
    """Your fee tier, the 30-day volume it follows from, and the next tier, as the engine applies them now."""
    standing = (await call.ask(StandingOf(user.id))).answer
    assert isinstance(standing, Standing)  # noqa: S101 - what was asked for
    return fees_answer(standing)
