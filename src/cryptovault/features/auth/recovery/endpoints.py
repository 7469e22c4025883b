"""/auth: a forgotten password, and freezing."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from cryptovault.features.auth.limits import SignInLimit
from cryptovault.features.auth.links import LinkToken
from cryptovault.features.auth.policy import PASSWORD_MIN
from cryptovault.features.auth.recovery.schemas import ForgotPassword, Freeze, ResetPassword, ResetToken
from cryptovault.features.auth.recovery.service import Recovery, freeze
from cryptovault.features.auth.sessions import set_cookies
from cryptovault.kit.access import CallDep, CurrentUser, ServicesDep
from cryptovault.kit.errors import CsrfFailed, NotAuthenticated, RateLimited, Unavailable, declare

router = APIRouter(prefix="/auth", tags=["auth"])

_PUBLIC = declare(RateLimited, Unavailable)


def _recovery(services: ServicesDep) -> Recovery:
    return Recovery(services)


RecoveryDep = Annotated[Recovery, Depends(_recovery)]


@router.post("/forgot-password", status_code=202, responses=_PUBLIC, dependencies=[SignInLimit])
async def forgot_password(request: ForgotPassword, recovery: RecoveryDep, call: CallDep) -> None:
    """Mail a link to set a new password; the answer never says whether the address has an account."""
    await recovery.forgot(request.email, call)


@router.get("/validate-reset-token/{token}", responses=_PUBLIC, dependencies=[SignInLimit])
async def validate_reset_token(token: LinkToken, recovery: RecoveryDep) -> ResetToken:
    """Whether the link can still be used; asking does not use it up."""
    owner = await recovery.owner(token)
    shortest = PASSWORD_MIN if owner is None else owner.shortest
    return ResetToken(valid=owner is not None, password_min=shortest)


@router.post("/reset-password", status_code=204, responses=_PUBLIC, dependencies=[SignInLimit])
async def reset_password(request: ResetPassword, recovery: RecoveryDep, call: CallDep) -> None:
    """Set a new password by a link, once. Every session and API key ends, second factors stay, and nobody is signed in.

    For 24 hours nothing can be withdrawn.
    """
    await recovery.reset(request.token, request.password, call)


@router.post("/freeze", status_code=204, responses=_PUBLIC, dependencies=[SignInLimit])
async def freeze_account(request: Freeze, recovery: RecoveryDep, call: CallDep) -> None:
    """Close the account by the link of a security mail, once: sessions and API keys end, nobody gets in.

    A new password by mail opens it again.
    """
    await recovery.freeze(request.token, call)


@router.post("/freeze-my-account", status_code=204, responses=declare(NotAuthenticated, CsrfFailed))
async def freeze_own_account(user: CurrentUser, call: CallDep, response: Response) -> None:
    """Close the caller's account at once, this session included. A new password by mail opens it again."""
    await freeze(call, user.id, "owner")
    set_cookies(response, *call.services.cookies.clear())
