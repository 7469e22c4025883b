"""One supervised process: started, watched, started again with back-off when it dies, stopped on request."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from cryptovault.infra.embedded import Launch

BACK_OFF_FIRST_SECONDS = 0.2
BACK_OFF_MAX_SECONDS = 10.0
SETTLED_SECONDS = 30.0  # after this long, a death counts as the first one again
ATTEMPTS_BEFORE_FIRST_READY = 3
STOP_SECONDS = 10.0
LOG_BYTES_MAX = 10_000_000


class State(StrEnum):
    """What a supervised process is doing, in words for the display."""

    WAITING = "waiting"
    STARTING = "starting"
    READY = "ready"
    DOWN = "down"
    STOPPED = "stopped"


class StartFailed(Exception):
    """A process ended several times without ever having been ready."""


@dataclass
class Program:
    """What to run: `launch` gives the command line, `ready` returns once the program serves."""

    name: str
    launch: Callable[[], Launch]
    ready: Callable[[], Awaitable[None]]
    env: dict[str, str] = field(default_factory=dict)
    listener: socket.socket | None = None  # kept open here while the process comes and goes


class Child:
    """A program's process through all its lives."""

    def __init__(
        self, program: Program, log: Path, group: Callable[[], int], changed: Callable[["Child", str], None]
    ) -> None:
        self.program = program
        self.name = program.name
        self.log = log
        self.state = State.WAITING
        self.since = time.monotonic()
        self.pid = 0
        self._group = group
        self._changed = changed  # told of every change of state, with a sentence where people should read one
        self._process: asyncio.subprocess.Process | None = None
        self._log_start = 0
        self._stopping = asyncio.Event()
        self._been_ready = False
        self._deaths = 0
        self._life: asyncio.Task[None] | None = None
        self.was_ready = asyncio.Event()

    async def start(self) -> None:
        """Start and return when ready the first time; raises StartFailed if it will not be."""
        self._life = asyncio.create_task(self._live(), name=self.name)
        first_ready = asyncio.create_task(self.was_ready.wait())
        await asyncio.wait({self._life, first_ready}, return_when=asyncio.FIRST_COMPLETED)
        first_ready.cancel()
        if self._life.done():
            self._life.result()

    async def stop(self, *, grace: float = STOP_SECONDS) -> None:
        """Ask it to end, kill it after the grace. It is not started again."""
        self._stopping.set()
        process = self._process
        if process is not None and process.returncode is None:
            _signal(process, signal.SIGTERM)
            try:
                await asyncio.wait_for(process.wait(), grace)
            except TimeoutError:
                _signal(process, signal.SIGKILL)
                await process.wait()
                self._enter(State.STOPPED, f"{self.name} did not stop within {grace:.0f} s and was killed.")
        if self._life is not None:
            self._life.cancel()
            await asyncio.gather(self._life, return_exceptions=True)  # start() has told of what went wrong
        if self.program.listener is not None:
            self.program.listener.close()
        self._enter(State.STOPPED)

    def kill(self) -> None:
        """End it at once; only for a process that is being stopped already."""
        self._stopping.set()
        if self._process is not None and self._process.returncode is None:
            _signal(self._process, signal.SIGKILL)

    def trim_log(self) -> None:
        """Keep the log bounded: one old part beside the current one. Writers append, so they go on undisturbed."""
        with contextlib.suppress(OSError):
            if self.log.stat().st_size > LOG_BYTES_MAX:
                shutil.copyfile(self.log, self.log.with_suffix(".log.1"))
                os.truncate(self.log, 0)
                self._log_start = 0

    async def _live(self) -> None:
        while not self._stopping.is_set():
            born = time.monotonic()
            ending = await self._one_life()
            if self._stopping.is_set():
                return
            self._deaths = 1 if time.monotonic() - born > SETTLED_SECONDS else self._deaths + 1
            if not self._been_ready and self._deaths >= ATTEMPTS_BEFORE_FIRST_READY:
                raise StartFailed(f"{self.name} {ending} while starting.{self._last_words()} Its log: {self.log}")
            pause = min(BACK_OFF_FIRST_SECONDS * 2 ** (self._deaths - 1), BACK_OFF_MAX_SECONDS)
            self._enter(State.DOWN, f"{self.name} {ending}; starting it again in {pause:.1f} s.{self._last_words()}")
            await asyncio.sleep(pause)

    async def _one_life(self) -> str:
        """Run the process once; tell how it ended."""
        try:
            self._process = process = await self._spawn()
        except OSError as error:
            return f"could not be started ({error.strerror})"
        self.pid = process.pid
        self._enter(State.STARTING)
        ready = asyncio.ensure_future(self.program.ready())
        ended = asyncio.create_task(process.wait())
        try:
            await asyncio.wait({ready, ended}, return_when=asyncio.FIRST_COMPLETED)
            if not ended.done():
                ready.result()
                again = f"{self.name} is back." if self._been_ready else ""
                self._been_ready = True
                self._enter(State.READY, again)
                self.was_ready.set()
            return _ending(await ended)
        finally:
            ready.cancel()
            ended.cancel()

    async def _spawn(self) -> asyncio.subprocess.Process:
        launch = self.program.launch()
        listener = self.program.listener
        with self.log.open("ab") as log:
            self._log_start = log.tell()
            process = await asyncio.create_subprocess_exec(
                *launch.argv,
                stdin=asyncio.subprocess.PIPE if launch.stdin else asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=os.environ | self.program.env,
                pass_fds=() if listener is None else (listener.fileno(),),
                process_group=self._group(),
            )
        if process.stdin is not None:
            process.stdin.write(launch.stdin)
            process.stdin.close()
        return process

    def _enter(self, state: State, sentence: str = "") -> None:
        if state is not self.state:
            self.since = time.monotonic()
        self.state = state
        self._changed(self, sentence)

    def _last_words(self) -> str:
        """The end of what this life wrote, for a person who has to find out why."""
        try:
            with self.log.open("rb") as log:
                log.seek(self._log_start)
                lines = log.read(200_000).decode(errors="replace").strip().splitlines()
        except OSError:
            return ""
        words = next(filter(None, map(_said, reversed(lines[-50:]))), "")
        return f" Its last words: {words[:300].rstrip('.')}." if words else ""


def _said(line: str) -> str:
    """What a line of a log says to a person: of JSON the message, and of mongod only what is an error."""
    try:
        entry = json.loads(line)
    except ValueError:
        return "" if line.startswith("{") else line.strip()  # half a line of JSON says nothing to a person
    if not isinstance(entry, dict) or entry.get("s", "E") not in {"E", "F"}:
        return ""
    reason = (entry.get("attr") or {}).get("error") or ""
    return f"{entry.get('msg') or entry.get('event') or ''} {reason}".strip()


def _signal(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(number)


def _ending(code: int) -> str:
    if code < 0:
        return f"was killed ({signal.Signals(-code).name})"
    return f"ended by itself (exit code {code})"
