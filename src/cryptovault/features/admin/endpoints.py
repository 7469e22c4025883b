"""/admin: the first administrator, and second factors that were lost."""

from fastapi import APIRouter

from cryptovault.features.admin import service
from cryptovault.features.admin.schemas import FirstAdmin, Setup
from cryptovault.features.auth.limits import SignInLimit
from cryptovault.features.auth.lost_factor import service as lost_factor
from cryptovault.features.auth.lost_factor.schemas import AskReset, DecideReset, SecondFactorReset, SecondFactorResets
from cryptovault.kit.access import Administrator, CallDep, DbDep
from cryptovault.kit.errors import (
    AdministratorsOnly,
    Conflict,
    CsrfFailed,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    RateLimited,
    declare,
)
from cryptovault.kit.step_up import StepUpRequired

router = APIRouter(prefix="/admin", tags=["admin"])

_RESETS = "/second-factor-resets"
_DECIDING = (NotAuthenticated, AdministratorsOnly, CsrfFailed, StepUpRequired, NotFound)


@router.get("/setup", status_code=204, responses=declare(NotFound))
async def setup_is_open(db: DbDep) -> None:
    """Whether the token printed at the first start still makes an administrator; 404 for ever after it has."""
    if not await service.is_open(db):
        raise NotFound


@router.post(
    "/setup", status_code=201, responses=declare(NotAllowed, Conflict, RateLimited), dependencies=[SignInLimit]
)
async def set_up(request: Setup, call: CallDep) -> FirstAdmin:
    """Make the first administrator with the token printed at the first start. Works once, and never again after."""
    user = await service.set_up(call, request)
    return FirstAdmin(user_id=user["_id"], email=user["email"])


@router.get(_RESETS, responses=declare(NotAuthenticated, AdministratorsOnly))
async def list_second_factor_resets(_admin: Administrator, db: DbDep) -> SecondFactorResets:
    """The newest requests to remove lost second factors."""
    return SecondFactorResets(items=[SecondFactorReset.of(each) for each in await lost_factor.newest(db)])


@router.post(_RESETS, status_code=201, responses=declare(*_DECIDING, Conflict))
async def ask_second_factor_reset(request: AskReset, _admin: Administrator, call: CallDep) -> SecondFactorReset:
    """Ask that the second factors of an account be removed, whose owner has proven anew who it is; with a fresh proof.

    Another administrator has to approve it.
    """
    return SecondFactorReset.of(await lost_factor.ask(call, request))


@router.post(f"{_RESETS}/approve", responses=declare(*_DECIDING))
async def approve_second_factor_reset(request: DecideReset, _admin: Administrator, call: CallDep) -> SecondFactorReset:
    """Approve what another administrator has asked for, with a fresh proof.

    The owner is told on every way there is, nothing is withdrawn, and seven days later the factors are gone.
    """
    return SecondFactorReset.of(await lost_factor.approve(call, request.reset_id))


@router.post(
    f"{_RESETS}/cancel", status_code=204, responses=declare(NotAuthenticated, AdministratorsOnly, CsrfFailed, NotFound)
)
async def cancel_second_factor_reset(request: DecideReset, _admin: Administrator, call: CallDep) -> None:
    """Stop a request, whoever asked for it."""
    await lost_factor.withdraw(call, request.reset_id)
