"""Commands and events as plain lists `[tag, *fields]`, for the journal and the frames.

Tags are part of the journal format: never renumber, only append. Enums travel as integers, and an integer beyond
64 bits as a decimal string, because msgpack has no wider one. A field that an old journal lacks takes its default.
"""

import typing
from collections.abc import Callable, Sequence
from enum import IntEnum
from types import NoneType, UnionType
from typing import Any

from cryptovault.engine import commands, events

_WIDE = 2**63
_WIDEST = 100
"""Digits of an integer that is read at all."""

COMMAND_TAGS: dict[int, type] = {
    1: commands.EpochBarrier,
    2: commands.DefineAsset,
    3: commands.SetAssetStatus,
    4: commands.DefineMarket,
    5: commands.SetMarketStatus,
    6: commands.SetReferencePrices,
    7: commands.PlaceOrder,
    8: commands.CancelOrder,
    9: commands.CancelAll,
    10: commands.ReplaceQuotes,
    11: commands.CreditDeposit,
    12: commands.HoldWithdrawal,
    13: commands.SettleWithdrawal,
    14: commands.ReleaseWithdrawal,
    15: commands.Transfer,
    16: commands.Adjust,
    17: commands.PlaceOco,
    18: commands.PlaceBracket,
    19: commands.AmendOrder,
    20: commands.SetCancelTimer,
    21: commands.SetFeeTiers,
    22: commands.ScheduleMarketStatus,
    23: commands.Tick,
    24: commands.OpenPaperMarket,
    25: commands.ResetPaper,
}

EVENT_TAGS: dict[int, type] = {
    1: events.Rejected,
    2: events.Done,
    3: events.OrderState,
    4: events.OrdersCancelled,
    5: events.QuotesReplaced,
    6: events.Trade,
    7: events.Posted,
    8: events.LevelChanged,
    9: events.MarketChanged,
    10: events.AssetChanged,
    11: events.ReferencePriceSet,
    12: events.Repeated,
    13: events.GroupPlaced,
    14: events.FeeTiersSet,
    15: events.TierChanged,
}


class Malformed(ValueError):
    """What was decoded is no command or event at all. Values that are merely wrong are left for `apply` to refuse."""


Read = Callable[[Any], Any]


def pack_int(value: int) -> int | str:
    """An integer as msgpack can carry it."""
    return value if -_WIDE <= value < _WIDE else str(value)


def unpack_int(value: Any) -> int:
    """The reverse; raises Malformed."""
    if type(value) is int:
        return value
    if type(value) is str and len(value) <= _WIDEST and value.removeprefix("-").isdecimal() and value.isascii():
        return int(value)
    raise Malformed("an integer was expected")


def _pack(value: Any) -> Any:
    if type(value) is int:
        return pack_int(value)
    if isinstance(value, tuple):
        return [_pack(part) for part in value]
    return value


def _read_text(value: Any) -> str:
    if type(value) is not str:
        raise Malformed("a text was expected")
    return value


def _read_flag(value: Any) -> bool:
    if type(value) is not bool:
        raise Malformed("a flag was expected")
    return value


def _is_enum(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, IntEnum)


def _members(enum: type[IntEnum]) -> dict[int, IntEnum]:
    return {int(member): member for member in enum}


def _enum_reader(enum: type[IntEnum]) -> Read:
    known = _members(enum)

    def read(value: Any) -> int:
        number: int = value if isinstance(value, IntEnum) else unpack_int(value)
        return known.get(number, number)

    return read


def _tuple_reader(parts: tuple[Any, ...]) -> Read:
    if parts[-1] is Ellipsis:
        each = _reader(parts[0])

        def read_all(value: Any) -> tuple[Any, ...]:
            if not isinstance(value, list | tuple):
                raise Malformed("a list was expected")
            return tuple(each(part) for part in value)

        return read_all
    readers = [_reader(part) for part in parts]

    def read(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple) or len(value) != len(readers):
            raise Malformed(f"a list of {len(readers)} was expected")
        return tuple(reader(part) for reader, part in zip(readers, value, strict=True))

    return read


