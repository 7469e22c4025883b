"""J5: snapshots of the exchange, so that recovery need not begin at the first command."""

import hashlib
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import zstandard

from cryptovault.engine.exchange import Exchange
from cryptovault.engine.snapshot import dump, load
from cryptovault.runtime.records import Head

_MAGIC = b"CVSNAP01"
_DIGEST_BYTES = 32
_SUFFIX = ".snapshot"

logger = logging.getLogger(__name__)


class Snapshot(NamedTuple):
    """A state of the exchange, and the place in the journal that led to it."""

    head: Head
    exchange: Exchange


class SnapshotDamaged(Exception):
    """A snapshot file that is not what was written."""


class Snapshots:
    """A folder of snapshot files; the newest few are kept."""

    def __init__(self, folder: Path, keep: int = 3) -> None:
        self.folder = folder
        self._keep = keep
        folder.mkdir(parents=True, exist_ok=True)

    def paths(self) -> list[Path]:
        """All snapshot files, newest first."""
        return sorted(self.folder.glob(f"*{_SUFFIX}"), reverse=True)

    def good_ones(self) -> Iterator[Snapshot]:
        """Snapshots, newest first; a damaged one is skipped, and said so."""
        for path in self.paths():
            try:
                yield read_snapshot(path.read_bytes())
            except (SnapshotDamaged, OSError) as error:
                logger.warning("snapshot %s is skipped: %s", path.name, error)

    def write_draft(self, snapshot: Snapshot, draft: Path) -> None:
        """Write a snapshot that does not count yet, to the disk. Raises OSError."""
        with draft.open("wb") as file:
            file.write(make_snapshot(snapshot))
            file.flush()
            os.fsync(file.fileno())

    def publish(self, draft: Path, seq: int) -> Path:
        """Let a draft count, and drop the oldest beyond those kept. All in it must be acknowledged by the journal."""
        path = self.folder / f"{seq:020d}{_SUFFIX}"
        draft.replace(path)
        self._sync_folder()
        for old in self.paths()[self._keep :]:
            old.unlink()
        return path

    def discard_drafts(self) -> None:
        """Remove what a crash left behind."""
        for draft in self.folder.glob("draft-*"):
            draft.unlink()

    def _sync_folder(self) -> None:
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def make_snapshot(snapshot: Snapshot) -> bytes:
    """The content of a snapshot file: magic, sha256 of the rest, and the compressed state."""
    head, exchange = snapshot
    tree = {
        "seq": head.seq,
        "hash": head.hash,
        "epoch": head.epoch,
        "state": dump(exchange),
    }
    body = zstandard.ZstdCompressor(level=3).compress(msgspec.msgpack.encode(tree))
    return _MAGIC + hashlib.sha256(body).digest() + body


def read_snapshot(data: bytes) -> Snapshot:
    """The snapshot in a file's content. Raises SnapshotDamaged.

    The checksum says that these are the bytes that were written; that they are the right state is what `verify` proves.
    """
    start = len(_MAGIC) + _DIGEST_BYTES
    if data[: len(_MAGIC)] != _MAGIC or hashlib.sha256(data[start:]).digest() != data[len(_MAGIC) : start]:
        raise SnapshotDamaged("its checksum is wrong")
    tree: dict[str, Any] = msgspec.msgpack.decode(zstandard.ZstdDecompressor().decompress(data[start:]))
    exchange = load(tree["state"])
    if exchange.seq != tree["seq"]:
        raise SnapshotDamaged(f"it says seq {tree['seq']} and holds the state at {exchange.seq}")
    return Snapshot(Head(tree["seq"], tree["hash"], tree["epoch"]), exchange)
