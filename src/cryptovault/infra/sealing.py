"""Secrets that must be readable again, sealed before they go into the database.

AES-256-GCM with a fresh nonce; each purpose has a key of its own, derived from ENCRYPTION_KEY. Purpose and owner are
authenticated: a sealed text copied to another user or another field does not open. The key never is in the database.
What ENCRYPTION_KEYS_OLD has sealed opens too, until `cryptovault secrets rotate` has sealed it anew.
"""

import contextlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cryptovault.settings import Settings

_VERSION = "1."
_NONCE_BYTES = 12


class SealBroken(Exception):
    """The text was changed, belongs to another owner or purpose, or was sealed with another key."""


class Sealer:
    """Seals and opens for one purpose, for example "totp"; opens also what older keys have sealed."""

    def __init__(self, settings: Settings, purpose: str) -> None:
        keys = settings.encryption_keys
        if not settings.encryption_key.get_secret_value():
            raise ValueError("ENCRYPTION_KEY is missing")
        self._purpose = purpose
        self._ciphers = [_cipher(key, purpose) for key in keys]

    def seal(self, owner: str, secret: bytes) -> str:
        """Seal a secret of an owner (a user's or a document's id) with the key in force."""
        nonce = token_bytes(_NONCE_BYTES)
        sealed = self._ciphers[0].encrypt(nonce, secret, self._context(owner))
        return _VERSION + urlsafe_b64encode(nonce + sealed).decode()

    def open(self, owner: str, sealed: str) -> bytes:
        """The secret again; SealBroken where this is not what was sealed for this owner."""
        return self._opened(owner, sealed)[0]

    def renew(self, owner: str, sealed: str) -> str | None:
        """The same secret sealed with the key in force; None where it is. SealBroken as in `open`."""
        secret, key = self._opened(owner, sealed)
        return self.seal(owner, secret) if key else None

    def _opened(self, owner: str, sealed: str) -> tuple[bytes, int]:
        """The secret, and how many keys ago it was sealed."""
        if not sealed.startswith(_VERSION):
            raise SealBroken
        try:
            raw = urlsafe_b64decode(sealed[len(_VERSION) :])
        except ValueError as error:
            raise SealBroken from error
        for age, cipher in enumerate(self._ciphers):
            with contextlib.suppress(InvalidTag, ValueError):
                return cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], self._context(owner)), age
        raise SealBroken

    def _context(self, owner: str) -> bytes:
        return f"{self._purpose}:{owner}".encode()


def _cipher(key: bytes, purpose: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=b"cryptovault:" + purpose.encode()).derive(key))
