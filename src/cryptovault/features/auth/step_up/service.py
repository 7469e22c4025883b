"""Which proof an account can give, and checking it."""

from functools import partial

from cryptovault.features.auth.account.service import check_password, owner_of
from cryptovault.features.auth.factors import methods_of, passkey_question, verify_factor
from cryptovault.features.auth.security import record
from cryptovault.features.auth.step_up import mailed_code
from cryptovault.features.auth.step_up.schemas import StepUp, StepUpOptions, Way
from cryptovault.features.auth.two_factor.schemas import Proof
from cryptovault.infra.mongo import Document, Within
from cryptovault.kit.afterwards import afterwards
from cryptovault.kit.call import Call
from cryptovault.kit.errors import BadInput, Conflict
from cryptovault.kit.step_up import Act, grant

_REFUSED = "The proof is wrong, used up or not one of those asked for."


async def options(call: Call) -> StepUpOptions:
    """A second factor where there is one, else the password, else a code by mail."""
    user = await owner_of(call)
    ways = await _ways(call, user)
    question = await passkey_question(call, user["_id"]) if "passkey" in ways else None
    return StepUpOptions(methods=ways, passkey=question)


async def prove(call: Call, request: StepUp) -> str:
    """Check a proof and give the token for the act; BadInput where it is not good. Tries are limited as at sign-in."""
    user = await owner_of(call)
    token = await _granted(call, user, request) if request.method in await _ways(call, user) else ""
    if not token:
        raise BadInput(_REFUSED, details=[{"field": _field(request.method), "message": _REFUSED, "type": "proof"}])
    await afterwards(partial(record, call, user["_id"], "step_up", act=request.act.value, method=request.method))
    return token


async def mail_code(call: Call, act: Act) -> None:
    """Mail a code for an act; Conflict where the account has a better way to prove it."""
    user = await owner_of(call)
    if await _ways(call, user) != ["mailed_code"]:
        raise Conflict("Use your second factor or your password.")
    await mailed_code.send(call, user, act)


async def _ways(call: Call, user: Document) -> list[Way]:
    factors: list[Way] = [*await methods_of(call, user["_id"])]
    if factors:
        return factors
    return ["password"] if user["password_hash"] else ["mailed_code"]


async def _granted(call: Call, user: Document, request: StepUp) -> str:
    """The token; empty where the proof is wrong. A second factor is used up only together with making the token."""
    if request.method == "password":
        await check_password(call, user, request.password, "password")
        return await grant(call, request.act)
    if request.method == "mailed_code":
        right = await mailed_code.right(call, user, request.act, request.code)
        return await grant(call, request.act) if right else ""
    made: list[str] = []

    async def make(within: Within) -> None:
        made.append(await grant(call, request.act, within))

    proof = Proof(method=request.method, code=request.code, credential=request.credential)
    return made[-1] if await verify_factor(call, user, proof, make) else ""


def _field(way: Way) -> str:
    return {"password": "password", "passkey": "credential"}.get(way, "code")  # pragma: allowlist secret
