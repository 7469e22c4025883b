"""Databases for commands that work on the data itself: those of the running instance, else started for the moment."""

import contextlib
from collections.abc import AsyncIterator

from cryptovault.entrypoints import preflight, programs
from cryptovault.entrypoints.display import Display
from cryptovault.entrypoints.instance import instance_lock, running_pid
from cryptovault.entrypoints.preflight import Level
from cryptovault.entrypoints.supervisor import Supervisor
from cryptovault.infra.embedded import with_embedded
from cryptovault.settings import Settings


class Unready(Exception):
    """The databases cannot be started here; the text says why and what to do."""


@contextlib.asynccontextmanager
async def with_databases(settings: Settings) -> AsyncIterator[Settings]:
    """The settings with addresses that answer; what was started for this is stopped at the end.

    Raises Unready, InstanceRunning or StartFailed.
    """
    addressed = with_embedded(settings)
    if running_pid(settings):
        yield addressed
        return
    places = [preflight.check_home(settings), preflight.check_run_dir(settings), preflight.check_disk(settings)]
    servers = [preflight.check_mongod(settings), preflight.check_redis(settings)]
    if faults := [finding.text for finding in (*places, *servers) if finding.level is Level.FAIL]:
        raise Unready(" ".join(faults))
    lock = instance_lock(settings).acquire()
    settings.log_dir.mkdir(mode=0o700, exist_ok=True)
    supervisor = Supervisor(addressed, [programs.databases(addressed)], Display.quiet(), lock)
    try:
        await supervisor.start()
        yield addressed
    finally:
        await supervisor.stop()
        lock.release()
