"""Requests that a program signs with an API key, and the keys they are checked against.

The signature covers time, nonce, method, path, query and body, so nothing of a request can be changed or used again.
It is HMAC-SHA256 with a secret of ours, or Ed25519 with a key pair of the client's.

    api_keys  {_id, user_id, name, kind, sealed_secret | public_key, scopes, networks, created_at, expires_at,
               last_used_at, last_used_address}

Each worker keeps the keys in use for a second. A deleted key is refused at once where it was deleted, in the other
workers on the message that ends a session too, and after that second where the message was missed.
"""

import asyncio
import contextlib
import hmac
import ipaddress
import re
from base64 import b64decode
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, NamedTuple, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pymongo.errors import PyMongoError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from cryptovault.infra.clock import Clock
from cryptovault.infra.fanout import REVOKED, announce
from cryptovault.infra.mongo import Database, Document
from cryptovault.infra.sealing import Sealer
from cryptovault.kit.errors import NotAllowed, NotAuthenticated, Unavailable
from cryptovault.kit.tokens import Identity, Tokens
from cryptovault.settings import Settings

COLLECTION = "api_keys"
WINDOW_MS = 30_000
"""How far the time of a signed request may be from ours."""
KEPT_SECONDS = 1.0
"""How long a worker believes what it read about a key."""

_NOTE_SECONDS = 60
_REDIS_PATIENCE = 0.25
_REDIS_PATIENCE_CHANGES = 2.0
"""Seconds. Without Redis a read goes on and a change is refused: a change is worth the wait."""
_MAX_KEYS = 10_000
_REPLAYED = "This request was here before: X-Nonce must be new each time."
_KEY_ID = re.compile(rb"cvk_[0-9a-f]{24}")
_TIMESTAMP = re.compile(rb"[0-9]{13}")
_NONCE = re.compile(rb"[A-Za-z0-9_-]{8,64}")
_MAX_SIGNATURE = 100
_REFUSED = "The API key or its signature is not valid."


class Scope(StrEnum):
    """What a key may be used for."""

    READ = "read"
    TRADE = "trade"
    WITHDRAW = "withdraw"


class Kind(StrEnum):
    """How a key signs."""

    HMAC = "hmac-sha256"
    ED25519 = "ed25519"


class Signed(NamedTuple):
    """The parts of a request that its signature covers, as they were sent."""

    timestamp: bytes
    nonce: bytes
    method: bytes
    path: bytes
    query: bytes
    body: bytes

    def text(self) -> bytes:
        """What is signed: one line for each part, the body as its hash."""
        return b"\n".join((*self[:5], sha256(self.body).hexdigest().encode()))


class Key:
    """A key as it is checked against; made from its document, with the secret opened."""

    __slots__ = ("_public", "_secret", "expires_at", "id", "networks", "noted", "read_at", "scopes", "user_id")

    def __init__(self, document: Document, sealer: Sealer, read_at: float) -> None:
        self.id: str = document["_id"]
        self.user_id: str = document["user_id"]
        self.scopes: frozenset[str] = frozenset(document["scopes"])
        self.networks = [ipaddress.ip_network(network) for network in document["networks"]]
        self.expires_at: datetime | None = document["expires_at"]
        self.read_at = read_at
        self.noted = 0.0
        self._secret = b""
        self._public: Ed25519PublicKey | None = None
        if document["kind"] == Kind.HMAC:
            self._secret = sealer.open(self.id, document["sealed_secret"])
        else:
            self._public = Ed25519PublicKey.from_public_bytes(b64decode(document["public_key"]))

    def verifies(self, text: bytes, signature: bytes) -> bool:
        """Whether the signature is this key's of this text."""
        if self._public is None:
            return hmac.compare_digest(hmac.digest(self._secret, text, sha256).hex().encode(), signature)
        try:
            self._public.verify(b64decode(signature, validate=True), text)
        except (InvalidSignature, ValueError):
            return False
        return True

    def allows(self, address: str) -> bool:
        """Whether the key may be used from there; a key without a list may be used from anywhere."""
        if not self.networks:
            return True
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        mapped = getattr(parsed, "ipv4_mapped", None)
        return any((mapped or parsed) in network for network in self.networks)


class Presented(NamedTuple):
    """The headers of a signed request."""

    key_id: str
    timestamp: bytes
    nonce: bytes
    signature: bytes

    @classmethod
    def of(cls, headers: dict[bytes, bytes]) -> Self:
        """Read them; NotAuthenticated where one is missing or malformed."""
        key_id = headers.get(b"x-api-key", b"")
        timestamp, nonce = headers.get(b"x-timestamp", b""), headers.get(b"x-nonce", b"")
        signature = headers.get(b"x-signature", b"")
        if not _TIMESTAMP.fullmatch(timestamp):
            raise NotAuthenticated("X-Timestamp must be the time in milliseconds since 1970.")
        if not _NONCE.fullmatch(nonce):
            raise NotAuthenticated("X-Nonce must be 8 to 64 letters, digits, dashes or underscores, new each time.")
        if not _KEY_ID.fullmatch(key_id) or not signature or len(signature) > _MAX_SIGNATURE:
            raise NotAuthenticated(_REFUSED)
        return cls(key_id.decode(), timestamp, nonce, signature)


