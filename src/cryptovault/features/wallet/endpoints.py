"""Balances, and the faucet of play money."""

from secrets import token_hex
from typing import Annotated, Any

from fastapi import APIRouter, Header

from cryptovault.engine.rejects import Reject
from cryptovault.features.wallet import service
from cryptovault.features.wallet.schemas import Balances, FaucetClaim, FaucetCredit
from cryptovault.kit.access import AfterOwnWrites, CallDep, CurrentUser, Reader
from cryptovault.kit.errors import (
    Conflict,
    CsrfFailed,
    NotAuthenticated,
    NotFound,
    OutcomeUnknown,
    Overloaded,
    RateLimited,
    ReadsBehind,
    declare,
)

router = APIRouter(prefix="/wallet", tags=["wallet"])

IdempotencyKey = Annotated[str | None, Header(alias="Idempotency-Key", pattern=r"^[A-Za-z0-9._:-]{1,64}$")]


@router.get(
    "/balance",
    response_model=Balances,
    responses=declare(NotAuthenticated, RateLimited, ReadsBehind),
    dependencies=[AfterOwnWrites],
)
async def get_balance(call: CallDep, user: Reader) -> dict[str, Any]:
    """What you have, what of it is set aside, and what it is worth."""
    return await service.balances(call, user.id)


@router.post(
    "/faucet",
    status_code=201,
    response_model=FaucetCredit,
    responses=declare(
        NotAuthenticated,
        CsrfFailed,
        NotFound,
        Conflict,
        RateLimited,
        Overloaded,
        OutcomeUnknown,
        Reject.ASSET_UNKNOWN,
        Reject.ASSET_CLOSED,
        Reject.PRICE_STALE,
    ),
)
async def claim_from_faucet(
    claim: FaucetClaim, call: CallDep, user: CurrentUser, key: IdempotencyKey = None
) -> dict[str, Any]:
    """Play money, five times a day and asset. There is no such route in production."""
    if call.services.settings.production:
        raise NotFound
    return await service.claim(call, user.id, key or token_hex(12), claim.asset, claim.amount)
