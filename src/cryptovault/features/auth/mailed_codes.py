"""Six digits that are sent to somebody. What is kept is a MAC: a plain hash of them is guessed in no time."""

import hmac
from hashlib import sha256
from secrets import randbelow

from cryptovault.features.auth import policy
from cryptovault.settings import Settings


def new_code() -> str:
    """A code nobody can know beforehand."""
    return f"{randbelow(10**policy.CODE_DIGITS):0{policy.CODE_DIGITS}}"


def code_mac(settings: Settings, purpose: str, code: str) -> str:
    """What is kept of a code; `purpose` says for what and for whom it was made."""
    return hmac.digest(settings.csrf_secret.get_secret_value().encode(), f"{purpose}:{code}".encode(), sha256).hex()
