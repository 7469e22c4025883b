"""Keeping one price source asked: at its own pace, with back-off, without anybody waiting for it."""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Literal, NamedTuple

from cryptovault.infra.cancellation import heed_cancellation
from cryptovault.infra.clock import Clock
from cryptovault.infra.feeds.catalog import Listing
from cryptovault.infra.feeds.quote import FeedError, FeedLimited, FeedRefused, PriceSource, Quote

REFUSED_SECONDS = 600.0


class Plan(NamedTuple):
    """How a source may be asked, in seconds, and how long its answers count, in milliseconds.

    `interval` is the pace while its prices are needed, `standby` while others suffice. Its prices count while the last
    answer is at most `max_silence_ms` and the last news at most `max_age_ms` old: a provider that renews its figures
    once a minute (`live` is False) confirms the old ones in between, and bears witness for `witness_ms` after an
    answer. After failures the pause doubles up to `backoff`.
    """

    interval: float
    standby: float
    timeout: float
    max_silence_ms: int
    max_age_ms: int
    max_lag_ms: int
    live: bool = True
    witness_ms: int = 0
    backoff: float = 60.0


class Batch(NamedTuple):
    """One answer: quotes by market and the source's newest time among them.

    `seen_ms` is our monotonic time of receipt, `news_ms` that of the first answer with this `newest_at`: a frozen
    source goes on answering, but has no news.
    """

    quotes: dict[str, Quote]
    newest_at: int
    seen_ms: int
    news_ms: int


Trouble = Literal["", "starting", "down", "limited", "refused"]
"""Why a source has no answer; empty where it has one."""


class Health(NamedTuple):
    """How the asking goes: the present trouble, how often in a row, and what was said."""

    name: str
    trouble: Trouble
    failures: int = 0
    error: str = ""


class SourceRunner:
    """Polls one source for ever and keeps its latest answer."""

    def __init__(self, source: PriceSource, plan: Plan, listings: Sequence[Listing], clock: Clock) -> None:
        self.source = source
        self.plan = plan
        self.batch: Batch | None = None
        self.tried = asyncio.Event()  # set once the first attempt has ended, well or badly
        self._listings = listings
        self._clock = clock
        self._active = False
        self._wake = asyncio.Event()
        self._told: set[str] = set()
        self.health = Health(source.name, "starting")

    def speaks(self, listing: Listing) -> bool:
        """Whether this is one of the market's sources: it had a price of it once, or has not been heard yet."""
        return listing.market in self._told if self._told else self.source.speaks(listing)

    def usable(self, now_ms: int) -> bool:
        """Whether its prices may count."""
        if self.batch is None or now_ms - self.batch.news_ms > self.plan.max_age_ms:
            return False
        return now_ms - self.batch.seen_ms <= max(self.plan.max_silence_ms, self.plan.witness_ms)

    @property
    def idle(self) -> Literal["standby", "stale"]:
        """What an old answer means: that nobody needs a newer one, or that there is none."""
        return "stale" if self._active or self.plan.live else "standby"

    def gives(self, now_ms: int) -> bool:
        """Whether its prices may be the price, and not only bear witness."""
        return self.batch is not None and now_ms - self.batch.seen_ms <= self.plan.max_silence_ms

    def activate(self, active: bool) -> None:
        """Change between the active and the stand-by pace; a source that is called to duty is asked at once."""
        if active and not self._active and not self.health.failures:
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
                quotes = await self.source.poll(self._listings)
        except TimeoutError:
            return self._failed("down", "no answer in time", 0.0)
        except FeedLimited as error:
            return self._failed("limited", str(error), error.retry_after)
        except FeedRefused as error:
            return self._failed("refused", str(error), REFUSED_SECONDS)
        except FeedError as error:
            return self._failed("down", str(error), 0.0)
        except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError, RecursionError) as error:
            # Whatever a provider sends, it must not end the task that asks it.
            return self._failed("down", f"an answer that makes no sense: {type(error).__name__}", 0.0)
        if not quotes:
            return self._failed("down", "no market of ours in the answer", 0.0)
        self.batch = self._dated(quotes)
        self._told.update(self.batch.quotes)
        self.health = Health(self.source.name, "")
        return self.plan.interval if self._active else self.plan.standby

    def _dated(self, quotes: list[Quote]) -> Batch:
        now, before = int(self._clock.monotonic() * 1_000), self.batch
        if not any(quote.at for quote in quotes):
            quotes = self._stamped(quotes)
        newest = max(quote.at for quote in quotes)
        frozen = before is not None and newest <= before.newest_at
        news = before.news_ms if before is not None and frozen else now
        return Batch({quote.market: quote for quote in quotes}, newest, now, news)

    def _stamped(self, quotes: list[Quote]) -> list[Quote]:
        """A source without a time of its own gets ours, as long as anything in its answer is new."""
        at = self._clock.now_ms()
        if self.batch is not None:
            known = {market: quote._replace(at=0) for market, quote in self.batch.quotes.items()}
            same = all(quote == known.get(quote.market) for quote in quotes)
            at = self.batch.newest_at if same else max(at, self.batch.newest_at + 1)
        return [quote._replace(at=at) for quote in quotes]

    def _failed(self, trouble: Trouble, error: str, pause: float) -> float:
        failures = self.health.failures + 1
        self.health = Health(self.source.name, trouble, failures, error)
        backoff = min(2.0 ** (failures - 1), self.plan.backoff)
        return max(pause, backoff)
