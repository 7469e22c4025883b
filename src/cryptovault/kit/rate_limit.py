"""Rate classes: how often one caller may ask for one kind of thing.

The window slides: what was counted in the last full window fades out as the present one grows, so a burst
at a boundary cannot double the limit. The count lives in Redis, shared by all workers; where Redis is
away each worker counts by itself until it is back.

Classes differ in how they count. An *exact* class asks Redis for every request. The orders class is
*lazy*: a worker decides from its own memory and settles with Redis four times a second, because a round
trip would cost more than the route. Its overshoot is bounded: what other workers let through in the last
quarter of a second.
"""

import asyncio
import contextlib
from dataclasses import dataclass
from typing import NamedTuple

from redis.asyncio import Redis
from redis.exceptions import RedisError

from cryptovault.infra.clock import Clock
from cryptovault.kit.errors import RateLimited, Unavailable
from cryptovault.settings import Settings

SETTLE_SECONDS = 0.25
_REDIS_PATIENCE = 0.25
_REDIS_PATIENCE_CLOSED = 2.0  # a moment's load must not close the doors that are shut without Redis
_REDIS_PAUSE = 1.0
_MAX_CALLERS = 100_000
_KEEP_SECONDS = 180


class RateClass(NamedTuple):
    """At most `limit` requests in any `window` seconds."""

    name: str
    limit: int
    window: int = 60
    lazy: bool = False
    closed: bool = False
    """Whether requests are refused, not counted locally, while Redis is away: where guessing must not get easier."""


class RateClasses:
    """The classes and which route belongs to which; the figures come from the settings once."""

    def __init__(self, settings: Settings) -> None:
        default = settings.rate_limit_per_minute
        self.default = RateClass("default", default)
        self.login = RateClass("login", settings.rate_limit_login_per_minute, closed=True)
        self.market_data = RateClass("market_data", default * 20)
        # One office or household shares an address: the per-account limit of `login` is the sharp one.
        self.login_network = RateClass("login_network", settings.rate_limit_login_per_minute * 6, closed=True)
        self.orders = RateClass("orders", settings.rate_limit_orders_per_minute, lazy=True)
        self.transactions = RateClass("transactions", max(100, default))
        self.api_keys = RateClass("api_keys", max(30, default))
        self.signed = RateClass("signed", settings.rate_limit_signed_per_minute)
        self.bad_signatures = RateClass("bad_signatures", default)
        self._by_noun = {
            "orders": self.orders,
            "transactions": self.transactions,
            "api-keys": self.api_keys,
            "markets": self.market_data,
            "crypto": self.market_data,
            "config": self.market_data,
            "csrf": self.market_data,
            "health": self.market_data,
            "ready": self.market_data,
        }
        self._sign_in = {
            f"/api/v1/auth/{action}" for action in ("login", "signup", "verify-email", "resend-verification")
        }

    def of(self, path: str, *, by_key: bool = False) -> RateClass | None:
        """The class of a canonical path; None for what is not the API (pages, assets, probes).

        Programs with an API key have a class of their own, except for orders, whose limit is the user's.
        """
        if not path.startswith("/api/v1/"):
            return None
        if path in self._sign_in:
            return self.login_network
        rate = self._by_noun.get(path[8:].partition("/")[0], self.default)
        return self.signed if by_key and rate is not self.orders else rate


@dataclass(slots=True)
class _Count:
    """One caller's requests: this window, the one before, and those Redis has not been told of."""

    window: int
    before: int = 0
    now: int = 0
    unsettled: int = 0
    kept: bool = False  # whether Redis knows when to forget it

    def turn(self, window: int) -> None:
        """Enter a later window."""
        if window != self.window:
            self.before = self.now if window == self.window + 1 else 0
            self.window, self.now, self.unsettled, self.kept = window, 0, 0, False


