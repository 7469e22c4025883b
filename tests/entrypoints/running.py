"""A running supervisor in a process of its own, as a person would start it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from cryptovault.entrypoints.supervisor import processes_path
from cryptovault.settings import Settings

SMALL_EXCHANGE = Path(__file__).parent / "small_exchange.py"
PATIENCE_SECONDS = 30.0


class Running:
    """The process, its output so far, and the pids of what it supervises."""

    def __init__(self, home: Path, port: int, arguments: list[str]) -> None:
        self.settings = Settings(cryptovault_home=home, port=port)
        self.output_path = home.parent / f"{home.name}.{len(list(home.parent.glob('*.out')))}.out"
        self._output = self.output_path.open("a")
        environment = os.environ | {"CRYPTOVAULT_HOME": str(home), "PORT": str(port), "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            [sys.executable, *arguments],
            stdout=self._output,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=home.parent,
            start_new_session=True,
        )

    @property
    def output(self) -> str:
        """Everything it has printed."""
        return self.output_path.read_text()

    def pids(self) -> dict[str, int]:
        """Supervised process name to pid."""
        found: dict[str, int] = json.loads(processes_path(self.settings).read_text())
        return found

    def family(self) -> list[psutil.Process]:
        """Every process that must be gone when the supervisor is, the guard included."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def wait_for(self, text: str) -> None:
        """Until it has printed this."""
        wait_until(lambda: text in self.output, lambda: f"never said {text!r}:\n{self.output}")

    def end(self, number: signal.Signals) -> int:
        """Send a signal and wait for the end; give the exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_SECONDS)

    def close(self) -> None:
        """Whatever happened, leave nothing behind."""
        if self.process.poll() is None:
            self.end(signal.SIGTERM)
        self._output.close()


@contextmanager
def small_exchange(home: Path, port: int, *names: str) -> Iterator[Running]:
    """A supervisor over stand-ins; see small_exchange.py."""
    running = Running(home, port, [str(SMALL_EXCHANGE), *names])
    try:
        yield running
    finally:
        running.close()


def wait_until(condition: Callable[[], bool], complaint: Callable[[], str]) -> None:
    """Poll until it holds; fail with the complaint after the patience is over."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, complaint()
        time.sleep(0.05)


def cryptovault(*arguments: str, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command as a person types it, with this home."""
    command = [sys.executable, "-m", "cryptovault.entrypoints.cli", *arguments]
    variables = os.environ | {"CRYPTOVAULT_HOME": str(home), "COLUMNS": "200"} | environment
    return subprocess.run(command, env=variables, cwd="/", capture_output=True, text=True, timeout=60, check=False)
