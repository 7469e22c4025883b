"""Access tokens: signed once, verified once per worker, refused the moment their session is revoked.

HS256 is pinned; issuer, audience, header type, subject, session and token id must all be there. A token that
was verified is remembered (bounded), because checking an HMAC and parsing JSON for every request costs more
than the whole of a light route. The memory honours expiry and revocation on every look-up.
"""

from collections.abc import Callable
from secrets import token_hex
from typing import NamedTuple

import jwt

from cryptovault.infra.clock import Clock
from cryptovault.kit.errors import NotAuthenticated
from cryptovault.settings import Settings

ISSUER = "cryptovault"
AUDIENCE = "cryptovault-api"
ADMIN = "admin"
"""The role of administrators; everybody else is a `user`."""
TOKEN_TYPE = "at+jwt"  # noqa: S105 - the name of a token type (RFC 9068), not a token
_MAX_TOKEN = 2_048
_MAX_VERIFIED = 50_000
_REQUIRED = ["exp", "iat", "sub", "sid", "jti", "iss", "aud"]


class Identity(NamedTuple):
    """Who is asking, as far as a token can tell; `id` is the user's and names the engine account too."""

    id: str
    session_id: str
    role: str


class Tokens:
    """Issues and verifies access tokens, and knows which sessions are over."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._secret = settings.jwt_secret.get_secret_value()
        self._clock = clock
        self.lifetime = settings.access_token_expire_minutes * 60
        self._verified: dict[bytes, tuple[Identity, int]] = {}
        self._revoked: dict[str, int] = {}
        self._listeners: list[Callable[[str], None]] = []

    def issue(self, user_id: str, session_id: str, role: str, seconds: int = 0) -> str:
        """Sign a token that lives for `seconds`, or for `lifetime` where none are said."""
        now = self._clock.now_ms() // 1000
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": user_id,
            "sid": session_id,
            "role": role,
            "jti": token_hex(12),
            "iat": now,
            "exp": now + (seconds or self.lifetime),
        }
        return jwt.encode(claims, self._secret, algorithm="HS256", headers={"typ": TOKEN_TYPE})

    def verify(self, token: bytes) -> Identity:
        """Whose token this is; NotAuthenticated where it is not ours, expired or revoked."""
        known = self._verified.get(token)
        if known is None:
            known = self._remember(token, self._decode(token))
        identity, expires = known
        if expires <= self._clock.now_ms():
            self._verified.pop(token, None)
            raise NotAuthenticated("Your session has expired.")
        if identity.session_id in self._revoked:
            raise NotAuthenticated("Your session has ended.")
        return identity

    def revoke(self, session_id: str) -> None:
        """End a session in this worker: its tokens are refused from now on, and listeners close its sockets."""
        if session_id in self._revoked:
            return
        now = self._clock.now_ms()
        self._revoked[session_id] = now + self.lifetime * 1000
        self._forget_expired(now)
        for listener in self._listeners:
            listener(session_id)

    def is_revoked(self, session_id: str) -> bool:
        """Whether this worker knows that a session has ended."""
        return session_id in self._revoked

    def on_revoke(self, listener: Callable[[str], None]) -> None:
        """Have `listener(session_id)` called when a session ends."""
        self._listeners.append(listener)

    def _forget_expired(self, now: int) -> None:
        """After a token's lifetime no token of the session can be valid, so its revocation need not be known."""
        for session_id, until in list(self._revoked.items()):
            if until > now:
                break
            del self._revoked[session_id]

    def _remember(self, token: bytes, verified: tuple[Identity, int]) -> tuple[Identity, int]:
        if len(self._verified) >= _MAX_VERIFIED:
            del self._verified[next(iter(self._verified))]
        self._verified[token] = verified
        return verified

    def _decode(self, token: bytes) -> tuple[Identity, int]:
        if len(token) > _MAX_TOKEN:
            raise NotAuthenticated
        try:
            decoded = jwt.decode_complete(
                token,
                self._secret,
                algorithms=["HS256"],
                audience=AUDIENCE,
                issuer=ISSUER,
                # Expiry is checked against our own clock on every look-up, so that tests can move time.
                options={"require": _REQUIRED, "verify_exp": False, "verify_iat": False},
            )
        except (jwt.PyJWTError, ValueError) as error:
            raise NotAuthenticated from error
        return _identity(decoded["header"], decoded["payload"])


def _identity(header: dict[str, object], claims: dict[str, object]) -> tuple[Identity, int]:
    """The claims we use, each checked for its type: a signature says who wrote it, not that it is well-formed."""
    if header.get("typ") != TOKEN_TYPE:
        raise NotAuthenticated
    texts = [claims.get(name) for name in ("sub", "sid", "role")]
    expires = claims.get("exp")
    if not all(isinstance(text, str) and text for text in texts) or type(expires) is not int:
        raise NotAuthenticated
    return Identity(*map(str, texts)), expires * 1000