def _named_reader(kind: Any) -> Read:
    """A tuple inside a tuple; fields that it lacks take their defaults."""
    readers = [_reader(hint) for hint in typing.get_type_hints(kind).values()]
    required = len(readers) - len(kind._field_defaults)

    def read(value: Any) -> Any:
        if not isinstance(value, list | tuple) or not required <= len(value) <= len(readers):
            raise Malformed(f"a {kind.__name__} was expected")
        return kind(*(reader(part) for reader, part in zip(readers, value, strict=False)))

    return read


def _optional_reader(kind: Any) -> Read:
    read = _reader(kind)
    return lambda value: None if value is None else read(value)


def _is_optional(hint: Any) -> bool:
    return typing.get_origin(hint) is UnionType


def _reader(kind: Any) -> Read:
    """How to read one field, from its annotation."""
    if _is_optional(kind):
        return _optional_reader(next(part for part in typing.get_args(kind) if part is not NoneType))
    if typing.get_origin(kind) is tuple:
        return _tuple_reader(typing.get_args(kind))
    if issubclass(kind, tuple):
        return _named_reader(kind)
    if kind is str:
        return _read_text
    if kind is bool:
        return _read_flag
    if kind is int:
        return unpack_int
    return _enum_reader(kind)


class _Format:
    """How one kind of tuple is written and read.

    Nearly every tuple is flat, lacks what is optional and has only narrow integers: those take a short way, which
    changes nothing but the time.
    """

    def __init__(self, tag: int, kind: Any) -> None:
        self.tag = tag
        self.kind = kind
        hints = list(typing.get_type_hints(kind).values())
        self.readers = [_reader(hint) for hint in hints]
        self.required = len(self.readers) - len(kind._field_defaults)
        self.is_flat = not any(
            typing.get_origin(hint) or issubclass(hint, tuple) for hint in hints if not _is_optional(hint)
        )
        self.optional = [position for position, hint in enumerate(hints) if _is_optional(hint)]
        self.integers = [position for position, hint in enumerate(hints) if hint is int]
        self.enums = [(position, _members(hint)) for position, hint in enumerate(hints) if _is_enum(hint)]
        self.plain_types = tuple(NoneType if _is_optional(hint) else int if _is_enum(hint) else hint for hint in hints)

    def write(self, value: tuple[Any, ...]) -> tuple[Any, ...]:
        if (
            self.is_flat
            and all(-_WIDE <= value[position] < _WIDE for position in self.integers)
            and all(value[position] is None for position in self.optional)
        ):
            return (self.tag, *value)
        return (self.tag, *map(_pack, value))

    def read(self, fields: Sequence[Any]) -> Any:
        if self.is_flat and tuple(map(type, fields)) == self.plain_types:
            values = list(fields)
            for position, members in self.enums:
                values[position] = members.get(values[position], values[position])
            return self.kind._make(values)
        if not self.required <= len(fields) <= len(self.readers):
            raise Malformed(f"{self.kind.__name__} has {len(self.readers)} fields, not {len(fields)}")
        return self.kind(*(read(field) for read, field in zip(self.readers, fields, strict=False)))


_COMMANDS = {tag: _Format(tag, kind) for tag, kind in COMMAND_TAGS.items()}
_EVENTS = {tag: _Format(tag, kind) for tag, kind in EVENT_TAGS.items()}
_BY_KIND = {form.kind: form for form in (*_COMMANDS.values(), *_EVENTS.values())}


def encode(command: commands.Command) -> tuple[Any, ...]:
    """`(tag, *fields)` of a command."""
    return _BY_KIND[type(command)].write(command)


def decode(fields: Sequence[Any]) -> commands.Command:
    """The command of `[tag, *fields]`; raises Malformed."""
    command: commands.Command = _decode(_COMMANDS, fields)
    return command


def encode_event(event: events.Event) -> tuple[Any, ...]:
    """`(tag, *fields)` of an event."""
    return _BY_KIND[type(event)].write(event)


def decode_event(fields: Sequence[Any]) -> events.Event:
    """The event of `[tag, *fields]`; raises Malformed."""
    event: events.Event = _decode(_EVENTS, fields)
    return event


def _decode(formats: dict[int, _Format], fields: Sequence[Any]) -> Any:
    if not isinstance(fields, list | tuple) or not fields or type(fields[0]) is not int or fields[0] not in formats:
        raise Malformed("unknown tag")
    return formats[fields[0]].read(fields[1:])
