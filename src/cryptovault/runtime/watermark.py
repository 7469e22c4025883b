"""J9: what this machine knows was acknowledged, kept outside the database so that a database gone back is noticed."""

import os
import struct
import threading
import zlib
from pathlib import Path

from cryptovault.runtime.records import Head

_slot = struct.Struct(">QQQ32s")
_checksum = struct.Struct(">I")
_sync = getattr(os, "fdatasync", os.fsync)  # macOS has only the latter
_SLOT_BYTES = 4096
"""One page each, so that a torn write can damage only the slot being written."""


class Watermark:
    """A file of two slots written in turn; the newer valid one counts."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        self._lock = threading.Lock()  # stored from a thread, closed from the loop
        self._closed = False
        self._turn, self.head = _newer(os.pread(self._file, 2 * _SLOT_BYTES, 0))

    def store(self, head: Head) -> None:
        """Keep a new head; on return it is on the disk. Raises OSError: then stop, never go on."""
        with self._lock:
            if self._closed or head.seq <= self.head.seq:
                return
            turn = self._turn + 1
            body = _slot.pack(turn, head.seq, head.epoch, head.hash)
            os.pwrite(self._file, body + _checksum.pack(zlib.crc32(body)), (turn % 2) * _SLOT_BYTES)
            _sync(self._file)
            self._turn, self.head = turn, head

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._closed = True
            os.close(self._file)


def read_watermark(path: Path) -> Head:
    """The head kept in a file, without touching it; the beginning where there is none."""
    return _newer(path.read_bytes())[1] if path.exists() else Head()


def _newer(data: bytes) -> tuple[int, Head]:
    return max((_read_slot(data[start:]) for start in (0, _SLOT_BYTES)), key=lambda found: found[0])


def _read_slot(data: bytes) -> tuple[int, Head]:
    if len(data) < _slot.size + _checksum.size:
        return 0, Head()
    body, (checksum,) = data[: _slot.size], _checksum.unpack_from(data, _slot.size)
    if zlib.crc32(body) != checksum:
        return 0, Head()
    turn, seq, epoch, digest = _slot.unpack(body)
    return turn, Head(seq, digest, epoch)
