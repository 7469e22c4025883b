"""Which proof an account can give, and checking it."""

from cryptovault.features.auth.account.service import check_password, now_of, owner_of
from cryptovault.features.auth.factors import methods_of, passkey_question, verify_factor
from cryptovault.features.auth.repository import Accounts
from cryptovault.features.auth.security import record
from cryptovault.features.auth.step_up.schemas import StepUp, StepUpOptions, Way
from cryptovault.features.auth.two_factor.schemas import Proof
from cryptovault.infra.mongo import Document
from cryptovault.kit.call import Call
from cryptovault.kit.errors import BadInput
from cryptovault.kit.step_up import LIFETIME, grant

_REFUSED = "The proof is wrong, used up or not one of those asked for."


async def options(call: Call) -> StepUpOptions:
    """A second factor where there is one, else the password, else a sign-in a moment ago."""
    user = await owner_of(call)
    ways = await _ways(call, user)
    question = await passkey_question(call, user["_id"]) if "passkey" in ways else None
    return StepUpOptions(methods=ways, passkey=question)


async def prove(call: Call, request: StepUp) -> str:
    """Check a proof and give the token for the act; BadInput where it is not good. Tries are limited as at sign-in."""
    user = await owner_of(call)
    if request.method not in await _ways(call, user) or not await _good(call, user, request):
        raise BadInput(_REFUSED, details=[{"field": _field(request.method), "message": _REFUSED, "type": "proof"}])
    await record(call, user["_id"], "step_up", act=request.act.value, method=request.method)
    return await grant(call, request.act)


async def _ways(call: Call, user: Document) -> list[Way]:
    factors: list[Way] = [*await methods_of(call, user["_id"])]
    if factors:
        return factors
    return ["password"] if user["password_hash"] else ["session"]


async def _good(call: Call, user: Document, request: StepUp) -> bool:
    if request.method == "password":
        await check_password(call, user, request.password, "password")
        return True
    if request.method == "session":
        session = await Accounts(call.services.db).session(call.require().session_id)
        return session is not None and now_of(call) - session["created_at"] <= LIFETIME
    return await verify_factor(
        call, user, Proof(method=request.method, code=request.code, credential=request.credential)
    )


def _field(way: Way) -> str:
    return {"password": "password", "passkey": "credential"}.get(way, "code")  # pragma: allowlist secret
