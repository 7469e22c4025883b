"""An exchange as a tree of plain lists, tuples, integers and strings, and back; bytes are made elsewhere."""

from typing import Any

from cryptovault.engine import canonical
from cryptovault.engine.exchange import Exchange


def dump(exchange: Exchange) -> list[Any]:
    """The tree of the whole state; equal states give equal trees."""
    return canonical.dump_state(exchange.state)


def load(tree: list[Any]) -> Exchange:
    """The exchange of a tree made by `dump`. Raises ValueError where it has another format."""
    return Exchange(canonical.load_state(tree))
