"""Rooms and who is in them. A message is encoded once and written as it is to each member's transport."""

from collections.abc import Iterable

import msgspec

from cryptovault.features.stream import policy
from cryptovault.features.stream.connection import Connection, Forms, form, forms
from cryptovault.infra.metrics import ApiMetrics


class Rooms:
    """Who is in which room, and the last message of each room that shows a state."""

    def __init__(self, metrics: ApiMetrics) -> None:
        self._members: dict[str, set[Connection]] = {}
        self._sessions: dict[str, set[Connection]] = {}
        self._last: dict[str, Forms] = {}
        self._metrics = metrics
        self.count = 0

    def add(self, connection: Connection) -> None:
        """Take a client in."""
        self.count += 1
        self._metrics.stream_clients.set(self.count)
        if connection.session_id:
            self._sessions.setdefault(connection.session_id, set()).add(connection)

    def remove(self, connection: Connection) -> None:
        """Forget a client."""
        self.count -= 1
        self._metrics.stream_clients.set(self.count)
        self.leave(connection, list(connection.rooms))
        _discard(self._sessions, connection.session_id, connection)

    def join(self, connection: Connection, rooms: Iterable[str]) -> None:
        """Enter rooms."""
        for room in rooms:
            connection.rooms.add(room)
            self._members.setdefault(room, set()).add(connection)

    def leave(self, connection: Connection, rooms: Iterable[str]) -> None:
        """Leave rooms."""
        for room in rooms:
            connection.rooms.discard(room)
            _discard(self._members, room, connection)

    def of_session(self, session_id: str) -> list[Connection]:
        """The live connections of a session."""
        return list(self._sessions.get(session_id, ()))

    def last(self, room: str) -> Forms | None:
        """The last message of a room that shows a state."""
        return self._last.get(room)

    def occupied(self, prefix: str) -> list[str]:
        """Rooms with members whose name starts so."""
        return [room for room in self._members if room.startswith(prefix)]

    def tell(self, room: str, event: str, payload: bytes) -> None:
        """Broadcast a message to a room, and remember it where it is a state."""
        if room.startswith(policy.STATE_ROOMS):
            message = self._last[room] = forms(room, event, payload)
            self.broadcast(room, message)
        elif room in self._members:
            self.broadcast(room, forms(room, event, payload))

    def broadcast(self, room: str, message: Forms) -> None:
        """Write one message to every member of a room; who cannot keep up is given up."""
        members = self._members.get(room)
        if not members:
            return
        for connection in tuple(members):
            if not connection.deliver(message):
                self._give_up(connection)
        self._metrics.stream_messages.inc(len(members))

    def _give_up(self, connection: Connection) -> None:
        """Nothing more is written to it, and nobody waits for it."""
        self._metrics.stream_dropped.inc()
        self.leave(connection, list(connection.rooms))
        connection.give_up()

    def prices(self, payload: bytes) -> None:
        """A `prices` message for /ws/prices: all of them, and one market at a time."""
        message = self._last[policy.PLAIN_PRICES] = wrapped(payload)
        self.broadcast(policy.PLAIN_PRICES, message)
        rooms = self.occupied(policy.PLAIN_PRICES + "/")
        if rooms:
            fields = msgspec.json.decode(payload, type=dict[str, msgspec.Raw])
            prices = msgspec.json.decode(fields["prices"], type=dict[str, msgspec.Raw])
            for room in rooms:
                self.broadcast(room, one_market(fields, prices, room.rpartition("/")[2]))


def one_market(message: dict[str, msgspec.Raw], prices: dict[str, msgspec.Raw], market: str) -> Forms:
    """The prices message with one market in it, or none where it has no price."""
    chosen = {market: prices[market]} if market in prices else {}
    return wrapped(msgspec.json.encode({**message, "prices": chosen}))


def wrapped(payload: bytes) -> Forms:
    """A message of /ws/prices, whose clients know no rooms."""
    both = form(b'{"event":"prices","data":' + payload + b"}")
    return both, both


def _discard(index: dict[str, set[Connection]], key: str, connection: Connection) -> None:
    """Remove from an index, and the entry with its last member."""
    members = index.get(key)
    if members is not None:
        members.discard(connection)
        if not members:
            del index[key]
