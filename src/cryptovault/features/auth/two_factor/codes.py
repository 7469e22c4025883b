"""The arithmetic of one-time codes: RFC 6238 with the figures that every authenticator app knows, recovery codes."""

import hmac
from base64 import b32encode
from collections.abc import Iterable
from hashlib import sha1, sha256
from secrets import token_bytes
from urllib.parse import quote, urlencode

STEP_SECONDS = 30
DIGITS = 6
SECRET_BYTES = 20
"""As long as SHA-1's output, which RFC 4226 recommends and authenticator apps expect."""

RECOVERY_CODES = 10
_RECOVERY_BYTES = 10
"""80 random bits: nothing to guess, even without counting tries."""
_GROUP = 4


def totp(secret: bytes, step: int) -> str:
    """The code of a step (seconds since 1970 divided by 30)."""
    digest = hmac.digest(secret, step.to_bytes(8), sha1)
    offset = digest[-1] & 15
    number = int.from_bytes(digest[offset : offset + 4]) & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def matching_step(secret: bytes, code: str, now_ms: int, drift: int) -> int | None:
    """The step that a code belongs to, at most `drift` steps from now; all are compared, whichever matches."""
    present = now_ms // 1000 // STEP_SECONDS
    steps = range(present - drift, present + drift + 1)
    found = [step for step in steps if hmac.compare_digest(totp(secret, step), code)]
    return found[0] if found else None


def new_secret() -> bytes:
    """160 random bits."""
    return token_bytes(SECRET_BYTES)


def base32(secret: bytes) -> str:
    """A secret as people type it."""
    return b32encode(secret).decode().rstrip("=")


def otpauth_uri(secret: bytes, issuer: str, account: str) -> str:
    """What the QR code holds."""
    label = quote(f"{issuer}:{account}", safe="@:")
    parameters = {"secret": base32(secret), "issuer": issuer, "algorithm": "SHA1", "digits": DIGITS}
    return f"otpauth://totp/{label}?{urlencode(parameters | {'period': STEP_SECONDS}, quote_via=quote)}"


def new_recovery_codes() -> list[str]:
    """Ten codes of sixteen letters and digits in groups of four."""
    return [_grouped(b32encode(token_bytes(_RECOVERY_BYTES)).decode()) for _ in range(RECOVERY_CODES)]


def recovery_hash(user_id: str, code: str) -> str:
    """What is stored of a recovery code. 80 random bits need no slow hash."""
    plain = "".join(code.split()).replace("-", "").upper()
    return sha256(f"recovery:{user_id}:{plain}".encode()).hexdigest()


def recovery_hashes(user_id: str, codes: Iterable[str]) -> list[str]:
    """The same for several."""
    return [recovery_hash(user_id, code) for code in codes]


def _grouped(text: str) -> str:
    return "-".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))
