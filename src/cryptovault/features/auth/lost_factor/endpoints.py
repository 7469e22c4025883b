"""/auth/keep-second-factor: the owner's way to stop the removal of a lost second factor."""

from fastapi import APIRouter

from cryptovault.features.auth.limits import SignInLimit
from cryptovault.features.auth.lost_factor import service
from cryptovault.features.auth.lost_factor.schemas import KeepSecondFactor
from cryptovault.kit.access import CallDep, CurrentUser
from cryptovault.kit.errors import CsrfFailed, NotAuthenticated, NotFound, RateLimited, declare

router = APIRouter(prefix="/auth", tags=["auth"])


@router.post(
    "/keep-second-factor",
    status_code=204,
    responses=declare(NotFound, RateLimited),
    dependencies=[SignInLimit],
)
async def keep_second_factor(request: KeepSecondFactor, call: CallDep) -> None:
    """Stop the removal of one's second factors by the link that was sent, once."""
    await service.stop(call, request.token)


@router.post("/keep-my-second-factor", status_code=204, responses=declare(NotAuthenticated, CsrfFailed, NotFound))
async def keep_own_second_factor(_user: CurrentUser, call: CallDep) -> None:
    """The same for whoever is signed in."""
    await service.stop_own(call)
