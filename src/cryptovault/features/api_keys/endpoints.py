"""/api-keys: make, list and delete the keys of programs."""

from fastapi import APIRouter

from cryptovault.features.api_keys import repository, service
from cryptovault.features.api_keys.schemas import ApiKey, ApiKeyCreate, ApiKeyList, CreatedApiKey, KeyId
from cryptovault.kit.access import CurrentUser, DbDep, ServicesDep
from cryptovault.kit.errors import Conflict, CsrfFailed, NotAllowed, NotAuthenticated, NotFound, RateLimited, declare

router = APIRouter(prefix="/api-keys", tags=["api-keys"])

_WRITING = (NotAuthenticated, NotAllowed, CsrfFailed, RateLimited)


@router.post("", status_code=201, responses=declare(*_WRITING, Conflict))
async def create_api_key(request: ApiKeyCreate, user: CurrentUser, services: ServicesDep) -> CreatedApiKey:
    """Make a key. The secret of an HMAC key is in this answer and in no other."""
    document, secret = await service.create(services, user.id, request)
    return CreatedApiKey(**ApiKey.of(document).model_dump(), secret=secret)


@router.get("", responses=declare(NotAuthenticated, NotAllowed, RateLimited))
async def list_api_keys(user: CurrentUser, db: DbDep) -> ApiKeyList:
    """Your keys and when each was last used; never a secret."""
    return ApiKeyList(items=[ApiKey.of(document) for document in await repository.keys_of(db, user.id)])


@router.delete("/{key_id}", status_code=204, responses=declare(*_WRITING, NotFound))
async def delete_api_key(key_id: KeyId, user: CurrentUser, services: ServicesDep) -> None:
    """Delete a key; requests signed with it are refused from now on."""
    if not await services.keys.end(user.id, key_id):
        raise NotFound("You have no such API key.")
