"""The price desk: all sources side by side, one guard per market, and the simulated feed where that is allowed.

Nobody waits for a source: each runner keeps its latest answer, and a tick looks at what is there. So a source that
hangs costs nothing, and the one that comes back takes part again from the next tick on.
"""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from decimal import Decimal

from cryptovault.infra.clock import Clock
from cryptovault.infra.feeds.catalog import Listing
from cryptovault.infra.feeds.quote import Quote
from cryptovault.infra.feeds.rules import Limits, Observation, PriceGuard, PriceState, Reading, plausible, quorum
from cryptovault.infra.feeds.runner import Health, SourceRunner
from cryptovault.infra.feeds.simulated import SimulatedFeed
from cryptovault.infra.feeds.statistics import merged
from cryptovault.infra.feeds.tick import SIMULATED, SourceState, Tick, source_states

SIMULATED_AFTER_MS = 10_000  # how long live prices must be gone before invented ones take over
_LOOK_SECONDS = 0.02
_ENOUGH_AT_START = 2  # sources; the first tick need not wait for the others


class PriceDesk:
    """Turns what the sources say into one tick after the other.

    `simulated` is None where invented prices are refused (production). With no runner at all the desk is simulated
    from the first tick (USE_MOCK_PRICES).
    """

    def __init__(
        self,
        runners: Sequence[SourceRunner],
        listings: Sequence[Listing],
        clock: Clock,
        simulated: SimulatedFeed | None,
        limits: Limits = Limits(),  # noqa: B008 - an immutable tuple
    ) -> None:
        self._runners = runners
        self._listings = {listing.market: listing for listing in listings}
        self._clock = clock
        self._simulated = simulated
        self._guards = {market: PriceGuard(limits) for market in self._listings}
        self._quotes: dict[str, Quote] = {}
        self._known: dict[str, tuple[Decimal, int]] = {}  # last real prices and their wall times
        self._live_at: int | None = None  # monotonic ms of the last live tick
        self._kind = "stale"
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self, patience: float = 2.0) -> None:
        """Begin to ask all sources; wait until enough have answered or all have tried, at most `patience` seconds."""
        self._tasks = [asyncio.create_task(runner.run()) for runner in self._runners]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while not self._heard_enough():
                    await asyncio.sleep(_LOOK_SECONDS)
        if not any(runner.batch is not None for runner in self._runners):
            self._live_at = int(self._clock.monotonic() * 1_000) - SIMULATED_AFTER_MS  # no need to wait any longer

    async def close(self) -> None:
        """Stop asking and close the sources."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(runner.source.close() for runner in self._runners))

    def remember(self, prices: Mapping[str, Decimal], at_ms: int) -> None:
        """Prices of markets told before this process began: where invented ones have to go on from."""
        self._known |= {market: (price, at_ms) for market, price in prices.items() if market in self._listings}

    @property
    def simulated(self) -> SimulatedFeed | None:
        """The feed of invented prices, where they are allowed."""
        return self._simulated

    @property
    def health(self) -> list[Health]:
        """How the asking of each source goes, in the order of the settings."""
        return [runner.health for runner in self._runners]

    def tick(self) -> Tick:
        """Judge what is known now."""
        now = int(self._clock.monotonic() * 1_000)
        if not self._runners:
            return self._simulate(())
        self._set_paces(now)
        if self._kind == SIMULATED and any(runner.usable(now) for runner in self._runners):
            for guard in self._guards.values():
                guard.forget()
        readings = {market: self._judge(listing, now) for market, listing in self._listings.items()}
        states = source_states(self._runners, readings, now)
        if any(reading.price is not None for reading in readings.values()):
            return self._live(readings, states, now)
        if self._simulated is not None and self._live_gone(now):
            return self._simulate(states)
        self._kind = "stale"
        faults = {market: reading.reason for market, reading in readings.items()}
        return Tick(self._clock.now_ms(), "stale", "none", {}, dict(self._quotes), faults, states)

    def _heard_enough(self) -> bool:
        heard = sum(runner.batch is not None for runner in self._runners)
        return heard >= _ENOUGH_AT_START or all(runner.tried.is_set() for runner in self._runners)

    def _set_paces(self, now: int) -> None:
        """Sources that are asked rarely are asked at full pace while some market has no exchange that speaks of it."""
        spoken_of = {
            market
            for runner in self._runners
            if runner.plan.live and runner.usable(now) and runner.batch is not None
            for market, quote in runner.batch.quotes.items()
            if plausible(quote.price)
        }
        alone = [listing for market, listing in self._listings.items() if market not in spoken_of]
        for runner in self._runners:
            runner.activate(runner.plan.live or any(runner.speaks(listing) for listing in alone))

    def _live_gone(self, now: int) -> bool:
        if self._live_at is None:
            self._live_at = now
        return now - self._live_at >= SIMULATED_AFTER_MS

    def _judge(self, listing: Listing, now: int) -> Reading:
        speakers = [runner for runner in self._runners if runner.speaks(listing)]
        observations = [
            seen
            for runner in speakers
            if runner.usable(now) and (seen := _observation(runner, listing, gives=runner.gives(now))) is not None
        ]
        guard = self._guards[listing.market]
        return guard.judge(now, self._clock.now_ms(), observations, quorum(len(speakers)))

    def _live(self, readings: Mapping[str, Reading], states: tuple[SourceState, ...], now: int) -> Tick:
        wall = self._clock.now_ms()
        prices = {
            market: reading.price
            for market, reading in readings.items()
            if reading.state is PriceState.FRESH and reading.price is not None
        }
        faults = {market: reading.reason for market, reading in readings.items() if market not in prices}
        self._quotes |= merged(self._runners, prices, self._quotes, now)
        self._kind, self._live_at = "live", now
        self._known |= {market: (price, wall) for market, price in prices.items()}
        name = ", ".join(state.name for state in states if state.status == "used")
        return Tick(wall, "live", name, prices, dict(self._quotes), faults, states)

    def _simulate(self, states: tuple[SourceState, ...]) -> Tick:
        assert self._simulated is not None  # noqa: S101 - the caller checked that invented prices are allowed
        wall = self._clock.now_ms()
        if self._kind != SIMULATED:
            for market, (price, at) in reversed(self._known.items()):  # the first market of a coin has the last word
                self._simulated.anchor(self._listings[market].base, price, at)
            self._kind = SIMULATED
        coins = {listing.base: None for listing in self._listings.values()}
        by_coin = dict(zip(coins, self._simulated.quotes(list(coins), wall), strict=True))
        quotes = {market: by_coin[one.base]._replace(market=market) for market, one in self._listings.items()}
        prices = {market: quote.price for market, quote in quotes.items()}
        used = SourceState(SIMULATED, "used", 0, len(prices))
        return Tick(wall, SIMULATED, SIMULATED, prices, quotes, {}, (*states, used))


def _observation(runner: SourceRunner, listing: Listing, *, gives: bool) -> Observation | None:
    """What the source says of the market in its last answer."""
    batch, plan = runner.batch, runner.plan
    if batch is None or (quote := batch.quotes.get(listing.market)) is None:
        return None
    return Observation(
        runner.source.name, quote.price, quote.at, batch.newest_at, batch.seen_ms, plan.max_age_ms, plan.max_lag_ms,
        plan.live, gives,
    )  # fmt: skip
