"""Removing second factors that their owner has lost.

    second_factor_resets  {_id, user_id, identity_proof, state, open (only while it is), asked_by, asked_at,
                           approved_by, due_at}

One administrator asks and notes how the owner has proven anew who it is; another one approves. Seven days later, or
when a settings lock ends if that is later, the owner's next sign-in finds the factors gone. Until then nothing is
withdrawn, and whoever still has the account stops it by the link that was sent on every way the owner can be reached,
or by using the factor: it is not lost.
"""

from datetime import UTC, datetime, timedelta
from secrets import token_hex

from pymongo import DESCENDING, IndexModel, ReturnDocument
from pymongo.errors import DuplicateKeyError

from cryptovault.features.auth import policy
from cryptovault.features.auth.factor_store import FactorStore
from cryptovault.features.auth.links import BAD_LINK, Links, Purpose
from cryptovault.features.auth.lost_factor.schemas import AskReset
from cryptovault.features.auth.repository import Accounts
from cryptovault.features.auth.security import record, tell
from cryptovault.features.auth.state import end_everything, lock_withdrawals
from cryptovault.infra.mail import Mail
from cryptovault.infra.mongo import Database, Document, Within, in_one
from cryptovault.kit.call import Call
from cryptovault.kit.errors import BadInput, Conflict, NotAllowed, NotFound
from cryptovault.kit.notices import Category, Notice
from cryptovault.kit.step_up import SETTINGS_LOCK, Act, require_proof

COLLECTION = "second_factor_resets"
KIND = "second_factor_reset"
PAGE = f"/{Purpose.KEEP.value}"
_SHOWN = 100
_OVER = "There is no such open request."


async def ensure_indexes(db: Database) -> None:
    """One open request for each account; doing so again changes nothing."""
    only_open = {"open": True}
    await db[COLLECTION].create_indexes(
        [
            IndexModel("user_id", unique=True, partialFilterExpression=only_open),
            IndexModel([("asked_at", DESCENDING)]),
        ]
    )


async def newest(db: Database) -> list[Document]:
    """The newest requests."""
    return await db[COLLECTION].find({}).sort("asked_at", DESCENDING).to_list(_SHOWN)


async def ask(call: Call, request: AskReset) -> Document:
    """Begin; NotFound without such an account, Conflict where it has no second factor or there is a request already."""
    admin = await require_proof(call, Act.RESET_SECOND_FACTOR)
    db = call.services.db
    user = await Accounts(db).user_by_email(request.email)
    if user is None:
        raise NotFound("There is no account with this address.")
    if user["_id"] == admin.id:
        raise NotAllowed("For your own account two others have to act.")
    if not await FactorStore(db).has_any(user["_id"]):
        raise Conflict("This account has no second factor.")
    asked = {"asked_by": admin.id, "asked_at": _now(call), "approved_by": None, "due_at": None}
    reset: Document = {"_id": token_hex(12), "user_id": user["_id"], "identity_proof": request.identity_proof, **asked}
    reset |= {"state": "asked", "open": True}
    try:
        await db[COLLECTION].insert_one(reset)
    except DuplicateKeyError as error:
        raise Conflict("There is an open request for this account already.") from error
    await record(call, user["_id"], f"{KIND}_asked", reset=reset["_id"], identity_proof=request.identity_proof)
    return reset


async def approve(call: Call, reset_id: str) -> Document:
    """Let it take effect after the wait; NotAllowed for whoever asked, and for the owner of the account."""
    admin = await require_proof(call, Act.RESET_SECOND_FACTOR)
    resets = call.services.db[COLLECTION]
    asked = await resets.find_one({"_id": reset_id, "state": "asked"})
    user = await Accounts(call.services.db).user(asked["user_id"]) if asked is not None else None
    if asked is None or user is None:
        raise NotFound("There is no such request that waits for approval.")
    if admin.id in {asked["asked_by"], asked["user_id"]}:
        raise NotAllowed("Another administrator has to approve this.")
    due_at = max(_now(call) + policy.LOST_FACTOR_WAIT, user.get(SETTINGS_LOCK) or _now(call))
    change = {"$set": {"state": "approved", "approved_by": admin.id, "due_at": due_at}}
    query = {"_id": reset_id, "state": "asked"}
    approved = await resets.find_one_and_update(query, change, return_document=ReturnDocument.AFTER)
    if approved is None:
        raise NotFound("There is no such request that waits for approval.")
    await lock_withdrawals(call.services, user["_id"], due_at, KIND)
    await record(call, user["_id"], f"{KIND}_approved", reset=reset_id)
    await _tell_owner(call, user, due_at)
    return approved


