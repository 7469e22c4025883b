"""How the processes of an exchange begin and end."""

import asyncio
import fcntl
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pymongo.errors import PyMongoError

from cryptovault.runtime.errors import Stopped
from cryptovault.settings import Settings


def on_stop(stop: Callable[[], None]) -> None:
    """Have SIGTERM and SIGINT ask for the end by this call."""
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop)


@contextmanager
def ending_in_a_sentence(name: str) -> Iterator[None]:
    """Turn what a process must not go on after into SystemExit with one sentence."""
    try:
        yield
    except PyMongoError as error:
        raise SystemExit(f"{name}: the database cannot be used: {error}") from None
    except Stopped as reason:
        raise SystemExit(f"{name}: {type(reason).__name__}: {reason}") from None


@contextmanager
def only_one(settings: Settings, name: str) -> Iterator[None]:
    """Hold the state directory's lock of this kind of process. Raises Stopped if another one has it."""
    settings.run_dir.mkdir(parents=True, exist_ok=True)
    lock = os.open(settings.run_dir / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise Stopped(f"another {name} uses {settings.cryptovault_home}") from None
    try:
        yield
    finally:
        os.close(lock)
