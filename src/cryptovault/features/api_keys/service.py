"""Making API keys."""

from datetime import UTC, datetime
from secrets import token_hex, token_urlsafe
from typing import Any

from pymongo.errors import DuplicateKeyError

from cryptovault.features.api_keys import policy, repository
from cryptovault.features.api_keys.schemas import ApiKeyCreate
from cryptovault.infra.mongo import Document
from cryptovault.kit.api_keys import Kind
from cryptovault.kit.errors import BadInput, Conflict
from cryptovault.kit.services import Services


async def create(services: Services, user_id: str, request: ApiKeyCreate) -> tuple[Document, str | None]:
    """Make a key; the second value is its secret, which nobody can read again."""
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
    return await _add(services, document), secret


async def _add(services: Services, document: dict[str, Any]) -> Document:
    """Store the key in the first free slot of its user."""
    taken = {key["slot"] for key in await repository.keys_of(services.db, document["user_id"])}
    for slot in sorted(set(range(policy.MAX_KEYS)) - taken):
        try:
            await repository.add(services.db, document | {"slot": slot})
        except DuplicateKeyError:
            continue
        return document
    raise Conflict(f"You have {policy.MAX_KEYS} API keys; delete one you do not need.")
