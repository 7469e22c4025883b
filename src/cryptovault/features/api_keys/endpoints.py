"""/api-keys: make, list and delete the keys of programs."""

from fastapi import APIRouter

from cryptovault.features.api_keys import repository, service
from cryptovault.features.api_keys.schemas import ApiKey, ApiKeyCreate, ApiKeyList, CreatedApiKey, KeyId
from cryptovault.kit.access import CallDep, CurrentUser, DbDep
from cryptovault.kit.errors import Conflict, CsrfFailed, NotAllowed, NotAuthenticated, NotFound, RateLimited, declare
from cryptovault.kit.second_factor import SecondFactorMissing
from cryptovault.kit.step_up import SettingsLocked, StepUpRequired

router = APIRouter(prefix="/api-keys", tags=["api-keys"])

_WRITING = (NotAuthenticated, NotAllowed, CsrfFailed, RateLimited)


@router.post(
    "", status_code=201, responses=declare(*_WRITING, SecondFactorMissing, StepUpRequired, SettingsLocked, Conflict)
)
async def create_api_key(request: ApiKeyCreate, _user: CurrentUser, call: CallDep) -> CreatedApiKey:
    """Make a key, with a fresh proof (X-Step-Up). The secret of an HMAC key is in this answer and in no other."""
    document, secret = await service.create(call, request)
    return CreatedApiKey(**ApiKey.of(document).model_dump(), secret=secret)


@router.get("", responses=declare(NotAuthenticated, NotAllowed, RateLimited))
async def list_api_keys(user: CurrentUser, db: DbDep) -> ApiKeyList:
    """Your keys and when each was last used; never a secret."""
    return ApiKeyList(items=[ApiKey.of(document) for document in await repository.keys_of(db, user.id)])


@router.delete("/{key_id}", status_code=204, responses=declare(*_WRITING, NotFound))
async def delete_api_key(key_id: KeyId, _user: CurrentUser, call: CallDep) -> None:
    """Delete a key; requests signed with it are refused from now on."""
    await service.delete(call, key_id)
