"""The language between the engine and its clients: frames on a stream socket.

A frame is a 4-byte big-endian length and one msgpack array.
    request   [id, milliseconds until the caller gives up, [tag, *fields of the command]]
    several   the same with a list of commands, which go into one record of the journal, in this order
    question  the same with [name, *fields of the question]; it is not journaled and changes nothing
    answer    [id, Status.DONE, seq, [tag, *fields of the verdict]]
    answers   the same with a list of verdicts; seq is that of the first
    reply     the same with what was asked for; seq is that of the last command applied
    refusal   [id, any other Status, milliseconds after which to try again, a plain sentence]
    news      [0, Status.NEWS, seq, nil]: all commands up to seq are durable; sent to those who asked by request 0

Errors a caller of the engine may meet:
    EngineError
    ├── EngineBusy         refused before it was journaled: the engine has too much to do
    ├── EngineUnavailable  not reached, or it does not take commands now: nothing happened
    └── EngineTimeout      no answer in time: the outcome is unknown, ask again with the same key
"""

import asyncio
import struct
from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import Any, NamedTuple

import msgspec

from cryptovault.engine.codec import COMMAND_TAGS, EVENT_TAGS, decode, decode_event, encode, encode_event
from cryptovault.engine.commands import Command
from cryptovault.engine.events import Event, Verdict

MAX_FRAME = 1 << 20
"""Bytes; a peer that sends more is cut off."""

MAX_SEVERAL = 50
"""Commands in one request."""

NEWS_REQUEST = 0

_length = struct.Struct(">I")
_COMMANDS = frozenset(COMMAND_TAGS.values())
_TAGS: dict[type, int] = {kind: tag for tags in (COMMAND_TAGS, EVENT_TAGS) for tag, kind in tags.items()}
_encoder = msgspec.msgpack.Encoder()
_decoder: msgspec.msgpack.Decoder[list[Any]] = msgspec.msgpack.Decoder(list[Any])


class Status(IntEnum):
    """How a request ended."""

    DONE = 0
    NEWS = 1
    BUSY = 2
    UNAVAILABLE = 3
    EXPIRED = 4  # the caller's deadline had passed before the command was looked at
    INVALID = 5  # not a command


class Ack(NamedTuple):
    """The engine's answer: durable, at this place in the journal."""

    seq: int
    verdict: Verdict


class EngineError(Exception):
    """The engine gave no verdict."""

    def __init__(self, message: str, retry_after: float = 1.0) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class EngineBusy(EngineError):
    """Refused before it was journaled; trying again after `retry_after` seconds is safe."""


class EngineUnavailable(EngineError):
    """The engine was not reached or takes no commands now; nothing happened."""


class EngineTimeout(EngineError):
    """No answer in time; the command may or may not have been executed."""


class FrameError(Exception):
    """The peer does not speak this language."""


def pack(message: object) -> bytes:
    """One frame."""
    body = _encoder.encode(message)
    return _length.pack(len(body)) + body


def pack_tagged(head: tuple[int, ...], value: Command | Event) -> bytes:
    """One frame of `[*head, [tag, *fields]]`, the fields encoded without a copy where msgpack can hold them."""
    try:
        return pack((*head, (_TAGS[type(value)], *value)))
    except OverflowError:  # an integer beyond 64 bits
        return pack((*head, _encode_any(value)))


def pack_several(head: tuple[int, ...], values: Sequence[Command] | Sequence[Event]) -> bytes:
    """One frame of `[*head, [[tag, *fields], ...]]`."""
    try:
        return pack((*head, [(_TAGS[type(value)], *value) for value in values]))
    except OverflowError:
        return pack((*head, [_encode_any(value) for value in values]))


def encode_commands(commands: list[Command]) -> bytes:
    """A msgpack array of `[tag, *fields]`."""
    try:
        return _encoder.encode([(_TAGS[type(command)], *command) for command in commands])
    except OverflowError:
        return _encoder.encode([encode(command) for command in commands])


def read_command(fields: list[Any]) -> Command:
    """The command of `[tag, *fields]`, as the engine's codec reads it, at half the cost. Raises ValueError."""
    try:
        command: Command = msgspec.convert(fields[1:], COMMAND_TAGS[fields[0]])
    except (msgspec.ValidationError, LookupError, TypeError):  # the codec knows why, or that it is valid all the same
        return decode(fields)
    return command


def read_event(fields: list[Any]) -> Event:
    """The event of `[tag, *fields]`, likewise. Raises ValueError."""
    try:
        event: Event = msgspec.convert(fields[1:], EVENT_TAGS[fields[0]])
    except (msgspec.ValidationError, LookupError, TypeError):
        return decode_event(fields)
    return event


def _encode_any(value: Any) -> tuple[Any, ...]:
    return encode(value) if type(value) in _COMMANDS else encode_event(value)


class FrameReader:
    """Cuts a stream of bytes into frames."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[list[Any], int]]:
        """Take bytes; give each complete frame and its length in bytes. Raises FrameError."""
        buffer = self._buffer
        buffer += data
        start, end = 0, len(buffer)
        try:
            with memoryview(buffer) as view:
                while end - start >= _length.size:
                    (length,) = _length.unpack_from(view, start)
                    if length > MAX_FRAME:
                        raise FrameError(f"a frame of {length} bytes; at most {MAX_FRAME} are taken")
                    if end - start - _length.size < length:
                        break
                    body = start + _length.size
                    start = body + length
                    yield _decode(view[body:start]), length
        finally:
            del buffer[:start]


def _decode(body: memoryview) -> list[Any]:
    try:
        with body:
            return _decoder.decode(body)
    except msgspec.DecodeError as error:
        raise FrameError(f"a frame that is not a msgpack array: {error}") from error


_JOINED = 16


class FrameWriter:
    """Joins frames written during one turn of the loop into few writes of the transport.

    A turn in which a hundred requests are read takes milliseconds. Its first commands leave before its last are
    read, so that the engine works on them meanwhile and the two do not wait for each other in turns.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        # Above a limit of 0 uvloop writes at once what it would else keep until the end of the turn.
        transport.set_write_buffer_limits(high=0)
        self._transport = transport
        self._frames: list[bytes] = []
        self._loop = asyncio.get_running_loop()

    def write(self, frame: bytes) -> None:
        """Send soon."""
        if not self._frames:
            self._loop.call_soon(self._flush)
        self._frames.append(frame)
        if len(self._frames) >= _JOINED:
            self._flush()

    def _flush(self) -> None:
        frames, self._frames = self._frames, []
        if frames and not self._transport.is_closing():
            self._transport.write(b"".join(frames))


class Address(NamedTuple):
    """Where an engine listens: a unix socket's `path`, or `host` and `port`."""

    path: str
    host: str = ""
    port: int = 0


def parse_address(text: str) -> Address:
    """Read `unix:///path` or `tcp://host:port`. Raises ValueError."""
    scheme, _, rest = text.partition("://")
    if scheme == "unix" and rest.startswith("/"):
        return Address(rest)
    host, _, port = rest.rpartition(":")
    if scheme == "tcp" and host and port.isdecimal():
        return Address("", host, int(port))
    raise ValueError(f"{text!r} is not an engine address; it looks like unix:///path or tcp://host:port")
