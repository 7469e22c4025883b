"""`cryptovault market ...`: what the operator decides about a market, as commands of the journal."""

from datetime import datetime

from rich.console import Console

from cryptovault.engine.commands import ScheduleMarketStatus, SetMarketStatus
from cryptovault.engine.types import MarketStatus
from cryptovault.entrypoints.operating import Operator, operate
from cryptovault.entrypoints.typed_values import Fault
from cryptovault.infra.mongo import connect_mongo, database
from cryptovault.settings import Settings

STATUSES = tuple(status.name.lower() for status in MarketStatus)


def status_named(name: str) -> MarketStatus:
    """`post-only` and `post_only` alike. Raises Fault."""
    plain = name.lower().replace("-", "_")
    if plain not in STATUSES:
        raise Fault(f"{name} is no status of a market; there are {', '.join(STATUSES)}.")
    return MarketStatus[plain.upper()]


def moment(text: str) -> int:
    """Milliseconds of an ISO time with its offset from UTC. Raises Fault."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise Fault(f"{text} is no time with an offset, such as 2026-12-31T23:00:00Z.")
    return round(at.timestamp() * 1_000)


class Decide:
    """Set the status of a market, plan a change of it, or take back what was planned."""

    def __init__(self, command: SetMarketStatus | ScheduleMarketStatus, done: str) -> None:
        self._command, self._done = command, done

    @classmethod
    def to_set(cls, market: str, status: str, at: str) -> "Decide":
        """Now, or `at` a time to come. Raises Fault."""
        wanted, name = status_named(status), market.upper()
        if not at:
            return cls(SetMarketStatus(name, wanted), f"{name} is {wanted.name.lower()} now.")
        planned = ScheduleMarketStatus(name, wanted, moment(at))
        return cls(planned, f"{name} becomes {wanted.name.lower()} at {at}.")

    @classmethod
    def to_unschedule(cls, market: str) -> "Decide":
        """All changes that were planned."""
        name = market.upper()
        return cls(ScheduleMarketStatus(name, MarketStatus.OPEN, 0), f"Nothing is planned for {name} any more.")

    async def __call__(self, settings: Settings, console: Console) -> int:
        """Have the engine journal it, and print its verdict."""

        async def work(operator: Operator) -> None:
            seq = await operator.decide(
                self._command, "market_status_set", market=self._command.market, done=self._done
            )
            console.print(f"✓ {self._done} Journal position {seq}.", markup=False)

        return await operate(settings, console, work)


async def show(settings: Settings, console: Console) -> int:
    """Each real market with its status, the next change of it, and its band."""
    async with connect_mongo(settings) as mongo:
        found = await database(mongo, settings)["markets"].find({"mirrors": {"$exists": False}}).sort("_id").to_list()
    for market in found:
        coming = market.get("scheduled")
        change = f"{coming['status']} at {coming['at']}" if coming else ""
        band = f"band {market['band_percent']} %" if market.get("band_percent") else "no band"
        console.print(f"{market['_id']:<12}{market['status']:<13}{band:<14}{change}".rstrip(), markup=False)
    return 0
