"""Changing the password, locking, deleting."""

from datetime import UTC, datetime, timedelta

from cryptovault.engine.commands import CancelAll
from cryptovault.features.auth.account.schemas import ChangePassword, Security
from cryptovault.features.auth.devices.service import Devices, freeze_url, origin_of
from cryptovault.features.auth.factors import methods_of
from cryptovault.features.auth.hashing import hash_password, is_short, owner_of_password, verify_password
from cryptovault.features.auth.links import Links, Purpose
from cryptovault.features.auth.lockout import Lockout
from cryptovault.features.auth.repository import Accounts
from cryptovault.features.auth.security import record, tell
from cryptovault.features.auth.sessions import Sessions
from cryptovault.features.auth.state import WITHDRAWALS_LOCK, end_everything
from cryptovault.infra.mail import Mail
from cryptovault.infra.mail.phrases import FIELD as PHRASE
from cryptovault.infra.mongo import Document
from cryptovault.kit.call import Call
from cryptovault.kit.errors import BadInput, Conflict
from cryptovault.kit.step_up import SETTINGS_LOCK, Act, require_fresh_factor, require_proof, require_unlocked

_WRONG_PASSWORD = "The current password is wrong."  # noqa: S105 - a sentence # pragma: allowlist secret
_OWNED = ("second_factors", "passkeys", "identities", "devices", "links", "notices", "notification_settings")
"""Collections with documents that are the user's alone, by `user_id` or by their `_id`."""


class FundsRemain(Conflict):
    """The account still owns something; nobody may lose it by a click."""

    code = "FUNDS_REMAIN"
    message = "The account still holds funds. Withdraw or transfer them first."


async def owner_of(call: Call) -> Document:
    """The caller's document."""
    return await Accounts(call.services.db).owner(call.require().id)


async def change_password(call: Call, request: ChangePassword) -> None:
    """Replace the password by whoever knows it; where a second factor is set up, a fresh proof of it too.

    All other sessions end.
    """
    services, user = call.services, await owner_of(call)
    await require_unlocked(call)
    await check_password(call, user, request.current_password, "current_password")
    owner = await owner_of_password(services, user)
    hashed = await hash_password(services, request.new_password, owner, "new_password")
    if not user["password_hash"] or await methods_of(call, user["_id"]):
        await require_fresh_factor(call, Act.CHANGE_PASSWORD)
    now = now_of(call)
    fields = {"password_hash": hashed, "password_changed_at": now, "short_password": is_short(request.new_password)}
    await Accounts(services.db).update_user(user["_id"], fields)
    await Links(services.db, services.settings).drop(user["_id"], Purpose.RESET)
    await Sessions(services).end_others(user["_id"], call.require().session_id, "password_changed")
    await record(call, user["_id"], "password_changed")
    facts = {"at": now, "freeze_url": await freeze_url(call, user["_id"]), **origin_of(call)}
    await tell(call, user, "password_changed", **facts)


async def check_password(call: Call, user: Document, password: str, field: str) -> None:
    """Raise BadInput unless this is the caller's password; tries are counted as at sign-in."""
    if not user["password_hash"]:
        return
    lockout = Lockout(call.services)
    origin = call.address, await Devices(call.services).known(call, user["_id"])
    await lockout.count(user["email"], *origin)
    if not await verify_password(call.services, user["password_hash"], password):
        await record(call, user["_id"], "password_refused")
        raise BadInput(_WRONG_PASSWORD, details=[{"field": field, "message": _WRONG_PASSWORD, "type": "password"}])
    await lockout.forgive(user["email"], *origin)


async def security(call: Call) -> Security:
    """The caller's locks."""
    user, now = await owner_of(call), now_of(call)
    return Security(
        has_password=bool(user["password_hash"]),
        password_min=(await owner_of_password(call.services, user)).shortest,
        password_changed_at=user.get("password_changed_at"),
        anti_phishing_phrase=user.get(PHRASE) or "",
        settings_locked_until=_future(user, SETTINGS_LOCK, now),
        withdrawals_locked_until=(until := _future(user, WITHDRAWALS_LOCK, now)),
        withdrawals_locked_by=user.get("withdrawals_locked_by", "") if until else "",
    )


async def set_phrase(call: Call, phrase: str) -> None:
    """Choose the phrase that mails show."""
    user_id = (await require_fresh_factor(call, Act.CHANGE_PHRASE)).id
    await Accounts(call.services.db).update_user(user_id, {PHRASE: phrase})
    await record(call, user_id, "phrase_changed")


async def lock_settings(call: Call, days: int) -> None:
    """Let nobody change the security settings for some days. A lock that lasts longer already stays as it is."""
    user_id, until = (await require_proof(call, Act.LOCK_SETTINGS)).id, now_of(call) + timedelta(days=days)
    longer = await call.services.db["users"].update_one(
        {"_id": user_id, "$or": [{SETTINGS_LOCK: None}, {SETTINGS_LOCK: {"$lt": until}}]},
        {"$set": {SETTINGS_LOCK: until}},
    )
    if not longer.modified_count:
        raise Conflict("The settings are locked for longer than that already.")
    await record(call, user_id, "settings_locked", days=days)


async def delete(call: Call) -> None:
    """Close the account for good; FundsRemain while it owns anything.

    Where something came in at the last moment, the account stays and only its sessions and keys have ended. The books
    keep the account's number, and nothing that tells whose it was.
    """
    services, user = call.services, await owner_of(call)
    await _refuse_funds(call, user["_id"])
    await require_fresh_factor(call, Act.DELETE_ACCOUNT)
    # Nothing new begins, orders end, and what is still on its way to the books passes before they are read again.
    await end_everything(services, user["_id"], "account_deleted")
    for paper in (False, True):
        await call.submit(CancelAll(user["_id"], paper=paper))
    await _refuse_funds(call, user["_id"])
    await record(call, user["_id"], "account_deleted")
    text = "Your account and what belonged to it were deleted, as you asked."
    farewell = Mail(user["email"], "Your account was deleted", text, phrase=user.get(PHRASE) or "")
    await services.mailer.send(farewell)
    gone = {"email": f"deleted:{user['_id']}", "name": "", "password_hash": "", "deleted_at": now_of(call)}
    await services.db["users"].update_one({"_id": user["_id"]}, {"$set": gone, "$unset": {PHRASE: ""}})
    await end_everything(services, user["_id"], "account_deleted")  # who has signed in meanwhile
    for collection in _OWNED:
        await services.db[collection].delete_many({"$or": [{"_id": user["_id"]}, {"user_id": user["_id"]}]})


async def _refuse_funds(call: Call, user_id: str) -> None:
    """Read the wallet as it is once everything the caller was ever told of has been written to it."""
    await call.after_own_writes()
    wallet = await call.services.db["wallets"].find_one({"_id": user_id}) or {"balances": {}}
    left = [
        asset
        for asset, row in wallet["balances"].items()
        if any(row[part].strip("0.") for part in ("available", "held"))
    ]
    if left:
        raise FundsRemain(details={"assets": sorted(left)})


def now_of(call: Call) -> datetime:
    """The present moment, as the call's services see it."""
    return datetime.fromtimestamp(call.services.clock.now_ms() / 1000, UTC)


def _future(user: Document, field: str, now: datetime) -> datetime | None:
    until: datetime | None = user.get(field)
    return until if until is not None and until > now else None
