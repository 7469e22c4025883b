"""Frames between the engine and its clients, and the short ways of writing and reading them."""

import typing
from collections.abc import Callable
from enum import IntEnum
from types import UnionType
from typing import Any

import msgspec
import pytest

from cryptovault.engine.codec import COMMAND_TAGS, EVENT_TAGS, decode, decode_event, encode
from cryptovault.engine.types import Side
from cryptovault.infra.engine_frames import (
    MAX_FRAME,
    FrameError,
    FrameReader,
    encode_commands,
    pack,
    pack_tagged,
    parse_address,
    read_command,
    read_event,
)
from fixtures.order_flow import SETUP, deposit, limit_order


def test_frames_survive_any_slicing() -> None:
    """However the stream is cut, the same frames come out."""
    stream = b"".join(pack((number, "x" * number)) for number in range(50))
    for size in (1, 3, 7, 1000):
        reader = FrameReader()
        frames = [f for start in range(0, len(stream), size) for f, _ in reader.feed(stream[start : start + size])]
        assert [frame[0] for frame in frames] == list(range(50))


def test_integers_beyond_64_bits_travel() -> None:
    """An amount that msgpack has no integer for arrives all the same, in frames and in records."""
    wide = deposit("alice", "USDT", 10**30)
    ((frame, _),) = FrameReader().feed(pack_tagged((1, 1000), wide))
    assert decode(frame[2]) == wide
    assert [decode(fields) for fields in msgspec.msgpack.decode(encode_commands([wide, *SETUP]))] == [wide, *SETUP]


def test_the_short_way_of_encoding_gives_the_same_bytes() -> None:
    """Frames made without the engine's codec are those the codec would make."""
    for command in (*SETUP, deposit("alice", "USDT", 5), limit_order("alice", "k", Side.BUY, 6_000_000)):
        assert pack_tagged((1, 2), command) == pack((1, 2, encode(command)))


def _samples(hint: Any) -> list[Any]:
    """Values for a field of this type, right ones and wrong ones."""
    if typing.get_origin(hint) is tuple:
        parts = typing.get_args(hint)
        inner = parts[:1] if parts[-1] is Ellipsis else parts
        return [[_samples(part)[0] for part in inner], [], 5, [None]]
    if isinstance(hint, UnionType):
        return [None, *_samples(hint.__args__[0])]
    if issubclass(hint, IntEnum):
        return [1, 99, True, "1"]
    if issubclass(hint, tuple):
        columns = [_samples(part) for part in typing.get_type_hints(hint).values()]
        right = [column[0] for column in columns]
        return [right, *([*right[:at], wrong] for at, column in enumerate(columns) for wrong in column), [*right, 1], 5]
    return {str: ["x", "", 7], int: [7, -1, 10**30, str(10**30), True, 1.0, None], bool: [True, 1]}[hint]


@pytest.mark.parametrize(("tag", "kind"), [*COMMAND_TAGS.items(), *EVENT_TAGS.items()])
def test_the_short_way_of_reading_gives_the_same(tag: int, kind: type) -> None:
    """Whatever stands in whichever field, the short way and the engine's codec give the same value or both refuse."""
    short, codec = (read_command, decode) if COMMAND_TAGS.get(tag) is kind else (read_event, decode_event)
    columns = [_samples(hint) for hint in typing.get_type_hints(kind).values()]
    right = [column[0] for column in columns]
    rows = [[*right[:at], value, *right[at + 1 :]] for at, column in enumerate(columns) for value in column]
    for row in (*rows, *(right[:length] for length in range(len(right))), [*right, 1]):
        assert _outcome(short, [tag, *row]) == _outcome(codec, [tag, *row]), row


def _outcome(read: Callable[[list[Any]], Any], fields: list[Any]) -> Any:
    try:
        value = read(fields)
    except ValueError:
        return "refused"
    return type(value), [(type(part), part) for part in value]


def test_a_frame_that_is_too_long_is_refused() -> None:
    """A length above the limit is refused before its content is awaited."""
    with pytest.raises(FrameError, match="at most"):
        list(FrameReader().feed((MAX_FRAME + 1).to_bytes(4, "big")))


@pytest.mark.parametrize("text", ["", "unix://", "unix://relative", "tcp://host", "tcp://:1", "http://host:1"])
def test_addresses_that_make_no_sense_are_refused(text: str) -> None:
    """An address is unix:///path or tcp://host:port."""
    with pytest.raises(ValueError, match="looks like"):
        parse_address(text)
