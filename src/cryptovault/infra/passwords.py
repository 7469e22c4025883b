"""Argon2id, off the event loop and never more than a few at a time: each hash takes memory and a core."""

import asyncio
import unicodedata
from concurrent.futures import ThreadPoolExecutor

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
        # Checked where there is no account, so that its absence takes as long as a wrong password.
        self._nobody = self._hasher.hash("nobody has this password")

    async def hash(self, password: str) -> str:
        """The hash to store."""
        return str(await self._off_loop(self._hasher.hash, _normal(password)))

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether this is the password; for an account that does not exist the answer is no, in the same time."""
        matches = bool(await self._off_loop(self._matches, stored or self._nobody, _normal(password)))
        return matches and stored is not None

    def outdated(self, stored: str) -> bool:
        """Whether the hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    def close(self) -> None:
        """Stop the threads."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _off_loop(self, work: object, *arguments: str) -> object:
        if self._waiting >= _MAX_WAITING:
            raise HashersBusy
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work, *arguments)  # type: ignore[arg-type]
        finally:
            self._waiting -= 1


def _normal(password: str) -> str:
    """The same characters typed on different keyboards are the same password (NFKC)."""
    return unicodedata.normalize("NFKC", password)
