"""Passwords that leaked elsewhere: the first thing an attacker tries. More than 300,000, in the package itself.

`passwords.bin` is made by scripts/breached_passwords.py, which names its source: six bytes of each password's SHA-256,
sorted. A password that never leaked is taken for one of them about once in a billion.
"""

import unicodedata
from functools import cache
from hashlib import sha256
from importlib.resources import files

PREFIX_BYTES = 6


def plain_form(password: str) -> str:
    """Capitals do not make a leaked password a new one."""
    return unicodedata.normalize("NFKC", password).lower()


def is_breached(password: str) -> bool:
    """Whether a password is among those that leaked; a few microseconds."""
    wanted = sha256(plain_form(password).encode()).digest()[:PREFIX_BYTES]
    prefixes = _prefixes()
    low, high = 0, len(prefixes) // PREFIX_BYTES
    while low < high:
        middle = (low + high) // 2
        if prefixes[middle * PREFIX_BYTES : (middle + 1) * PREFIX_BYTES] < wanted:
            low = middle + 1
        else:
            high = middle
    return prefixes[low * PREFIX_BYTES : (low + 1) * PREFIX_BYTES] == wanted


def count() -> int:
    """How many passwords the list holds."""
    return len(_prefixes()) // PREFIX_BYTES


@cache
def _prefixes() -> bytes:
    """Read once, two megabytes."""
    return (files(__name__) / "passwords.bin").read_bytes()
