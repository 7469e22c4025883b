"""Prometheus metrics of the API process.

Each worker counts for itself in its own registry; every few seconds it leaves its text in Redis, and
whichever worker answers /metrics joins the texts, each sample labelled with its worker.
"""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 30.0)


class ApiMetrics:
    """What a worker counts."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._seconds = Histogram(
            "http_request_seconds",
            "Time from the first byte read to the answer handed over.",
            ["method", "route", "status"],
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._children: dict[tuple[str, str, int], Histogram] = {}
        self.stream_clients = Gauge("stream_clients", "Open live connections.", registry=self.registry)
        self.stream_messages = Counter("stream_messages", "Live messages sent, per client.", registry=self.registry)
        self.stream_dropped = Counter(
            "stream_dropped", "Connections closed because the client was too slow.", registry=self.registry
        )
        self.read_waits = Counter("read_waits", "Reads that had to wait for the projection.", registry=self.registry)

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request; `route` is a template, never a raw path."""
        key = method, route, status
        child = self._children.get(key)
        if child is None:
            child = self._children[key] = self._seconds.labels(*map(str, key))
        child.observe(seconds)

    def text(self) -> bytes:
        """The metrics of this worker in Prometheus's text format."""
        return generate_latest(self.registry)
