"""A code by mail, for accounts that have neither a second factor nor a password of ours: they sign in elsewhere.

It is good for one act, in the session that asked for it, once.
"""

import hmac

from cryptovault.features.auth import policy
from cryptovault.features.auth.challenges import STEP_UP, Challenges
from cryptovault.features.auth.mailed_codes import code_mac, new_code
from cryptovault.infra.mail import Mail
from cryptovault.infra.mongo import Document
from cryptovault.kit.call import Call
from cryptovault.kit.rate_limit import RateClass
from cryptovault.kit.step_up import Act

_SECONDS = int(policy.CODE_LIFETIME.total_seconds())
_SENT = RateClass("step_up_code", policy.STEP_UP_CODES, window=_SECONDS)
_TRIES = RateClass("step_up_try", policy.CODE_TRIES, window=_SECONDS, closed=True)

_WORDS = {
    Act.CHANGE_PASSWORD: "set a password",
    Act.CHANGE_EMAIL: "change your e-mail address",
    Act.DELETE_ACCOUNT: "delete your account",
    Act.CHANGE_SECOND_FACTOR: "change your second factors",
    Act.CHANGE_SIGN_IN_METHODS: "change your ways to sign in",
    Act.CREATE_API_KEY: "create an API key",  # pragma: allowlist secret
    Act.CHANGE_PHRASE: "change your anti-phishing phrase",
    Act.LOCK_SETTINGS: "lock your security settings",
    Act.LINK_TELEGRAM: "link a Telegram chat",
    Act.END_SESSIONS: "end other sessions",
    Act.RESET_SECOND_FACTOR: "take a lost second factor from an account",
}


async def send(call: Call, user: Document, act: Act) -> None:
    """Mail a new code for an act; the one before is worth nothing any more. RateLimited after a few."""
    await call.services.limiter.check(_SENT, user["_id"])
    code = new_code()
    mac = code_mac(call.services.settings, _purpose(call, act), code)
    await _codes(call).ask({"mac": mac}, _purpose(call, act))
    values = {"code": code, "minutes": _SECONDS // 60, "what": _WORDS[act]}
    await call.services.mailer.send(Mail(user["email"], kind="step_up_code", values=values, user_id=user["_id"]))


async def right(call: Call, user: Document, act: Act, code: str) -> bool:
    """Whether this is the code, which is used up by that; RateLimited after too many tries."""
    await call.services.limiter.check(_TRIES, user["_id"])
    kept = await _codes(call).look(_purpose(call, act))
    given = code_mac(call.services.settings, _purpose(call, act), code)
    if kept is None or not hmac.compare_digest(kept["mac"], given):
        return False
    return await _codes(call).take(_purpose(call, act)) is not None


def _codes(call: Call) -> Challenges:
    return Challenges(call.services.redis, STEP_UP, _SECONDS)


def _purpose(call: Call, act: Act) -> str:
    return f"{call.require().session_id}:{act.value}"
