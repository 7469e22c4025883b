"""Every route that lets somebody in counts as a try to sign in."""

from fastapi import Depends

from cryptovault.kit.access import CallDep


async def _count(call: CallDep) -> None:
    services = call.services
    await services.limiter.check(services.rates.login_network, f"sign_in:{call.stranger}")


SignInLimit = Depends(_count)
"""For `dependencies=[...]`: 429 where one network tries too often, all ways of signing in taken together."""
