"""Another address: both the old and the new one have to say yes, by a link each has been sent.

email_changes  {_id = user id, new_email, change_id, confirmed: ["old" | "new"], expires_at TTL}
"""

from datetime import UTC, datetime
from secrets import token_hex

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from cryptovault.features.auth import policy
from cryptovault.features.auth.devices.service import freeze_url, origin_of
from cryptovault.features.auth.links import BAD_LINK, Links, Purpose
from cryptovault.features.auth.repository import Accounts
from cryptovault.features.auth.security import record
from cryptovault.features.auth.sessions import Sessions
from cryptovault.features.auth.state import lock_withdrawals
from cryptovault.infra.mail import Mail
from cryptovault.infra.mongo import Database, Document
from cryptovault.kit.call import Call
from cryptovault.kit.errors import BadInput, Conflict
from cryptovault.kit.rate_limit import RateClass
from cryptovault.kit.step_up import Act, require_fresh_factor

COLLECTION = "email_changes"
_SIDES = ("old", "new")
_MINUTES = int(policy.EMAIL_CHANGE_LIFETIME.total_seconds()) // 60
_PER_HOUR = RateClass("email_change_hour", policy.RESEND_PER_HOUR, window=3600)


async def ensure_indexes(db: Database) -> None:
    """Changes that nobody confirmed go by themselves; doing so again changes nothing."""
    await db[COLLECTION].create_index("expires_at", expireAfterSeconds=0)


async def ask(call: Call, user: Document, new_email: str) -> None:
    """Mail a link to both addresses. The answer never says whether the new one has an account already."""
    if new_email == user["email"]:
        raise BadInput("This is your address already.", details=[{"field": "new_email", "type": "same"}])
    await require_fresh_factor(call, Act.CHANGE_EMAIL)
    await call.services.limiter.check(_PER_HOUR, user["_id"])
    expires_at, change_id = _now(call) + policy.EMAIL_CHANGE_LIFETIME, token_hex(8)
    change = {"new_email": new_email, "change_id": change_id, "confirmed": [], "expires_at": expires_at}
    await call.services.db[COLLECTION].replace_one({"_id": user["_id"]}, change, upsert=True)
    links = Links(call.services.db, call.services.settings)
    await links.drop(user["_id"], Purpose.EMAIL)
    facts = {"change_id": change_id}
    urls = {side: await links.make(Purpose.EMAIL, user["_id"], expires_at, side=side, **facts) for side in _SIDES}
    shown = {"minutes": _MINUTES, **origin_of(call)}
    old = {**shown, "url": urls["old"], "new_email": new_email, "freeze_url": await freeze_url(call, user["_id"])}
    await call.services.mailer.send(Mail(user["email"], kind="email_change_old", values=old, user_id=user["_id"]))
    await _write_to_new(call, user, new_email, {**shown, "url": urls["new"]})
    await record(call, user["_id"], "email_change_asked")


async def confirm(call: Call, token: str) -> bool:
    """One address says yes; the result is whether both now have, and the address is changed."""
    db = call.services.db
    link = await Links(db, call.services.settings).take(Purpose.EMAIL, token, _now(call))
    change = await _note(call, link) if link is not None else None
    if change is None:
        raise BadInput(BAD_LINK, details=[{"field": "token", "message": BAD_LINK, "type": "token"}])
    if set(change["confirmed"]) != set(_SIDES):
        return False
    await _finish(call, change)
    return True


async def _note(call: Call, link: Document) -> Document | None:
    query = {"_id": link["user_id"], "change_id": link["facts"]["change_id"], "expires_at": {"$gt": _now(call)}}
    confirmed = {"$addToSet": {"confirmed": link["facts"]["side"]}}
    return await call.services.db[COLLECTION].find_one_and_update(
        query, confirmed, return_document=ReturnDocument.AFTER
    )


async def _finish(call: Call, change: Document) -> None:
    services, user_id = call.services, change["_id"]
    before = await Accounts(services.db).user(user_id)
    try:
        after = await Accounts(services.db).update_user(user_id, {"email": change["new_email"], "email_verified": True})
    except DuplicateKeyError as error:
        raise Conflict("This e-mail address cannot be used.") from error
    await services.db[COLLECTION].delete_one({"_id": user_id})
    if before is None or after is None:
        return
    # Whoever reads the old mailbox may have asked for a new password before.
    await Links(services.db, services.settings).drop(user_id, Purpose.RESET)
    await lock_withdrawals(services, user_id, _now(call) + policy.EMAIL_WITHDRAWAL_LOCK, "email_changed")
    await Sessions(services).end_others(user_id, "", "email_changed")
    await record(call, user_id, "email_changed")
    values = {"new_email": after["email"], "at": _now(call), "freeze_url": await freeze_url(call, user_id)}
    for address in (before["email"], after["email"]):
        await services.mailer.send(Mail(address, kind="email_changed", values=values, user_id=user_id))


async def _write_to_new(call: Call, user: Document, new_email: str, values: Document) -> None:
    """Whoever has an account with this address learns that somebody tried; nobody else learns of it."""
    if await Accounts(call.services.db).user_by_email(new_email) is not None:
        await call.services.mailer.send(Mail(new_email, kind="account_exists"))
    else:
        await call.services.mailer.send(Mail(new_email, kind="email_change_new", values=values, user_id=user["_id"]))


def _now(call: Call) -> datetime:
    return datetime.fromtimestamp(call.services.clock.now_ms() / 1000, UTC)
