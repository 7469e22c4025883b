"""J10: writes of read models: bulk, coalesced, idempotent, never a step back."""

import asyncio
from collections.abc import Iterable
from typing import Any

from pymongo import InsertOne, ReplaceOne, UpdateOne
from pymongo.errors import BulkWriteError

from cryptovault.infra.mongo import Database, Document
from cryptovault.kit.projection import Writes
from cryptovault.runtime.errors import Stopped
from cryptovault.runtime.records import GENESIS, Head

WATERMARKS = "watermarks"
READ_MODELS = "read_models"
_DUPLICATE_KEY = 11000
_REBUILDING = "the read models are being rebuilt; if nobody does, run `cryptovault rebuild`"

Operation = InsertOne[Document] | ReplaceOne[Document] | UpdateOne


class ReadModelWriter:
    """Writes batches, each followed by the watermark that says how far the read models are."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._watermarks = database[WATERMARKS]
        self.head = Head()

    async def load(self) -> Head:
        """How far the read models are. Raises Stopped while they are being rebuilt."""
        document = await self._watermarks.find_one({"_id": READ_MODELS}) or {}
        if document.get("rebuilding"):
            raise Stopped(_REBUILDING)
        self.head = Head(document.get("seq", 0), bytes(document.get("hash", GENESIS)), document.get("epoch", 0))
        return self.head

    async def require_unmoved(self) -> None:
        """Raise Stopped if the read models are no longer this writer's."""
        document = await self._watermarks.find_one({"_id": READ_MODELS}) or {}
        if document.get("rebuilding"):
            raise Stopped(_REBUILDING)

    async def begin_rebuild(self) -> None:
        """Make whoever writes stop, and nobody else begin, until the first write of the rebuild."""
        await self._watermarks.update_one({"_id": READ_MODELS}, {"$set": {"rebuilding": True}}, upsert=True)

    async def cancel_rebuild(self) -> None:
        """Leave everything as it was; only before anything was emptied."""
        await self._watermarks.update_one({"_id": READ_MODELS}, {"$unset": {"rebuilding": ""}})

    async def empty(self, collections: Iterable[str]) -> None:
        """Drop collections and make them anew with the same indexes, then begin at the beginning."""
        for name in collections:
            indexes = await self._database[name].index_information()
            await self._database.drop_collection(name)
            for index, options in indexes.items():
                if index != "_id_":
                    rest = {key: value for key, value in options.items() if key not in ("v", "key", "ns")}
                    await self._database[name].create_index(options["key"], name=index, **rest)
        await self._watermarks.replace_one({"_id": READ_MODELS}, {"seq": 0}, upsert=True)
        self.head = Head()

    async def write(self, writes: Writes, head: Head) -> None:
        """Write everything, then the watermark. May be called again with the same after an error."""
        names = {*writes.inserts, *writes.replaces, *writes.sets}
        await asyncio.gather(*(self._write_collection(name, writes) for name in sorted(names)))
        await self._advance(head)

    async def _write_collection(self, name: str, writes: Writes) -> None:
        new = writes.news.get(name, set())
        replaces = writes.replaces.get(name, {})
        fresh = [replaces[_id] for _id in replaces if _id in new]
        operations: list[Operation] = [InsertOne(document) for document in fresh]
        operations += [InsertOne(document) for document in writes.inserts.get(name, {}).values()]
        operations += [_replace(document) for _id, document in replaces.items() if _id not in new]
        operations += [_set(_id, fields) for _id, fields in writes.sets.get(name, {}).items()]
        known = await self._bulk(name, operations)
        again = [_replace(fresh[index]) for index in known if index < len(fresh)]
        if again:
            await self._bulk(name, again)

    async def _bulk(self, name: str, operations: list[Any]) -> list[int]:
        """Indexes of the operations whose document existed already, as that version or a newer one."""
        if not operations:
            return []
        try:
            await self._database[name].bulk_write(operations, ordered=False)
        except BulkWriteError as error:
            failures = error.details["writeErrors"]
            if any(failure["code"] != _DUPLICATE_KEY for failure in failures) or error.details["writeConcernErrors"]:
                raise
            return [failure["index"] for failure in failures]
        return []

    async def _advance(self, head: Head) -> None:
        """Move the watermark from where this writer left it. Raises Stopped if somebody else moved it."""
        here = {"seq": head.seq, "hash": head.hash, "epoch": head.epoch}
        if self.head.seq == 0:
            await self._watermarks.update_one({"_id": READ_MODELS}, {"$setOnInsert": {"seq": 0}}, upsert=True)
        # The new seq is expected too: an error may have hidden that this very update was made.
        expected = {"_id": READ_MODELS, "seq": {"$in": [self.head.seq, head.seq]}, "rebuilding": {"$ne": True}}
        result = await self._watermarks.update_one(expected, {"$set": here})
        if not result.matched_count:
            raise Stopped("the read models' watermark was moved by somebody else: another projector, or a rebuild")
        self.head = head


def _replace(document: Document) -> ReplaceOne[Document]:
    return ReplaceOne(_older_than(document["_id"], document), document, upsert=True)


def _set(_id: Any, fields: Document) -> UpdateOne:
    return UpdateOne(_older_than(_id, fields), {"$set": fields}, upsert=True)


def _older_than(_id: Any, fields: Document) -> Document:
    """Match the document unless it is newer; then the upsert meets a duplicate key, which means: nothing to do."""
    return {"_id": _id, "seq": {"$not": {"$gt": fields["seq"]}}} if "seq" in fields else {"_id": _id}
