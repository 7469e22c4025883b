"""What must hold before anything is started; `run` refuses on it and `doctor` reports it. One sentence each."""

import errno
import os
import shutil
import stat
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import psutil

from cryptovault.features.markets.maker_config import MakerConfigError, load_plan
from cryptovault.infra.embedded import MONGOD_MAJOR_MIN, REDIS_MAJOR_MIN, Binary, find_mongod, find_redis
from cryptovault.infra.feeds.catalog import load_catalog
from cryptovault.infra.listener import bind
from cryptovault.settings import Settings

DISK_BYTES_MIN = 500_000_000  # mongod alone preallocates 300 MB of journal
DISK_BYTES_COMFORT = 2_000_000_000


class Level(StrEnum):
    """How a check went."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    """One check: what was looked at, how it went, and a sentence that says what to do if it did not go well."""

    topic: str
    level: Level
    text: str


def check_platform() -> Finding:
    """A system that knows unix sockets and process groups; the package itself refuses an old Python."""
    version = ".".join(map(str, sys.version_info[:3]))
    if os.name != "posix":
        return Finding("python", Level.FAIL, "CryptoVault runs on Linux and macOS; on Windows, use WSL.")
    return Finding("python", Level.OK, f"{version} at {sys.executable}")


def check_home(settings: Settings) -> Finding:
    """The state directory can be made and written, and is private."""
    home = settings.cryptovault_home
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = home / f".probe.{os.getpid()}"
        probe.write_bytes(b"x")
        probe.unlink()
    except OSError as error:
        return Finding(
            "home",
            Level.FAIL,
            f"{home} cannot be written ({_reason(error)}). Set CRYPTOVAULT_HOME to a place that can.",
        )
    if stat.S_IMODE(home.stat().st_mode) & 0o022:
        return Finding("home", Level.WARN, f"{home} can be written by others; close it with: chmod go-w {home}")
    return Finding("home", Level.OK, str(home))


def check_disk(settings: Settings) -> Finding:
    """Enough room for the databases to work."""
    free = shutil.disk_usage(_existing(settings.cryptovault_home)).free
    text = f"{free / 1e9:.1f} GB free on the disk of {settings.cryptovault_home}"
    if free < DISK_BYTES_MIN:
        needed = DISK_BYTES_MIN / 1e9
        return Finding(
            "disk",
            Level.FAIL,
            f"The disk is full: {text}, at least {needed:.1f} GB are needed. Free some space.",
        )
    return Finding("disk", Level.OK if free > DISK_BYTES_COMFORT else Level.WARN, text)


def check_run_dir(settings: Settings) -> Finding:
    """The directory of sockets is ours alone."""
    run = settings.run_dir
    try:
        run.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = run.lstat()
    except OSError as error:
        return Finding("sockets", Level.FAIL, f"{run} cannot be made ({_reason(error)}).")
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
        return Finding(
            "sockets", Level.FAIL, f"{run} belongs to somebody else; remove it or choose another CRYPTOVAULT_HOME."
        )
    run.chmod(0o700)
    return Finding("sockets", Level.OK, str(run))


def check_port(settings: Settings) -> Finding:
    """Nobody else listens where the web app shall be."""
    try:
        bind(settings).close()
    except OSError as error:
        return Finding("port", Level.FAIL, _port_sentence(settings, error))
    return Finding("port", Level.OK, f"{settings.host}:{settings.port} is free")


def check_maker(settings: Settings) -> Finding:
    """The market maker's file can be used, where there is one."""
    try:
        plan = load_plan(settings.maker_config, load_catalog().listings, {})
    except MakerConfigError as error:
        return Finding("market maker", Level.FAIL, str(error))
    markets = sum(listing.maker.enabled for listing in plan.listings)
    if not settings.maker_enabled:
        return Finding("market maker", Level.OK, "switched off by MAKER_ENABLED")
    return Finding("market maker", Level.OK, f"{markets} markets, {settings.maker_config or 'as in the catalogue'}")


def check_mongod(settings: Settings) -> Finding:
    """A mongod to embed, unless an address is configured."""
    if settings.mongo_url:
        return Finding("mongod", Level.OK, "not needed: MONGO_URL is set")
    return _found("mongod", "MONGO_URL", MONGOD_MAJOR_MIN, find_mongod())


def check_redis(settings: Settings) -> Finding:
    """A redis-server to embed, unless an address is configured."""
    if settings.redis_url:
        return Finding("redis-server", Level.OK, "not needed: REDIS_URL is set")
    return _found("redis-server", "REDIS_URL", REDIS_MAJOR_MIN, find_redis())


def _found(name: str, variable: str, major: int, binary: Binary | None) -> Finding:
    if binary is not None:
        return Finding(name, Level.OK, str(binary))
    text = f"No {name} {major} or newer was found on PATH or in the Python packages. Install one, or set {variable}."
    return Finding(name, Level.FAIL, text)


def before_start(settings: Settings) -> list[Finding]:
    """Everything that `run` insists on, cheapest first."""
    places = [check_platform(), check_home(settings), check_run_dir(settings), check_disk(settings)]
    return [*places, check_maker(settings), check_port(settings), check_mongod(settings), check_redis(settings)]


def _port_sentence(settings: Settings, error: OSError) -> str:
    where = f"{settings.host}:{settings.port}"
    if error.errno != errno.EADDRINUSE:
        return f"Cannot listen on {where} ({_reason(error)}). Choose another address with HOST and PORT."
    remedy = f"Stop that program, or choose another port, for example: PORT={settings.port % 50_000 + 1001} make run"
    return f"Port {settings.port} is in use{_user_of(settings.port)}. {remedy}"


def _user_of(port: int) -> str:
    """Who listens there, where the system tells."""
    try:
        for link in psutil.net_connections("tcp"):
            if link.laddr and link.laddr.port == port and link.status == psutil.CONN_LISTEN and link.pid:
                return f" by {psutil.Process(link.pid).name()} (pid {link.pid})"
    except (psutil.Error, OSError):
        return ""
    return ""


def _existing(path: Path) -> Path:
    while not path.exists():
        path = path.parent
    return path


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
