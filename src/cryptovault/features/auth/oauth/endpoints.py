"""/auth/oauth: to a provider, back from it, and in; /auth/identities/oauth: linking."""

from typing import Annotated
from urllib.parse import parse_qs, urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from cryptovault.features.auth.identities.schemas import Identity
from cryptovault.features.auth.identities.service import AccountExists, IdentityLinks, ProviderEmailUnverified
from cryptovault.features.auth.limits import SignInLimit
from cryptovault.features.auth.oauth.providers import ProviderFailed
from cryptovault.features.auth.oauth.schemas import Binding, Finish, ProviderName, Providers, Purpose
from cryptovault.features.auth.oauth.service import STATE_SECONDS, OAuth, StateRefused
from cryptovault.features.auth.schemas import AuthResult
from cryptovault.features.auth.sessions import set_cookies
from cryptovault.features.auth.sign_in import SecondFactorRequired, admit, answer
from cryptovault.infra.logging import get_logger
from cryptovault.kit import errors
from cryptovault.kit.access import CallDep, CurrentUser, ServicesDep
from cryptovault.kit.call import Call
from cryptovault.kit.errors import declare
from cryptovault.kit.step_up import Act, SettingsLocked, StepUpRequired, require_fresh_factor

router = APIRouter(prefix="/auth", tags=["auth"])

_log = get_logger("auth")

_COOKIE = "oauth_browser"
_RETURN_PATH = "/auth/callback"
"""The page of the web app that finishes: it reads `code` or `error` from the fragment, which no server sees."""
_MAX_FIELD = 4096
_FOUND = {302: {"description": "To the provider, or back to the web app."}}


def _oauth(services: ServicesDep) -> OAuth:
    return OAuth(services)


OAuthDep = Annotated[OAuth, Depends(_oauth)]


@router.get("/oauth")
async def list_providers(oauth: OAuthDep) -> Providers:
    """Which providers can be signed in with."""
    return Providers.model_validate({"items": list(oauth.providers)})


@router.get(
    "/oauth/{provider}/start",
    status_code=302,
    response_class=RedirectResponse,
    dependencies=[SignInLimit],
    responses=declare(errors.NotFound, errors.RateLimited, errors.Unavailable),
)
async def start(
    provider: ProviderName,
    binding: Annotated[Binding, Query()],
    call: CallDep,
    oauth: OAuthDep,
    purpose: Annotated[Purpose, Query()] = "login",
) -> Response:
    """Send the browser to the provider. `binding` is the hash of a verifier that the page keeps for itself."""
    departure = await oauth.depart(provider, purpose, binding, call.cookie(_COOKIE))
    response = RedirectResponse(departure.url, 302)
    set_cookies(response, _cookie(call, departure.browser, cross_site=departure.posts_form))
    return response


@router.get(
    "/oauth/{provider}/callback",
    status_code=302,
    response_class=RedirectResponse,
    dependencies=[SignInLimit],
    responses=declare(errors.RateLimited),
)
async def callback(provider: ProviderName, request: Request, call: CallDep, oauth: OAuthDep) -> Response:
    """Where Google and GitHub send the browser back to; it goes on to the web app."""
    return await _arrived(provider, dict(request.query_params), call, oauth)


@router.post(
    "/oauth/{provider}/callback",
    status_code=302,
    response_class=RedirectResponse,
    dependencies=[SignInLimit],
    responses=declare(errors.RateLimited),
)
async def form_callback(provider: ProviderName, request: Request, call: CallDep, oauth: OAuthDep) -> Response:
    """Where Apple's page posts its form to; the browser goes on to the web app."""
    fields = parse_qs((await request.body()).decode("utf-8", "replace"), max_num_fields=20)
    return await _arrived(provider, {name: values[0] for name, values in fields.items()}, call, oauth)


@router.post(
    "/oauth/finish",
    dependencies=[SignInLimit],
    responses=declare(AccountExists, ProviderEmailUnverified, errors.RateLimited),
)
async def finish(
    request: Finish, call: CallDep, oauth: OAuthDep, response: Response
) -> AuthResult | SecondFactorRequired:
    """Sign in with the code that the page was sent back with; a second factor is asked for as after a password."""
    external = await oauth.finish(request.code, request.verifier, "login")
    user = await IdentityLinks(call).user_or_new(external)
    return answer(await admit(call, user, external.provider), call, response)


@router.post(
    "/identities/oauth",
    status_code=201,
    responses=declare(errors.NotAuthenticated, errors.CsrfFailed, StepUpRequired, SettingsLocked, errors.Conflict),
)
async def link(request: Finish, _user: CurrentUser, call: CallDep, oauth: OAuthDep) -> Identity:
    """Link the identity that the page was sent back with (purpose `link`) to the caller's account."""
    user = await require_fresh_factor(call, Act.CHANGE_SIGN_IN_METHODS)
    external = await oauth.finish(request.code, request.verifier, "link")
    return Identity.of(await IdentityLinks(call).link(user.id, external))


async def _arrived(provider: str, fields: dict[str, str], call: Call, oauth: OAuth) -> Response:
    short = {name: value[:_MAX_FIELD] for name, value in fields.items()}
    try:
        outcome = {"code": await oauth.arrive(provider, short, call.cookie(_COOKIE))}
    except StateRefused:
        outcome = {"error": "state"}
    except ProviderFailed as fault:
        _log.info("sign-in with a provider failed", provider=provider, fault=str(fault))
        denied = short.get("error") in {"access_denied", "user_cancelled_authorize"}
        outcome = {"error": "denied" if denied else "provider"}
    target = f"{call.services.settings.public_url}{_RETURN_PATH}#{urlencode(outcome | {'provider': provider})}"
    # 303: what came as a form must not be posted on.
    return RedirectResponse(target, 303 if call.method == "POST" else 302, headers={"Referrer-Policy": "no-referrer"})


def _cookie(call: Call, value: str, *, cross_site: bool) -> bytes:
    """Binds the state to this browser.

    A form that Apple's page posts carries SameSite=None cookies only, which must be Secure; the others return by a
    link, for which Lax is enough, and works without https while developing.
    """
    settings = call.services.settings
    secure = cross_site or settings.cookie_secure or settings.production
    same_site = "None" if cross_site else "Lax"
    tail = f"; Max-Age={STATE_SECONDS}; HttpOnly; SameSite={same_site}" + ("; Secure" if secure else "")
    return f"{call.services.cookies.sent_name(_COOKIE)}={value}; Path=/api{tail}".encode()
