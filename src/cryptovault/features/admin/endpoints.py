"""/admin: the first administrator."""

from fastapi import APIRouter

from cryptovault.features.admin import service
from cryptovault.features.admin.schemas import FirstAdmin, Setup
from cryptovault.features.auth.limits import SignInLimit
from cryptovault.kit.access import CallDep, DbDep
from cryptovault.kit.errors import Conflict, NotAllowed, NotFound, RateLimited, declare

router = APIRouter(prefix="/admin", tags=["admin"])


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
