"""/auth/wallet: a message to sign, and signing in with it; /auth/identities/wallet: linking."""

from fastapi import APIRouter, Response

from cryptovault.features.auth.identities.schemas import Identity
from cryptovault.features.auth.identities.service import IdentityLinks
from cryptovault.features.auth.limits import SignInLimit
from cryptovault.features.auth.schemas import AuthResult
from cryptovault.features.auth.sessions import set_cookies
from cryptovault.features.auth.sign_in import SecondFactorRequired, admit, answer
from cryptovault.features.auth.wallet.schemas import Nonce, NonceRequest, SignedMessage
from cryptovault.features.auth.wallet.service import NONCE_SECONDS, WalletSignIn
from cryptovault.kit import errors
from cryptovault.kit.access import CallDep, CurrentUser
from cryptovault.kit.errors import NotAllowed, declare
from cryptovault.kit.step_up import Act, SettingsLocked, StepUpRequired, require_fresh_factor

router = APIRouter(prefix="/auth", tags=["auth"])


_COOKIE = "wallet_browser"


class WalletUnknown(NotAllowed):
    """The signature is right, but the wallet is linked to no account."""

    code = "WALLET_UNKNOWN"
    message = "This wallet is linked to no account. Sign in first, then link it in the settings."


@router.post("/wallet/nonce", dependencies=[SignInLimit], responses=declare(errors.RateLimited))
async def nonce(request: NonceRequest, call: CallDep, response: Response) -> Nonce:
    """A message for the wallet to sign, good for five minutes, once, and for the browser that asked."""
    prepared = await WalletSignIn(call).prepare(request.address, request.chain_id)
    set_cookies(response, call.services.cookies.transient(_COOKIE, prepared.browser, NONCE_SECONDS))
    expires_at = prepared.message.expires_at or prepared.message.issued_at
    return Nonce(nonce=prepared.message.nonce, message=prepared.text, expires_at=expires_at)


@router.post("/wallet/verify", dependencies=[SignInLimit], responses=declare(WalletUnknown, errors.RateLimited))
async def verify(request: SignedMessage, call: CallDep, response: Response) -> AuthResult | SecondFactorRequired:
    """Sign in with the signed message; a second factor is asked for as after a password."""
    external = await WalletSignIn(call).check(request.message, request.signature, call.cookie(_COOKIE))
    user = await IdentityLinks(call).user_of(external)
    if user is None:
        raise WalletUnknown
    return answer(await admit(call, user, "wallet"), call, response)


@router.post(
    "/identities/wallet",
    status_code=201,
    responses=declare(errors.NotAuthenticated, errors.CsrfFailed, StepUpRequired, SettingsLocked, errors.Conflict),
)
async def link(request: SignedMessage, _user: CurrentUser, call: CallDep) -> Identity:
    """Link the wallet that signed the message to the caller's account."""
    user = await require_fresh_factor(call, Act.CHANGE_SIGN_IN_METHODS)
    external = await WalletSignIn(call).check(request.message, request.signature, call.cookie(_COOKIE))
    return Identity.of(await IdentityLinks(call).link(user.id, external))
