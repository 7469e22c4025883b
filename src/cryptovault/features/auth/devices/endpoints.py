"""/auth/sessions: who is signed in, and ending it."""

from typing import Annotated

from fastapi import APIRouter, Depends

from cryptovault.features.auth.devices.describe import device_name, place_of
from cryptovault.features.auth.devices.schemas import EndedSessions, SessionId, SessionItem, SessionList
from cryptovault.features.auth.repository import Accounts
from cryptovault.features.auth.security import record
from cryptovault.features.auth.sessions import Sessions
from cryptovault.infra.mongo import Document
from cryptovault.kit.access import CallDep, CurrentUser, ServicesDep
from cryptovault.kit.errors import CsrfFailed, NotAuthenticated, NotFound, declare
from cryptovault.kit.tokens import Identity

router = APIRouter(prefix="/auth", tags=["auth"])


def _sessions(services: ServicesDep) -> Sessions:
    return Sessions(services)


SessionsDep = Annotated[Sessions, Depends(_sessions)]


@router.get("/sessions", responses=declare(NotAuthenticated))
async def list_sessions(user: CurrentUser, sessions: SessionsDep) -> SessionList:
    """Where the account is signed in. `last_seen_at` is about a minute old at most."""
    items = [_item(session, user) for session in await sessions.live(user.id)]
    return SessionList(items=sorted(items, key=lambda item: (item.current, item.last_seen_at), reverse=True))


@router.delete("/sessions/{session_id}", status_code=204, responses=declare(NotAuthenticated, CsrfFailed, NotFound))
async def end_session(session_id: SessionId, user: CurrentUser, sessions: SessionsDep, call: CallDep) -> None:
    """End one session: its next request is refused, its live connections are closed."""
    session = await Accounts(call.services.db).session(session_id)
    if session is None or session["user_id"] != user.id or session["revoked_at"] is not None:
        raise NotFound("You have no such session.")
    await sessions.end(session_id, "revoked")
    await record(call, user.id, "session_ended", session=session_id[:8], device=device_name(session["user_agent"]))


@router.post("/sessions/revoke-others", responses=declare(NotAuthenticated, CsrfFailed))
async def end_other_sessions(user: CurrentUser, sessions: SessionsDep, call: CallDep) -> EndedSessions:
    """End every session but this one."""
    ended = await sessions.end_others(user.id, user.session_id, "revoked")
    await record(call, user.id, "other_sessions_ended", ended=ended)
    return EndedSessions(ended=ended)


def _item(session: Document, user: Identity) -> SessionItem:
    return SessionItem(
        id=session["_id"],
        device=device_name(session["user_agent"]),
        address=session["address"],
        place=place_of(session["address"]),
        created_at=session["created_at"],
        last_seen_at=max(session["rotated_at"], session.get("last_seen_at") or session["rotated_at"]),
        expires_at=session["expires_at"],
        current=session["_id"] == user.session_id,
    )
