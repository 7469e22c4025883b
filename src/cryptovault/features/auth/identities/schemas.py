"""Identities on the wire."""

from typing import Literal

from cryptovault.infra.mongo import Document
from cryptovault.kit.schemas import AnswerModel, Timestamp

Provider = Literal["google", "github", "apple", "wallet"]


class Identity(AnswerModel):
    """Something elsewhere that opens the caller's account."""

    id: str
    provider: Provider
    label: str
    """The address, name or wallet that people know it by."""
    created_at: Timestamp
    last_used_at: Timestamp | None

    @classmethod
    def of(cls, document: Document) -> "Identity":
        """From the stored document."""
        return cls(
            id=document["_id"],
            provider=document["provider"],
            label=document["label"],
            created_at=document["created_at"],
            last_used_at=document["last_used_at"],
        )


class Identities(AnswerModel):
    """Every way into the caller's account."""

    items: list[Identity]
    has_password: bool
    passkeys: int
