import pytest
from redis.asyncio import Redis

from cryptovault.infra.redis import connect_redis
from cryptovault.kit.errors import RateLimited, Unavailable
from cryptovault.kit.rate_limit import LocalCounts, RateClass, RateClasses, RateLimiter, wait_of
from cryptovault.settings import Settings
from fixtures.fake_clock import FakeClock

THREE = RateClass("three", 3)
LAZY = RateClass("lazy", 5, lazy=True)


def allowed(counts: LocalCounts, rate: RateClass, now: float, tries: int) -> int:
    """How many of some tries at one moment are let through."""
    return sum(not counts.take(rate, "ada", now) for _ in range(tries))


def test_window_slides() -> None:
    """A burst at the boundary of two windows does not double the limit."""
    counts = LocalCounts()
    assert allowed(counts, THREE, 59.0, 5) == 3
    assert allowed(counts, THREE, 61.0, 5) == 1  # most of the earlier window still counts
    assert allowed(counts, THREE, 200.0, 5) == 3


def test_a_request_may_be_worth_several() -> None:
    """What is worth several is let through only where all of it fits, and counts as so many."""
    counts = LocalCounts()
    assert counts.take(THREE, "ada", 0.0, 4) > 0
    assert counts.take(THREE, "ada", 0.0, 2) == 0
    assert counts.take(THREE, "ada", 0.0, 2) > 0
    assert allowed(counts, THREE, 0.0, 5) == 1


def test_wait_tells_when_there_is_room() -> None:
    """After the seconds the refusal names, one more request fits."""
    for before, now, elapsed in [(3, 0, 0.0), (10, 2, 30.0), (0, 3, 12.0), (3, 1, 5.0)]:
        wait = wait_of(THREE, before, now, elapsed)
        if elapsed + wait < 60:
            assert wait_of(THREE, before, now, elapsed + wait + 0.01) == 0.0
        else:
            assert now >= 3 or before


@pytest.fixture(name="redis")
async def _redis(settings: Settings) -> Redis:
    redis = connect_redis(settings)
    await redis.flushdb()
    return redis


async def test_workers_share_the_count(redis: Redis) -> None:
    """An exact class counts across workers: what one lets through, the other knows."""
    clock = FakeClock()
    one, other = RateLimiter(redis, clock), RateLimiter(redis, clock)
    for limiter in (one, other, one):
        await limiter.check(THREE, "ada")
    with pytest.raises(RateLimited) as refused:
        await other.check(THREE, "ada")
    assert refused.value.retry_after is not None
    await other.check(THREE, "bob")
    await redis.aclose()


async def test_lazy_class_is_settled(redis: Redis) -> None:
    """A lazy class learns of the other worker's requests when both have settled."""
    clock = FakeClock()
    one, other = RateLimiter(redis, clock), RateLimiter(redis, clock)
    for _ in range(3):
        one.check_lazy(LAZY, "ada")
    await one.settle()
    other.check_lazy(LAZY, "ada")
    await other.settle()
    other.check_lazy(LAZY, "ada")
    with pytest.raises(RateLimited):
        other.check_lazy(LAZY, "ada")
    await redis.aclose()


async def test_without_redis_each_worker_counts(settings: Settings) -> None:
    """Where Redis is away the limit holds in each worker, and nobody waits for Redis twice."""
    redis = connect_redis(settings.model_copy(update={"redis_url": "redis://127.0.0.1:1/0"}))
    limiter = RateLimiter(redis, FakeClock())
    for _ in range(3):
        await limiter.check(THREE, "ada")
    with pytest.raises(RateLimited):
        await limiter.check(THREE, "ada")
    await redis.aclose()


async def test_guessing_is_closed_without_redis(settings: Settings) -> None:
    """Where Redis is away, sign-in is refused with 503: counting by worker would let a guesser try more often."""
    redis = connect_redis(settings.model_copy(update={"redis_url": "redis://127.0.0.1:1/0"}))
    limiter, rates = RateLimiter(redis, FakeClock()), RateClasses(settings)
    for rate in (rates.login, rates.login_network):
        with pytest.raises(Unavailable):
            await limiter.check(rate, "ada")
    await limiter.check(rates.default, "ada")
    await redis.aclose()


@pytest.mark.parametrize("by_key", [False, True])
def test_programs_have_their_own_class(settings: Settings, by_key: bool) -> None:
    """A signed request counts as `signed`, but an order as an order, whoever places it."""
    rates = RateClasses(settings)
    assert rates.of("/api/v1/wallet/balance", by_key=by_key) == (rates.signed if by_key else rates.default)
    assert rates.of("/api/v1/orders", by_key=by_key) == rates.orders


def test_callers_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only so many callers are remembered (J11)."""
    monkeypatch.setattr("cryptovault.kit.rate_limit._MAX_CALLERS", 10)
    counts = LocalCounts()
    for number in range(100):
        counts.take(THREE, str(number), 0.0)
    assert len(counts._counts) == 10


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/api/v1/auth/login", "login_network"),
        ("/api/v1/auth/me", "default"),
        ("/api/v1/orders", "orders"),
        ("/api/v1/orders/17/cancel", "orders"),
        ("/api/v1/transactions", "transactions"),
        ("/api/v1/markets/BTC-USDT/ticker", "market_data"),
        ("/api/v1/unknown", "default"),
    ],
)
def test_classes_of_routes(settings: Settings, path: str, name: str) -> None:
    """Each route belongs to the class the table gives it; unknown ones to the strictest of all users."""
    rate = RateClasses(settings).of(path)
    assert rate is not None
    assert rate.name == name


def test_pages_have_no_class(settings: Settings) -> None:
    """The web app's files are not counted."""
    assert RateClasses(settings).of("/assets/index-abc.js") is None
