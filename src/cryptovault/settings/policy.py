"""What production refuses to start with."""

import itertools
import math
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

SECRET_BYTES_MIN = 32
_SECRET_BITS_MIN = 80  # of the estimate below; 32 random hexadecimal digits come out at about 115, hardly ever below 90
_ZLIB_FRAME = 8
_PACKED_BYTES_MIN = 24  # 32 random hexadecimal digits pack into 29 or more; what repeats packs into less

_PLACEHOLDER = re.compile(
    r"change|replace|placeholder|example|sample|dummy|default|secret|password|passwd|insert|todo|"
    r"your[-_ ]|test|demo|qwert|asdf|letmein|admin|generate|xxxx|<|>|\{|\$\(",
    re.IGNORECASE,
)


def production_faults(
    *,
    secrets: Mapping[str, str],
    debug: bool,
    mock_prices: bool,
    cookie_secure: bool,
    sends_mail: bool,
    origins: Mapping[str, list[str]],
) -> list[str]:
    """Every reason not to start in production, as sentences that never repeat a secret; empty if there is none.

    `secrets` and `origins` are keyed by the name of the environment variable they come from.
    """
    faults = [f"{name} {fault}." for name, value in secrets.items() if (fault := secret_fault(value))]
    faults += _repeated(secrets)
    if debug:
        faults.append("DEBUG must be off in production.")
    if mock_prices:
        faults.append("USE_MOCK_PRICES is refused in production: invented prices must not move real money.")
    if not cookie_secure:
        faults.append("COOKIE_SECURE must be on in production.")
    if not sends_mail:
        faults.append("EMAIL_SERVICE must be smtp or sendgrid in production: console delivers no code to anybody.")
    for name, values in origins.items():
        faults += (f"{name} {fault}." for value in values if (fault := _origin_fault(value)))
    if not origins.get("APP_URL"):
        faults.append("APP_URL is missing: production needs its public https address.")
    return faults


def secret_fault(value: str) -> str:
    """Why this is no secret (missing, short, placeholder, guessable), or an empty string."""
    if not value.strip():
        return "is missing; `cryptovault secrets init` makes one"
    if len(value.encode()) < SECRET_BYTES_MIN:
        return f"is shorter than {SECRET_BYTES_MIN} bytes"
    if _PLACEHOLDER.search(value):
        return "looks like a placeholder"
    if _bits(value) < _SECRET_BITS_MIN or _regular(value):
        return "is too easy to guess; use a random one"
    return ""


def _bits(value: str) -> float:
    """Shannon's estimate of the whole text, in bits."""
    size = len(value)
    return -sum(count * math.log2(count / size) for count in Counter(value).values())


def _regular(value: str) -> bool:
    """True for texts that repeat themselves, or climb and fall through the alphabet."""
    steps = [abs(ord(after) - ord(before)) for before, after in itertools.pairwise(value)]
    if sum(step <= 1 for step in steps) > len(steps) * 2 // 3:
        return True
    return len(zlib.compress(value.encode(), 9)) - _ZLIB_FRAME < _PACKED_BYTES_MIN


def _repeated(secrets: Mapping[str, str]) -> Iterator[str]:
    """One secret for two duties: whoever learns one has both."""
    for (one, a), (other, b) in itertools.combinations(secrets.items(), 2):
        if a and a == b:
            yield f"{one} and {other} are the same; each needs its own."


def _origin_fault(value: str) -> str:
    if "*" in value:
        return "must name exact origins, not *"
    parts = urlsplit(value)
    if parts.scheme != "https" or not parts.hostname:
        return f"must be an https address, not {value!r}"
    return ""
