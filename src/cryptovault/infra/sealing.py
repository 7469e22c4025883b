"""Secrets that must be readable again, sealed before they go into the database.

AES-256-GCM with a fresh nonce; each purpose has a key of its own, derived from ENCRYPTION_KEY. Purpose and owner are
authenticated: a sealed text copied to another user or another field does not open. The key never is in the database.
"""

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
    """Seals and opens for one purpose, for example "totp"."""

    def __init__(self, settings: Settings, purpose: str) -> None:
        key = settings.encryption_key.get_secret_value().encode()
        if not key:
            raise ValueError("ENCRYPTION_KEY is missing")
        self._purpose = purpose
        self._cipher = AESGCM(HKDF(SHA256(), 32, salt=None, info=b"cryptovault:" + purpose.encode()).derive(key))

    def seal(self, owner: str, secret: bytes) -> str:
        """Seal a secret of an owner (a user's or a document's id)."""
        nonce = token_bytes(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, secret, self._context(owner))
        return _VERSION + urlsafe_b64encode(nonce + sealed).decode()

    def open(self, owner: str, sealed: str) -> bytes:
        """The secret again; SealBroken where this is not what was sealed for this owner."""
        try:
            if not sealed.startswith(_VERSION):
                raise SealBroken
            raw = urlsafe_b64decode(sealed[len(_VERSION) :])
            return self._cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], self._context(owner))
        except (InvalidTag, ValueError) as error:
            raise SealBroken from error

    def _context(self, owner: str) -> bytes:
        return f"{self._purpose}:{owner}".encode()
