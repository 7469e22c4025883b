"""Reading the security log; it is written by kit/audit.py alone."""

from pymongo import DESCENDING

from cryptovault.infra.mongo import Database, Document
from cryptovault.kit.audit import COLLECTION

READ_MS = 2_000


async def page(db: Database, *, user_id: str, kind: str, before: int | None, limit: int) -> list[Document]:
    """Records before a number, the newest first; an empty filter matches everything."""
    query: Document = {}
    if user_id:
        query["user_id"] = user_id
    if kind:
        query["kind"] = kind
    if before is not None:
        query["_id"] = {"$lt": before}
    return await db[COLLECTION].find(query, max_time_ms=READ_MS).sort("_id", DESCENDING).to_list(limit)
