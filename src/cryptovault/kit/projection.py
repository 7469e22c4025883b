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
    """A live message: `payload` is a JSON-able object, encoded once, for everybody in `room`.

    With `keep_as`, the payload is also kept as JSON under that Redis key for `keep_seconds`; without a room it is
    only kept.
    """

    room: str
    event: str
    payload: Any
    keep_as: str = ""
    keep_seconds: int = 30


@dataclass(slots=True)
class Writes:
    """The MongoDB writes of a batch, collected and coalesced: one write per document and batch.

    A batch is written again after a crash, so every write is idempotent. A replace or set that carries a
    field `seq` never overwrites a document whose `seq` is higher: readers never see a document step back.
    """

    inserts: dict[str, dict[Any, Document]] = field(default_factory=dict)
    replaces: dict[str, dict[Any, Document]] = field(default_factory=dict)
    sets: dict[str, dict[Any, Document]] = field(default_factory=dict)
    news: dict[str, set[Any]] = field(default_factory=dict)

    def insert(self, collection: str, document: Document) -> None:
        """Add a document that never changes afterwards; where its `_id` exists already, nothing happens."""
        self.inserts.setdefault(collection, {})[document["_id"]] = document

    def replace(self, collection: str, document: Document, *, new: bool = False) -> None:
        """Make the document with this `_id` exactly this one.

        `new` is a hint that it is the document's first version; inserting is three times as fast.
        """
        _id = document["_id"]
        self.sets.get(collection, {}).pop(_id, None)
        self.replaces.setdefault(collection, {})[_id] = document
        if new:
            self.news.setdefault(collection, set()).add(_id)

    def set(self, collection: str, _id: Any, fields: Document) -> None:
        """Set these (dotted) fields of a document to absolute values; it is made where it is missing."""
        if (whole := self.replaces.get(collection, {}).get(_id)) is not None:
            for path, value in fields.items():
                _assign(whole, path, value)
            return
        self.sets.setdefault(collection, {}).setdefault(_id, {}).update(fields)

    def __len__(self) -> int:
        """How many documents would be written."""
        kinds = (self.inserts, self.replaces, self.sets)
        return sum(len(documents) for kind in kinds for documents in kind.values())


def _assign(document: Document, path: str, value: Any) -> None:
    *parents, leaf = path.split(".")
    for name in parents:
        document = document.setdefault(name, {})
    document[leaf] = value


class Projection(Protocol):
    """One read model.

    A projection may also have `flush(exchange, writes)`, called once after each batch of events, and
    `async load(database, exchange)`, called before the first event when it goes on where another process stopped: what
    that wrote may be ahead of `exchange`, by a batch that was cut off.
    """

    name: str

    @property
    def collections(self) -> tuple[str, ...]:
        """The collections it owns, which a rebuild drops."""
        ...

    def project(self, seq: int, at: int, event: Event, exchange: Exchange, writes: Writes) -> None:
        """Take note of one event; `exchange` is the state after the command that made it."""
        ...


class Publisher(Protocol):
    """One source of live messages.

    It may also have `flush(exchange, now_ms) -> Iterable[Message]`, called after each batch and at least every
    50 ms with a time that only goes forward, for messages that are limited in rate.
    """

    name: str

    def publish(self, seq: int, at: int, event: Event, exchange: Exchange) -> Iterable[Message]:
        """The messages that one event makes."""
        ...
