"""The guard: a process that outlives a killed supervisor just long enough to stop what it supervised.

It leads the process group that every supervised process is put in, and reads its standard input, whose other end only
the supervisor holds. When that end closes, however the supervisor died, the guard asks the group to stop and, after
a grace, kills what is left.
"""

import contextlib
import os
import signal
import sys
import time

GRACE_SECONDS = 10.0
_POLL_SECONDS = 0.05


def main() -> None:
    """Wait for the supervisor's end, then leave nothing of the group running."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sys.stdin.buffer.read()
    group = os.getpgrp()
    if _others(group):
        os.killpg(group, signal.SIGTERM)
    deadline = time.monotonic() + GRACE_SECONDS
    while _others(group):
        if time.monotonic() > deadline:
            os.killpg(group, signal.SIGKILL)  # the guard itself included: nothing is left to do
        time.sleep(_POLL_SECONDS)


def _others(group: int) -> bool:
    """Whether anyone but the guard is still in the group."""
    import psutil  # noqa: PLC0415 - only needed at the end, and it would be the larger part of the guard's memory

    for process in psutil.process_iter():
        with contextlib.suppress(ProcessLookupError, PermissionError, psutil.Error):
            same = process.pid != os.getpid() and os.getpgid(process.pid) == group
            if same and process.status() != psutil.STATUS_ZOMBIE:
                return True
    return False


if __name__ == "__main__":
    main()
