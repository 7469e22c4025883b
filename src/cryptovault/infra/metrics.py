"""Prometheus metrics of the API process.

Each worker counts for itself in its own registry; every few seconds it leaves its text in Redis, and
whichever worker answers /metrics joins the texts, each sample labelled with its worker.
"""

import asyncio
import contextlib
import os
from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from typing import Protocol

from prometheus_client import CollectorRegistry, Counter, Gauge, ProcessCollector, generate_latest
from prometheus_client.core import HistogramMetricFamily, Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector
from redis.asyncio import Redis
from redis.exceptions import RedisError

_KEY = "cv:metrics"
_LEAVE_SECONDS = 5.0
_KEEP_SECONDS = 15
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 30.0)


class ApiMetrics:
    """What a worker counts."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._requests = _Requests()
        self.registry.register(self._requests)
        self.stream_clients = Gauge("stream_clients", "Open live connections.", registry=self.registry)
        self.stream_messages = Counter("stream_messages", "Live messages sent, per client.", registry=self.registry)
        self.stream_dropped = Counter(
            "stream_dropped", "Connections closed because the client was too slow.", registry=self.registry
        )
        self.read_waits = Counter("read_waits", "Reads that had to wait for the projection.", registry=self.registry)

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request; `route` is a template, never a raw path."""
        self._requests.add((method, route, status), seconds)

    def text(self) -> bytes:
        """The metrics of this worker in Prometheus's text format."""
        return generate_latest(self.registry)


class _Requests(Collector):
    """A histogram of requests. The library's own takes a lock for each bucket; a worker has one thread."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str, int], list[int]] = {}
        self._sums: dict[tuple[str, str, int], float] = {}

    def add(self, key: tuple[str, str, int], seconds: float) -> None:
        """Count one request of (method, route, status)."""
        counts = self._counts.get(key)
        if counts is None:
            counts = self._counts[key] = [0] * (len(_BUCKETS) + 1)
            self._sums[key] = 0.0
        counts[bisect_left(_BUCKETS, seconds)] += 1
        self._sums[key] += seconds

    def collect(self) -> Iterator[Metric]:
        """The counts in Prometheus's cumulative form."""
        text = "Time from the first byte read to the answer handed over."
        family = HistogramMetricFamily("http_request_seconds", text, labels=["method", "route", "status"])
        for key, counts in self._counts.items():
            totals = accumulate(counts)
            buckets = [(name, float(total)) for name, total in zip([*map(str, _BUCKETS), "+Inf"], totals, strict=True)]
            family.add_metric([str(part) for part in key], buckets, self._sums[key])
        yield family


class Exposition(Protocol):
    """Whatever has metrics to show."""

    def text(self) -> bytes:
        """In Prometheus's text format."""
        ...


async def leave_metrics(redis: Redis, metrics: Exposition, name: str = "") -> None:
    """Leave this process's text in Redis every few seconds until cancelled, under its number or a name."""
    key = f"{_KEY}:{name or os.getpid()}"
    while True:
        with contextlib.suppress(RedisError, OSError):
            await redis.set(key, metrics.text(), ex=_KEEP_SECONDS)
        await asyncio.sleep(_LEAVE_SECONDS)


async def joined_metrics(redis: Redis, metrics: ApiMetrics) -> bytes:
    """The metrics of all workers; of this one alone where Redis is away."""
    texts = {str(os.getpid()): metrics.text()}
    with contextlib.suppress(RedisError, OSError):
        async for key in redis.scan_iter(match=f"{_KEY}:*", count=100):
            worker = key.decode().rpartition(":")[2]
            if worker not in texts and isinstance(text := await redis.get(key), bytes):
                texts[worker] = text
    registry = CollectorRegistry()
    registry.register(_Joined(texts))
    return generate_latest(registry)


class _Joined(Collector):
    """Several expositions as one: families by name, each sample labelled with its worker."""

    def __init__(self, texts: dict[str, bytes]) -> None:
        self._texts = texts

    def collect(self) -> Iterator[Metric]:
        families: dict[str, Metric] = {}
        for worker, text in self._texts.items():
            for family in text_string_to_metric_families(text.decode()):
                joined = families.setdefault(family.name, Metric(family.name, family.documentation, family.type))
                for sample in family.samples:
                    joined.add_sample(sample.name, {**sample.labels, "worker": worker}, sample.value)
        yield from families.values()
