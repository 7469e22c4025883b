"""/audit-logs: what happened to the security of an account."""

from fastapi import APIRouter

from cryptovault.features.audit_logs import repository
from cryptovault.features.audit_logs.schemas import AuditPage, AuditRecord, Everybody, KindFilter, UserFilter
from cryptovault.kit.access import CurrentUser, DbDep
from cryptovault.kit.errors import NotAllowed, NotAuthenticated, RateLimited, declare
from cryptovault.kit.pagination import Cursor, Limit, decode_cursor, encode_cursor
from cryptovault.kit.tokens import Identity

router = APIRouter(prefix="/audit-logs", tags=["audit-logs"])


@router.get("", responses=declare(NotAuthenticated, NotAllowed, RateLimited))
async def list_audit_logs(  # noqa: PLR0917 - FastAPI passes them by name
    user: CurrentUser,
    db: DbDep,
    kind: KindFilter = "",
    user_id: UserFilter = "",
    everybody: Everybody = False,
    limit: Limit = 50,
    cursor: Cursor = "",
) -> AuditPage:
    """Your own security events, the newest first; administrators may ask for another account's, or for all."""
    position = decode_cursor(cursor, int)
    found = await repository.page(
        db,
        user_id=_whose(user, user_id, everybody=everybody),
        kind=kind,
        before=position[0] if position else None,
        limit=limit + 1,
    )
    items = [AuditRecord.of(document) for document in found[:limit]]
    more = len(found) > limit
    return AuditPage(items=items, next_cursor=encode_cursor(int(items[-1].id)) if more else None)


def _whose(user: Identity, user_id: str, *, everybody: bool) -> str:
    """The account whose events are asked for, empty for all of them; NotAllowed where that is not the caller's."""
    if user.role != "admin" and (everybody or user_id not in {"", user.id}):
        raise NotAllowed("Only administrators see the security events of others.")
    return "" if everybody else user_id or user.id
