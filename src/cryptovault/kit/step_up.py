"""Sensitive acts are for somebody who has just proven, for this very act, that they are who they were at sign-in.

    step_ups  {_id = hash of the proof's token, user_id, session_id, act, expires_at TTL}

POST /auth/step-up takes a second factor (where the account has none the password, or a code by mail where it has
neither) and gives a token for one act, which the act's own request carries as the header X-Step-Up. It works once,
within five minutes, in that session only. The same call refuses what an owner has locked: a settings lock cannot be
talked away by any proof.
"""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from secrets import token_urlsafe

from cryptovault.infra.mongo import Database, Within
from cryptovault.kit.call import Call
from cryptovault.kit.errors import NotAllowed
from cryptovault.kit.schemas import iso
from cryptovault.kit.tokens import Identity

COLLECTION = "step_ups"
HEADER = b"x-step-up"
LIFETIME = timedelta(minutes=5)
SETTINGS_LOCK = "settings_locked_until"
"""Of a document in `users`."""

_MAX_TOKEN = 128


class Act(StrEnum):
    """What needs a fresh proof; a proof for one act is worth nothing for another."""

    CHANGE_PASSWORD = "change_password"  # noqa: S105 - the name of an act # pragma: allowlist secret
    CHANGE_EMAIL = "change_email"
    DELETE_ACCOUNT = "delete_account"
    CHANGE_SECOND_FACTOR = "change_second_factor"
    CHANGE_SIGN_IN_METHODS = "change_sign_in_methods"
    CREATE_API_KEY = "create_api_key"  # pragma: allowlist secret
    CHANGE_PHRASE = "change_phrase"
    LOCK_SETTINGS = "lock_settings"
    LINK_TELEGRAM = "link_telegram"
    END_SESSIONS = "end_sessions"
    RESET_SECOND_FACTOR = "reset_second_factor"


class StepUpRequired(NotAllowed):
    """The act needs a fresh proof: POST /auth/step-up gives one, for the header X-Step-Up of the same request."""

    code, message = "STEP_UP_REQUIRED", "Please confirm that it is you."


class SettingsLocked(NotAllowed):
    """The owner has locked the security settings, and nobody can unlock them before the time is over."""

    code, message = "SETTINGS_LOCKED", "Your security settings are locked."


async def grant(call: Call, act: Act, within: Within | None = None) -> str:
    """Make the token that lets the caller do one act; for whoever has checked the caller's proof."""
    identity, token = call.require(), token_urlsafe(32)
    proof = {
        "_id": _hash(token),
        "user_id": identity.id,
        "session_id": identity.session_id,
        "act": act.value,
        "expires_at": _now(call) + LIFETIME,
    }
    await call.services.db[COLLECTION].insert_one(proof, session=within)
    return token


async def require_fresh_factor(call: Call, act: Act) -> Identity:
    """The caller, who has proven to be the owner for this act; uses the proof up.

    Raises SettingsLocked or StepUpRequired, whose details name the act.
    """
    await require_unlocked(call)
    return await require_proof(call, act)


async def require_proof(call: Call, act: Act) -> Identity:
    """The same for what a settings lock does not forbid."""
    identity = call.require()
    token = call.headers.get(HEADER, b"").decode("latin-1")
    if not 0 < len(token) <= _MAX_TOKEN:
        raise StepUpRequired(details={"act": act.value})
    proof = {
        "_id": _hash(token),
        "user_id": identity.id,
        "session_id": identity.session_id,
        "act": act.value,
        "expires_at": {"$gt": _now(call)},
    }
    if await call.services.db[COLLECTION].find_one_and_delete(proof) is None:
        raise StepUpRequired(details={"act": act.value})
    return identity


async def require_unlocked(call: Call) -> Identity:
    """The caller, whose security settings are not locked; SettingsLocked otherwise."""
    identity = call.require()
    user = await call.services.db["users"].find_one({"_id": identity.id}, {SETTINGS_LOCK: 1})
    until: datetime | None = (user or {}).get(SETTINGS_LOCK)
    if until is not None and until > _now(call):
        raise SettingsLocked(f"{SettingsLocked.message[:-1]} until {until:%-d %B %Y}.", details={"until": iso(until)})
    return identity


async def ensure_indexes(db: Database) -> None:
    """Unused proofs go by themselves; doing so again changes nothing."""
    await db[COLLECTION].create_index("expires_at", expireAfterSeconds=0)


def _hash(token: str) -> str:
    """Tokens are 256 random bits: a plain hash is enough, and nothing to steal in the database."""
    return sha256(token.encode()).hexdigest()


def _now(call: Call) -> datetime:
    return datetime.fromtimestamp(call.services.clock.now_ms() / 1000, UTC)
