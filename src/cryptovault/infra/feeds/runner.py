"""Keeping one price source asked: at its own pace, with back-off, without anybody waiting for it."""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import NamedTuple

from cryptovault.infra.cancellation import heed_cancellation
from cryptovault.infra.clock import Clock
from cryptovault.infra.feeds.catalog import Coin
from cryptovault.infra.feeds.quote import FeedError, FeedLimited, FeedRefused, PriceSource, Quote

REFUSED_SECONDS = 600.0


class Plan(NamedTuple):
    """How a source may be asked, in seconds, and how long its answers count, in milliseconds.

    `interval` is the pace while its prices are the ones in use, `standby` while it only stands by or bears witness.
    A source is used while its last answer is at most `max_silence_ms` and its last news at most `max_age_ms` old: a
    provider that renews its figures once a minute confirms the old ones in between. After failures the pause doubles
    up to `backoff`.
    """

    interval: float
    standby: float
    timeout: float
    max_silence_ms: int
    max_age_ms: int
    witness_age_ms: int
    max_lag_ms: int
    backoff: float = 60.0


class Batch(NamedTuple):
    """One answer: quotes by symbol and the source's newest time among them.

    `seen_ms` is our monotonic time of receipt, `news_ms` that of the first answer with this `newest_at`: a frozen
    source goes on answering, but has no news.
    """

    quotes: dict[str, Quote]
    newest_at: int
    seen_ms: int
    news_ms: int


class Health(NamedTuple):
    """How a source is doing, for /health and logs."""

    name: str
    ok: bool
    failures: int
    error: str


class SourceRunner:
    """Polls one source for ever and keeps its latest answer."""

    def __init__(self, source: PriceSource, plan: Plan, coins: Sequence[Coin], clock: Clock) -> None:
        self.source = source
        self.plan = plan
        self.batch: Batch | None = None
        self.tried = asyncio.Event()  # set once the first attempt has ended, well or badly
        self._coins = coins
        self._clock = clock
        self._active = False
        self._wake = asyncio.Event()
        self._failures = 0
        self._error = ""

    @property
    def health(self) -> Health:
        """The state of the source now."""
        return Health(self.source.name, self.batch is not None and not self._failures, self._failures, self._error)

    def usable(self, now_ms: int) -> bool:
        """Whether its prices may be the ones in use."""
        if self.batch is None or now_ms - self.batch.news_ms > self.plan.max_age_ms:
            return False
        return now_ms - self.batch.seen_ms <= self.plan.max_silence_ms

    def late(self, now_ms: int) -> bool:
        """Whether an answer or news is overdue, so that somebody else had better be ready."""
        if not self.usable(now_ms) or self.batch is None:
            return True
        silence, age = now_ms - self.batch.seen_ms, now_ms - self.batch.news_ms
        return silence * 2 > self.plan.max_silence_ms or age * 2 > self.plan.max_age_ms

    def activate(self, active: bool) -> None:
        """Change between the active and the stand-by pace; a source that is called to duty is asked at once."""
        if active and not self._active and not self._failures:
            self._wake.set()
        self._active = active

    async def run(self) -> None:
        """Ask until cancelled."""
        while True:
            pause = await self._attempt()
            heed_cancellation()
            self.tried.set()
            self._wake.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wake.wait()

    async def _attempt(self) -> float:
        """Ask once; the answer is the pause in seconds before the next time."""
        try:
            async with asyncio.timeout(self.plan.timeout):
                quotes = await self.source.poll(self._coins)
        except TimeoutError:
            return self._failed("no answer in time", 0.0)
        except FeedLimited as error:
            return self._failed(str(error), error.retry_after)
        except FeedRefused as error:
            return self._failed(str(error), REFUSED_SECONDS)
        except FeedError as error:
            return self._failed(str(error), 0.0)
        except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError, RecursionError) as error:
            # Whatever a provider sends, it must not end the task that asks it.
            return self._failed(f"an answer that makes no sense: {type(error).__name__}", 0.0)
        if not quotes:
            return self._failed("no coin of ours among the answer", 0.0)
        self.batch = self._dated(quotes)
        self._failures, self._error = 0, ""
        return self.plan.interval if self._active else self.plan.standby

    def _dated(self, quotes: list[Quote]) -> Batch:
        now = int(self._clock.monotonic() * 1_000)
        newest = max(quote.at for quote in quotes)
        frozen = self.batch is not None and 0 < newest <= self.batch.newest_at
        news = self.batch.news_ms if self.batch is not None and frozen else now
        return Batch({quote.symbol: quote for quote in quotes}, newest, now, news)

    def _failed(self, error: str, pause: float) -> float:
        self._failures += 1
        self._error = error
        backoff = min(2.0 ** (self._failures - 1), self.plan.backoff)
        return max(pause, backoff)
