"""Lists come in pages: a bounded `limit` and an opaque `cursor` that says where the last page ended."""

import base64
import binascii
from typing import Annotated, Any, Generic, TypeVar

import msgspec
from fastapi import Query

from cryptovault.kit.errors import BadInput
from cryptovault.kit.schemas import AnswerModel

MAX_LIMIT = 200
_MAX_CURSOR = 512

T = TypeVar("T")

Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="How many items at most.")]
Cursor = Annotated[
    str, Query(max_length=_MAX_CURSOR, description="`next_cursor` of the page before; empty for the first.")
]


class Page(AnswerModel, Generic[T]):
    """One page; `next_cursor` is null on the last."""

    items: list[T]
    next_cursor: str | None = None


def encode_cursor(*position: str | int) -> str:
    """Make the opaque cursor of a position in the list's order."""
    return base64.urlsafe_b64encode(msgspec.json.encode(position)).rstrip(b"=").decode()


def decode_cursor(cursor: str, *types: type) -> tuple[Any, ...] | None:
    """The position a cursor stands for, or None for the first page; a cursor we never made is BadInput."""
    if not cursor:
        return None
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        position = tuple(msgspec.json.decode(raw, type=list[str | int]))
    except (binascii.Error, ValueError, msgspec.MsgspecError) as error:
        raise BadInput("The cursor is not one of ours.") from error
    if tuple(map(type, position)) != types or any(isinstance(part, int) and abs(part) >= 2**63 for part in position):
        raise BadInput("The cursor is not one of this list.")
    return position
