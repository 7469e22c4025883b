"""Reading the statement."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from cryptovault.features.transactions import repository
from cryptovault.features.transactions.schemas import Transaction, TransactionType, transaction_view
from cryptovault.kit.access import AfterOwnWrites, DbDep, Reader
from cryptovault.kit.errors import NotAuthenticated, NotFound, RateLimited, ReadsBehind, declare
from cryptovault.kit.pagination import Cursor, Limit, Page, decode_cursor, encode_cursor
from cryptovault.kit.schemas import SymbolText

router = APIRouter(prefix="/transactions", tags=["transactions"])

_READING = (NotAuthenticated, RateLimited, ReadsBehind)


@router.get("", response_model=Page[Transaction], responses=declare(*_READING), dependencies=[AfterOwnWrites])
async def list_transactions(
    *,
    user: Reader,
    db: DbDep,
    kind: Annotated[TransactionType | None, Query(alias="type")] = None,
    asset: Annotated[SymbolText | None, Query(description="Lines that moved this asset.")] = None,
    paper: Annotated[bool, Query(description="The statement of play money instead.")] = False,
    limit: Limit = 50,
    cursor: Cursor = "",
) -> dict[str, Any]:
    """Everything that changed your balances, newest first."""
    after = decode_cursor(cursor, int, int, int)
    found = await repository.page(db, user.id, paper=paper, kind=kind, asset=asset, limit=limit + 1, after=after)
    more = len(found) > limit
    return {
        "items": [transaction_view(document) for document in found[:limit]],
        "next_cursor": encode_cursor(*repository.position_of(found[limit - 1])) if more else None,
    }


@router.get(
    "/{transaction_id}",
    response_model=Transaction,
    responses=declare(*_READING, NotFound),
    dependencies=[AfterOwnWrites],
)
async def get_transaction(
    transaction_id: Annotated[str, Path(max_length=64)], user: Reader, db: DbDep
) -> dict[str, Any]:
    """One line of your statement."""
    document = await repository.one(db, user.id, transaction_id)
    if document is None:
        raise NotFound
    return transaction_view(document)
