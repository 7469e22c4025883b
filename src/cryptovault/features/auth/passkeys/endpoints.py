"""/auth/passkeys: register, sign in, list, rename, remove."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response

from cryptovault.features.auth.factor_store import FactorStore
from cryptovault.features.auth.fresh import fresh
from cryptovault.features.auth.limits import SignInLimit
from cryptovault.features.auth.lost_factor import service as lost_factor
from cryptovault.features.auth.passkeys.schemas import (
    CeremonyOptions,
    Passkey,
    PasskeyLogIn,
    Passkeys,
    RegisteredPasskey,
    RegisterPasskey,
    RenamePasskey,
)
from cryptovault.features.auth.repository import Accounts
from cryptovault.features.auth.schemas import AuthResult
from cryptovault.features.auth.security import record, tell
from cryptovault.features.auth.sign_in import SecondFactorRequired, answer, pass_factors
from cryptovault.features.auth.two_factor.service import TwoFactor
from cryptovault.features.auth.ways_in import LastWayIn, PasswordTooShort, refuse_short_password, remove_way
from cryptovault.features.auth.webauthn.repository import PasskeyStore
from cryptovault.features.auth.webauthn.service import PasskeyCeremonies
from cryptovault.kit import errors
from cryptovault.kit.access import CallDep, CurrentUser, ServicesDep
from cryptovault.kit.afterwards import afterwards
from cryptovault.kit.errors import NotFound, declare
from cryptovault.kit.step_up import Act, SettingsLocked, StepUpRequired, require_unlocked
from cryptovault.kit.tokens import Identity

router = APIRouter(prefix="/auth", tags=["auth"])

FreshUser = Annotated[Identity, fresh(Act.CHANGE_SECOND_FACTOR)]
_SENSITIVE = (errors.NotAuthenticated, errors.CsrfFailed, StepUpRequired, SettingsLocked)
PasskeyId = Annotated[str, Path(max_length=1400, pattern=r"^[A-Za-z0-9_-]+$")]


def _ceremonies(services: ServicesDep) -> PasskeyCeremonies:
    return PasskeyCeremonies(services)


CeremoniesDep = Annotated[PasskeyCeremonies, Depends(_ceremonies)]


@router.post("/passkeys/register/begin", responses=declare(*_SENSITIVE, errors.Conflict))
async def begin_registration(user: FreshUser, call: CallDep, ceremonies: CeremoniesDep) -> CeremonyOptions:
    """Options for a new passkey on this device or key."""
    owner = await Accounts(call.services.db).owner(user.id)
    return CeremonyOptions(public_key=await ceremonies.begin_registration(owner, user.session_id))


@router.post("/passkeys/register/finish", status_code=201, responses=declare(*_SENSITIVE, errors.Conflict))
async def finish_registration(
    request: RegisterPasskey, user: CurrentUser, call: CallDep, ceremonies: CeremoniesDep
) -> RegisteredPasskey:
    """Keep the new passkey, in the session that began: a second factor from now on, and a way in without a password."""
    owner = await Accounts(call.services.db).owner(user.id)
    await require_unlocked(call)
    passkey = await ceremonies.register(user, request.credential, request.name)
    codes = await TwoFactor(call.services).first_recovery_codes(user.id)
    await record(call, user.id, "passkey_added", passkey_id=passkey["_id"], name=request.name)
    await tell(call, owner, "two_factor_enabled")
    return RegisteredPasskey(passkey=Passkey.of(passkey), recovery_codes=codes)


@router.post("/passkeys/login/begin", dependencies=[SignInLimit], responses=declare(errors.RateLimited))
async def begin_login(ceremonies: CeremoniesDep) -> CeremonyOptions:
    """Options for signing in without a password. They are the same for everybody."""
    return CeremonyOptions(public_key=await ceremonies.begin_login())


@router.post(
    "/passkeys/login/finish",
    dependencies=[SignInLimit],
    responses=declare(errors.NotAuthenticated, errors.RateLimited),
)
async def finish_login(
    request: PasskeyLogIn, call: CallDep, ceremonies: CeremoniesDep, response: Response
) -> AuthResult | SecondFactorRequired:
    """Sign in with a passkey that has verified its user: nothing else is asked for, except of administrators."""
    user = await Accounts(call.services.db).owner(await ceremonies.log_in(request.credential))
    outcome = await pass_factors(call, user, "passkey")
    await afterwards(partial(lost_factor.keep, call, user["_id"], "used"))
    return answer(outcome, call, response)


@router.get("/passkeys", responses=declare(errors.NotAuthenticated))
async def list_passkeys(user: CurrentUser, services: ServicesDep) -> Passkeys:
    """The caller's passkeys."""
    return Passkeys(items=[Passkey.of(one) for one in await PasskeyStore(services.db).of(user.id)])


@router.post("/passkeys/challenge", responses=declare(errors.NotAuthenticated, errors.CsrfFailed))
async def challenge(user: CurrentUser, ceremonies: CeremoniesDep) -> CeremonyOptions:
    """Options for proving one of the caller's passkeys again, as a second factor of a sensitive act."""
    return CeremonyOptions(public_key=await ceremonies.begin_factor(user.id))


@router.put("/passkeys/{passkey_id}", responses=declare(errors.NotAuthenticated, errors.CsrfFailed, errors.NotFound))
async def rename(passkey_id: PasskeyId, request: RenamePasskey, user: CurrentUser, services: ServicesDep) -> Passkey:
    """Give a passkey another name."""
    renamed = await PasskeyStore(services.db).rename(user.id, passkey_id, request.name)
    if renamed is None:
        raise NotFound
    return Passkey.of(renamed)


@router.delete(
    "/passkeys/{passkey_id}",
    status_code=204,
    responses=declare(*_SENSITIVE, errors.NotFound, LastWayIn, PasswordTooShort),
)
async def remove(passkey_id: PasskeyId, user: FreshUser, call: CallDep) -> None:
    """Remove a passkey. The device may still show it; it opens nothing here any more."""
    owner = await Accounts(call.services.db).owner(user.id)
    totp = "totp" in await FactorStore(call.services.db).factors(user.id)
    others = [one for one in await PasskeyStore(call.services.db).of(user.id) if one["_id"] != passkey_id]
    refuse_short_password(owner, totp=totp, passkeys=len(others))
    await remove_way(call.services, user.id, "passkeys", passkey_id)
    await FactorStore(call.services.db).drop_recovery_of_nothing(user.id)
    await record(call, user.id, "passkey_removed", passkey_id=passkey_id)
    await tell(call, owner, "two_factor_disabled")
