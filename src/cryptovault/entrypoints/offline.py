"""Commands that work on the data itself, on a running instance or on one that is stopped."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

from pymongo.errors import PyMongoError
from redis.exceptions import RedisError
from rich.console import Console

from cryptovault.entrypoints import audit, preflight, programs
from cryptovault.entrypoints.children import StartFailed
from cryptovault.entrypoints.display import Display
from cryptovault.entrypoints.instance import InstanceRunning, instance_lock, running_pid
from cryptovault.entrypoints.preflight import Level
from cryptovault.entrypoints.supervisor import Supervisor
from cryptovault.infra.embedded import with_embedded
from cryptovault.infra.logging import log_to_file
from cryptovault.runtime.errors import Stopped
from cryptovault.settings import Settings

_PROBLEMS_SHOWN = 50

Command = Callable[[Settings, Console], Awaitable[int]]


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


async def run(settings: Settings, command: Command) -> int:
    """Run a command on the data; whatever stops it is a sentence, and exit code 1."""
    console = Console(highlight=False, soft_wrap=True)
    try:
        async with with_databases(settings) as addressed:
            log_to_file(addressed, "commands")
            return await command(addressed, console)
    except (Unready, InstanceRunning, StartFailed, Stopped, PyMongoError, RedisError, OSError) as error:
        console.print(f"✗ {error}", style="red", markup=False)
        return 1


async def verify(settings: Settings, console: Console) -> int:
    """Prove the books, and print what was compared and every difference."""
    with console.status("Replaying the journal …") as status:
        report = await audit.verify(settings, lambda seq, end: status.update(f"Replaying {seq:,} of {end:,} commands"))
    for problem in report.problems[:_PROBLEMS_SHOWN]:
        console.print(f"✗ {problem}", markup=False)
    if not report.sound:
        console.print(f"{len(report.problems)} differences.")
        return 1
    console.print(
        f"✓ {report.commands:,} commands in {report.records:,} journal records replayed from zero: the hash chain is "
        f"whole, every asset sums to zero, and {report.snapshots} snapshots, {report.wallets:,} wallets and "
        f"{report.orders:,} open orders are what the journal says."
    )
    if report.moved:
        console.print(f"  {report.moved:,} documents changed meanwhile and were left out.")
    console.print(f"  Digest of the state: {report.digest}")
    return 0


async def rebuild(settings: Settings, console: Console) -> int:
    """Make the read models anew, and print how many documents each has."""
    with console.status("Replaying the journal …") as status:
        report = await audit.rebuild(settings, lambda seq, end: status.update(f"Replaying {seq:,} of {end:,} commands"))
    counts = ", ".join(f"{count:,} {name}" for name, count in report.documents.items())
    console.print(f"✓ {report.commands:,} commands replayed: {counts}.")
    return 0
