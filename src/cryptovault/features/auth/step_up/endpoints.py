"""/auth/step-up: a fresh proof for one sensitive act."""

from fastapi import APIRouter

from cryptovault.features.auth.step_up import service
from cryptovault.features.auth.step_up.schemas import StepUp, StepUpCode, StepUpOptions, StepUpToken
from cryptovault.features.auth.two_factor.service import FactorLocked
from cryptovault.kit.access import CallDep, CurrentUser
from cryptovault.kit.errors import Conflict, CsrfFailed, NotAuthenticated, RateLimited, declare
from cryptovault.kit.step_up import LIFETIME

router = APIRouter(prefix="/auth", tags=["auth"])


@router.get("/step-up", responses=declare(NotAuthenticated))
async def step_up_options(_user: CurrentUser, call: CallDep) -> StepUpOptions:
    """How the caller can prove once more who is asking."""
    return await service.options(call)


@router.post("/step-up/code", status_code=202, responses=declare(NotAuthenticated, CsrfFailed, RateLimited, Conflict))
async def step_up_code(request: StepUpCode, _user: CurrentUser, call: CallDep) -> None:
    """Mail a code for one act, for accounts with neither a second factor nor a password."""
    await service.mail_code(call, request.act)


@router.post("/step-up", responses=declare(NotAuthenticated, CsrfFailed, RateLimited, FactorLocked))
async def step_up(request: StepUp, _user: CurrentUser, call: CallDep) -> StepUpToken:
    """Prove it for one act; the token goes with the act's request as the header X-Step-Up."""
    return StepUpToken(token=await service.prove(call, request), expires_in=int(LIFETIME.total_seconds()))
