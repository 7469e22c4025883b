"""/auth/sessions: who is signed in, and ending it."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends

from cryptovault.features.auth.devices.describe import device_name, place_of
from cryptovault.features.auth.devices.schemas import EndedSessions, SessionId, SessionItem, SessionList
from cryptovault.features.auth.repository import Accounts
from cryptovault.features.auth.security import record
from cryptovault.features.auth.session_limits import last_use
from cryptovault.features.auth.sessions import Sessions
from cryptovault.infra.mongo import Document
from cryptovault.kit.access import CallDep, CurrentUser, ServicesDep
from cryptovault.kit.errors import CsrfFailed, NotAuthenticated, NotFound, declare
from cryptovault.kit.step_up import Act, StepUpRequired, require_proof
from cryptovault.kit.tokens import Identity

router = APIRouter(prefix="/auth", tags=["auth"])


def _sessions(services: ServicesDep) -> Sessions:
    return Sessions(services)


SessionsDep = Annotated[Sessions, Depends(_sessions)]


@router.get("/sessions", responses=declare(NotAuthenticated))
async def list_sessions(user: CurrentUser, sessions: SessionsDep) -> SessionList:
    """Where the account is signed in. `last_seen_at` is a few seconds old at most."""
    items = [_item(session, user, sessions.ends_at(session)) for session in await sessions.live(user.id)]
    return SessionList(items=sorted(items, key=lambda item: (item.current, item.last_seen_at), reverse=True))


@router.delete(
    "/sessions/{session_id}", status_code=204, responses=declare(NotAuthenticated, CsrfFailed, StepUpRequired, NotFound)
)
async def end_session(session_id: SessionId, user: CurrentUser, sessions: SessionsDep, call: CallDep) -> None:
    """End one session, with a fresh proof (X-Step-Up): its next request is refused, its connections are closed."""
    session = await Accounts(call.services.db).session(session_id)
    if session is None or session["user_id"] != user.id or session["revoked_at"] is not None:
        raise NotFound("You have no such session.")
    await require_proof(call, Act.END_SESSIONS)
    await sessions.end(session_id, "revoked")
    await record(call, user.id, "session_ended", session=session_id[:8], device=device_name(session["user_agent"]))


@router.post("/sessions/revoke-others", responses=declare(NotAuthenticated, CsrfFailed, StepUpRequired))
async def end_other_sessions(user: CurrentUser, sessions: SessionsDep, call: CallDep) -> EndedSessions:
    """End every session but this one, with a fresh proof (X-Step-Up)."""
    await require_proof(call, Act.END_SESSIONS)
    ended = await sessions.end_others(user.id, user.session_id, "revoked")
    await record(call, user.id, "other_sessions_ended", ended=ended)
    return EndedSessions(ended=ended)


def _item(session: Document, user: Identity, ends_at: datetime) -> SessionItem:
    return SessionItem(
        id=session["_id"],
        device=device_name(session["user_agent"]),
        address=session["address"],
        place=place_of(session["address"]),
        created_at=session["created_at"],
        last_seen_at=last_use(session),
        expires_at=ends_at,
        current=session["_id"] == user.session_id,
    )
