"""/auth/identities: what opens the caller's account, and removing one of them."""

from typing import Annotated

from fastapi import APIRouter, Path

from cryptovault.features.auth.fresh import fresh
from cryptovault.features.auth.identities.repository import IdentityStore
from cryptovault.features.auth.identities.schemas import Identities, Identity
from cryptovault.features.auth.identities.service import IdentityLinks
from cryptovault.features.auth.repository import Accounts
from cryptovault.features.auth.security import record
from cryptovault.features.auth.ways_in import LastWayIn, remove_way
from cryptovault.features.auth.webauthn.repository import PasskeyStore
from cryptovault.kit import errors
from cryptovault.kit.access import CallDep, CurrentUser, ServicesDep
from cryptovault.kit.errors import declare
from cryptovault.kit.step_up import Act, SettingsLocked, StepUpRequired
from cryptovault.kit.tokens import Identity as Caller

router = APIRouter(prefix="/auth", tags=["auth"])

_SENSITIVE = (errors.NotAuthenticated, errors.CsrfFailed, StepUpRequired, SettingsLocked)
FreshUser = Annotated[Caller, fresh(Act.CHANGE_SIGN_IN_METHODS)]

IdentityId = Annotated[str, Path(max_length=300, pattern=r"^(google|github|apple|wallet):[^/]+$")]


@router.get("/identities", responses=declare(errors.NotAuthenticated))
async def list_identities(user: CurrentUser, services: ServicesDep) -> Identities:
    """Every way into the caller's account."""
    owner = await Accounts(services.db).owner(user.id)
    return Identities(
        items=[Identity.of(one) for one in await IdentityStore(services.db).of(user.id)],
        has_password=bool(owner["password_hash"]),
        passkeys=len(await PasskeyStore(services.db).of(user.id)),
    )


@router.delete(
    "/identities/{identity_id}",
    status_code=204,
    responses=declare(*_SENSITIVE, errors.NotFound, LastWayIn),
)
async def unlink(identity_id: IdentityId, user: FreshUser, call: CallDep) -> None:
    """Unlink an identity; refused with LAST_WAY_IN where nothing else would open the account."""
    removed = await remove_way(call.services, user.id, "identities", identity_id)
    await record(call, user.id, "identity_unlinked", identity=identity_id)
    await IdentityLinks(call).announce(removed, "can no longer sign in to your account")
