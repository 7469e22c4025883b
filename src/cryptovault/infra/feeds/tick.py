"""One moment of the price desk: prices that may be used, and how each source took part."""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from cryptovault.infra.feeds.quote import Quote
from cryptovault.infra.feeds.rules import Reading
from cryptovault.infra.feeds.runner import SourceRunner

SIMULATED = "simulated"

SourceStatus = Literal[
    "used", "witness", "outlier", "unconfirmed", "standby", "stale", "starting", "down", "limited", "refused"
]


class SourceState(NamedTuple):
    """How a source takes part now; `age_ms` is that of its last news, None where there never was any.

    used: its price is among those of the median, in so many `markets`. witness: it agrees, but is asked too rarely to
    give the price. outlier: too far from the median everywhere. unconfirmed: it answers, but no price can be made of
    it, for too few others answer or agree. standby: asked rarely while others suffice, and its last answer is too old
    to bear witness. stale: no news, or too old. starting: not heard yet. down, limited, refused: it does not answer,
    asks for patience, does not take the key.
    """

    name: str
    status: SourceStatus
    age_ms: int | None
    markets: int = 0

    def told(self) -> dict[str, Any]:
        """As messages carry it."""
        return self._asdict()


class Tick(NamedTuple):
    """The prices of one moment. `kind` is live, simulated or stale; `prices` holds usable prices only, by market.

    `quotes` also keeps the last 24-hour statistics of markets whose price is not usable now; `faults` says why it is
    not. `name` are the sources that gave the prices.
    """

    at: int
    kind: str
    name: str
    prices: dict[str, Decimal]
    quotes: dict[str, Quote]
    faults: dict[str, str]
    sources: tuple[SourceState, ...] = ()

    @property
    def label(self) -> str:
        """What a person reads."""
        return f"live: {self.name}" if self.kind == "live" else self.kind


def source_states(
    runners: Sequence[SourceRunner], readings: Mapping[str, Reading], now_ms: int
) -> tuple[SourceState, ...]:
    """Each source's part in the readings of one moment."""
    fresh = [reading for reading in readings.values() if reading.price is not None]
    used = Counter(name for reading in fresh for name in reading.sources)
    near = Counter(name for reading in fresh for name in reading.witnesses)
    away = Counter(name for reading in fresh for name in reading.outliers)
    return tuple(_state(runner, used, near, away, now_ms) for runner in runners)


def _state(
    runner: SourceRunner, used: Counter[str], near: Counter[str], away: Counter[str], now_ms: int
) -> SourceState:
    name = runner.source.name
    age = None if runner.batch is None else max(0, now_ms - runner.batch.news_ms)
    status: SourceStatus = "unconfirmed" if runner.usable(now_ms) else runner.health.trouble or runner.idle
    if used[name]:
        status = "used"
    elif near[name]:
        status = "witness"
    elif away[name]:
        status = "outlier"
    return SourceState(name, status, age, used[name])
