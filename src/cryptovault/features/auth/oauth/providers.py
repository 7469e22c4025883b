"""What differs between the providers, behind one interface: where to send people, and who came back.

Google and Apple speak OpenID Connect: who somebody is stands in an ID token signed by the provider. GitHub speaks plain
OAuth 2: its API is asked. Apple wants a client secret that we sign ourselves, and answers by a form that it posts.
"""

import ssl
from collections.abc import Callable
from functools import cache, lru_cache
from time import monotonic, time
from typing import Any, Final, NamedTuple, Protocol

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from cryptovault.features.auth.identities.service import External
from cryptovault.features.auth.oauth.claims import apple_name, confirmed_email, primary_email, subject_of
from cryptovault.settings import Settings

ID_TOKEN_ALGORITHMS: Final = ["RS256", "ES256"]
"""Signatures only, named by us and never by the token (T20)."""

_TIMEOUT = httpx2.Timeout(10.0)
_METADATA_SECONDS = 3600.0
_APPLE_SECRET_SECONDS = 300
_CLOCK_LEEWAY = 60
_MAX_ANSWER = 200_000


@cache
def _trust() -> ssl.SSLContext:
    """Whom TLS trusts: read once, as reading it takes longer than asking a provider."""
    return httpx2.create_ssl_context()


class ProviderFailed(Exception):
    """The provider could not be reached, or what it said makes no sense."""


class Attempt(NamedTuple):
    """What belongs to one attempt to sign in: our state, our nonce, our PKCE verifier and the address to return to."""

    state: str
    nonce: str
    verifier: str
    redirect_uri: str


class Provider(Protocol):
    """One provider."""

    name: str
    posts_form: bool
    """Whether the answer comes as a form from the provider's own page instead of as a link."""

    async def authorization_url(self, attempt: Attempt) -> str:
        """Where to send the browser."""
        ...

    async def identify(self, attempt: Attempt, code: str, form: dict[str, str]) -> External:
        """Who came back with this code; ProviderFailed where nobody vouches for them."""
        ...


class _Client:
    """What all of them need: HTTP with limits, an Authlib client with PKCE. `secret` gives that of the moment."""

    name = ""
    posts_form = False

    def __init__(self, client_id: str, scope: str, secret: Callable[[], str]) -> None:
        self.client_id = client_id
        self.scope = scope
        self._secret = secret

    def oauth(self, attempt: Attempt) -> AsyncOAuth2Client:
        """An Authlib client for one attempt."""
        return AsyncOAuth2Client(
            client_id=self.client_id,
            client_secret=self._secret(),
            scope=self.scope,
            redirect_uri=attempt.redirect_uri,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_post",  # noqa: S106 - the name of a method
            timeout=_TIMEOUT,
            follow_redirects=False,
            verify=_trust(),
        )

    async def token(self, attempt: Attempt, endpoint: str, code: str) -> dict[str, Any]:
        """Exchange the code for tokens."""
        try:
            async with self.oauth(attempt) as client:
                token: dict[str, Any] = await client.fetch_token(endpoint, code=code, code_verifier=attempt.verifier)
        except (OAuthError, httpx2.HTTPError, ValueError) as error:
            raise ProviderFailed(f"token: {type(error).__name__} {str(error)[:200]}") from error
        return token


class OpenIdProvider(_Client):
    """Google, and what else publishes `.well-known/openid-configuration`."""

    def __init__(
        self,
        name: str,
        issuer: str,
        client_id: str,
        secret: Callable[[], str],
        scope: str = "openid email profile",
    ) -> None:
        super().__init__(client_id, scope, secret)
        self.name = name
        self._issuer = issuer.rstrip("/")
        self._metadata: dict[str, Any] = {}
        self._keys: KeySet | None = None
        self._read_at = -_METADATA_SECONDS

    async def authorization_url(self, attempt: Attempt) -> str:
        """The provider's log-in page, with state, nonce and PKCE challenge."""
        metadata = await self._discovered()
        client = self.oauth(attempt)
        extra = {"response_mode": "form_post"} if self.posts_form else {}
        url, _ = client.create_authorization_url(
            metadata["authorization_endpoint"],
            state=attempt.state,
            nonce=attempt.nonce,
            code_verifier=attempt.verifier,
            **extra,
        )
        await client.aclose()
        return str(url)

    async def identify(self, attempt: Attempt, code: str, form: dict[str, str]) -> External:
        """Who the ID token says they are."""
        metadata = await self._discovered()
        token = await self.token(attempt, metadata["token_endpoint"], code)
        claims = await self._claims(str(token.get("id_token", "")), attempt.nonce)
        return self._external(claims, form)

    def _external(self, claims: dict[str, Any], _form: dict[str, str]) -> External:
        """Google's word on an address counts where it runs the mailbox: gmail.com, or a domain hosted there."""
        email = confirmed_email(claims)
        hosted = str(claims.get("hd") or "gmail.com").lower()
        authoritative = email.endswith(("@gmail.com", f"@{hosted}"))
        name = str(claims.get("name", ""))
        return External(self.name, claims["sub"], email, authoritative, name, email)

    async def _claims(self, id_token: str, nonce: str) -> dict[str, Any]:
        """The claims of an ID token, once signature, algorithm, issuer, audience, time and nonce are right."""
        claims_of = jwt.JWTClaimsRegistry(
            leeway=_CLOCK_LEEWAY,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": self.client_id},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
            sub={"essential": True},
        )
        for renew in (False, True):
            try:
                keys = await self._key_set(renew=renew)
                claims = jwt.decode(id_token, keys, algorithms=ID_TOKEN_ALGORITHMS).claims
                claims_of.validate(claims)
            except (JoseError, ValueError, TypeError, KeyError) as error:
                if renew:
                    raise ProviderFailed(f"ID token: {type(error).__name__} {str(error)[:200]}") from error
            else:
                return self._checked(claims)
        raise AssertionError("one of the two rounds has returned or raised")

    def _checked(self, claims: dict[str, Any]) -> dict[str, Any]:
        """An audience that is a list must be us alone, and a subject must be a usable name."""
        if (
            claims["aud"] not in (self.client_id, [self.client_id])
            or claims.get("azp", self.client_id) != self.client_id
        ):
            raise ProviderFailed("ID token: made for somebody else as well")
        return claims | {"sub": subject_of(claims["sub"])}

    async def _discovered(self) -> dict[str, Any]:
        if monotonic() - self._read_at > _METADATA_SECONDS:
            metadata = await get_json(f"{self._issuer}/.well-known/openid-configuration")
            if not isinstance(metadata, dict) or metadata.get("issuer") != self._issuer:
                raise ProviderFailed("discovery: another issuer")
            self._metadata, self._keys, self._read_at = metadata, None, monotonic()
        return self._metadata

    async def _key_set(self, *, renew: bool) -> KeySet:
        if self._keys is None or renew:
            metadata = await self._discovered()
            self._keys = KeySet.import_key_set(await get_json(metadata["jwks_uri"]))
        return self._keys


