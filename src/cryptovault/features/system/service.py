"""How the service is: each dependency asked, with a bound on how long, and not more than once a second."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from time import perf_counter

import psutil
from pymongo.errors import PyMongoError
from redis.exceptions import RedisError

from cryptovault import __version__
from cryptovault.features.system.schemas import Check, Health, SourceState, Status
from cryptovault.infra import maker_status
from cryptovault.infra.outbox.store import Backlog
from cryptovault.kit.services import Services

_PATIENCE = 1.5
_KEEP_SECONDS = 1.0
_VITAL = ("database", "engine")
_LOW_DISK = 1 << 30
_LOW_MEMORY = 256 << 20
_LAG_DEGRADED = 10_000
_MEGABYTE = 1 << 20
_MAIL_LATE_SECONDS = 600


class HealthDesk:
    """Answers health questions of one worker."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._asked_at = -_KEEP_SECONDS
        self._answer: Health | None = None
        self._lock = asyncio.Lock()

    async def health(self) -> Health:
        """All checks, at most a second old."""
        async with self._lock:
            now = self._services.clock.monotonic()
            if self._answer is None or now - self._asked_at >= _KEEP_SECONDS:
                self._answer = await self._ask()
                self._asked_at = now
            return self._answer

    async def ready(self) -> bool:
        """Whether what every request needs is there."""
        checks = (await self.health()).checks
        return all(checks[name].status != "down" for name in _VITAL)

    async def _ask(self) -> Health:
        probes = {
            "database": self._database,
            "redis": self._redis,
            "engine": self._engine,
            "feed": self._feed,
            "maker": self._maker,
            "projector": self._projector,
            "outbox": self._outbox,
            "disk": self._disk,
            "memory": self._memory,
        }
        checks = await asyncio.gather(*map(_timed, probes.values()))
        named = dict(zip(probes, checks, strict=True))
        sources = [SourceState(**state) for state in self._services.board.source["sources"]]
        return Health(status=_overall(named), version=__version__, checks=named, price_sources=sources)

    async def _database(self) -> Check:
        stats = await self._services.db.command("dbStats")
        return Check(status="ok", detail=f"{stats['dataSize'] / _MEGABYTE:.1f} MB")

    async def _redis(self) -> Check:
        await self._services.redis.ping()
        return Check(status="ok")

    async def _engine(self) -> Check:
        connected = getattr(self._services.engine, "connected", True)
        return Check(status="ok" if connected else "down", detail="" if connected else "no connection to the leader")

    async def _feed(self) -> Check:
        await self._services.board.refresh()
        board = self._services.board
        source, details = board.source, [board.source["label"]]
        if source["kind"] != "live":
            return Check(status="degraded" if source["kind"] == "stale" else "ok", detail=details[0])
        if sum(state["status"] in {"used", "witness"} for state in source["sources"]) == 1:
            details.append("alone: nothing to compare it with")
        if without := sum(ticker["reference_price"] is None for ticker in board.tickers.values()):
            details.append(f"no usable price in {without} markets")
        return Check(status="degraded" if without else "ok", detail="; ".join(details))

    async def _maker(self) -> Check:
        """What keeps the market maker from quoting; markets it cannot price are the feed's trouble."""
        if not self._services.settings.maker_enabled:
            return Check(status="ok", detail="switched off")
        told = await maker_status.told(self._services.redis)
        if told is None:
            return Check(status="degraded", detail="nothing heard of it")
        detail = "; ".join([f"{told.state}, quotes in {told.markets} markets", *told.reasons])
        return Check(status="ok" if told.state == "quoting" else "degraded", detail=detail)

    async def _projector(self) -> Check:
        await self._services.watermark.refresh()
        last = await self._services.db["journal"].find_one({}, {"_id": 1, "n": 1}, sort=[("_id", -1)])
        head = last["_id"] + last["n"] - 1 if last else 0
        lag = max(0, head - self._services.watermark.seq)
        return Check(status="degraded" if lag > _LAG_DEGRADED else "ok", detail=f"{lag} behind {head}")

    async def _outbox(self) -> Check:
        """Late messages are the provider's doing, and so are some dead ones; a wrong address is its owner's."""
        backlogs = [await self._services.outbox.backlog(channel) for channel in ("mail", "telegram")]
        late = any(backlog.overdue_seconds > _MAIL_LATE_SECONDS for backlog in backlogs)
        broken = any(backlog.dead.keys() - {"recipient"} for backlog in backlogs)
        return Check(status="degraded" if late or broken else "ok", detail=_told(backlogs))

    async def _disk(self) -> Check:
        home = self._services.settings.cryptovault_home
        free = shutil.disk_usage(home if home.exists() else "/").free
        return Check(status="degraded" if free < _LOW_DISK else "ok", detail=f"{free / (1 << 30):.1f} GB free")

    async def _memory(self) -> Check:
        available = psutil.virtual_memory().available
        used = psutil.Process().memory_info().rss
        status: Status = "degraded" if available < _LOW_MEMORY else "ok"
        return Check(status=status, detail=f"{used / _MEGABYTE:.0f} MB used, {available / _MEGABYTE:.0f} MB available")


def _told(backlogs: list[Backlog]) -> str:
    waiting = sum(backlog.waiting for backlog in backlogs)
    oldest = max(backlog.overdue_seconds for backlog in backlogs)
    dead = sum(sum(backlog.dead.values()) for backlog in backlogs)
    return f"{waiting} waiting, the oldest for {oldest:.0f} s; {dead} given up within a day"


async def _timed(probe: Callable[[], Awaitable[Check]]) -> Check:
    started = perf_counter()
    try:
        async with asyncio.timeout(_PATIENCE):
            check = await probe()
    except (PyMongoError, RedisError, OSError, TimeoutError) as error:
        check = Check(status="down", detail=type(error).__name__)
    return check.model_copy(update={"milliseconds": round((perf_counter() - started) * 1000, 2)})


def _overall(checks: dict[str, Check]) -> Status:
    if any(checks[name].status == "down" for name in _VITAL):
        return "down"
    return "ok" if all(check.status == "ok" for check in checks.values()) else "degraded"
