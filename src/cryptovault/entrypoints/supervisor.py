"""`cryptovault run`: everything that makes an exchange, in the right order, watched until somebody stops it."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

from cryptovault.entrypoints import preflight, programs
from cryptovault.entrypoints.children import Child, Program, StartFailed, State
from cryptovault.entrypoints.display import Display
from cryptovault.entrypoints.instance import InstanceLock, InstanceRunning, instance_lock, running_pid
from cryptovault.entrypoints.welcome import Rows, rows
from cryptovault.infra.embedded import with_embedded
from cryptovault.settings import Settings

_FRAME_SECONDS = 0.1
_HOUSEKEEPING_SECONDS = 30.0

_T = TypeVar("_T")
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
    try:
        lock = _prepare(settings)
    except (InstanceRunning, _Unfit) as fault:
        display.fail(str(fault).splitlines())
        return 1
    if lock.previous:
        display.say(
            f"The last run (pid {lock.previous}) did not end cleanly; databases and engine recover by themselves."
        )
    settings = with_embedded(settings)
    supervisor = Supervisor(settings, stages(settings), display, lock)
    stopped = asyncio.Event()
    _on_stop_signal(supervisor, stopped)
    try:
        return await _serve(supervisor, stopped, welcome)
    finally:
        display.close()
        await supervisor.stop()
        _clear_marks(settings)
        lock.release()
        display.say("Stopped; nothing is left running, and the data is kept.")


class _Unfit(Exception):
    """Something on this machine forbids the start; one sentence a line."""


def _prepare(settings: Settings) -> InstanceLock:
    """Check what a start needs and take the instance lock; raises InstanceRunning or _Unfit."""
    if pid := running_pid(settings):
        raise InstanceRunning(settings.cryptovault_home, pid)  # said first: its port and sockets are in use, too
    if faults := [
        finding.text for finding in preflight.before_start(settings) if finding.level is preflight.Level.FAIL
    ]:
        raise _Unfit("\n".join(faults))
    lock = instance_lock(settings).acquire()
    _clear_marks(settings)
    settings.log_dir.mkdir(mode=0o700, exist_ok=True)
    return lock


async def _serve(supervisor: Supervisor, stopped: asyncio.Event, welcome: Welcome) -> int:
    """Start, show the panel, and watch until told to stop."""
    display = supervisor.display
    display.starting(supervisor.children)
    stop = asyncio.create_task(stopped.wait())
    try:
        if (found := await _unless(stop, _start(supervisor, welcome))) is not None:
            display.serving(found)
            await _unless(stop, supervisor.housekeeping())
        display.close()
        display.say("Stopping …")
    except StartFailed as failed:
        display.fail([str(failed), *_disk_sentence(supervisor.settings)])
        return 1
    finally:
        stop.cancel()
    return 0


async def _start(supervisor: Supervisor, welcome: Welcome) -> Rows:
    frames = asyncio.create_task(_frames(supervisor.display))
    try:
        await supervisor.start()
        return await welcome(supervisor.settings)
    finally:
        frames.cancel()


async def _frames(display: Display) -> None:
    while True:
        display.refresh()
        await asyncio.sleep(_FRAME_SECONDS)


async def _unless(stop: asyncio.Task[Any], work: Coroutine[Any, Any, _T]) -> _T | None:
    """The result of the work, or None where `stop` ended before it."""
    task = asyncio.create_task(work)
    try:
        await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        task.cancel()


def _on_stop_signal(supervisor: Supervisor, stopped: asyncio.Event) -> None:
    """SIGINT, SIGTERM or a closed terminal stops in good order; a second one does not wait for anybody."""

    def on_signal() -> None:
        if stopped.is_set():
            supervisor.display.say("Killing what has not stopped yet.")
            for child in supervisor.children:
                child.kill()
        stopped.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, on_signal)


def _clear_marks(settings: Settings) -> None:
    for mark in settings.run_dir.glob("*.ready"):
        mark.unlink(missing_ok=True)
    processes_path(settings).unlink(missing_ok=True)


def _disk_sentence(settings: Settings) -> list[str]:
    finding = preflight.check_disk(settings)
    return [finding.text] if finding.level is preflight.Level.FAIL else []
