"""The one door: whoever has proven a first factor, in whichever way, passes here to get a session.

An account with a second factor gets a challenge instead, bound to that account; the session begins when the challenge
is answered, once; administrators then get another one. What else may keep somebody out belongs into `enter`.

A proof is used up in the transaction that begins the session: who is not let in has lost no code. The security log's
record is promised there too. What follows (mails, tidying up) cannot undo it any more.
"""

from functools import partial
from time import perf_counter
from typing import Any, NamedTuple

from fastapi import Response
from pymongo.errors import DuplicateKeyError

from cryptovault.features.auth import admin_code
from cryptovault.features.auth.challenges import SECOND_FACTOR, Challenges
from cryptovault.features.auth.devices.service import Devices, device_token
from cryptovault.features.auth.factors import methods_of, passkey_question, verify_factor
from cryptovault.features.auth.lost_factor import service as lost_factor
from cryptovault.features.auth.repository import Accounts
from cryptovault.features.auth.schemas import AuthResult
from cryptovault.features.auth.security import entry_of, record
from cryptovault.features.auth.sessions import Grant, Sessions, signed_in
from cryptovault.features.auth.state import AccountFrozen, still_open
from cryptovault.features.auth.two_factor.schemas import Asked, Proof
from cryptovault.features.auth.two_factor.service import WRONG_CODE
from cryptovault.infra.mongo import Document, Within, in_one
from cryptovault.kit.afterwards import afterwards
from cryptovault.kit.audit import Entry
from cryptovault.kit.call import Call
from cryptovault.kit.errors import NotAuthenticated, Overloaded
from cryptovault.kit.schemas import AnswerModel, RequestModel
from cryptovault.kit.tokens import ADMIN

CHALLENGE_SECONDS = 300
_LATE_SECONDS = 10.0
"""A request older than this is turned away while nothing is used up yet; its time limit must not cut it in two."""
_COMPLETED = "This sign-in was completed already."


class SecondFactorRequired(AnswerModel):
    """The first factor was right; answer the challenge with one of the methods to be signed in."""

    second_factor_required: bool = True
    challenge: str
    methods: list[Asked]
    passkey: dict[str, Any] | None
    """Options for navigator.credentials.get(), where the account has a passkey."""


class SecondFactor(RequestModel):
    """The answer to a challenge."""

    challenge: str
    proof: Proof


class Pending(NamedTuple):
    """A first factor that waits for the second."""

    challenge: str
    methods: list[Asked]
    passkey: dict[str, Any] | None


async def admit(call: Call, user: Document, how: str) -> Grant | Pending:
    """Let somebody in whose first factor was right; `how` says which it was, for the security log."""
    if await lost_factor.finish(call, user) and user.get("short_password"):
        raise NotAuthenticated("Your second factor was removed. Please set a new password by mail.")
    methods = await methods_of(call, user["_id"])
    if not methods:
        return await pass_factors(call, user, how)
    challenge = await _challenges(call).ask(challenge_facts(user, how))
    question = await passkey_question(call, user["_id"]) if "passkey" in methods else None
    return Pending(challenge, [*methods], question)


async def pass_factors(call: Call, user: Document, how: str) -> Grant | Pending:
    """Let somebody in whose factors were all right; an administrator is sent a code on top."""
    return await _ask_admin(call, user, how) if admin_code.wanted(user) else await enter(call, user, how)


async def complete(call: Call, request: SecondFactor) -> Grant | Pending:
    """Let somebody in who answers the challenge; NotAuthenticated where challenge or answer is not right."""
    facts = await _challenges(call).look(request.challenge)
    user = await Accounts(call.services.db).user(facts["user_id"]) if facts else None
    if facts is None or user is None or facts["state"] != _state(user):
        raise NotAuthenticated("This sign-in has taken too long. Please begin again.")
    await call.services.limiter.check(call.services.rates.login, f"second:{call.stranger}:{user['_id']}")
    how, kept = f"{facts['how']}+{request.proof.method}", facts.get("admin_code")
    if kept:
        if not await _right_admin_code(call, user, kept, request.proof):
            raise NotAuthenticated(WRONG_CODE)
        return await enter(call, user, how, request.challenge)
    if admin_code.wanted(user):
        return await _factor_of_admin(call, user, how, request)
    return await enter(call, user, how, request.challenge, request.proof)


