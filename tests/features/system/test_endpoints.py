import re
from decimal import Decimal

import httpx
import pytest

from cryptovault.entrypoints.api import Api
from cryptovault.entrypoints.price_publisher import PricePublisher
from cryptovault.features.markets.statistics import DayStatistics
from cryptovault.features.markets.tickers import TickerTape
from cryptovault.infra import maker_status
from cryptovault.infra.clock import SystemClock
from cryptovault.infra.feeds.catalog import load_catalog
from cryptovault.infra.feeds.quote import Quote
from cryptovault.infra.feeds.tick import SourceState, Tick
from cryptovault.infra.maker_status import MakerStatus
from cryptovault.settings import Environment, Settings

EVERYWHERE = (
    "/health",
    "/api/health",
    "/api/v1/health",
    "/ready",
    "/api/v1/ready",
    "/metrics",
    "/docs",
    "/openapi.json",
)
ERRORS = [
    ("GET", "/api/v1/nothing", 404, "NOT_FOUND"),
    ("GET", "/api/nothing", 404, "NOT_FOUND"),
    ("GET", "/api/v1/auth/login", 405, "METHOD_NOT_ALLOWED"),
    ("DELETE", "/api/auth/login", 405, "METHOD_NOT_ALLOWED"),
    ("POST", "/api/v1/auth/login", 400, "VALIDATION_ERROR"),
    ("GET", "/api/v1/auth/me", 401, "AUTHENTICATION_ERROR"),
    ("GET", "/missing.js", 404, "NOT_FOUND"),
    ("POST", "/", 404, "NOT_FOUND"),
]


@pytest.mark.parametrize("path", [*EVERYWHERE, "/", "/dev/mail", "/dev/mail.json", "/api/config", "/api/v1/csrf"])
async def test_answers(client: httpx.AsyncClient, path: str) -> None:
    """Each address of the service itself answers, with request id and security headers."""
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["x-request-id"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "unsafe-inline" not in answer.headers["content-security-policy"].replace(
        "style-src 'self' 'unsafe-inline'", ""
    )


@pytest.mark.parametrize(("method", "path", "status", "code"), ERRORS)
async def test_envelope(client: httpx.AsyncClient, method: str, path: str, status: int, code: str) -> None:
    """Every error, the framework's included, comes in the one envelope."""
    answer = await client.request(method, path)
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert error["code"] == code
    assert set(error) == {"code", "message", "request_id", "timestamp", "details"}
    assert error["request_id"] == answer.headers["x-request-id"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", error["timestamp"])


async def test_health_names_each_dependency(api: Api, client: httpx.AsyncClient) -> None:
    """Health tells of each dependency, of each price source, and what keeps the market maker from quoting."""
    await maker_status.tell(api.services.redis, MakerStatus("stopped", ["for an audit"], 0, "-3.20", 0))
    health = (await client.get("/health")).json()
    expected = {"database", "redis", "engine", "feed", "maker", "projector", "outbox", "disk", "memory"}
    assert set(health["checks"]) == expected
    assert health["checks"]["database"]["status"] == "ok"
    assert health["checks"]["maker"]["detail"] == "stopped, quotes in 0 markets; for an audit"
    assert health["price_sources"] == []  # no worker has told any
    assert health["status"] == "degraded"


async def test_health_says_which_prices_are_missing(api: Api, client: httpx.AsyncClient) -> None:
    """A market without a usable price, and a price from one source alone, are told; each source is named."""
    sources = (SourceState("Binance", "used", 700, 1), SourceState("Kraken", "down", None))
    clock = SystemClock()
    quote = Quote("BTC-USDT", Decimal(64_000), clock.now_ms())
    tick = Tick(quote.at, "live", "Binance", {"BTC-USDT": quote.price}, {"BTC-USDT": quote}, {}, sources)
    tape = TickerTape(load_catalog().listings[:2], DayStatistics())
    await PricePublisher(api.services.redis, api.services.db, clock, tape).publish(tick)
    health = (await client.get("/health")).json()
    assert health["checks"]["feed"]["detail"] == (
        "live: Binance; alone: nothing to compare it with; no usable price in 1 markets"
    )
    assert health["checks"]["feed"]["status"] == "degraded"
    assert [source["status"] for source in health["price_sources"]] == ["used", "down"]


async def test_config(client: httpx.AsyncClient) -> None:
    """The web app learns what it may offer."""
    config = (await client.get("/api/config")).json()
    assert config["faucet_enabled"] is True
    assert config["stream_path"] == "/socket.io"
    assert set(config["price_source"]) == {"name", "kind", "label", "age_ms", "sources"}


async def test_metrics_name_routes_not_paths(client: httpx.AsyncClient) -> None:
    """Metrics carry route templates, so that visitors cannot make new series without end."""
    await client.get("/api/v1/orders/123456")
    await client.get("/api/v1/no/such/route/9876")
    text = (await client.get("/metrics")).text
    assert "123456" not in text
    assert "9876" not in text
    assert 'route="/orders/{order_id}"' in text


async def test_openapi_is_3_1_with_examples_and_raw_bodies(client: httpx.AsyncClient) -> None:
    """The document is OpenAPI 3.1, shows the body that the raw order route decodes, and never the framework's 422."""
    document = (await client.get("/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    order = document["paths"]["/api/v1/orders"]["post"]
    name = order["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    assert "market" in document["components"]["schemas"][name]["properties"]
    assert "INSUFFICIENT_FUNDS" in order["responses"]["422"]["content"]["application/json"]["examples"]
    references = set(re.findall(r'"#/components/schemas/([^"]+)"', (await client.get("/openapi.json")).text))
    assert references <= set(document["components"]["schemas"])
    assert "HTTPValidationError" not in document["components"]["schemas"]


async def test_production_hides_what_helps_attackers(api: Api, settings: Settings, client: httpx.AsyncClient) -> None:
    """In production there is no documentation, no development mail, and metrics are for the inside only."""
    api.services.settings = settings.model_copy(update={"environment": Environment.PRODUCTION})
    for path in ("/docs", "/openapi.json", "/dev/mail", "/dev/mail.json"):
        assert (await client.get(path)).status_code == 404
    assert (await client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"})).status_code == 404
    assert (await client.get("/api/config")).json()["faucet_enabled"] is False
