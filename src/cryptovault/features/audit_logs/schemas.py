"""The security log on the wire."""

from typing import Annotated, Any

from fastapi import Query
from pydantic import Field

from cryptovault.kit.pagination import Page
from cryptovault.kit.schemas import AnswerModel, Timestamp

_USER = r"^([0-9a-f]{24})?$"

KindFilter = Annotated[str, Query(pattern=r"^[a-z0-9_]{0,64}$", description="Only events of this kind.")]
UserFilter = Annotated[str, Query(pattern=_USER, description="Only events of this account; for administrators.")]
Everybody = Annotated[bool, Query(alias="all", description="Events of every account; for administrators.")]


class AuditRecord(AnswerModel):
    """One security event. `hash` is its link in the chain."""

    id: str
    at: Timestamp
    kind: str
    user_id: str
    actor_id: str
    address: str
    request_id: str
    facts: dict[str, str | int | bool] = Field(examples=[{"how": "password"}])
    hash: str

    @classmethod
    def of(cls, document: dict[str, Any]) -> "AuditRecord":
        """From the stored record."""
        names = ("at", "kind", "user_id", "actor_id", "address", "request_id", "facts", "hash")
        return cls(id=str(document["_id"]), **{name: document[name] for name in names})


class AuditPage(Page[AuditRecord]):
    """Security events, the newest first."""