class Apple(OpenIdProvider):
    """Sign in with Apple."""

    posts_form = True

    def __init__(self, settings: Settings) -> None:
        super().__init__("apple", settings.apple_url, settings.apple_client_id, self._signed, "email name")
        self._team, self._key_id = settings.apple_team_id, settings.apple_key_id
        self._private_key = settings.apple_private_key.get_secret_value().replace("\\n", "\n")

    def _signed(self) -> str:
        """The client secret of this moment: an ES256 token, good for five minutes."""
        now = int(time())
        claims = {"iss": self._team, "sub": self.client_id, "aud": self._issuer}
        claims |= {"iat": now, "exp": now + _APPLE_SECRET_SECONDS}  # type: ignore[dict-item]
        key = ECKey.import_key(self._private_key)
        return jwt.encode({"alg": "ES256", "kid": self._key_id}, claims, key, algorithms=["ES256"])

    def _external(self, claims: dict[str, Any], form: dict[str, str]) -> External:
        """Apple confirms every address, its relay included; the name comes once, beside the code, not signed."""
        email = confirmed_email(claims)
        return External("apple", claims["sub"], email, bool(email), apple_name(form.get("user", "")), email)


class GitHub(_Client):
    """Sign in with GitHub."""

    name = "github"

    def __init__(self, settings: Settings) -> None:
        secret = settings.github_client_secret.get_secret_value
        super().__init__(settings.github_client_id, "read:user user:email", secret)
        self._url = settings.github_url.rstrip("/")
        self._api = settings.github_api_url.rstrip("/")

    async def authorization_url(self, attempt: Attempt) -> str:
        """GitHub's log-in page."""
        client = self.oauth(attempt)
        endpoint = f"{self._url}/login/oauth/authorize"
        url, _ = client.create_authorization_url(endpoint, state=attempt.state, code_verifier=attempt.verifier)
        await client.aclose()
        return str(url)

    async def identify(self, attempt: Attempt, code: str, form: dict[str, str]) -> External:  # noqa: ARG002
        """Who the API says the token belongs to; the primary address counts, if it is confirmed."""
        token = await self.token(attempt, f"{self._url}/login/oauth/access_token", code)
        headers = {
            "Authorization": f"Bearer {token.get('access_token', '')}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        user = await get_json(f"{self._api}/user", headers)
        emails = await get_json(f"{self._api}/user/emails", headers)
        if not isinstance(user, dict) or not isinstance(emails, list):
            raise ProviderFailed("api: another shape")
        # The number stays when somebody renames the account and another one takes the name.
        subject = subject_of(user.get("id"))
        email = next((primary_email(one) for one in emails if primary_email(one)), "")
        label = str(user.get("login", ""))[:100]
        # GitHub has seen that mailbox's owner once, perhaps long ago: enough for a new account, not for another's.
        return External("github", subject, email, authoritative=False, name=str(user.get("name") or label), label=label)


@lru_cache(maxsize=8)
def providers_of(settings: Settings) -> dict[str, Provider]:
    """The providers that are set up, made once: they remember what they have read about themselves."""
    found: dict[str, Provider] = {}
    if settings.google_client_id:
        secret = settings.google_client_secret.get_secret_value
        found["google"] = OpenIdProvider("google", settings.google_url, settings.google_client_id, secret)
    if settings.github_client_id:
        found["github"] = GitHub(settings)
    if settings.apple_client_id:
        found["apple"] = Apple(settings)
    return found


async def get_json(url: str, headers: dict[str, str] | None = None) -> Any:
    """GET and decode, with limits; ProviderFailed otherwise."""
    try:
        async with httpx2.AsyncClient(timeout=_TIMEOUT, follow_redirects=False, verify=_trust()) as client:
            response = await client.get(url, headers=headers)
        if response.status_code != httpx2.codes.OK or len(response.content) > _MAX_ANSWER:
            raise ProviderFailed(f"HTTP {response.status_code}")
        return response.json()
    except (httpx2.HTTPError, ValueError) as error:
        raise ProviderFailed(f"{type(error).__name__}") from error
