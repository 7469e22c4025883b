"""/auth: sign up, confirm the address, log in, refresh, log out, profile."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from cryptovault.features.auth.lockout import AccountLocked
from cryptovault.features.auth.schemas import (
    AuthResult,
    LogIn,
    ProfileUpdate,
    ResendVerification,
    SessionState,
    SignedUp,
    SignUp,
    User,
    VerifyEmail,
)
from cryptovault.features.auth.security import record
from cryptovault.features.auth.service import Auth
from cryptovault.features.auth.sessions import Sessions, set_cookies, signed_in
from cryptovault.features.auth.sign_in import SecondFactor, SecondFactorRequired, answer, complete
from cryptovault.features.auth.state import AccountFrozen
from cryptovault.features.auth.two_factor.service import FactorLocked
from cryptovault.kit import errors
from cryptovault.kit.access import CallDep, CurrentUser, ServicesDep
from cryptovault.kit.cookies import REFRESH
from cryptovault.kit.errors import declare

router = APIRouter(prefix="/auth", tags=["auth"])


def _auth(services: ServicesDep) -> Auth:
    return Auth(services)


def _sessions(services: ServicesDep) -> Sessions:
    return Sessions(services)


AuthDep = Annotated[Auth, Depends(_auth)]
SessionsDep = Annotated[Sessions, Depends(_sessions)]


@router.post("/signup", status_code=201, responses=declare(errors.RateLimited))
async def sign_up(request: SignUp, auth: AuthDep) -> SignedUp:
    """Begin an account. A six-digit code goes to the address; the answer is the same for a known address."""
    return SignedUp(user_id=await auth.sign_up(request), email=request.email)


@router.post("/verify-email", responses=declare(errors.RateLimited, errors.Conflict))
async def verify_email(request: VerifyEmail, auth: AuthDep, call: CallDep, response: Response) -> AuthResult:
    """Confirm the address with the code from the mail, which also signs in. Five tries, ten minutes.

    Where several have signed up with the address, `user_id` of one's own sign-up is needed: each code is for one.
    """
    return signed_in(await auth.verify_email(request, call), call, response)


@router.post("/resend-verification", status_code=202, responses=declare(errors.RateLimited))
async def resend_verification(request: ResendVerification, auth: AuthDep) -> None:
    """Send another code, at most one a minute and five an hour; the answer never says whether one was sent."""
    await auth.resend(request.email, request.user_id)


@router.post(
    "/login", responses=declare(errors.NotAuthenticated, errors.EmailNotVerified, AccountFrozen, AccountLocked)
)
async def log_in(request: LogIn, auth: AuthDep, call: CallDep, response: Response) -> AuthResult | SecondFactorRequired:
    """Sign in. The tokens come in the answer and as HttpOnly cookies, unless a second factor is asked for first."""
    return answer(await auth.log_in(request, call), call, response)


@router.post("/login/second-factor", responses=declare(errors.NotAuthenticated, AccountFrozen, FactorLocked))
async def log_in_second_factor(
    request: SecondFactor, call: CallDep, response: Response
) -> AuthResult | SecondFactorRequired:
    """Complete a sign-in with a second factor. The challenge lives for five minutes and lets in once."""
    return answer(await complete(call, request), call, response)


@router.post("/refresh", responses=declare(errors.NotAuthenticated, errors.CsrfFailed))
async def refresh(sessions: SessionsDep, call: CallDep, response: Response) -> AuthResult:
    """Exchange the refresh cookie for new tokens. Using an old one again ends the session everywhere."""
    return signed_in(await sessions.refresh(call.cookie(REFRESH), call), call, response)


@router.post("/logout", status_code=204, responses=declare(errors.NotAuthenticated, errors.CsrfFailed))
async def log_out(user: CurrentUser, sessions: SessionsDep, call: CallDep, response: Response) -> None:
    """End this session at once: its tokens are refused and its live connections closed."""
    await sessions.end(user.session_id, "logout")
    await record(call, user.id, "signed_out")
    set_cookies(response, *call.services.cookies.clear())


@router.get("/session", responses=declare(errors.NotAuthenticated))
async def session_state(user: CurrentUser, sessions: SessionsDep) -> SessionState:
    """How long this session lasts. Asking is a use of it."""
    return await sessions.state(user)


@router.get("/me", responses=declare(errors.NotAuthenticated))
@router.get("/profile", responses=declare(errors.NotAuthenticated))
async def profile(user: CurrentUser, auth: AuthDep) -> User:
    """The caller's account."""
    return User.of(await auth.user(user.id) | {"role": user.role})


@router.put("/profile", responses=declare(errors.NotAuthenticated, errors.CsrfFailed))
async def update_profile(request: ProfileUpdate, user: CurrentUser, auth: AuthDep) -> User:
    """Change the display name."""
    return User.of(await auth.rename(user.id, request.name) | {"role": user.role})