class LocalCounts:
    """Sliding windows in this worker's memory; bounded, the longest unused caller is forgotten first."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], _Count] = {}
        self.dirty: dict[tuple[str, str], _Count] = {}

    def take(self, rate: RateClass, caller: str, now: float, cost: int = 1) -> float:
        """Count a request, or one that is worth several; 0, or the seconds to wait where it was refused."""
        window, elapsed = divmod(now, rate.window)
        count = self._count(rate.name, caller, int(window))
        wait = wait_of(rate, count.before, count.now + cost - 1, elapsed)
        if not wait:
            count.now += cost
            count.unsettled += cost
            if rate.lazy:
                self.dirty[rate.name, caller] = count
        return wait

    def _count(self, name: str, caller: str, window: int) -> _Count:
        key = name, caller
        count = self._counts.get(key)
        if count is None:
            if len(self._counts) >= _MAX_CALLERS:
                del self._counts[next(iter(self._counts))]
            count = self._counts[key] = _Count(window)
        count.turn(window)
        return count


def wait_of(rate: RateClass, before: int, now: int, elapsed: float) -> float:
    """0 where one more request fits the sliding window, else the seconds until it may."""
    fading = before * (1 - elapsed / rate.window)
    if fading + now < rate.limit:
        return 0.0
    if now >= rate.limit or not before:
        return max(rate.window - elapsed, 1.0)
    return max(rate.window * (1 - (rate.limit - now - 1) / before) - elapsed, 1.0)


# KEYS: this window, the one before. ARGV: limit, part of the earlier window that still counts, seconds to keep.
_TAKE = """
local now = tonumber(redis.call('GET', KEYS[1]) or '0')
local before = tonumber(redis.call('GET', KEYS[2]) or '0')
if before * tonumber(ARGV[2]) + now < tonumber(ARGV[1]) then
  now = redis.call('INCR', KEYS[1])
  if now == 1 then redis.call('EXPIRE', KEYS[1], ARGV[3]) end
  return {1, before, now}
end
return {0, before, now}
"""


class RateLimiter:
    """Counts requests per class and caller; raises RateLimited where one is too many."""

    def __init__(self, redis: Redis, clock: Clock) -> None:
        self._redis = redis
        self._clock = clock
        self._take = redis.register_script(_TAKE)
        self._local = LocalCounts()
        self._redis_away_until = 0.0

    async def check(self, rate: RateClass, caller: str) -> None:
        """Count one request of a caller ("user id" or "ip:address")."""
        if rate.lazy:
            self.check_lazy(rate, caller)
            return
        now = self._clock.now_ms() / 1000
        wait = await self._shared(rate, caller, now)
        if wait is None and rate.closed:
            raise Unavailable("This is closed for a moment, because attempts cannot be counted.")
        if wait is None:
            wait = self._local.take(rate, caller, now)
        _refuse(rate, wait)

    def check_lazy(self, rate: RateClass, caller: str, cost: int = 1) -> None:
        """The same without leaving the worker; `settle` shares the counts."""
        _refuse(rate, self._local.take(rate, caller, self._clock.now_ms() / 1000, cost))

    async def settle_forever(self) -> None:
        """Share lazy counts with the other workers until cancelled."""
        while True:
            await asyncio.sleep(SETTLE_SECONDS)
            with contextlib.suppress(RedisError, TimeoutError, OSError):
                await self.settle()

    async def settle(self) -> None:
        """Tell Redis what was counted here and learn what was counted elsewhere."""
        dirty, self._local.dirty = self._local.dirty, {}
        if not dirty:
            return
        told = [(count, count.window, count.unsettled) for count in dirty.values()]
        fresh = [key for key, count in dirty.items() if not count.kept]
        async with self._redis.pipeline(transaction=False) as pipe:
            for (name, caller), count in dirty.items():
                pipe.incrby(_key(name, caller, count.window), count.unsettled)
            for name, caller in fresh:
                pipe.expire(_key(name, caller, dirty[name, caller].window), _KEEP_SECONDS)
            answers = await pipe.execute()
        for (count, window, settled), total in zip(told, answers, strict=False):
            if count.window == window:
                count.unsettled -= settled
                count.now = total + count.unsettled
                count.kept = True

    async def _shared(self, rate: RateClass, caller: str, now: float) -> float | None:
        """Ask Redis; None where it does not answer, and then for a moment it is not asked again.

        Except by classes that are closed without it: the short patience of the others must not shut their doors.
        """
        if not rate.closed and self._clock.monotonic() < self._redis_away_until:
            return None
        window, elapsed = divmod(now, rate.window)
        keys = [_key(rate.name, caller, int(window)), _key(rate.name, caller, int(window) - 1)]
        arguments = [rate.limit, 1 - elapsed / rate.window, rate.window * 2]
        try:
            async with asyncio.timeout(_REDIS_PATIENCE_CLOSED if rate.closed else _REDIS_PATIENCE):
                allowed, before, count = await self._take(keys=keys, args=arguments)
        except (RedisError, TimeoutError, OSError):
            self._redis_away_until = self._clock.monotonic() + _REDIS_PAUSE
            return None
        return 0.0 if allowed else max(wait_of(rate, before, count, elapsed), 1.0)


def _key(name: str, caller: str, window: int) -> str:
    return f"cv:rate:{name}:{caller}:{window}"


def _refuse(rate: RateClass, wait: float) -> None:
    if wait:
        seconds = int(wait) + 1
        raise RateLimited(details={"class": rate.name, "limit": rate.limit, "window": rate.window}, retry_after=seconds)
