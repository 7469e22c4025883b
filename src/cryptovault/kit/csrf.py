"""Proof that our own page sent a request that a cookie authenticates: a signed double submit.

The token is `nonce.mac` with mac = HMAC(secret, session id and nonce). It travels in a cookie that scripts
can read and comes back in the X-CSRF-Token header. Another site can make the browser send the cookie, but
cannot read it; a cookie planted by a sister domain fails, because it is bound to the session.
"""

import hmac
from hashlib import sha256
from secrets import token_hex

from cryptovault.kit.errors import CsrfFailed
from cryptovault.settings import Settings

_MAX_KNOWN = 50_000

ANONYMOUS = "-"
"""The session a token is bound to before anybody has signed in."""


class Csrf:
    """Issues and checks CSRF tokens."""

    def __init__(self, settings: Settings) -> None:
        self._secret = settings.csrf_secret.get_secret_value().encode()
        self._known: dict[bytes, str] = {}

    def issue(self, session_id: str = ANONYMOUS) -> str:
        """Make a new token for a session."""
        nonce = token_hex(16)
        return f"{nonce}.{self._mac(session_id, nonce.encode())}"

    def valid(self, token: bytes, session_id: str) -> bool:
        """Whether we made this token for this session. Tokens found good are remembered, a bounded number of them."""
        if self._known.get(token) == session_id:
            return True
        nonce, dot, mac = token.partition(b".")
        if not dot or not hmac.compare_digest(mac, self._mac(session_id, nonce).encode()):
            return False
        if len(self._known) >= _MAX_KNOWN:
            self._known.clear()
        self._known[token] = session_id
        return True

    def check(self, header: bytes, cookie: bytes, session_id: str) -> None:
        """Raise CsrfFailed unless header and cookie are the same token and it is this session's."""
        if not header or not hmac.compare_digest(header, cookie) or not self.valid(header, session_id):
            raise CsrfFailed

    def _mac(self, session_id: str, nonce: bytes) -> str:
        return hmac.digest(self._secret, session_id.encode() + b"." + nonce, sha256).hex()
