"""Start-up time, memory of each process at rest, and the first load of the web app.

    python bench/startup.py [--rest 20] [--port 8391]

The exchange is started with a new home, left alone for some seconds, stopped, and started again with its data.
Start-up is counted until the API answers /ready, from outside.
"""

import argparse
import contextlib
import gzip
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil

DIST = Path(__file__).resolve().parent.parent / "web" / "dist"
PATIENCE_SECONDS = 60.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rest", type=float, default=20.0, help="seconds before memory is read")
    parser.add_argument("--port", type=int, default=8391)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        with exchange(home, options.port) as first:
            print(f"first start, until /ready      {first:6.1f} s")
            time.sleep(options.rest)
            at_rest(Path(home))
        with exchange(home, options.port) as second:
            print(f"second start, until /ready     {second:6.1f} s")
    first_load()


@contextlib.contextmanager
def exchange(home: str, port: int) -> Iterator[float]:
    """A running exchange; the value is how long it took to serve."""
    environment = os.environ | {"CRYPTOVAULT_HOME": home, "PORT": str(port)}
    command = [sys.executable, "-m", "cryptovault.entrypoints.cli", "run"]
    started = time.monotonic()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        while not ready(port):
            assert process.poll() is None, "the exchange did not start; run `cryptovault doctor`"
            assert time.monotonic() - started < PATIENCE_SECONDS, "the exchange is not ready after a minute"
            time.sleep(0.02)
        yield time.monotonic() - started
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE_SECONDS)


def ready(port: int) -> bool:
    """Whether the API says so."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=2) as answer:
            answer.read()
    except (urllib.error.URLError, OSError):  # not listening yet, or 503
        return False
    return True


def at_rest(home: Path) -> None:
    """Resident memory of each process and, where the system tells, the part that it shares with nobody."""
    pids = json.loads((home / "run" / "processes.json").read_text())
    total = 0.0
    for name, pid in pids.items():
        process = psutil.Process(pid)
        resident = process.memory_info().rss / 1e6
        own = getattr(process.memory_full_info(), "uss", 0) / 1e6
        total += own
        print(f"memory of {name:<20} {resident:6.0f} MB resident, {own:.0f} MB of it its own")
    print(f"memory of all                  {total:6.0f} MB their own")


def first_load() -> None:
    """Gzipped size of what a browser loads before the first page shows: index.html and what it names."""
    index = DIST / "index.html"
    if not index.exists():
        print("first load: the web app is not built")
        return
    assets = re.findall(r'(?:src|href)="/(assets/[^"]+\.(?:js|css))"', index.read_text())
    sizes = {name: len(gzip.compress((DIST / name).read_bytes(), 9)) for name in assets}
    total = sum(sizes.values()) + len(gzip.compress(index.read_bytes(), 9))
    print(f"first load of the web app      {total / 1000:6.0f} kB gzipped, {len(assets)} files")


if __name__ == "__main__":
    main()
