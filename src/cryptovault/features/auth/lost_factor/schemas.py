"""Lost second factors on the wire."""

from typing import Annotated, Literal

from pydantic import ConfigDict, StringConstraints

from cryptovault.features.auth.links import LinkToken
from cryptovault.features.auth.schemas import Email
from cryptovault.infra.mongo import Document
from cryptovault.kit.schemas import AnswerModel, RequestModel, Timestamp

ResetId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{24}$")]
IdentityProof = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=10, max_length=500, pattern=r"^[^\x00-\x1f\x7f<>]*$")
]


class AskReset(RequestModel):
    """Whose second factor is lost, and how they have proven anew who they are."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"email": "ada@example.com", "identity_proof": "Video call; passport compared with the file"}
        }
    )
    email: Email
    identity_proof: IdentityProof


class DecideReset(RequestModel):
    """The request that is decided on."""

    reset_id: ResetId


class KeepSecondFactor(RequestModel):
    """The token of the link with which the owner stops it."""

    token: LinkToken


class SecondFactorReset(AnswerModel):
    """A request to remove the second factors of an account; `due_at` is when it takes effect."""

    id: str
    user_id: str
    identity_proof: str
    state: Literal["asked", "approved", "cancelled", "done"]
    asked_by: str
    asked_at: Timestamp
    approved_by: str | None
    due_at: Timestamp | None

    @classmethod
    def of(cls, document: Document) -> "SecondFactorReset":
        """From the stored document."""
        return cls(**{name: document[name] for name in cls.model_fields if name != "id"}, id=document["_id"])


class SecondFactorResets(AnswerModel):
    """The newest first."""

    items: list[SecondFactorReset]