async def enter(call: Call, user: Document, how: str, challenge: str = "", proof: Proof | None = None) -> Grant:
    """Begin the session of somebody who has proven everything but for this proof; a challenge begins one session.

    NotAuthenticated where the proof is wrong; AccountFrozen where the owner has closed the account.
    """
    _refuse_frozen(user)
    if perf_counter() - call.started > _LATE_SECONDS:
        raise Overloaded
    sessions, device = Sessions(call.services), device_token(call)
    grant, session = sessions.prepare(user, call, _role(call, user, how), challenge)
    told = entry_of(call, user["_id"], "signed_in", how=how, session=grant.session_id[:8])
    begin = partial(_begin, call, user, session, told)
    if proof is None:
        await in_one(call.services.mongo, begin)
    elif not await verify_factor(call, user, proof, begin):
        raise NotAuthenticated(WRONG_CODE)
    await afterwards(
        partial(call.services.audit.keep, grant.session_id),
        partial(sessions.end_surplus, user["_id"]),
        partial(Devices(call.services).welcome, call, user, device),
        partial(_challenges(call).take, challenge),
    )
    return grant._replace(device=device)


async def _begin(call: Call, user: Document, session: Document, told: Entry, within: Within) -> None:
    """Store the session and promise its record, unless the account was closed or its password changed meanwhile."""
    accounts = Accounts(call.services.db)
    try:
        await accounts.add_session(session, within)
    except DuplicateKeyError as error:
        raise NotAuthenticated(_COMPLETED) from error
    await call.services.audit.promise(session["_id"], told, within)
    fresh = await accounts.update_user(user["_id"], {"last_login": session["created_at"]}, within)
    if fresh is None or not still_open(user, fresh):
        _refuse_frozen(fresh or user)
        raise NotAuthenticated


async def _factor_of_admin(call: Call, user: Document, how: str, request: SecondFactor) -> Pending:
    """Check an administrator's second factor; the code is on its way before the factor is used up."""
    asked: list[Pending] = []

    async def ask(_within: Within) -> None:
        if await _challenges(call).take(request.challenge) is None:
            raise NotAuthenticated(_COMPLETED)
        asked.append(await _ask_admin(call, user, how))

    if not await verify_factor(call, user, request.proof, ask):
        raise NotAuthenticated(WRONG_CODE)
    return asked[-1]


async def _ask_admin(call: Call, user: Document, how: str) -> Pending:
    facts = challenge_facts(user, how) | {"admin_code": await admin_code.send(call, user)}
    return Pending(await _challenges(call).ask(facts), ["admin_code"], None)


def _role(call: Call, user: Document, how: str) -> str:
    """The rights of the session: an administrator's may ask for a sign-in that nobody can be talked out of."""
    weak = call.services.settings.admin_passkey_required and "passkey" not in how.split("+")
    return "user" if user["role"] == ADMIN and weak else str(user["role"])


def challenge_facts(user: Document, how: str) -> dict[str, Any]:
    """What is kept of a first factor. It is worth nothing any more once the account is in another state."""
    return {"user_id": user["_id"], "how": how, "state": _state(user)}


def _state(user: Document) -> str:
    return str(user.get("password_changed_at"))


def _refuse_frozen(user: Document) -> None:
    if user.get("frozen_at") is not None:
        raise AccountFrozen


async def _right_admin_code(call: Call, user: Document, kept: str, proof: Proof) -> bool:
    accepted = proof.method == "admin_code" and await admin_code.right(call, user, kept, proof.code)
    await record(call, user["_id"], "admin_code_accepted" if accepted else "admin_code_refused")
    return accepted


def answer(outcome: Grant | Pending, call: Call, response: Response) -> AuthResult | SecondFactorRequired:
    """The answer to a first factor; tokens are set as cookies too."""
    if isinstance(outcome, Pending):
        return SecondFactorRequired(**outcome._asdict())
    return signed_in(outcome, call, response)


def _challenges(call: Call) -> Challenges:
    return Challenges(call.services.redis, SECOND_FACTOR, CHALLENGE_SECONDS)
