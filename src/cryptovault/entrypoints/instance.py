"""One instance per home: a lock that the kernel releases when its holders die, however they die."""

import fcntl
import os
import time
from pathlib import Path
from typing import Self

from cryptovault.settings import Settings

_POLL_SECONDS = 0.1
# Longer than the guard's grace: what a killed supervisor left behind is gone by then.
TAKEOVER_SECONDS = 15.0


class InstanceRunning(Exception):
    """Another instance holds this home."""

    def __init__(self, home: Path, pid: int) -> None:
        super().__init__(
            f"CryptoVault already runs on {home} (pid {pid}). Stop it with: kill {pid}, "
            f"or start this one elsewhere: CRYPTOVAULT_HOME=/another/place PORT=8002 cryptovault run"
        )
        self.pid = pid


class InstanceLock:
    """Held while an instance runs. The file keeps the holder's pid, and is emptied by a clean stop.

    The lock belongs to the open file: who inherits `fd` holds it too, as the guard does until the last process is gone.
    """

    def __init__(self, path: Path, home: Path) -> None:
        self.path = path
        self.home = home
        self.fd = -1
        self.previous = 0  # pid of a holder that ended without a clean stop, or 0

    def acquire(self) -> Self:
        """Take the lock, waiting for the remains of a killed instance; raises InstanceRunning if one is alive."""
        self.fd = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + TAKEOVER_SECONDS
        while not self._try():
            holder = self.left_behind()
            if (holder and _alive(holder)) or time.monotonic() > deadline:
                os.close(self.fd)
                raise InstanceRunning(self.home, holder)
            time.sleep(_POLL_SECONDS)
        self.previous = self.left_behind()
        self._write(str(os.getpid()))
        return self

    def release(self) -> None:
        """End cleanly: nothing is left running and the next start need not wonder."""
        self._write("")
        os.close(self.fd)

    def left_behind(self) -> int:
        """The pid that a run without a clean stop has left in the file, or 0."""
        try:
            text = self.path.read_text().strip()
        except OSError:
            return 0
        return int(text) if text.isdigit() else 0

    def _try(self) -> bool:
        try:
            fcntl.flock(self.fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _write(self, text: str) -> None:
        os.ftruncate(self.fd, 0)
        os.pwrite(self.fd, text.encode(), 0)


def instance_lock(settings: Settings) -> InstanceLock:
    """The lock of this home."""
    return InstanceLock(settings.cryptovault_home / "instance.lock", settings.cryptovault_home)


def running_pid(settings: Settings) -> int:
    """The pid of the instance that runs on this home, or 0."""
    lock = instance_lock(settings)
    try:
        lock.fd = os.open(lock.path, os.O_RDWR)
    except OSError:
        return 0
    try:
        return 0 if lock._try() else lock.left_behind()  # noqa: SLF001 - same module
    finally:
        os.close(lock.fd)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
