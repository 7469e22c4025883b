"""`cryptovault run`: everything that makes an exchange, in the right order, watched until somebody stops it."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from cryptovault.entrypoints import preflight, programs
from cryptovault.entrypoints.children import Child, Program, StartFailed, State
from cryptovault.entrypoints.display import Display
from cryptovault.entrypoints.instance import InstanceLock, InstanceRunning, instance_lock
from cryptovault.entrypoints.welcome import Rows, rows
from cryptovault.infra.embedded import with_embedded
from cryptovault.settings import Settings

_FRAME_SECONDS = 0.1
_HOUSEKEEPING_SECONDS = 30.0

Welcome = Callable[[Settings], Awaitable[Rows]]


class Supervisor:
    """The stages of programs, started in order and stopped in reverse order."""

    def __init__(self, settings: Settings, stages: list[list[Program]], display: Display, lock: InstanceLock) -> None:
        self.settings = settings
        self.display = display
        self._lock = lock
        self._guard: subprocess.Popen[bytes] | None = None
        self._group = 0
        self.stages = [[self._child(program) for program in stage] for stage in stages]

    def _child(self, program: Program) -> Child:
        return Child(program, self.settings.log_dir / f"{program.name}.log", self.group, self._changed)

    @property
    def children(self) -> list[Child]:
        """Every process, in the order of starting."""
        return [child for stage in self.stages for child in stage]

    def group(self) -> int:
        """The process group that new processes join, led by a living guard."""
        if self._guard is None or self._guard.poll() is not None:
            self._guard = self._start_guard()
            self._group = os.getpgid(self._guard.pid)
        return self._group

    def _start_guard(self) -> subprocess.Popen[bytes]:
        argv = [sys.executable, "-m", "cryptovault.entrypoints.guard"]
        quiet = subprocess.DEVNULL
        for group in (self._group, 0):  # a guard that was itself killed is replaced in the group it led
            with contextlib.suppress(PermissionError):
                return subprocess.Popen(
                    argv,
                    stdin=subprocess.PIPE,
                    stdout=quiet,
                    stderr=quiet,
                    process_group=group,
                    pass_fds=[self._lock.fd],
                )
        raise StartFailed("The guard process could not be started.")

    async def start(self) -> None:
        """Start each stage when the one before it is ready; raises StartFailed."""
        for stage in self.stages:
            starts = [asyncio.create_task(child.start()) for child in stage]
            try:
                await asyncio.gather(*starts)
            finally:
                for start in starts:
                    start.cancel()

    async def stop(self) -> None:
        """Stop everything, last stage first, then the guard."""
        for stage in reversed(self.stages):
            await asyncio.gather(*(child.stop() for child in stage))
        if self._guard is not None:
            assert self._guard.stdin is not None  # noqa: S101 - opened with PIPE above
            self._guard.stdin.close()
            await asyncio.to_thread(self._guard.wait)

    async def housekeeping(self) -> None:
        """Replace a lost guard and keep the logs bounded, for ever."""
        while True:
            self.group()
            for child in self.children:
                child.trim_log()
            await asyncio.sleep(_HOUSEKEEPING_SECONDS)

    def _changed(self, child: Child, sentence: str) -> None:
        self._record()
        self.display.changed(child, sentence)
        if child.state is State.DOWN:
            for why in _disk_sentence(self.settings):
                self.display.say(why)

    def _record(self) -> None:
        """Leave the pids where `doctor`, benches and fault tests find them."""
        path = processes_path(self.settings)
        pids = {"supervisor": os.getpid()} | {child.name: child.pid for child in self.children}
        draft = path.with_suffix(".draft")
        with contextlib.suppress(OSError):  # on a full disk it is the least of our worries
            draft.write_text(json.dumps(pids))
            draft.replace(path)


def processes_path(settings: Settings) -> Path:
    """A JSON object of the running instance: process name to pid."""
    return settings.run_dir / "processes.json"


async def run(
    settings: Settings,
    *,
    display: Display | None = None,
    stages: Callable[[Settings], list[list[Program]]] = programs.stages,
    welcome: Welcome = rows,
) -> int:
    """Run an exchange until SIGINT or SIGTERM; give the exit code. `stages` and `welcome` are seams for tests."""
    display = display or Display()
    if faults := [finding for finding in preflight.before_start(settings) if finding.level is preflight.Level.FAIL]:
        display.fail(finding.text for finding in faults)
        return 1
    try:
        lock = instance_lock(settings).acquire()
    except InstanceRunning as running:
        display.fail([str(running)])
        return 1
    if lock.previous:
        display.say(
            f"The last run (pid {lock.previous}) did not end cleanly; databases and engine recover by themselves."
        )
    _clear_marks(settings)
    settings.log_dir.mkdir(mode=0o700, exist_ok=True)
    settings = with_embedded(settings)
    supervisor = Supervisor(settings, stages(settings), display, lock)
    try:
        async with _stop_signal() as stopped:
            return await _serve(supervisor, stopped, welcome)
    finally:
        display.close()
        await supervisor.stop()
        _clear_marks(settings)
        lock.release()
        display.say("Stopped; nothing is left running, and the data is kept.")


async def _serve(supervisor: Supervisor, stopped: asyncio.Event, welcome: Welcome) -> int:
    display = supervisor.display
    display.starting(supervisor.children)
    frames = asyncio.create_task(_frames(display))
    start = asyncio.create_task(_start(supervisor, welcome))
    stop = asyncio.create_task(stopped.wait())
    keep = None
    try:
        await asyncio.wait({start, stop}, return_when=asyncio.FIRST_COMPLETED)
        if not stop.done():
            display.serving(start.result())
            keep = asyncio.create_task(supervisor.housekeeping())
            await asyncio.wait({stop, keep}, return_when=asyncio.FIRST_COMPLETED)
        display.close()
        display.say("Stopping …")
    except StartFailed as failed:
        display.fail([str(failed), *_disk_sentence(supervisor.settings)])
        return 1
    finally:
        for task in filter(None, (frames, start, stop, keep)):
            task.cancel()
    return 0


async def _start(supervisor: Supervisor, welcome: Welcome) -> Rows:
    await supervisor.start()
    return await welcome(supervisor.settings)


async def _frames(display: Display) -> None:
    while True:
        display.refresh()
        await asyncio.sleep(_FRAME_SECONDS)


@contextlib.asynccontextmanager
async def _stop_signal() -> AsyncIterator[asyncio.Event]:
    """Set by SIGINT, SIGTERM or a closed terminal."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for number in numbers:
        loop.add_signal_handler(number, stopped.set)
    yield stopped


def _clear_marks(settings: Settings) -> None:
    for mark in settings.run_dir.glob("*.ready"):
        mark.unlink(missing_ok=True)
    processes_path(settings).unlink(missing_ok=True)


def _disk_sentence(settings: Settings) -> list[str]:
    finding = preflight.check_disk(settings)
    return [finding.text] if finding.level is preflight.Level.FAIL else []
