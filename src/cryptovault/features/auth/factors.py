"""Every second factor under one roof: which a user has, and whether a proof of one is good."""

from typing import Any

from cryptovault.features.auth.factor_store import FactorStore
from cryptovault.features.auth.security import record, tell
from cryptovault.features.auth.two_factor.schemas import Method, Proof
from cryptovault.features.auth.two_factor.service import FEW_CODES, LOCK_MINUTES, TwoFactor
from cryptovault.features.auth.webauthn.service import PasskeyCeremonies
from cryptovault.infra.mongo import Document
from cryptovault.kit.call import Call


async def methods_of(call: Call, user_id: str) -> list[Method]:
    """The second factors a user can be asked for, the best first; empty where none is set up."""
    store = FactorStore(call.services.db)
    factors = await store.factors(user_id)
    methods: list[Method] = ["passkey"] if await store.has_passkey(user_id) else []
    if "totp" in factors:
        methods.append("totp")
    if methods and factors.get("recovery"):
        methods.append("recovery_code")
    return methods


async def passkey_question(call: Call, user_id: str) -> dict[str, Any]:
    """Options for navigator.credentials.get(), whose answer is the `credential` of a passkey proof."""
    return await PasskeyCeremonies(call.services).begin_factor(user_id)


async def verify_factor(call: Call, user: Document, proof: Proof) -> bool:
    """Check a proof and use it up: nothing that was accepted here is accepted again. FactorLocked may be raised.

    For logging in and for step-up alike; only what `methods_of` offers counts.
    """
    if proof.method not in await methods_of(call, user["_id"]):
        return False
    if proof.method == "totp":
        accepted = await _totp(call, user, proof.code)
    elif proof.method == "recovery_code":
        accepted = await _recovery_code(call, user, proof.code)
    else:
        accepted = await PasskeyCeremonies(call.services).check_factor(user["_id"], proof.credential or {})
    event = "second_factor_accepted" if accepted else "second_factor_refused"
    await record(call, user["_id"], event, method=proof.method)
    return accepted


async def _totp(call: Call, user: Document, code: str) -> bool:
    check = await TwoFactor(call.services).check_totp(user["_id"], code)
    if check.locked:
        await record(call, user["_id"], "second_factor_locked", method="totp", minutes=LOCK_MINUTES)
        await tell(call, user, "account_locked", minutes=LOCK_MINUTES)
    return check.accepted


async def _recovery_code(call: Call, user: Document, code: str) -> bool:
    left = await TwoFactor(call.services).check_recovery(user["_id"], code)
    if left is not None and left <= FEW_CODES:
        await tell(call, user, "recovery_codes_low", left=str(left))
    return left is not None
