"""The cookies of the API: what they are called, how long they live, who may read them."""

from cryptovault.settings import Settings

ACCESS = "access_token"
REFRESH = "refresh_token"
CSRF = "csrf_token"
SEQ = "seq"
DEVICE = "device"

SEQ_SECONDS = 30
"""How long a browser carries its last seq; a projection that is further behind is an outage, not a lag."""

_DEVICE_SECONDS = 365 * 86_400
_MAX_HEADER = 16_384
_ROOT = frozenset({ACCESS, CSRF, SEQ})
"""Cookies of every path; the others go to /api alone, which the prefix __Host- does not allow."""


def parse_cookies(header: bytes) -> dict[bytes, bytes]:
    """The cookies of a Cookie header, by the names that they have in the browser.

    The first of a name wins, as browsers send the most specific path first.
    """
    cookies: dict[bytes, bytes] = {}
    if len(header) > _MAX_HEADER:
        return cookies
    for pair in header.split(b";"):
        name, equals, value = pair.strip().partition(b"=")
        if equals:
            cookies.setdefault(name, value)
    return cookies


class Cookies:
    """Reads and writes cookies as the settings demand; the attributes are worked out once.

    Where cookies are Secure their names say so to the browser (RFC 6265bis, section 4.1.3): `__Host-` cannot be planted
    by a neighbouring host or without TLS, `__Secure-` not without TLS. A cookie without its prefix then does not count.
    """

    def __init__(self, settings: Settings) -> None:
        cross_site = settings.use_cross_site_cookies or settings.cookie_samesite == "none"
        secure = settings.cookie_secure or settings.production or cross_site
        same_site = "None" if cross_site else settings.cookie_samesite.capitalize()
        self._prefixed = secure
        self._tail = (
            f"; SameSite={same_site}" + ("; Secure" if secure else "") + ("; Partitioned" if cross_site else "")
        )
        self._refresh_seconds = settings.refresh_token_expire_days * 86_400
        self._access_seconds = settings.access_token_expire_minutes * 60

    def sent_name(self, name: str) -> str:
        """What a cookie is called in the browser."""
        if not self._prefixed:
            return name
        return f"__Host-{name}" if name in _ROOT else f"__Secure-{name}"

    def access(self, token: str) -> bytes:
        """The access token, out of reach of scripts; the stream and /ws need it too, hence the root path."""
        return self._cookie(ACCESS, token, self._access_seconds, "/", script=False)

    def refresh(self, token: str) -> bytes:
        """The refresh token, sent to the API alone and out of reach of scripts."""
        return self._cookie(REFRESH, token, self._refresh_seconds, "/api", script=False)

    def csrf(self, token: str) -> bytes:
        """The CSRF token; our own page reads it and sends it back as X-CSRF-Token."""
        return self._cookie(CSRF, token, self._refresh_seconds, "/", script=True)

    def seq(self, seq: int) -> bytes:
        """The last seq this browser was given."""
        return self._cookie(SEQ, str(seq), SEQ_SECONDS, "/", script=False)

    def device(self, token: str) -> bytes:
        """What tells this browser from others, kept when its session ends; it signs nobody in."""
        return self._cookie(DEVICE, token, _DEVICE_SECONDS, "/api", script=False)

    def transient(self, name: str, value: str, seconds: int) -> bytes:
        """What binds a few requests of one sign-in to the browser that began it."""
        return self._cookie(name, value, seconds, "/api", script=False)

    def clear(self) -> list[bytes]:
        """Take everything back that signing in gave."""
        return [
            self._cookie(ACCESS, "", 0, "/", script=False),
            self._cookie(REFRESH, "", 0, "/api", script=False),
            self._cookie(CSRF, "", 0, "/", script=True),
        ]

    def _cookie(self, name: str, value: str, seconds: int, path: str, *, script: bool) -> bytes:
        http_only = "" if script else "; HttpOnly"
        return f"{self.sent_name(name)}={value}; Path={path}; Max-Age={seconds}{http_only}{self._tail}".encode(
            "latin-1"
        )
