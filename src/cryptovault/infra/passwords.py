"""Argon2id, off the event loop and never more than a few at a time: each hash takes memory and a core.

What is hashed is an HMAC of the password by a key derived from ENCRYPTION_KEY (a pepper): who has the database alone
cannot even try passwords. A stored hash says by which key: after a change of the key the old one is still asked, and
the hash is renewed when its owner signs in.

    {mark of the key, 8 hexadecimal digits}${Argon2's own form}; without a mark in front, no pepper was used
"""

import asyncio
import hmac
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from cryptovault.settings import Environment, Settings

_CONCURRENT = 2
_MAX_WAITING = 64


class HashersBusy(Exception):
    """More passwords wait to be checked than can be in useful time."""


class Passwords:
    """Hashes and verifies passwords."""

    def __init__(self, settings: Settings) -> None:
        if settings.environment is Environment.TEST:
            self._hasher = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
        else:
            self._hasher = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
        self._pool = ThreadPoolExecutor(_CONCURRENT, thread_name_prefix="argon2")
        self._waiting = 0
        peppers = [hmac.digest(key, b"cryptovault:pepper", sha256) for key in settings.encryption_keys]
        self._peppers = {_mark(pepper): pepper for pepper in peppers}
        self._mark = _mark(peppers[0]) if peppers else ""
        # Checked where there is no account, so that its absence takes as long as a wrong password.
        self._nobody = self._hash("nobody has this password")

    async def hash(self, password: str) -> str:
        """The hash to store."""
        return str(await self._off_loop(self._hash, _normal(password)))

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether this is the password; for an account that does not exist the answer is no, in the same time."""
        matches = bool(await self._off_loop(self._matches, stored or self._nobody, _normal(password)))
        return matches and stored is not None

    def outdated(self, stored: str) -> bool:
        """Whether the hash was made with other parameters, or by another key, than today's."""
        mark, _, inner = stored.partition("$argon2")
        return mark != self._mark or self._hasher.check_needs_rehash("$argon2" + inner)

    def close(self) -> None:
        """Stop the threads."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _matches(self, stored: str, password: str) -> bool:
        mark, _, inner = stored.partition("$argon2")
        try:
            return self._hasher.verify("$argon2" + inner, self._peppered(password, mark))
        except (VerificationError, InvalidHashError):
            return False

    def _hash(self, password: str) -> str:
        return self._mark + self._hasher.hash(self._peppered(password, self._mark))

    def _peppered(self, password: str, mark: str) -> str:
        """What Argon2 is given; with a key that is lost no password is right, after the same work."""
        pepper = self._peppers.get(mark, mark.encode())
        return hmac.digest(pepper, password.encode(), sha256).hex() if mark else password

    async def _off_loop(self, work: object, *arguments: str) -> object:
        if self._waiting >= _MAX_WAITING:
            raise HashersBusy
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work, *arguments)  # type: ignore[arg-type]
        finally:
            self._waiting -= 1


def _mark(pepper: bytes) -> str:
    """Names a pepper without telling anything of it."""
    return hmac.digest(pepper, b"mark", sha256).hex()[:8]


def _normal(password: str) -> str:
    """The same characters typed on different keyboards are the same password (NFKC)."""
    return unicodedata.normalize("NFKC", password)