async def withdraw(call: Call, reset_id: str) -> None:
    """Stop it by an administrator; NotFound where it is over."""
    reset = await call.services.db[COLLECTION].find_one({"_id": reset_id, "open": True})
    if reset is None or not await _cancel(call, reset, "administrator"):
        raise NotFound(_OVER)


async def keep(call: Call, user_id: str, how: str) -> bool:
    """Stop the removal of somebody's factors; whether there was one to stop. `how` is for the security log."""
    open_one = await call.services.db[COLLECTION].find_one({"user_id": user_id, "open": True})
    return open_one is not None and await _cancel(call, open_one, how)


async def stop(call: Call, token: str) -> None:
    """Stop it by the owner's link; BadInput where that is used up or too old."""
    link = await Links(call.services.db, call.services.settings).take(Purpose.KEEP, token, _now(call))
    if link is None:
        raise BadInput(BAD_LINK, details=[{"field": "token", "message": BAD_LINK, "type": "token"}])
    if not await keep(call, link["user_id"], "link"):
        raise NotFound(_OVER)


async def finish(call: Call, user: Document) -> bool:
    """Remove the factors of somebody who is about to sign in, if that is due; whether it was."""
    db, user_id, now = call.services.db, user["_id"], _now(call)
    due = {"user_id": user_id, "state": "approved", "due_at": {"$lte": now}}
    locked_until = user.get(SETTINGS_LOCK)
    if await db[COLLECTION].find_one(due, {"_id": 1}) is None or (locked_until is not None and locked_until > now):
        return False

    async def remove(within: Within) -> bool:
        change = {"$set": {"state": "done"}, "$unset": {"open": ""}}
        if not (await db[COLLECTION].update_one(due, change, session=within)).modified_count:
            return False
        await db["second_factors"].delete_one({"_id": user_id}, session=within)
        await db["passkeys"].delete_many({"user_id": user_id}, session=within)
        if user.get("short_password"):  # it was good enough beside a second factor only
            await db["users"].update_one({"_id": user_id}, {"$set": {"password_hash": ""}}, session=within)
        return True

    if not await in_one(call.services.mongo, remove):
        return False
    await end_everything(call.services, user_id, KIND)
    await lock_withdrawals(call.services, user_id, now + policy.RESET_WITHDRAWAL_LOCK, KIND)
    await record(call, user_id, f"{KIND}_done")
    await tell(call, user, "two_factor_disabled", method="as it was asked for through support")
    return True


async def stop_own(call: Call) -> None:
    """Stop it by whoever is signed in; NotFound where there is nothing to stop."""
    if not await keep(call, call.require().id, "owner"):
        raise NotFound(_OVER)


async def _cancel(call: Call, reset: Document, how: str) -> bool:
    change = {"$set": {"state": "cancelled"}, "$unset": {"open": ""}}
    query = {"_id": reset["_id"], "open": True}
    if not (await call.services.db[COLLECTION].update_one(query, change)).modified_count:
        return False
    await record(call, reset["user_id"], f"{KIND}_cancelled", how=how, reset=reset["_id"])
    return True


async def _tell_owner(call: Call, user: Document, due_at: datetime) -> None:
    """By mail, in the app and by Telegram where it is linked, each with the link that stops it."""
    link_until = due_at + timedelta(days=policy.SETTINGS_LOCK_DAYS)
    links = Links(call.services.db, call.services.settings)
    url = await links.make(Purpose.KEEP, user["_id"], link_until)
    mail = Mail(user["email"], kind=KIND, values={"url": url, "at": due_at}, user_id=user["_id"])
    text = f"It happens on {due_at:%-d %B %Y}, because support was told that you have lost it. Not you? Stop it here."
    title = "Your second factor is about to be removed"
    await call.services.notices.tell(Notice(user["_id"], Category.SECURITY, KIND, title, text, PAGE, mail, url=url))


def _now(call: Call) -> datetime:
    return datetime.fromtimestamp(call.services.clock.now_ms() / 1000, UTC)
