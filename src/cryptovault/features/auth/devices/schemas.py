"""Sessions on the wire."""

from typing import Annotated

from pydantic import StringConstraints

from cryptovault.kit.schemas import AnswerModel, Timestamp

SessionId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]


class SessionItem(AnswerModel):
    """One session: a browser that is signed in. `place` is told from the network address alone."""

    id: str
    device: str
    address: str
    place: str
    created_at: Timestamp
    last_seen_at: Timestamp
    expires_at: Timestamp
    current: bool


class SessionList(AnswerModel):
    """Every session of the account, this one first."""

    items: list[SessionItem]


class EndedSessions(AnswerModel):
    """How many sessions have ended."""

    ended: int
