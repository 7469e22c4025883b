"""A new ENCRYPTION_KEY: what was sealed with the keys before it is sealed anew."""

from collections.abc import Iterator

from rich.console import Console

from cryptovault.infra.clock import SystemClock
from cryptovault.infra.mongo import Database, Document, connect_mongo, database
from cryptovault.infra.sealing import SealBroken, Sealer
from cryptovault.kit.audit import AuditLog, Entry
from cryptovault.settings import Settings

_PLACES = {
    "second_factors": ("totp", ("totp.sealed", "pending.sealed")),
    "api_keys": ("api_key", ("sealed_secret",)),
    "outbox": ("outbox", ("body",)),
}
"""Collection: purpose of the seal, and the fields with sealed texts. The owner is the document's id everywhere."""


async def reseal(settings: Settings, console: Console) -> int:
    """Seal everything with the key in force; may be interrupted and repeated. Exit code 1 for what is unreadable."""
    renewed, broken = 0, []
    async with connect_mongo(settings) as mongo:
        db = database(mongo, settings)
        for collection, (purpose, fields) in _PLACES.items():
            done, faults = await _reseal(db, collection, Sealer(settings, purpose), fields)
            renewed += done
            broken += faults
        facts = {"renewed": renewed, "unreadable": len(broken)}
        await AuditLog(settings, db, SystemClock()).append(Entry("secrets_resealed", facts=facts))
    for name in broken[:50]:
        console.print(f"✗ {name} was sealed with a key that is not known here", markup=False)
    console.print(f"✓ {renewed} secrets were sealed with the new key.", markup=False)
    return 1 if broken else 0


async def _reseal(db: Database, collection: str, sealer: Sealer, fields: tuple[str, ...]) -> tuple[int, list[str]]:
    renewed, broken = 0, []
    query = {"$or": [{field: {"$type": "string"}} for field in fields]}
    async for document in db[collection].find(query):
        for field, sealed in _sealed(document, fields):
            try:
                fresh = sealer.renew(document["_id"], sealed)
            except SealBroken:
                broken.append(f"{collection} {document['_id']} {field}")
                continue
            if fresh is not None:
                # Only over what was read: what changed meanwhile was sealed with the key in force already.
                change = {"$set": {field: fresh}}
                renewed += (
                    await db[collection].update_one({"_id": document["_id"], field: sealed}, change)
                ).modified_count
    return renewed, broken


def _sealed(document: Document, fields: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for field in fields:
        found: object = document
        for part in field.split("."):
            found = found.get(part) if isinstance(found, dict) else None
        if isinstance(found, str):
            yield field, found
