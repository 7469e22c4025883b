"""Making the first administrator, and more of them from the host's command line."""

from datetime import UTC, datetime
from hashlib import sha256
from secrets import token_urlsafe

from bson import ObjectId

from cryptovault.features.admin import repository
from cryptovault.features.admin.schemas import Setup
from cryptovault.features.auth.hashing import Owner, hash_password, refuse_bad_password
from cryptovault.features.auth.repository import Accounts
from cryptovault.features.auth.security import record
from cryptovault.features.auth.service import new_user
from cryptovault.infra.mongo import Database, Document
from cryptovault.kit.call import Call
from cryptovault.kit.errors import ApiError, NotAllowed

_REFUSED = "The setup token is wrong or was used before. On the host: cryptovault admin create."


async def first_token(db: Database) -> str:
    """The token of POST /admin/setup, the first time this is asked; empty ever after, and where an admin exists."""
    if await repository.admin_exists(db):
        return ""
    token = token_urlsafe(32)
    return token if await repository.offer(db, _hash(token), datetime.now(UTC)) else ""


async def is_open(db: Database) -> bool:
    """Whether there is a token that nobody has used, and no administrator."""
    return await repository.is_offered(db) and not await repository.admin_exists(db)


async def set_up(call: Call, request: Setup) -> Document:
    """Make the first administrator (T15). NotAllowed where the token is not the one, or there is an administrator."""
    db, token_hash = call.services.db, _hash(request.token)
    now = datetime.fromtimestamp(call.services.clock.now_ms() / 1000, UTC)
    owner = Owner(request.email, request.name)
    refuse_bad_password(request.password, owner)
    # Only who has the token has a password hashed, so that a crowd of others neither waits nor makes anybody wait.
    if await repository.admin_exists(db) or not await repository.use(db, token_hash, now):
        await record(call, "", "admin_setup_refused")
        raise NotAllowed(_REFUSED)
    try:
        hashed = await hash_password(call.services, request.password, owner)
        user = {**new_user(str(ObjectId()), request.email, request.name, hashed, now), "role": "admin"}
        await Accounts(db).add_user(user)
    except ApiError:
        await repository.give_back(db, token_hash)
        raise
    await repository.close(db, user["_id"], now)
    await record(call, user["_id"], "admin_created", how="setup")
    return user


async def create_admin(db: Database, email: str, password_hash: str, name: str = "") -> tuple[Document, bool]:
    """Make an administrator, or make one of the account that has this address; the result says whether it is new.

    For the host's command line: whoever can run it owns the database already.
    """
    accounts, now = Accounts(db), datetime.now(UTC)
    user = await accounts.user_by_email(email)
    made = user is None
    if user is None:
        user = new_user(str(ObjectId()), email, name, password_hash, now)
        await accounts.add_user(user)
    await repository.make_admin(db, user)
    await repository.close(db, user["_id"], now)
    for session in await accounts.live_sessions(user["_id"], now):  # their tokens still carry the old role
        await accounts.end_session(session["_id"], "role_changed", now)
    return user, made


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
