"""API keys on the wire."""

import base64
import ipaddress
from typing import Annotated, Any, Self

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, StringConstraints, model_validator

from cryptovault.features.api_keys import policy
from cryptovault.kit.api_keys import Kind, Scope
from cryptovault.kit.schemas import NAME_PATTERN, AnswerModel, RequestModel, Timestamp


def _network(text: str) -> str:
    """One address or network in its shortest usual form."""
    try:
        return str(ipaddress.ip_network(text, strict=False))
    except ValueError:
        raise ValueError("must be an address or a network, for example 203.0.113.7 or 2001:db8::/32") from None


def _public_key(text: str) -> str:
    """An Ed25519 public key, as PEM or as base64 of its 32 bytes; kept as base64."""
    try:
        key = load_pem_public_key(text.encode()) if "BEGIN PUBLIC KEY" in text else _from_raw(text)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("must be an Ed25519 public key, as PEM or as base64 of its 32 bytes")  # noqa: TRY004
    return base64.b64encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def _from_raw(text: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(base64.b64decode(text, validate=True))


Network = Annotated[str, StringConstraints(max_length=50), AfterValidator(_network)]
PublicKey = Annotated[str, StringConstraints(max_length=500), AfterValidator(_public_key)]
KeyName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60, pattern=NAME_PATTERN)]
KeyId = Annotated[str, StringConstraints(pattern=r"^cvk_[0-9a-f]{24}$")]


class ApiKeyCreate(RequestModel):
    """A new key. Without a public key the exchange makes a secret for HMAC-SHA256."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"name": "Grid bot", "scopes": ["read", "trade"], "networks": ["203.0.113.7/32"]}}
    )
    name: KeyName
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=len(Scope))] = Field(
        default_factory=lambda: [Scope.READ]
    )
    networks: Annotated[list[Network], Field(max_length=policy.MAX_NETWORKS)] = Field(default_factory=list)
    """Where it may be used from; empty for anywhere."""
    public_key: PublicKey | None = None
    """Makes it an Ed25519 key: the private key never leaves the client."""
    expires_at: AwareDatetime | None = None

    @model_validator(mode="after")
    def _withdrawing_is_bound_to_a_place(self) -> Self:
        """A key that can take money out must not work from everywhere."""
        if Scope.WITHDRAW in self.scopes and not self.networks:
            raise ValueError("a key with the scope withdraw needs a list of networks")
        return self


class ApiKey(AnswerModel):
    """A key as its owner sees it; the secret is not among what is shown."""

    id: str
    name: str
    kind: Kind
    scopes: list[Scope]
    networks: list[str]
    public_key: str | None
    created_at: Timestamp
    expires_at: Timestamp | None
    last_used_at: Timestamp | None
    last_used_address: str | None

    @classmethod
    def of(cls, document: dict[str, Any]) -> Self:
        """From the stored document."""
        fields = {name: document[name] for name in cls.model_fields if name not in {"id", "public_key", "secret"}}
        return cls(id=document["_id"], public_key=document.get("public_key"), **fields)


class CreatedApiKey(ApiKey):
    """A key that was just made, with its secret: it is shown this once."""

    secret: str | None = None


class ApiKeyList(AnswerModel):
    """All keys of a user, the newest first."""

    items: list[ApiKey]
