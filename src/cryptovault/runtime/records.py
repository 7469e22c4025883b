"""The journal's record: one batch of commands, chained to the one before by its hash."""

import hashlib
import struct
from typing import Any, NamedTuple

import msgspec
from bson import Binary

from cryptovault.engine.commands import Command
from cryptovault.infra.engine_frames import encode_commands, read_command
from cryptovault.infra.mongo import Document
from cryptovault.runtime.errors import JournalBroken

GENESIS = bytes(32)
"""The previous hash of the first record."""

_header = struct.Struct(">QQQQ")
_decoder: msgspec.msgpack.Decoder[list[list[Any]]] = msgspec.msgpack.Decoder(list[list[Any]])


class Head(NamedTuple):
    """Where a journal ends: `seq` of its last command, `hash` and `epoch` of its last record."""

    seq: int = 0
    hash: bytes = GENESIS
    epoch: int = 0


class Record(NamedTuple):
    """Commands `first` .. `first + n - 1`, all stamped with the time `at` (ms), written by the leader of `epoch`."""

    first: int
    n: int
    epoch: int
    at: int
    prev_hash: bytes
    hash: bytes
    commands: bytes

    @property
    def head(self) -> Head:
        """The journal's end, if this record is its last."""
        return Head(self.first + self.n - 1, self.hash, self.epoch)

    def decode(self) -> list[Command]:
        """The commands. Raises JournalBroken."""
        try:
            commands = [read_command(fields) for fields in _decoder.decode(self.commands)]
        except (msgspec.DecodeError, ValueError, TypeError, KeyError, IndexError) as error:
            raise JournalBroken(f"the record at seq {self.first} cannot be read: {error}") from error
        if len(commands) != self.n:
            raise JournalBroken(f"the record at seq {self.first} holds {len(commands)} commands and says {self.n}")
        return commands

    def to_document(self) -> Document:
        """The document of MongoDB."""
        return {
            "_id": self.first,
            "n": self.n,
            "epoch": self.epoch,
            "at": self.at,
            "prev_hash": Binary(self.prev_hash),
            "hash": Binary(self.hash),
            "commands": Binary(self.commands),
        }


def make_record(head: Head, epoch: int, at: int, commands: list[Command]) -> Record:
    """The record that follows `head`."""
    blob = encode_commands(commands)
    first, n = head.seq + 1, len(commands)
    return Record(first, n, epoch, at, head.hash, _chain_hash(head.hash, (first, n, epoch, at), blob), blob)


def _chain_hash(prev_hash: bytes, header: tuple[int, int, int, int], commands: bytes) -> bytes:
    """sha256 over the previous hash, the header as four 64-bit integers, and the commands."""
    return hashlib.sha256(prev_hash + _header.pack(*header) + commands).digest()


def read_record(document: Document) -> Record:
    """The record in a document, its own hash checked. Raises JournalBroken."""
    try:
        record = Record(
            int(document["_id"]),
            int(document["n"]),
            int(document["epoch"]),
            int(document["at"]),
            bytes(document["prev_hash"]),
            bytes(document["hash"]),
            bytes(document["commands"]),
        )
        expected = _chain_hash(record.prev_hash, record[:4], record.commands)
    except (KeyError, TypeError, ValueError, struct.error) as error:
        raise JournalBroken(f"the record at seq {document.get('_id')} is incomplete: {error}") from error
    if expected != record.hash:
        raise JournalBroken(f"the record at seq {record.first} does not match its hash: it was altered or damaged")
    return record
