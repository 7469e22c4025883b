"""Which pages may call us from a browser, and the headers every answer carries."""

from urllib.parse import urlsplit

from cryptovault.settings import Environment, Settings

Header = tuple[bytes, bytes]

_ALLOWED_METHODS = b"GET, POST, PUT, PATCH, DELETE"
_ALLOWED_HEADERS = (
    b"Authorization, Content-Type, Idempotency-Key, X-CSRF-Token, X-Request-ID, X-Seq, X-Step-Up, X-Unattended"
)
_EXPOSED_HEADERS = b"X-Request-ID, X-Seq, Retry-After"
_DEVELOPMENT_ORIGINS = ("http://localhost:5173", "http://127.0.0.1:5173")
"""Where `vite` serves the web app while it is being worked on."""


class Origins:
    """Exact origins, compared as whole strings; never a wildcard, never a suffix."""

    def __init__(self, settings: Settings) -> None:
        development = _DEVELOPMENT_ORIGINS if settings.environment is Environment.DEVELOPMENT else ()
        known = [*settings.allowed_origins, settings.public_url, *development]
        self.known = frozenset(origin.rstrip("/").encode() for origin in known)

    def allows(self, origin: bytes, host: bytes) -> bool:
        """Whether a page of this origin may send us requests that change something.

        The host we are asked under counts as our own: a TLS proxy changes the scheme, so only hosts are compared.
        """
        return origin in self.known or (bool(host) and origin.partition(b"://")[2] == host)

    def cors(self, origin: bytes, host: bytes = b"") -> list[Header]:
        """The CORS headers for a page of this origin; nothing but Vary for strangers, and for pages of this host."""
        if origin not in self.known or origin.partition(b"://")[2] == host:
            return [(b"vary", b"Origin")]
        return [
            (b"access-control-allow-origin", origin),
            (b"access-control-allow-credentials", b"true"),
            (b"access-control-expose-headers", _EXPOSED_HEADERS),
            (b"vary", b"Origin"),
        ]

    def preflight(self, origin: bytes) -> list[Header]:
        """The answer to a browser that asks first."""
        headers = self.cors(origin)
        if origin in self.known:
            headers += [
                (b"access-control-allow-methods", _ALLOWED_METHODS),
                (b"access-control-allow-headers", _ALLOWED_HEADERS),
                (b"access-control-max-age", b"600"),
            ]
        return headers


def page_headers(settings: Settings) -> list[Header]:
    """The headers of pages and files, worked out once.

    Styles may be inline because UI libraries set them from scripts; scripts come from our own files only.
    """
    connect = " ".join(["'self'", *_stream_sources(settings)])
    policy = (
        f"default-src 'self'; connect-src {connect}; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
        "font-src 'self' data:; script-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    )
    return [
        *_common(settings, policy),
        (b"referrer-policy", b"strict-origin-when-cross-origin"),
        (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
        (b"cross-origin-opener-policy", b"same-origin"),
    ]


def api_headers(settings: Settings) -> list[Header]:
    """The headers of JSON answers: nothing in them may be rendered, framed or guessed to be something else."""
    return _common(settings, "default-src 'none'; frame-ancestors 'none'")


def _common(settings: Settings, policy: str) -> list[Header]:
    headers = [
        (b"content-security-policy", policy.encode()),
        (b"x-frame-options", b"DENY"),
        (b"x-content-type-options", b"nosniff"),
    ]
    if settings.production or settings.cookie_secure:
        headers.append((b"strict-transport-security", b"max-age=31536000; includeSubDomains"))
    return headers


def _stream_sources(settings: Settings) -> list[str]:
    """WebSocket addresses spelled out: not every browser counts ws: as 'self'."""
    hosts = {urlsplit(url).netloc for url in (settings.public_url, settings.public_api_url) if url}
    return sorted(f"{scheme}://{host}" for host in hosts for scheme in ("ws", "wss", "https"))
