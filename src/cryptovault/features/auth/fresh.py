"""Sensitive acts are for somebody who has signed in, with everything that is asked for, a moment ago."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import Depends

from cryptovault.features.auth.repository import Accounts
from cryptovault.kit.access import CallDep, CurrentUser
from cryptovault.kit.call import Call
from cryptovault.kit.declarations import identifies
from cryptovault.kit.errors import NotAllowed
from cryptovault.kit.tokens import Identity

FRESH = timedelta(minutes=5)


class StepUpRequired(NotAllowed):
    """The sign-in is too long ago for this; proving a factor again lets the same request through."""

    code, message = "STEP_UP_REQUIRED", "Please confirm that it is you: sign in again to do this."


async def require_fresh(call: Call) -> Identity:
    """The caller, if their session began within the last five minutes; StepUpRequired otherwise."""
    identity = call.require()
    session = await Accounts(call.services.db).session(identity.session_id)
    now = datetime.fromtimestamp(call.services.clock.now_ms() / 1000, UTC)
    if session is None or now - session["created_at"] > FRESH:
        raise StepUpRequired
    return identity


@identifies()
async def _fresh_user(call: CallDep, _user: CurrentUser) -> Identity:
    return await require_fresh(call)


FreshUser = Annotated[Identity, Depends(_fresh_user)]
"""The signed-in user, proven within five minutes; 403 STEP_UP_REQUIRED otherwise."""
