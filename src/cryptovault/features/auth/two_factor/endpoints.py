"""/auth/2fa: authenticator app, recovery codes, and which second factors there are."""

from typing import Annotated

from fastapi import APIRouter, Depends

from cryptovault.features.auth.factor_store import FactorStore
from cryptovault.features.auth.fresh import fresh
from cryptovault.features.auth.repository import Accounts
from cryptovault.features.auth.security import record, tell
from cryptovault.features.auth.sessions import Sessions
from cryptovault.features.auth.two_factor.schemas import ConfirmSetup, RecoveryCodes, SecondFactorStatus, TotpSetup
from cryptovault.features.auth.two_factor.service import TwoFactor
from cryptovault.features.auth.ways_in import PasswordTooShort, refuse_short_password
from cryptovault.features.auth.webauthn.repository import PasskeyStore
from cryptovault.kit import errors
from cryptovault.kit.access import CallDep, CurrentUser, ServicesDep
from cryptovault.kit.errors import declare
from cryptovault.kit.step_up import Act, SettingsLocked, StepUpRequired, require_unlocked
from cryptovault.kit.tokens import Identity

router = APIRouter(prefix="/auth", tags=["auth"])

FreshUser = Annotated[Identity, fresh(Act.CHANGE_SECOND_FACTOR)]
_CHANGING = (errors.NotAuthenticated, errors.CsrfFailed, StepUpRequired, SettingsLocked, errors.Conflict)
_SENSITIVE = declare(*_CHANGING)


def _two_factor(services: ServicesDep) -> TwoFactor:
    return TwoFactor(services)


TwoFactorDep = Annotated[TwoFactor, Depends(_two_factor)]


@router.get("/2fa/status", responses=declare(errors.NotAuthenticated))
async def status(user: CurrentUser, services: ServicesDep) -> SecondFactorStatus:
    """Which second factors the caller has, and how many recovery codes are left."""
    factors = await FactorStore(services.db).factors(user.id)
    passkeys = len(await PasskeyStore(services.db).of(user.id))
    totp = factors.get("totp")
    return SecondFactorStatus(
        enabled=bool(totp or passkeys),
        totp=totp is not None,
        totp_since=totp["enabled_at"] if totp else None,
        passkeys=passkeys,
        recovery_codes_left=len(factors.get("recovery", [])),
    )


@router.post("/2fa/setup", responses=_SENSITIVE)
async def set_up(user: FreshUser, call: CallDep, two_factor: TwoFactorDep) -> TotpSetup:
    """Get a secret for an authenticator app. Nothing changes until a code of it is verified, within 15 minutes."""
    made = await two_factor.set_up(await Accounts(call.services.db).owner(user.id), user.session_id)
    return TotpSetup(secret=made.secret, otpauth_uri=made.uri, qr_svg=made.qr_svg)


@router.post("/2fa/verify", responses=_SENSITIVE)
async def verify(request: ConfirmSetup, user: CurrentUser, call: CallDep, two_factor: TwoFactorDep) -> RecoveryCodes:
    """Put the authenticator in force with its first code, in the session that set it up. All other sessions end."""
    owner = await Accounts(call.services.db).owner(user.id)
    await require_unlocked(call)
    await two_factor.confirm(user, request.code)
    await Sessions(call.services).end_others(user.id, user.session_id, "second_factor_changed")
    await record(call, user.id, "totp_enabled")
    await tell(call, owner, "two_factor_enabled")
    return RecoveryCodes(recovery_codes=await two_factor.first_recovery_codes(user.id))


@router.post("/2fa/disable", status_code=204, responses=declare(*_CHANGING, PasswordTooShort))
async def disable(user: FreshUser, call: CallDep, two_factor: TwoFactorDep) -> None:
    """Remove the authenticator. All other sessions end."""
    owner = await Accounts(call.services.db).owner(user.id)
    refuse_short_password(owner, totp=False, passkeys=len(await PasskeyStore(call.services.db).of(user.id)))
    await two_factor.disable(user.id)
    await Sessions(call.services).end_others(user.id, user.session_id, "second_factor_changed")
    await record(call, user.id, "totp_disabled")
    await tell(call, owner, "two_factor_disabled")


@router.post("/2fa/backup-codes", responses=_SENSITIVE)
async def backup_codes(user: FreshUser, call: CallDep, two_factor: TwoFactorDep) -> RecoveryCodes:
    """Replace the recovery codes: the old ones stop working, the new ones are shown this one time."""
    store = FactorStore(call.services.db)
    if "totp" not in await store.factors(user.id) and not await store.has_passkey(user.id):
        raise errors.Conflict("Recovery codes stand in for a second factor, and there is none.")
    fresh = await two_factor.new_recovery_codes(user.id)
    await record(call, user.id, "recovery_codes_replaced")
    return RecoveryCodes(recovery_codes=fresh)
