"""Passkeys on the wire. Options and credentials are the browser's own JSON forms (WebAuthn level 3)."""

from typing import Annotated, Any

from pydantic import StringConstraints

from cryptovault.infra.mongo import Document
from cryptovault.kit.schemas import NAME_PATTERN, AnswerModel, RequestModel, Timestamp

PasskeyName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60, pattern=NAME_PATTERN)
]


class CeremonyOptions(AnswerModel):
    """What goes into navigator.credentials.create() or .get(), by PublicKeyCredential.parse...OptionsFromJSON()."""

    public_key: dict[str, Any]


class RegisterPasskey(RequestModel):
    """What navigator.credentials.create() gave, and what to call it."""

    credential: dict[str, Any]
    name: PasskeyName = "Passkey"


class PasskeyLogIn(RequestModel):
    """What navigator.credentials.get() gave."""

    credential: dict[str, Any]


class RenamePasskey(RequestModel):
    """Another name."""

    name: PasskeyName


class Passkey(AnswerModel):
    """A passkey as its owner sees it."""

    id: str
    name: str
    synced: bool
    """Whether it is kept by an account of its maker and thus on several devices."""
    created_at: Timestamp
    last_used_at: Timestamp | None

    @classmethod
    def of(cls, document: Document) -> "Passkey":
        """From the stored document."""
        return cls(
            id=document["_id"],
            name=document["name"],
            synced=document["backed_up"],
            created_at=document["created_at"],
            last_used_at=document["last_used_at"],
        )


class Passkeys(AnswerModel):
    """All of the caller's."""

    items: list[Passkey]


class RegisteredPasskey(AnswerModel):
    """The new passkey; with the first second factor come recovery codes, shown this one time."""

    passkey: Passkey
    recovery_codes: list[str]
