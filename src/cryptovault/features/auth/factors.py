"""Every second factor under one roof: which a user has, and whether a proof of one is good."""

from collections.abc import Awaitable, Callable
from functools import partial
from secrets import token_hex
from typing import Any, NamedTuple

from cryptovault.features.auth.factor_store import FactorStore
from cryptovault.features.auth.lost_factor import service as lost_factor
from cryptovault.features.auth.security import entry_of, record, tell
from cryptovault.features.auth.two_factor.schemas import Method, Proof
from cryptovault.features.auth.two_factor.service import FEW_CODES, LOCK_MINUTES, TwoFactor
from cryptovault.features.auth.webauthn.service import PasskeyCeremonies
from cryptovault.infra.mongo import Document, Within, in_one
from cryptovault.kit.afterwards import Step, afterwards
from cryptovault.kit.call import Call

Then = Callable[[Within], Awaitable[None]]
"""What a proof is good for, done in the transaction that uses it up."""


class _Checked(NamedTuple):
    """A proof as it was found: how to use it up where it is right, what follows, whether it was one too many."""

    use: Callable[[Within], Awaitable[bool]] | None
    follows: tuple[Step, ...] = ()
    locks: bool = False


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


async def verify_factor(call: Call, user: Document, proof: Proof, then: Then) -> bool:
    """Check a proof, and use it up together with doing what it is good for: both happen, or neither does.

    For logging in and for step-up alike; only what `methods_of` offers counts. Nothing that was accepted here is
    accepted again, and no failure costs the owner a code. FactorLocked may be raised, and whatever `then` raises.
    """
    user_id, method = user["_id"], proof.method
    if method not in await methods_of(call, user_id):
        return False
    checked = await _check(call, user, proof)
    audit, promise = call.services.audit, token_hex(12)
    told = entry_of(call, user_id, "second_factor_accepted", method=method)
    if checked.use is not None and await _together(call, checked.use, partial(audit.promise, promise, told), then):
        not_lost = partial(lost_factor.keep, call, user_id, "used")
        await afterwards(partial(audit.keep, promise), not_lost, *checked.follows)
        return True
    if checked.locks:
        await record(call, user_id, "second_factor_locked", method=method, minutes=LOCK_MINUTES)
        await tell(call, user, "account_locked", minutes=LOCK_MINUTES)
    await record(call, user_id, "second_factor_refused", method=method)
    return False


async def _together(call: Call, use: Callable[[Within], Awaitable[bool]], *then: Then) -> bool:
    async def both(within: Within) -> bool:
        if not await use(within):
            return False
        for each in then:
            await each(within)
        return True

    return await in_one(call.services.mongo, both)


async def _check(call: Call, user: Document, proof: Proof) -> _Checked:
    if proof.method == "totp":
        check = await TwoFactor(call.services).check_totp(user["_id"], proof.code)
        return _Checked(check.use, locks=check.last_try)
    if proof.method == "recovery_code":
        return await _recovery_code(call, user, proof.code)
    return _Checked(await PasskeyCeremonies(call.services).check_factor(user["_id"], proof.credential or {}))


async def _recovery_code(call: Call, user: Document, code: str) -> _Checked:
    check = await TwoFactor(call.services).check_recovery(user["_id"], code)
    if check is None:
        return _Checked(None)
    few = check.left <= FEW_CODES
    return _Checked(check.use, (partial(tell, call, user, "recovery_codes_low", left=str(check.left)),) if few else ())
