"""Which rooms there are, and how clients of either kind get into them and out."""

import re
from typing import Any

from cryptovault.features.stream import policy
from cryptovault.features.stream.connection import Connection
from cryptovault.features.stream.feed import Feed
from cryptovault.features.stream.service import Rooms
from cryptovault.kit.catalogue import Catalogue

_EVERYBODYS = (policy.PRICES, policy.MARKETS)
_PAIR = r"([A-Z0-9]{1,16}-[A-Z0-9]{1,16})"
_ROOM = re.compile(rf"(?:(?:ticker|book|top|trades):{_PAIR}|candles:{_PAIR}:(?:1m|5m|15m|1h|4h|1d))")


class Refused(Exception):
    """A request that is not understood, with one sentence on what would be."""


class Membership:
    """Lets clients into public rooms. Each state is told to who enters, and again to who asks again."""

    def __init__(self, rooms: Rooms, feed: Feed, catalogue: Catalogue) -> None:
        self._rooms = rooms
        self._feed = feed
        self._catalogue = catalogue

    async def subscribe(self, connection: Connection, request: Any) -> list[str]:
        """Enter the rooms of `{"rooms": [...]}`; returns all it is in now. Raises Refused, and nothing is joined."""
        rooms = await self._known(request)
        if rooms is None or len(connection.rooms.union(rooms)) > policy.MAX_ROOMS:
            raise Refused(f"Give {{rooms: [...]}} of known rooms, at most {policy.MAX_ROOMS} in all.")
        for room in rooms:
            state = await self._feed.state(room)
            # No waiting from here on: what is told next in this room comes behind its state.
            self._rooms.join(connection, [room])
            if state is not None and not connection.deliver(state):
                connection.give_up()
        return shown(connection)

    def unsubscribe(self, connection: Connection, request: Any) -> list[str]:
        """Leave public rooms; returns those that are left. Raises Refused."""
        rooms = request.get("rooms") if isinstance(request, dict) else None
        if not isinstance(rooms, list):
            raise Refused("Give {rooms: [...]}.")
        self._rooms.leave(connection, [room for room in connection.rooms if room in rooms])
        return shown(connection)

    async def _known(self, request: Any) -> list[str] | None:
        """The rooms a client asks for, or None where one of them is not public or does not exist."""
        rooms = request.get("rooms") if isinstance(request, dict) else None
        if not isinstance(rooms, list) or len(rooms) > policy.MAX_ROOMS:
            return None
        for room in rooms:
            if room not in _EVERYBODYS and not (isinstance(room, str) and await self._is_market_room(room)):
                return None
        return list(dict.fromkeys(rooms))

    async def _is_market_room(self, room: str) -> bool:
        match = _ROOM.fullmatch(room)
        return match is not None and await self._catalogue.market(match[1] or match[2]) is not None


def shown(connection: Connection) -> list[str]:
    """The rooms as the client knows them; its private one is called `user`."""
    return sorted("user" if room.startswith("user:") else room for room in connection.rooms)
