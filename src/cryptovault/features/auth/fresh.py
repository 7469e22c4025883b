"""Changing how one signs in is for somebody who has just proven, with everything that is asked for, who it is.

That is a proof for this act (kit/step_up.py), or a sign-in within five minutes. The owner's settings lock forbids both.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import Depends

from cryptovault.features.auth.repository import Accounts
from cryptovault.kit.access import CallDep, CurrentUser
from cryptovault.kit.call import Call
from cryptovault.kit.declarations import identifies
from cryptovault.kit.step_up import HEADER, Act, StepUpRequired, require_fresh_factor, require_unlocked
from cryptovault.kit.tokens import Identity

FRESH = timedelta(minutes=5)


async def require_fresh(call: Call) -> Identity:
    """The caller, who has proven it or whose session began a moment ago; StepUpRequired or SettingsLocked otherwise."""
    if HEADER in call.headers:
        return await require_fresh_factor(call, Act.CHANGE_SIGN_IN)
    identity = await require_unlocked(call)
    session = await Accounts(call.services.db).session(identity.session_id)
    now = datetime.fromtimestamp(call.services.clock.now_ms() / 1000, UTC)
    if session is None or now - session["created_at"] > FRESH:
        raise StepUpRequired(details={"act": Act.CHANGE_SIGN_IN.value})
    return identity


@identifies()
async def _fresh_user(call: CallDep, _user: CurrentUser) -> Identity:
    return await require_fresh(call)


FreshUser = Annotated[Identity, Depends(_fresh_user)]
"""The signed-in user, proven within five minutes; 403 STEP_UP_REQUIRED otherwise."""
