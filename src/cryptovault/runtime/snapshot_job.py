"""Taking a snapshot without making anybody wait: a forked child writes it from its copy of the memory."""

import logging
import os
import signal
import sys
import traceback
from pathlib import Path

from cryptovault.engine.exchange import Exchange
from cryptovault.engine.types import InvariantBroken
from cryptovault.infra.clock import Clock
from cryptovault.runtime.errors import InvariantFailed
from cryptovault.runtime.records import Head
from cryptovault.runtime.snapshots import Snapshot, Snapshots

_OK, _FAILED, _BROKEN = 0, 1, 3

logger = logging.getLogger(__name__)


class SnapshotJob:
    """At most one child at a time. What it wrote counts only when the journal has acknowledged all of it."""

    def __init__(
        self, snapshots: Snapshots, clock: Clock, head: Head, *, every: int = 100_000, seconds: float = 300.0
    ) -> None:
        self._snapshots = snapshots
        self._clock = clock
        self._every = every
        self._seconds = seconds
        self._last = head
        self._last_time = clock.monotonic()
        self._child = 0
        self._draft: tuple[Path, Head] | None = None

    @property
    def busy(self) -> bool:
        """True while a child is writing."""
        return bool(self._child)

    def step(self, exchange: Exchange, applied: Head, committed: Head) -> None:
        """Begin, finish or do nothing; call it a few times a second. Raises InvariantFailed if the audit failed."""
        if self._child:
            self._reap()
        elif self._draft is not None:
            self._publish(committed)
        elif self._due(applied):
            self._begin(exchange, applied)

    def finish(self, exchange: Exchange, applied: Head, committed: Head) -> None:
        """At an orderly end, when nobody waits any more: a last snapshot, so that the next start is quick."""
        self.stop()
        if applied == committed and applied.seq > self._last.seq:
            path = self._snapshots.folder / f"draft-{applied.seq}"
            try:
                self._snapshots.write_draft(Snapshot(applied, exchange), path)
            except OSError as error:
                logger.error("no last snapshot: %s", error)  # noqa: TRY400 - the sentence says it
                return
            self._draft = (path, applied)
            self._publish(committed)

    def stop(self) -> None:
        """Do without the child."""
        if self._child:
            os.kill(self._child, signal.SIGKILL)
            os.waitpid(self._child, 0)
            self._child = 0

    def _due(self, head: Head) -> bool:
        behind = head.seq - self._last.seq
        return behind >= self._every or (behind > 0 and self._clock.monotonic() - self._last_time >= self._seconds)

    def _begin(self, exchange: Exchange, head: Head) -> None:
        self._last, self._last_time = head, self._clock.monotonic()
        self._draft = (self._snapshots.folder / f"draft-{head.seq}", head)
        sys.stderr.flush()
        self._child = os.fork()
        if not self._child:
            _child(self._snapshots, self._draft[0], Snapshot(head, exchange))

    def _reap(self) -> None:
        pid, status = os.waitpid(self._child, os.WNOHANG)
        if not pid:
            return
        self._child = 0
        code = os.waitstatus_to_exitcode(status)
        if code == _BROKEN:
            raise InvariantFailed("the audit of the books failed, see the log; the engine stops")
        if code != _OK:
            logger.error("the snapshot was not written (exit code %d); the older ones stay", code)
            self._draft = None

    def _publish(self, committed: Head) -> None:
        if self._draft is None or committed.seq < self._draft[1].seq:
            return
        (path, head), self._draft = self._draft, None
        try:
            self._snapshots.publish(path, head.seq)
        except OSError as error:
            logger.error("the snapshot at seq %d was not kept: %s", head.seq, error)  # noqa: TRY400 - the sentence says it
            return
        logger.info("snapshot at seq %d", head.seq)


def _child(snapshots: Snapshots, path: Path, snapshot: Snapshot) -> None:
    """Audit the books, write the snapshot, and end without touching anything of the parent."""
    code = _FAILED
    try:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        # The parent's sockets must not stay open here, or its clients would not notice when it dies.
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        snapshot.exchange.check()
        snapshots.write_draft(snapshot, path)
        code = _OK
    except InvariantBroken:
        traceback.print_exc()
        code = _BROKEN
    except BaseException:  # noqa: BLE001 - nothing may escape into the parent's code
        traceback.print_exc()
    finally:
        os._exit(code)
