"""Changing how one signs in is for somebody who has just proven, for this very act, who it is."""

from typing import Any

from fastapi import Depends

from cryptovault.kit.access import CallDep, CurrentUser
from cryptovault.kit.declarations import identifies
from cryptovault.kit.step_up import Act, require_fresh_factor
from cryptovault.kit.tokens import Identity


def fresh(act: Act) -> Any:
    """Annotate a route with this: its caller is signed in and has proven it for the act, which uses the proof up.

    403 STEP_UP_REQUIRED without one, 403 SETTINGS_LOCKED where the owner has locked the settings.
    """

    @identifies()
    async def proven(call: CallDep, _user: CurrentUser) -> Identity:
        return await require_fresh_factor(call, act)

    return Depends(proven)
