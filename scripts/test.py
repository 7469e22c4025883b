"""Everything that is checked, two steps at a time, and a summary: `python scripts/test.py [--static]`.

A failing step does not hide the later ones. Exit code 0 means that every step passed.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
BIN = Path(sys.executable).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

Prepare = Callable[[], str]  # a sentence on why the step cannot run, or an empty string


@dataclass(frozen=True)
class Step:
    """One command; `browser` steps need a Chromium."""

    name: str
    command: list[str]
    folder: Path = ROOT
    browser: bool = False


@dataclass(frozen=True)
class Outcome:
    """How a step went. A step that counts no tests is one test itself."""

    name: str
    ok: bool
    seconds: float
    passed: int
    failed: int
    skipped: int
    note: str = ""


def main() -> None:
    """Run the steps, print the summary, exit."""
    started = time.monotonic()
    if "--static" in sys.argv:
        outcomes = side_by_side(web_steps(), python_steps())
    else:
        # What waits for others runs beside what calculates, so that two cores have something to do all the time.
        backend, faults, browser = running_steps()
        outcomes = side_by_side([*web_steps(), *python_steps()], [backend])
        outcomes += side_by_side([faults], [browser])
    summary(outcomes, time.monotonic() - started)
    sys.exit(0 if all(outcome.ok for outcome in outcomes) else 1)


def side_by_side(*lanes: list[Step]) -> list[Outcome]:
    """Run the steps of each lane one after another, and the lanes at the same time."""
    with ThreadPoolExecutor(len(lanes)) as pool:
        done = pool.map(lambda lane: [run(step) for step in lane], lanes)
        return [outcome for lane in done for outcome in lane]


def web_steps() -> list[Step]:
    """What checks the web app without a running exchange."""
    return [
        Step("web types", npm("typecheck"), WEB),
        Step("web lint", npm("lint"), WEB),
        Step("web tests", npm("test"), WEB),
    ]


def python_steps() -> list[Step]:
    """What needs no running process."""
    return [
        Step("types", [tool("mypy")]),
        Step("import contract", [tool("lint-imports"), "--no-cache"]),
        Step("format", [tool("ruff"), "format", "--check", "."]),
        Step("lint", [tool("ruff"), "check", "."]),
        Step("secrets", [tool("detect-secrets-hook"), "--baseline", ".secrets.baseline", *tracked_files()]),
    ]


def running_steps() -> tuple[Step, Step, Step]:
    """What starts real processes: backend, fault and browser tests."""
    # Much of a test's time is waiting for real processes, so one more at a time than there are cores. Each fault test
    # has processes enough of its own, and each worker of the browser tests a whole exchange and a browser.
    return (
        Step("backend tests", [*pytest(min(4, cores() + 1)), "--ignore=tests/faults", "--ignore=tests/e2e"]),
        Step("fault tests", [*pytest(1), "tests/faults"]),
        Step("browser tests", [*pytest(2), "tests/e2e"], browser=True),
    )


def pytest(workers: int) -> list[str]:
    """Tests on so many workers; who has nothing left to do takes over from the others."""
    return [tool("pytest"), "-q", "--durations=5", "-n", str(workers), "--dist", "worksteal"]


def run(step: Step) -> Outcome:
    """Run one step; its output is shown when it is over, so that two at once do not mix."""
    if step.browser and (missing := no_browser()):
        print(f"── {step.name}: {missing}")
        return Outcome(step.name, ok=False, seconds=0, passed=0, failed=1, skipped=0, note=missing)
    started = time.monotonic()
    done = subprocess.run(
        step.command, cwd=step.folder, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    seconds = time.monotonic() - started
    ok = done.returncode == 0
    print(f"── {step.name} {'passed' if ok else 'FAILED'} ({seconds:.0f} s)", flush=True)
    if not ok or "tests" in step.name:
        print(done.stdout.strip(), flush=True)
    return outcome(step, ok, seconds, done.stdout)


def outcome(step: Step, ok: bool, seconds: float, output: str) -> Outcome:
    """Count the tests of a step; one that has none, or that broke before it counted, is one test itself."""
    counts = counted(output) if "tests" in step.name else {}
    passed, failed = counts.get("passed", 0), counts.get("failed", 0) + counts.get("error", 0)
    if not counts or (not ok and not failed):
        passed, failed = passed + ok, failed + (not ok)
    return Outcome(step.name, ok, seconds, passed, failed, counts.get("skipped", 0))


def counted(output: str) -> dict[str, int]:
    """What pytest or vitest says last."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", output)
    lines = [
        line for line in plain.splitlines() if re.search(r"\d+ (passed|failed|error)", line) and "Files" not in line
    ]
    found = re.findall(r"(\d+) (passed|failed|skipped|error)", lines[-1] if lines else "")
    return {word: int(number) for number, word in found}


def summary(outcomes: Iterable[Outcome], seconds: float) -> None:
    """A table of the steps, and one closing line."""
    outcomes = list(outcomes)
    print(f"\n{'step':<18}{'result':<8}{'tests':>7}{'failed':>8}{'skipped':>9}{'time':>8}")
    for one in outcomes:
        result = "ok" if one.ok else "FAILED"
        total = one.passed + one.failed
        row = f"{one.name:<18}{result:<8}{total:>7}{one.failed:>8}{one.skipped:>9}{one.seconds:>6.0f} s"
        print(row, one.note)
    print(f"{'all':<58}{seconds:.0f} s\n")
    print(f"{sum(one.passed for one in outcomes)} passed, {sum(one.failed for one in outcomes)} failed")


def no_browser() -> str:
    """Install Chromium from Debian where it is missing and that is allowed; else a sentence on how to."""
    if any(map(shutil.which, BROWSERS)):
        return ""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium from the system's packages …", flush=True)
        apt = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
        subprocess.run([*apt, "update"], check=False, stdout=subprocess.DEVNULL)
        install = [*apt, "install", "-y", "--no-install-recommends", "chromium"]
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(install, check=False, stdout=subprocess.DEVNULL, env=environment)
        if any(map(shutil.which, BROWSERS)):
            return ""
    return "no Chromium on PATH; install it, on Debian with: sudo apt-get install chromium"


def cores() -> int:
    """How many cores this process may use, which in a container is fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def tool(name: str) -> str:
    """A command of the virtual environment this script runs in."""
    return str(BIN / name)


def npm(script: str) -> list[str]:
    """A script of web/package.json."""
    return ["npm", "run", "--silent", script]


def tracked_files() -> list[str]:
    """What git knows, as the secret scanner reads nothing else."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [name for name in listing.split("\0") if name and (ROOT / name).is_file()]


if __name__ == "__main__":
    main()
