"""The price desk: all sources in order of preference, one guard per coin, and the simulated feed where that is allowed.

Nobody waits for a source: each runner keeps its latest answer, and a tick looks at what is there. So a source that
hangs costs nothing, and the one that comes back is used again from the next tick on.
"""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from cryptovault.infra.clock import Clock
from cryptovault.infra.feeds.catalog import Coin
from cryptovault.infra.feeds.quote import Quote
from cryptovault.infra.feeds.rules import Observation, PriceGuard, PriceState
from cryptovault.infra.feeds.runner import Health, SourceRunner
from cryptovault.infra.feeds.simulated import SimulatedFeed

SIMULATED_AFTER_MS = 10_000  # how long live prices must be gone before invented ones take over


class Tick(NamedTuple):
    """The prices of one moment. `kind` is live, simulated or stale; `prices` holds usable prices only.

    `quotes` also keeps the last 24-hour statistics of coins whose price is not usable now; `faults` says why it is not.
    """

    at: int
    kind: str
    name: str
    prices: dict[str, Decimal]
    quotes: dict[str, Quote]
    faults: dict[str, str]

    @property
    def label(self) -> str:
        """What a person reads."""
        return f"live: {self.name}" if self.kind == "live" else self.kind


class PriceDesk:
    """Turns what the sources say into one tick after the other.

    `simulated` is None where invented prices are refused (production). With no runner at all the desk is simulated
    from the first tick (USE_MOCK_PRICES).
    """

    def __init__(
        self, runners: Sequence[SourceRunner], coins: Sequence[Coin], clock: Clock, simulated: SimulatedFeed | None
    ) -> None:
        self._runners = runners
        self._coins = {coin.symbol: coin for coin in coins}
        self._clock = clock
        self._simulated = simulated
        self._guards = {coin.symbol: PriceGuard() for coin in coins}
        self._quotes: dict[str, Quote] = {}
        self._known: dict[str, tuple[Decimal, int]] = {}  # last real prices and their wall times
        self._live_at: int | None = None  # monotonic ms of the last live tick
        self._kind = "stale"
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self, patience: float = 2.0) -> None:
        """Begin to ask all sources; wait for the most preferred one that answers, at most `patience` seconds."""
        self._tasks = [asyncio.create_task(runner.run()) for runner in self._runners]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._first_word()
        if not self._answered():
            self._live_at = int(self._clock.monotonic() * 1_000) - SIMULATED_AFTER_MS  # no need to wait any longer

    async def close(self) -> None:
        """Stop asking and close the sources."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for runner in self._runners:
            await runner.source.close()

    def remember(self, prices: Mapping[str, Decimal], at_ms: int) -> None:
        """Prices told before this process began: where invented ones have to go on from."""
        self._known |= {symbol: (price, at_ms) for symbol, price in prices.items() if symbol in self._coins}

    @property
    def simulated(self) -> SimulatedFeed | None:
        """The feed of invented prices, where they are allowed."""
        return self._simulated

    @property
    def health(self) -> list[Health]:
        """Each source's state, in order of preference."""
        return [runner.health for runner in self._runners]

    def tick(self) -> Tick:
        """Judge what is known now."""
        now = int(self._clock.monotonic() * 1_000)
        if not self._runners:
            return self._simulate()
        active = self._choose(now)
        if active is not None:
            return self._live(active, now)
        if self._simulated is not None and self._live_gone(now):
            return self._simulate()
        self._kind = "stale"
        faults = dict.fromkeys(self._coins, "no source answers")
        return Tick(self._clock.now_ms(), "stale", "none", {}, dict(self._quotes), faults)

    async def _first_word(self) -> None:
        """Wait for the most preferred source that answers."""
        for runner in self._runners:
            await runner.tried.wait()
            if runner.batch is not None:
                return

    def _answered(self) -> bool:
        return any(runner.batch is not None for runner in self._runners)

    def _live_gone(self, now: int) -> bool:
        if self._live_at is None:
            self._live_at = now
        return now - self._live_at >= SIMULATED_AFTER_MS

    def _choose(self, now: int) -> SourceRunner | None:
        """The first usable source. It is asked at full pace, those before it too, and the next one when it is late."""
        chosen = next((runner for runner in self._runners if runner.usable(now)), None)
        on_duty = True
        for runner in self._runners:
            runner.activate(on_duty)
            on_duty = on_duty and (runner is not chosen or runner.late(now))
        return chosen

    def _live(self, active: SourceRunner, now: int) -> Tick:
        if self._kind == "simulated":
            for guard in self._guards.values():
                guard.forget()
        wall = self._clock.now_ms()
        prices: dict[str, Decimal] = {}
        faults: dict[str, str] = {}
        for symbol, guard in self._guards.items():
            reading = guard.judge(now, wall, self._observations(symbol, active))
            if reading.state is PriceState.FRESH and reading.price is not None:
                prices[symbol] = reading.price
            else:
                faults[symbol] = reading.reason
        self._remember(active)
        if not prices:
            return Tick(wall, "stale", active.source.name, prices, dict(self._quotes), faults)
        self._kind, self._live_at = "live", now
        self._known |= {symbol: (price, wall) for symbol, price in prices.items()}
        return Tick(wall, "live", active.source.name, prices, dict(self._quotes), faults)

    def _observations(self, symbol: str, active: SourceRunner) -> list[Observation]:
        """What the active source says, and every other one whose word is not too old to bear witness."""
        ordered = [active, *(runner for runner in self._runners if runner is not active)]
        return [
            Observation(
                runner.source.name,
                quote.price,
                quote.at,
                runner.batch.newest_at,
                runner.batch.seen_ms,
                runner.plan.max_age_ms if runner is active else runner.plan.witness_age_ms,
                runner.plan.max_lag_ms,
            )
            for runner in ordered
            if runner.batch is not None and (quote := runner.batch.quotes.get(symbol)) is not None
        ]

    def _remember(self, active: SourceRunner) -> None:
        """Keep statistics; a market capitalisation may come from any source."""
        for runner in (*self._runners, active):
            for symbol, quote in (runner.batch.quotes if runner.batch is not None else {}).items():
                known = self._quotes.get(symbol)
                capital = quote.market_cap or (known.market_cap if known is not None else None)
                if runner is active or known is None:
                    self._quotes[symbol] = quote._replace(market_cap=capital)
                elif quote.market_cap is not None:
                    self._quotes[symbol] = known._replace(market_cap=quote.market_cap)

    def _simulate(self) -> Tick:
        assert self._simulated is not None  # noqa: S101 - the caller checked that invented prices are allowed
        wall = self._clock.now_ms()
        if self._kind != "simulated":
            for symbol, (price, at) in self._known.items():
                self._simulated.anchor(self._coins[symbol], price, at)
            self._kind = "simulated"
        quotes = {quote.symbol: quote for quote in self._simulated.quotes(list(self._coins.values()), wall)}
        return Tick(wall, "simulated", "simulated", {s: q.price for s, q in quotes.items()}, quotes, {})
