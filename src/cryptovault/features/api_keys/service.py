"""Making and deleting API keys."""

from datetime import UTC, datetime
from secrets import token_hex, token_urlsafe
from typing import Any

from pymongo.errors import DuplicateKeyError

from cryptovault.features.api_keys import policy, repository
from cryptovault.features.api_keys.schemas import ApiKeyCreate
from cryptovault.features.auth.security import record, tell
from cryptovault.infra.mongo import Document
from cryptovault.kit.api_keys import Kind
from cryptovault.kit.call import Call
from cryptovault.kit.errors import BadInput, Conflict, NotFound
from cryptovault.kit.services import Services
from cryptovault.kit.step_up import Act, require_fresh_factor


async def create(call: Call, request: ApiKeyCreate) -> tuple[Document, str | None]:
    """Make a key and tell its owner by mail; the second value is its secret, which nobody can read again."""
    await call.services.second_factors.require(call.require().id)
    user_id = (await require_fresh_factor(call, Act.CREATE_API_KEY)).id
    document, secret = _new_key(call.services, user_id, request)
    await _add(call.services, document)
    await record(call, user_id, "api_key_created", key=document["_id"], scopes=" ".join(document["scopes"]))
    owner = await call.services.db["users"].find_one({"_id": user_id})
    if owner is not None:
        await tell(call, owner, "api_key_created", name=request.name)
    return document, secret


async def delete(call: Call, key_id: str) -> None:
    """Delete one of the caller's keys; NotFound where it is not theirs."""
    user_id = call.require().id
    if not await call.services.keys.end(user_id, key_id):
        raise NotFound("You have no such API key.")
    await record(call, user_id, "api_key_deleted", key=key_id)


def _new_key(services: Services, user_id: str, request: ApiKeyCreate) -> tuple[Document, str | None]:
    now = datetime.fromtimestamp(services.clock.now_ms() / 1000, UTC)
    if request.expires_at is not None and request.expires_at <= now:
        raise BadInput("expires_at: must be in the future")
    key_id = f"cvk_{token_hex(policy.ID_BYTES)}"
    document: Document = {
        "_id": key_id,
        "user_id": user_id,
        "name": request.name,
        "scopes": sorted(set(request.scopes)),
        "networks": request.networks,
        "created_at": now,
        "expires_at": request.expires_at,
        "last_used_at": None,
        "last_used_address": None,
    }
    if request.public_key is not None:
        document |= {"kind": Kind.ED25519, "public_key": request.public_key}
        secret = None
    else:
        secret = token_urlsafe(policy.SECRET_BYTES)
        document |= {"kind": Kind.HMAC, "sealed_secret": services.keys.sealer.seal(key_id, secret.encode())}
    return document, secret


async def _add(services: Services, document: dict[str, Any]) -> None:
    """Store the key in the first free slot of its user."""
    taken = {key["slot"] for key in await repository.keys_of(services.db, document["user_id"])}
    for slot in sorted(set(range(policy.MAX_KEYS)) - taken):
        try:
            await repository.add(services.db, document | {"slot": slot})
        except DuplicateKeyError:
            continue
        return
    raise Conflict(f"You have {policy.MAX_KEYS} API keys; delete one you do not need.")