class ApiKeys:
    """The keys of one worker."""

    def __init__(self, settings: Settings, db: Database, redis: Redis, clock: Clock, tokens: Tokens) -> None:
        self._settings = settings
        self._keys = db[COLLECTION]
        self._redis = redis
        self._clock = clock
        self._tokens = tokens
        self._known: dict[str, Key] = {}
        self._seen: dict[tuple[str, bytes], float] = {}
        self._sealer: Sealer | None = None

    @property
    def sealer(self) -> Sealer:
        """Seals the secrets of HMAC keys; made on first use."""
        if self._sealer is None:
            self._sealer = Sealer(self._settings, "api_key")
        return self._sealer

    async def check(
        self, presented: Presented, signed: Signed, address: str, *, changes: bool | None = None
    ) -> tuple[Key, Identity]:
        """Whose request this is. NotAuthenticated where it is not proven, NotAllowed from a foreign address.

        Unavailable where Redis is away and the request changes something: nobody could tell it from a repetition.
        Whether it does follows from the method, unless the caller knows better.
        """
        now = self._clock.now_ms()
        if abs(now - int(presented.timestamp)) > WINDOW_MS:
            raise NotAuthenticated("X-Timestamp is more than 30 seconds from our time.", details={"now": now})
        key = await self._key(presented.key_id)
        if key is None or not key.verifies(signed.text(), presented.signature):
            raise NotAuthenticated(_REFUSED)
        if key.expires_at is not None and key.expires_at <= datetime.fromtimestamp(now / 1000, UTC):
            raise NotAuthenticated("The API key has expired.")
        if not key.allows(address):
            raise NotAllowed("The API key may not be used from this address.")
        may_change = signed.method not in {b"GET", b"HEAD"} if changes is None else changes
        await self._once(key.id, presented.nonce, changes=may_change)
        await self._note_use(key, address)
        return key, Identity(key.user_id, session_of(key.id), "user")

    async def is_good(self, key_id: str, address: str) -> bool:
        """Whether a key that has proven itself before may go on: it is there, has not expired, allows the address."""
        key = await self._key(key_id)
        now = datetime.fromtimestamp(self._clock.now_ms() / 1000, UTC)
        return key is not None and (key.expires_at is None or key.expires_at > now) and key.allows(address)

    async def end(self, user_id: str, key_id: str) -> bool:
        """Delete a key, everywhere at once; False where the user has no such key."""
        if not (await self._keys.delete_one({"_id": key_id, "user_id": user_id})).deleted_count:
            return False
        await self._announce(key_id)
        return True

    async def end_all(self, user_id: str) -> int:
        """Delete every key of a user, as after a password reset, and say how many there were."""
        keys = await self._keys.find({"user_id": user_id}, {"_id": 1}).to_list(None)
        ended = [await self.end(user_id, key["_id"]) for key in keys]
        return sum(ended)

    async def _announce(self, key_id: str) -> None:
        self._tokens.revoke(session_of(key_id))
        await announce(self._redis, REVOKED, session_of(key_id))

    async def _key(self, key_id: str) -> Key | None:
        """The key as it was read less than a second ago."""
        if self._tokens.is_revoked(session_of(key_id)):
            return None
        key = self._known.get(key_id)
        now = self._clock.monotonic()
        if key is not None and now - key.read_at < KEPT_SECONDS:
            return key
        document = await self._keys.find_one({"_id": key_id})
        if document is None or self._tokens.is_revoked(session_of(key_id)):
            self._known.pop(key_id, None)
            return None
        fresh = Key(document, self.sealer, now)
        fresh.noted = key.noted if key is not None else 0.0
        if len(self._known) >= _MAX_KEYS:
            del self._known[next(iter(self._known))]
        self._known[key_id] = fresh
        return fresh

    async def _once(self, key_id: str, nonce: bytes, *, changes: bool) -> None:
        """Refuse a request that was here before. This worker remembers too, should Redis lose its memory."""
        now = self._clock.monotonic()
        while self._seen and self._seen[oldest := next(iter(self._seen))] <= now:
            del self._seen[oldest]
        if (key_id, nonce) in self._seen:
            raise NotAuthenticated(_REPLAYED)
        # A request may be stamped 30 s ahead and come again 30 s late: its nonce has to live through both.
        self._seen[key_id, nonce] = now + 2 * WINDOW_MS / 1000
        try:
            async with asyncio.timeout(_REDIS_PATIENCE_CHANGES if changes else _REDIS_PATIENCE):
                name = f"cv:nonce:{key_id}:{nonce.decode()}"
                used = not await self._redis.set(name, 1, nx=True, px=2 * WINDOW_MS)
        except (RedisError, TimeoutError, OSError) as error:
            if changes:
                raise Unavailable("Signed requests that change something are closed for a moment.") from error
            return
        if used:
            raise NotAuthenticated(_REPLAYED)

    async def _note_use(self, key: Key, address: str) -> None:
        """Write down when and from where a key was used, once a minute: it is for people to look at."""
        now = self._clock.monotonic()
        if now - key.noted < _NOTE_SECONDS and key.noted:
            return
        key.noted = now
        used: dict[str, Any] = {
            "last_used_at": datetime.fromtimestamp(self._clock.now_ms() / 1000, UTC),
            "last_used_address": address,
        }
        with contextlib.suppress(PyMongoError):
            await self._keys.update_one({"_id": key.id}, {"$set": used})


def session_of(key_id: str) -> str:
    """What stands for a key where sessions are told apart."""
    return f"key:{key_id}"
