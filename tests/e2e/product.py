"""The whole product as a person starts it: `cryptovault run`, with recorded prices where there are recordings."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from entrypoints.running import Running
from fixtures.ports import free_port
from fixtures.recordings import data_dir

FEED_SERVER = Path(__file__).parents[1] / "fixtures" / "feed_server.py"
RUN = ["-m", "cryptovault.entrypoints.cli", "run"]
# Anybody may ask often, and a machine that is busy with other tests is waited for: a code is old when it arrives.
EASY_GOING = {
    "RATE_LIMIT_PER_MINUTE": "6000",
    "RATE_LIMIT_LOGIN_PER_MINUTE": "100",
    "MONGO_TIMEOUT_MS": "20000",
    "TOTP_DRIFT_STEPS": "1",
}


class Feeds:
    """A process that speaks the protocols of the price providers and plays the recordings of a real market."""

    def __init__(self) -> None:
        port = free_port()
        command = [sys.executable, str(FEED_SERVER), "--port", str(port)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        lines = [self._process.stdout.readline() for _ in range(3)]
        self.environment = dict(line.strip().split("=", 1) for line in lines)

    def close(self) -> None:
        """Hang up."""
        self._process.terminate()
        self._process.wait(10)
        assert self._process.stdout is not None
        self._process.stdout.close()


class Product:
    """A running exchange that can be stopped and started again on the same data."""

    def __init__(self, home: Path, settings: dict[str, str] | None = None) -> None:
        self.recorded = data_dir() is not None
        self._feeds = Feeds() if self.recorded else None
        self._home = home
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        prices = self._feeds.environment if self._feeds else {"USE_MOCK_PRICES": "true"}
        self._environment = EASY_GOING | prices | (settings or {})
        self._running = self._start()

    def _start(self) -> Running:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self._environment.items():
                patch.setenv(name, value)
            running = Running(self._home, self.port, RUN)
        try:
            running.wait_for("Stop:")
        except BaseException:
            running.close()
            raise
        return running

    def restart(self) -> None:
        """As a person does it: Ctrl-C, and the same command again."""
        assert self._running.end(signal.SIGINT) == 0
        self._running.close()
        self._running = self._start()

    def setup_link(self) -> str:
        """The path with which the first start makes the first administrator."""
        found = re.search(r"/admin/setup#token=[\w-]+", self._running.output)
        assert found, self._running.output
        return found.group()

    def demo_accounts(self) -> list[tuple[str, str]]:
        """E-mail and password of the accounts that a development exchange comes with."""
        found: dict[str, str] = json.loads((self._home / "demo-accounts.json").read_text())
        return list(found.items())

    def close(self) -> None:
        """Stop everything."""
        self._running.close()
        if self._feeds:
            self._feeds.close()


def chromium_path() -> str:
    """The browser to drive: CHROMIUM, or the system's."""
    names = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
    places = [os.environ.get("CHROMIUM", ""), *names]
    return next((place for place in places if place and Path(place).exists()), "")
