"""Paper trading: begin it, look at it, begin it anew. Orders go the way of all orders, in the paper markets."""

from secrets import token_hex
from typing import Annotated, Any

from fastapi import APIRouter, Header

from cryptovault.engine.rejects import Reject
from cryptovault.features.paper import service
from cryptovault.features.paper.schemas import Paper, PaperStart
from cryptovault.kit.access import AfterOwnWrites, CallDep, Reader, Trader
from cryptovault.kit.errors import (
    CsrfFailed,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    OutcomeUnknown,
    Overloaded,
    RateLimited,
    ReadsBehind,
    declare,
)

router = APIRouter(prefix="/paper", tags=["paper"])

IdempotencyKey = Annotated[str | None, Header(alias="Idempotency-Key", pattern=r"^[A-Za-z0-9._:-]{1,64}$")]

_READING = (NotAuthenticated, NotAllowed, NotFound, RateLimited, ReadsBehind)
_WRITING = (*_READING, CsrfFailed, Overloaded, OutcomeUnknown)


@router.get("", response_model=Paper, responses=declare(*_READING), dependencies=[AfterOwnWrites])
async def get_paper(call: CallDep, user: Reader) -> dict[str, Any]:
    """Your play money, what it would be worth, and what you have made of it."""
    return await service.standing(call, user.id)


@router.post("/start", response_model=Paper, responses=declare(*_WRITING))
async def start_paper(call: CallDep, user: Trader, body: PaperStart | None = None) -> dict[str, Any]:
    """Begin paper trading with play money. Once it has begun, this changes nothing."""
    return await service.start(call, user.id, body.amount if body is not None else None)


@router.post("/reset", response_model=Paper, responses=declare(*_WRITING, Reject.KEY_REUSED))
async def reset_paper(
    call: CallDep, user: Trader, body: PaperStart | None = None, key: IdempotencyKey = None
) -> dict[str, Any]:
    """Cancel all your paper orders, and begin anew with the amount of the last time, or another one."""
    return await service.reset(call, user.id, key or token_hex(12), body.amount if body is not None else None)
