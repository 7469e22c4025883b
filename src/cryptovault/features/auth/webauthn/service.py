"""The two ceremonies of WebAuthn. The challenge is ours, kept by us, and answered once."""

import binascii
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import msgspec
import webauthn
from cbor2 import CBORError
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from cryptovault.features.auth.challenges import PASSKEY, Challenges
from cryptovault.features.auth.webauthn.repository import MAX_PASSKEYS, PasskeyStore
from cryptovault.infra.logging import get_logger
from cryptovault.infra.mongo import Document, Within
from cryptovault.kit.errors import BadInput, Conflict
from cryptovault.kit.services import Services
from cryptovault.kit.tokens import Identity

CEREMONY_SECONDS = 300
_REFUSED = "This passkey was not accepted."
_log = get_logger("auth")


class _Verified(NamedTuple):
    """The passkey that signed an answer, and its counter afterwards."""

    passkey: Document
    sign_count: int


class PasskeyCeremonies:
    """Registration and assertion, for one worker."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._store = PasskeyStore(services.db)
        self._challenges = Challenges(services.redis, PASSKEY, CEREMONY_SECONDS)
        settings = services.settings
        self.rp_id = settings.passkey_rp_id or urlsplit(settings.public_url).hostname or "localhost"
        self._origins = sorted(origin.decode() for origin in services.origins.known)

    async def begin_registration(self, user: Document, session_id: str) -> dict[str, Any]:
        """Options for a new passkey, which the device must be able to find by itself and unlock for its user."""
        known = await self._store.of(user["_id"])
        if len(known) >= MAX_PASSKEYS:
            raise Conflict(f"There are {MAX_PASSKEYS} passkeys already. Remove one first.")
        options = webauthn.generate_registration_options(
            rp_id=self.rp_id,
            rp_name="CryptoVault",
            user_id=bytes.fromhex(user["_id"]),
            user_name=user["email"],
            user_display_name=user["name"] or user["email"],
            timeout=CEREMONY_SECONDS * 1000,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=_descriptors(known),
        )
        return await self._asked(options, {"for": "register", "session_id": session_id})

    async def register(self, owner: Identity, credential: dict[str, Any], name: str) -> Document:
        """Check what the device made and keep its public key; BadInput where anything about it is wrong."""
        asked = await self._answered(credential, {"for": "register", "session_id": owner.session_id})
        try:
            made = webauthn.verify_registration_response(
                credential=credential,
                expected_challenge=asked,
                expected_rp_id=self.rp_id,
                expected_origin=self._origins,
                require_user_verification=True,
            )
        except _FAULTS as fault:
            raise _refusal(fault) from fault
        transports = credential.get("response", {}).get("transports", [])
        passkey = {
            "_id": bytes_to_base64url(made.credential_id),
            "user_id": owner.id,
            "public_key": made.credential_public_key,
            "sign_count": made.sign_count,
            "name": name,
            "aaguid": made.aaguid,
            "device_type": str(made.credential_device_type.value),
            "backed_up": made.credential_backed_up,
            "transports": [str(one)[:20] for one in transports][:8] if isinstance(transports, list) else [],
            "created_at": self._now(),
            "last_used_at": None,
        }
        await self._store.add(passkey)
        return passkey

    async def begin_login(self) -> dict[str, Any]:
        """Options for whoever wants in: the device shows the passkeys it has, we learn of none."""
        options = webauthn.generate_authentication_options(
            rp_id=self.rp_id,
            timeout=CEREMONY_SECONDS * 1000,
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return await self._asked(options, {"for": "login"})

    async def log_in(self, credential: dict[str, Any]) -> str:
        """Whose passkey this is. It stands for password and second factor: the device must have verified its user."""
        asked = await self._answered(credential, {"for": "login"})
        passkey, sign_count = await self._verified(credential, asked, verification=True)
        handle = credential.get("response", {}).get("userHandle")
        if handle is not None and handle != bytes_to_base64url(bytes.fromhex(passkey["user_id"])):
            raise BadInput(_REFUSED)
        await self._store.used(passkey["_id"], sign_count, self._now())
        return str(passkey["user_id"])

    async def begin_factor(self, user_id: str) -> dict[str, Any]:
        """Options for a user who has given a password already."""
        options = webauthn.generate_authentication_options(
            rp_id=self.rp_id,
            timeout=CEREMONY_SECONDS * 1000,
            allow_credentials=_descriptors(await self._store.of(user_id)),
            user_verification=UserVerificationRequirement.PREFERRED,
        )
        return await self._asked(options, {"for": "factor", "user_id": user_id})

    async def check_factor(
        self, user_id: str, credential: dict[str, Any]
    ) -> Callable[[Within], Awaitable[bool]] | None:
        """What notes the use of a passkey that has answered a question asked for its user; None for anything else."""
        try:
            asked = await self._answered(credential, {"for": "factor", "user_id": user_id})
            passkey, sign_count = await self._verified(credential, asked, verification=False)
        except BadInput:
            return None
        if passkey["user_id"] != user_id:
            return None
        return partial(self._store.used, passkey["_id"], sign_count, self._now())

    async def _asked(self, options: Any, facts: dict[str, Any]) -> dict[str, Any]:
        await self._challenges.ask(facts, bytes_to_base64url(options.challenge))
        public_key: dict[str, Any] = json.loads(webauthn.options_to_json(options))
        return public_key

    async def _answered(self, credential: dict[str, Any], facts: dict[str, Any]) -> bytes:
        """The challenge that this credential answers, taken back; BadInput unless we asked it for these facts."""
        try:
            client_data = msgspec.json.decode(base64url_to_bytes(credential["response"]["clientDataJSON"]))
            challenge = client_data["challenge"]
            asked = await self._challenges.take(challenge) if isinstance(challenge, str) else None
            if asked == facts:
                return base64url_to_bytes(challenge)
        except (*_FAULTS, msgspec.DecodeError) as fault:
            raise _refusal(fault) from fault
        raise BadInput("The passkey's answer came too late or twice. Please try again.")

    async def _verified(self, credential: dict[str, Any], asked: bytes, *, verification: bool) -> _Verified:
        """The passkey that signed this answer."""
        passkey = await self._store.find(str(credential.get("id", ""))[:1024])
        if passkey is None:
            raise BadInput("This passkey is not known here, or was removed.")
        try:
            proven = webauthn.verify_authentication_response(
                credential=credential,
                expected_challenge=asked,
                expected_rp_id=self.rp_id,
                expected_origin=self._origins,
                credential_public_key=passkey["public_key"],
                credential_current_sign_count=passkey["sign_count"],
                require_user_verification=verification,
            )
        except _FAULTS as fault:
            raise _refusal(fault) from fault
        return _Verified(passkey, proven.new_sign_count)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._services.clock.now_ms() / 1000, UTC)


_FAULTS = (WebAuthnException, CBORError, binascii.Error, ValueError, TypeError, KeyError, AttributeError, IndexError)
"""What a credential made up by an enemy can raise while it is taken apart."""


def _refusal(fault: Exception) -> BadInput:
    _log.info("passkey refused", fault=type(fault).__name__, reason=str(fault)[:200])
    return BadInput(_REFUSED)


def _descriptors(passkeys: list[Document]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(passkey["_id"])) for passkey in passkeys]
