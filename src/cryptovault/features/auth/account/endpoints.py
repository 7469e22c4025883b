"""/auth: password, address, locks and phrase of the caller's account, and deleting it."""

import asyncio

from fastapi import APIRouter, Response

from cryptovault.features.auth.account import email_change, service
from cryptovault.features.auth.account.schemas import (
    AntiPhishing,
    ChangeEmail,
    ChangePassword,
    ConfirmEmailChange,
    EmailChange,
    PasswordStrength,
    PasswordToRate,
    Security,
    SettingsLock,
)
from cryptovault.features.auth.account.service import FundsRemain
from cryptovault.features.auth.account.strength import rate
from cryptovault.features.auth.limits import SignInLimit
from cryptovault.features.auth.sessions import set_cookies
from cryptovault.kit.access import CallDep, CurrentUser
from cryptovault.kit.errors import Conflict, CsrfFailed, NotAuthenticated, RateLimited, declare
from cryptovault.kit.step_up import SettingsLocked, StepUpRequired

router = APIRouter(prefix="/auth", tags=["auth"])

_SENSITIVE = (NotAuthenticated, CsrfFailed, StepUpRequired, SettingsLocked, RateLimited)


@router.get("/security", responses=declare(NotAuthenticated))
async def security(_user: CurrentUser, call: CallDep) -> Security:
    """The locks of the account, and the phrase its mails show."""
    return await service.security(call)


@router.post("/change-password", status_code=204, responses=declare(*_SENSITIVE))
async def change_password(request: ChangePassword, _user: CurrentUser, call: CallDep) -> None:
    """Replace the password. All other sessions end. With a second factor set up, a fresh proof of it is asked for."""
    await service.change_password(call, request)


@router.post("/change-email", status_code=202, responses=declare(*_SENSITIVE))
async def change_email(request: ChangeEmail, _user: CurrentUser, call: CallDep) -> None:
    """Mail a link to the old and to the new address; the change is done when both were opened, within 15 minutes."""
    await email_change.ask(call, await service.owner_of(call), request.new_email)


@router.post("/confirm-email-change", responses=declare(RateLimited, Conflict), dependencies=[SignInLimit])
async def confirm_email_change(request: ConfirmEmailChange, call: CallDep) -> EmailChange:
    """Confirm for one of the two addresses. After the change every session ends; for 72 hours nothing is withdrawn."""
    return EmailChange(status="changed" if await email_change.confirm(call, request.token) else "waiting")


@router.put("/anti-phishing-phrase", status_code=204, responses=declare(*_SENSITIVE))
async def set_phrase(request: AntiPhishing, _user: CurrentUser, call: CallDep) -> None:
    """Choose the phrase that every mail of ours will show."""
    await service.set_phrase(call, request.phrase)


@router.post("/settings-lock", responses=declare(NotAuthenticated, CsrfFailed, StepUpRequired, Conflict))
async def lock_settings(request: SettingsLock, _user: CurrentUser, call: CallDep) -> Security:
    """Lock the security settings for 1 to 30 days. Nobody can shorten that, not even support."""
    await service.lock_settings(call, request.days)
    return await service.security(call)


@router.post("/delete-account", status_code=204, responses=declare(*_SENSITIVE, FundsRemain))
async def delete_account(_user: CurrentUser, call: CallDep, response: Response) -> None:
    """Delete the account; refused while it holds funds."""
    await service.delete(call)
    set_cookies(response, *call.services.cookies.clear())


@router.post("/password-strength", responses=declare(RateLimited))
async def password_strength(request: PasswordToRate) -> PasswordStrength:
    """How easy a password is to guess, while it is typed. Nothing is kept or logged."""
    # Tens of milliseconds of arithmetic: beside the loop, or every order of this worker would wait for them.
    return await asyncio.to_thread(rate, request.password, request.email, beside_factor=request.beside_factor)
