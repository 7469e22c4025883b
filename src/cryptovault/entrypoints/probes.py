"""What `doctor` asks of running parts: processes, databases, and how large the data has become."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from pymongo.errors import PyMongoError
from redis.exceptions import RedisError

from cryptovault.entrypoints.preflight import Finding, Level
from cryptovault.entrypoints.supervisor import processes_path
from cryptovault.infra import embedded
from cryptovault.infra.mongo import Database, connect_mongo, database
from cryptovault.infra.redis import connect_redis
from cryptovault.settings import Settings

_SECONDS_A_DAY = 86_400
_PROBE_TIMEOUT_MS = 2_000


async def data_findings(settings: Settings, *, running: bool) -> list[Finding]:
    """Processes, databases and sizes. What is embedded and not running is only looked at on the disk."""
    findings = [*process_findings(settings)] if running else []
    for topic, url, own, probe in (
        ("database", settings.mongo_url, embedded.mongo_url(settings), mongo_findings),
        ("redis", settings.redis_url, embedded.redis_url(settings), redis_findings),
    ):
        if url == own and not running:
            findings.append(Finding(topic, Level.OK, "embedded, not running now"))
        else:
            findings += await _asked(topic, probe, settings)
    return [*findings, *disk_findings(settings)]


async def _asked(
    topic: str, probe: Callable[[Settings], Awaitable[list[Finding]]], settings: Settings
) -> list[Finding]:
    try:
        return await probe(settings)
    except (PyMongoError, RedisError, OSError) as error:
        return [Finding(topic, Level.FAIL, f"does not answer: {type(error).__name__}: {str(error)[:200]}")]


def process_findings(settings: Settings) -> list[Finding]:
    """One line for each supervised process."""
    try:
        pids: dict[str, int] = json.loads(processes_path(settings).read_text())
    except (OSError, ValueError):
        return [Finding("processes", Level.WARN, "running, but it has not said which processes it has")]
    return [_process(name, pid) for name, pid in pids.items()]


def _process(name: str, pid: int) -> Finding:
    try:
        megabytes = psutil.Process(pid).memory_info().rss / 1e6
    except psutil.Error:
        return Finding(name, Level.FAIL, f"pid {pid} is gone; the supervisor starts it again with back-off")
    return Finding(name, Level.OK, f"pid {pid}, {megabytes:.0f} MB")


async def mongo_findings(settings: Settings) -> list[Finding]:
    """A replica set that takes writes, and the size and growth of the journal."""
    async with connect_mongo(settings.model_copy(update={"mongo_timeout_ms": _PROBE_TIMEOUT_MS})) as client:
        hello = await client.admin.command("hello")
        version = (await client.admin.command("buildInfo"))["version"]
        return [_replica_set(hello, version), await _journal(database(client, settings))]


def _replica_set(hello: dict[str, Any], version: str) -> Finding:
    name = hello.get("setName")
    if not name:
        text = "is a standalone; an acknowledged write can be lost there. Start it with --replSet and initiate it."
        return Finding("database", Level.FAIL, f"MongoDB {version} {text}")
    if not hello.get("isWritablePrimary"):
        return Finding("database", Level.FAIL, f"MongoDB {version}, replica set {name}: no primary takes writes")
    return Finding("database", Level.OK, f"MongoDB {version}, replica set {name}")


async def _journal(db: Database) -> Finding:
    journal = db["journal"]
    first = await journal.find_one(sort=[("_id", 1)], projection={"at": 1})
    last = await journal.find_one(sort=[("_id", -1)], projection={"at": 1, "n": 1})
    if first is None or last is None:
        return Finding("journal", Level.OK, "empty")
    statistics = await db.command("collStats", "journal")
    size = statistics["storageSize"]
    days = (last["at"] - first["at"]) / 1000 / _SECONDS_A_DAY
    since = datetime.fromtimestamp(first["at"] / 1000, UTC).date()
    commands = last["_id"] + last["n"] - 1
    growth = f", {size / days / 1e6:.0f} MB a day since {since}" if days > 1 / 24 else f" since {since}"
    return Finding("journal", Level.OK, f"{commands:,} commands, {size / 1e6:.1f} MB on disk{growth}")


async def redis_findings(settings: Settings) -> list[Finding]:
    """Redis answers, and how full it is."""
    client = connect_redis(settings)
    try:
        info = await client.info()
    finally:
        await client.aclose()
    used, limit = info["used_memory"] / 1e6, info["maxmemory"] / 1e6
    return [Finding("redis", Level.OK, f"Redis {info['redis_version']}, {used:.0f} of {limit:.0f} MB used")]


def disk_findings(settings: Settings) -> list[Finding]:
    """How much each part of the home takes."""
    home = settings.cryptovault_home
    parts = {"database files": embedded.mongo_dir(settings), "engine files": home / "engine", "logs": settings.log_dir}
    return [Finding(topic, Level.OK, f"{_size(path) / 1e6:.1f} MB in {path}") for topic, path in parts.items()]


def _size(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_blocks * 512 if path.is_file() else 0
        except FileNotFoundError:
            continue
    return total
