"""A supervisor over real databases and small stand-ins for the other processes: `small_exchange.py NAME ...`.

Each NAME becomes a process that marks itself ready and waits; `broken` ends at once, `stubborn` ignores SIGTERM.
"""

import asyncio
import signal
import sys
import time
from functools import partial

from cryptovault.entrypoints import programs, supervisor
from cryptovault.entrypoints.children import Program
from cryptovault.infra.embedded import Launch, with_embedded
from cryptovault.infra.readiness import mark_ready
from cryptovault.infra.secret_files import load_settings
from cryptovault.settings import Settings


def stages(settings: Settings, names: list[str]) -> list[list[Program]]:
    """The real databases where asked for, then one stage of stand-ins."""
    databases = programs.databases(settings) if "databases" in names else []
    rest = [_program(settings, name) for name in names if name != "databases"]
    return [databases, rest]


def _program(settings: Settings, name: str) -> Program:
    launch = Launch([sys.executable, __file__, "--be", name])
    return Program(name, partial(programs.fresh, settings, name, launch), partial(programs.marked, settings, name))


def be(name: str) -> None:
    """Play one process."""
    if name == "broken":
        sys.exit("no such thing as a free lunch")
    if name == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    mark_ready(with_embedded(load_settings()), name)
    time.sleep(600)


async def welcome(settings: Settings) -> list[tuple[str, str]]:
    """There is no API to ask."""
    return [("Data", str(settings.cryptovault_home))]


def main() -> None:
    """Run the supervisor, or play a process of it."""
    if sys.argv[1] == "--be":
        be(sys.argv[2])
        return
    run = supervisor.run(load_settings(), stages=partial(stages, names=sys.argv[1:]), welcome=welcome)
    sys.exit(asyncio.run(run))


if __name__ == "__main__":
    main()
