"""Nobody locks themselves out: a way into an account can be removed as long as another one is left."""

from typing import Any

from pymongo.asynchronous.client_session import AsyncClientSession

from cryptovault.features.auth.policy import PASSWORD_MIN
from cryptovault.infra.mongo import Document
from cryptovault.kit.errors import Conflict, NotFound
from cryptovault.kit.services import Services


class LastWayIn(Conflict):
    """Without this the account could not be entered any more."""

    code = "LAST_WAY_IN"
    message = "This is the only way left to sign in. Add another one, or set a password, first."


class PasswordTooShort(Conflict):
    """The password was chosen beside a second factor, and would be the only factor without it."""

    code = "PASSWORD_TOO_SHORT"
    message = f"Without a second factor the password needs {PASSWORD_MIN} characters. Change it first."


def refuse_short_password(user: Document, *, totp: bool, passkeys: int) -> None:
    """PasswordTooShort where the password would be all that is left; `totp` and `passkeys` are what will remain."""
    if user.get("short_password") and not totp and not passkeys:
        raise PasswordTooShort


async def remove_way(services: Services, user_id: str, collection: str, key: str) -> Document:
    """Delete one of the user's passkeys or identities, and return it; NotFound, or LastWayIn and nothing is deleted.

    One transaction that also touches the user's own document: of two removals at the same moment one sees the other.
    """
    users, ways = services.db["users"], services.db[collection]

    async def remove(session: AsyncClientSession) -> Document:
        user = await users.find_one_and_update({"_id": user_id}, {"$inc": {"ways_changed": 1}}, session=session)
        removed = await ways.find_one_and_delete({"_id": key, "user_id": user_id}, session=session)
        if user is None or removed is None:
            raise NotFound
        if not user["password_hash"] and not await _other_way(services, user_id, session):
            raise LastWayIn
        return removed

    async with services.mongo.start_session() as session:
        return await session.with_transaction(remove)


async def _other_way(services: Services, user_id: str, session: AsyncClientSession) -> bool:
    query: dict[str, Any] = {"user_id": user_id}
    for collection in ("identities", "passkeys"):
        if await services.db[collection].find_one(query, {"_id": 1}, session=session) is not None:
            return True
    return False
