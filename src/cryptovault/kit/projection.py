"""How a feature turns events into read models and live messages.

Features write classes of these shapes; the projector (runtime) runs them over the journal. Both sides see
only this file, so that features and runtime stay strangers.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from cryptovault.engine.events import Event
from cryptovault.engine.exchange import Exchange

Document = dict[str, Any]


class Message(NamedTuple):
    """A live message: `payload` is a JSON-able object, encoded once, for everybody in `room`."""

    room: str
    event: str
    payload: Any


@dataclass(slots=True)
class Writes:
    """The MongoDB writes of a batch, collected and coalesced: one write per document and batch.

    Every write is idempotent, because a batch is written again after a crash.
    """

    inserts: dict[str, dict[Any, Document]] = field(default_factory=dict)
    replaces: dict[str, dict[Any, Document]] = field(default_factory=dict)
    sets: dict[str, dict[Any, Document]] = field(default_factory=dict)

    def insert(self, collection: str, document: Document) -> None:
        """Add a document that never changes; where its `_id` exists already, nothing happens."""
        self.inserts.setdefault(collection, {})[document["_id"]] = document

    def replace(self, collection: str, document: Document) -> None:
        """Make the document with this `_id` exactly this one."""
        self.sets.get(collection, {}).pop(document["_id"], None)
        self.replaces.setdefault(collection, {})[document["_id"]] = document

    def set(self, collection: str, _id: Any, fields: Document) -> None:
        """Set these (dotted) fields of a document to absolute values; it is made where it is missing."""
        if (whole := self.replaces.get(collection, {}).get(_id)) is not None and not any("." in name for name in fields):
            whole.update(fields)
            return
        self.sets.setdefault(collection, {}).setdefault(_id, {}).update(fields)

    def __len__(self) -> int:
        """How many documents would be written."""
        kinds = (self.inserts, self.replaces, self.sets)
        return sum(len(documents) for kind in kinds for documents in kind.values())


class Projection(Protocol):
    """One read model.

    A projection may also have `flush(exchange, writes)`, called once after each batch of events, and
    `collections: tuple[str, ...]`, the collections it owns, which a rebuild drops.
    """

    name: str
    collections: tuple[str, ...]

    def project(self, seq: int, at: int, event: Event, exchange: Exchange, writes: Writes) -> None:
        """Take note of one event; `exchange` is the state after the command that made it."""
        ...


class Publisher(Protocol):
    """One source of live messages."""

    name: str

    def publish(self, seq: int, at: int, event: Event, exchange: Exchange) -> Iterable[Message]:
        """The messages that one event makes."""
        ...
