"""The way to a provider and back.

A page of ours makes a verifier, keeps it, and sends its hash along. We send the browser to the provider with a state
that is known to us, bound to this browser by a cookie, and good once. Who comes back is kept under a code for five
minutes; the page that has the verifier, and no other, exchanges it for a session or for a link to the account it is
signed in to. So it works in the same way where page and API are on different sites.
"""

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any, NamedTuple

from cryptovault.features.auth.challenges import OAUTH_RESULT, OAUTH_STATE, Challenges
from cryptovault.features.auth.identities.service import External
from cryptovault.features.auth.oauth.claims import ClaimRefused
from cryptovault.features.auth.oauth.providers import Attempt, Provider, ProviderFailed, providers_of
from cryptovault.features.auth.oauth.schemas import Purpose
from cryptovault.infra.logging import get_logger
from cryptovault.kit.errors import BadInput, NotFound, Unavailable
from cryptovault.kit.services import Services

STATE_SECONDS = 600
RESULT_SECONDS = 300
_log = get_logger("auth")


class StateRefused(Exception):
    """Nobody here began this, it was begun in another browser, or it came back twice or too late."""


class Departure(NamedTuple):
    """Where to send the browser, and what it must bring back as a cookie."""

    url: str
    browser: str
    posts_form: bool


class OAuth:
    """Sign-in with others, for one worker."""

    def __init__(self, services: Services) -> None:
        self._settings = services.settings
        self._states = Challenges(services.redis, OAUTH_STATE, STATE_SECONDS)
        self._results = Challenges(services.redis, OAUTH_RESULT, RESULT_SECONDS)
        self.providers = providers_of(services.settings)

    async def depart(self, name: str, purpose: Purpose, binding: str, browser: str) -> Departure:
        """Begin; `browser` is the cookie of an earlier attempt, which may still be under way in another tab."""
        provider = self._provider(name)
        browser = browser if len(browser) == _BROWSER_LENGTH else token_urlsafe(32)
        attempt = Attempt(token_urlsafe(32), token_urlsafe(32), token_urlsafe(48), self._redirect_uri(name))
        facts = {
            "provider": name,
            "purpose": purpose,
            "binding": binding,
            "browser": _hash(browser),
            "nonce": attempt.nonce,
            "verifier": attempt.verifier,
        }
        try:
            url = await provider.authorization_url(attempt)
        except (ProviderFailed, KeyError) as fault:
            _log.warning("sign-in provider failed", provider=name, fault=str(fault))
            raise Unavailable("This provider cannot be reached right now.") from fault
        await self._states.ask(facts, attempt.state)
        return Departure(url, browser, provider.posts_form)

    async def arrive(self, name: str, answer: dict[str, str], browser: str) -> str:
        """Take in what the provider sent back; the result is a code for our page.

        Raises StateRefused or ProviderFailed; the state is used up in any case.
        """
        state = answer.get("state", "")
        facts = await self._states.take(state)
        if facts is None or facts["provider"] != name or not hmac.compare_digest(facts["browser"], _hash(browser)):
            raise StateRefused
        if "code" not in answer:
            raise ProviderFailed(answer.get("error", "no code")[:100])
        attempt = Attempt(state, facts["nonce"], facts["verifier"], self._redirect_uri(name))
        try:
            external = await self._provider(name).identify(attempt, answer["code"], answer)
        except (ClaimRefused, KeyError) as fault:
            raise ProviderFailed(str(fault)) from fault
        known = {"external": external._asdict(), "purpose": facts["purpose"], "binding": facts["binding"]}
        return await self._results.ask(known)

    async def finish(self, code: str, verifier: str, purpose: Purpose) -> External:
        """Who came back, for the page that began this with this purpose; BadInput for everybody else."""
        known: dict[str, Any] | None = await self._results.take(code)
        if known is None or known["purpose"] != purpose or not hmac.compare_digest(known["binding"], _bound(verifier)):
            raise BadInput("This sign-in was begun elsewhere, was completed already or took too long.")
        return External(**known["external"])

    def _provider(self, name: str) -> Provider:
        if name not in self.providers:
            raise NotFound("This provider is not set up here.")
        return self.providers[name]

    def _redirect_uri(self, name: str) -> str:
        base = (self._settings.public_api_url or self._settings.public_url).rstrip("/")
        return f"{base}/api/v1/auth/oauth/{name}/callback"


_BROWSER_LENGTH = len(token_urlsafe(32))


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _bound(verifier: str) -> str:
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
