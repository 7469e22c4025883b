"""The one door: whoever has proven a first factor, in whichever way, passes here to get a session.

An account with a second factor gets a challenge instead, bound to that account; the session begins when the challenge
is answered, once; administrators then get another one. What else may keep somebody out belongs into `enter`.
"""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from fastapi import Response

from cryptovault.features.auth import admin_code
from cryptovault.features.auth.challenges import SECOND_FACTOR, Challenges
from cryptovault.features.auth.devices.service import Devices
from cryptovault.features.auth.factors import methods_of, passkey_question, verify_factor
from cryptovault.features.auth.repository import Accounts
from cryptovault.features.auth.schemas import AuthResult
from cryptovault.features.auth.security import record
from cryptovault.features.auth.sessions import Grant, Sessions, signed_in
from cryptovault.features.auth.state import AccountFrozen, still_open
from cryptovault.features.auth.two_factor.schemas import Asked, Proof
from cryptovault.features.auth.two_factor.service import WRONG_CODE
from cryptovault.infra.mongo import Document
from cryptovault.kit.call import Call
from cryptovault.kit.errors import NotAuthenticated
from cryptovault.kit.schemas import AnswerModel, RequestModel

CHALLENGE_SECONDS = 300


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
    methods = await methods_of(call, user["_id"])
    if not methods:
        return await pass_factors(call, user, how)
    challenge = await _challenges(call).ask({"user_id": user["_id"], "how": how})
    question = await passkey_question(call, user["_id"]) if "passkey" in methods else None
    return Pending(challenge, [*methods], question)


async def pass_factors(call: Call, user: Document, how: str) -> Grant | Pending:
    """Let somebody in whose factors were all right; an administrator is sent a code on top."""
    if not admin_code.wanted(user):
        return await enter(call, user, how)
    facts = {"user_id": user["_id"], "how": how, "admin_code": await admin_code.send(call, user)}
    return Pending(await _challenges(call).ask(facts), ["admin_code"], None)


async def complete(call: Call, request: SecondFactor) -> Grant | Pending:
    """Let somebody in who answers the challenge; NotAuthenticated where challenge or answer is not right."""
    facts = await _challenges(call).look(request.challenge)
    user = await Accounts(call.services.db).user(facts["user_id"]) if facts else None
    if facts is None or user is None:
        raise NotAuthenticated("This sign-in has taken too long. Please begin again.")
    await call.services.limiter.check(call.services.rates.login, f"second:{call.address}:{user['_id']}")
    kept = facts.get("admin_code")
    if not await (
        _right_admin_code(call, user, kept, request.proof) if kept else verify_factor(call, user, request.proof)
    ):
        raise NotAuthenticated(WRONG_CODE)
    if await _challenges(call).take(request.challenge) is None:
        raise NotAuthenticated("This sign-in was completed already.")
    how = f"{facts['how']}+{request.proof.method}"
    return await enter(call, user, how) if kept else await pass_factors(call, user, how)


async def enter(call: Call, user: Document, how: str) -> Grant:
    """Begin the session of somebody who has proven everything; AccountFrozen where the owner has closed the account."""
    _refuse_frozen(user)
    now = datetime.fromtimestamp(call.services.clock.now_ms() / 1000, UTC)
    sessions = Sessions(call.services)
    grant = await sessions.start(user, call)
    fresh = await Accounts(call.services.db).update_user(user["_id"], {"last_login": now})
    if fresh is None or not still_open(user, fresh):
        await sessions.end(grant.session_id, "closed_meanwhile")
        _refuse_frozen(fresh or user)
        raise NotAuthenticated
    await record(call, user["_id"], "signed_in", how=how, session=grant.session_id[:8])
    return grant._replace(device=await Devices(call.services).welcome(call, user))


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
