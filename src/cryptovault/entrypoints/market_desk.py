"""What a worker on duty does: looks at the prices once a second and tells everybody who needs to know.

Independent loops share the latest tick, so that a slow engine does not hold up prices and a slow database does not
hold up quotes. A loop survives whatever its servers do; what it missed it does at its next turn.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from decimal import Decimal

import msgspec
from pymongo.errors import PyMongoError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from cryptovault.engine.commands import SetReferencePrices
from cryptovault.engine.events import Rejected
from cryptovault.entrypoints.bootstrap import BootstrapRefusedError, bootstrap, maker_target
from cryptovault.entrypoints.maker_desk import MakerDesk
from cryptovault.entrypoints.price_publisher import PricePublisher
from cryptovault.features.crypto.repository import sparklines
from cryptovault.features.crypto.service import SPARKLINES_KEY, SPARKLINES_TTL_SECONDS
from cryptovault.features.markets.history import SIMULATED, History
from cryptovault.features.markets.maker_client import MarketMaker
from cryptovault.features.markets.maker_config import load_plan
from cryptovault.features.markets.marks import Marks
from cryptovault.features.markets.reference_candles import ReferenceCandles
from cryptovault.features.markets.statistics import DayStatistics
from cryptovault.features.markets.tickers import TickerTape, reference_ticks, turnover
from cryptovault.infra.cancellation import heed_cancellation
from cryptovault.infra.clock import Clock
from cryptovault.infra.engine_client import Engine
from cryptovault.infra.engine_frames import EngineError
from cryptovault.infra.fanout import EVENTS, Fanout
from cryptovault.infra.feeds.build import build_desk
from cryptovault.infra.feeds.candles import INTERVALS_MS
from cryptovault.infra.feeds.catalog import load_catalog
from cryptovault.infra.feeds.past import ReferenceHistory, SimulatedHistory
from cryptovault.infra.feeds.tick import Tick
from cryptovault.infra.logging import get_logger
from cryptovault.infra.mongo import Database
from cryptovault.settings import Settings

TICK_SECONDS = 1.0
MARK_SECONDS = 0.25
CANDLE_SECONDS = 5.0
MINUTE_SECONDS = 60.0
SPARKLINE_SECONDS = 5.0
SWITCH_SECONDS = 0.25
RETRY_SECONDS = 1.0
_GOODBYE_SECONDS = 3.0

_PASSING = (PyMongoError, RedisError, EngineError, OSError, TimeoutError)

log = get_logger("market_desk")


class _Top(msgspec.Struct):
    """The part of a `top` message that a ticker needs."""

    market: str
    bid: tuple[str, str] | None
    ask: tuple[str, str] | None


class _Trade(msgspec.Struct):
    """The part of a `trade` message that the maker and the candles need."""

    market: str


class MarketDesk:
    """Wires sources, ledger, maker and candles together. `on_ready` is called with the first prices told."""

    def __init__(
        self,
        settings: Settings,
        db: Database,
        redis: Redis,
        engine: Engine,
        *,
        clock: Clock,
        on_ready: Callable[[], None],
    ) -> None:
        catalog = load_catalog()
        self._settings, self._db, self._redis, self._engine, self._clock = settings, db, redis, engine, clock
        self._catalog = catalog
        self._on_ready = on_ready
        self._desk, self._past = build_desk(settings, catalog.listings, clock)
        self._own = DayStatistics()
        self._publisher = PricePublisher(redis, db, clock, TickerTape(catalog.listings, self._own))
        self._history = History(db, catalog.listings, clock)
        self._reference_candles = ReferenceCandles(catalog.listings, self._own)
        self._marks = Marks()
        self._marked_kind = ""
        targets = {} if settings.production else {coin.symbol: maker_target(coin) for coin in catalog.coins}
        plan = load_plan(settings.maker_config, catalog.listings, targets)
        wanted = {coin.symbol: plan.targets.get(coin.symbol, Decimal(0)) for coin in catalog.coins}
        self._maker = MarketMaker(engine, plan.listings, clock, wanted)
        self._making = MakerDesk(plan, self._maker, db, redis, clock)
        self._events = Fanout(redis, {EVENTS: self._on_event})
        self._tick: Tick | None = None
        self._markets: frozenset[str] = frozenset()
        self._candle_kind = ""
        self._sources: dict[str, str] = {}
        self._filling: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Work until cancelled."""
        await self._desk.start()
        await self._with_patience(self._history.ensure_indexes)
        await self._with_patience(self._history.survey)
        await self._with_patience(self._remember)
        try:
            async with asyncio.TaskGroup() as group:
                for job, seconds in (
                    (self._look, TICK_SECONDS),
                    (self._mark, MARK_SECONDS),
                    (self._follow_trades, TICK_SECONDS),
                    (self._tell_candles, TICK_SECONDS),
                    (self._store_candles, CANDLE_SECONDS),
                    (self._each_minute, MINUTE_SECONDS),
                    (self._tell_sparklines, SPARKLINE_SECONDS),
                ):
                    group.create_task(self._forever(job, seconds))
                group.create_task(self._events.run())
                group.create_task(self._quote())
        finally:
            if self._filling is not None:
                self._filling.cancel()
                await asyncio.gather(self._filling, return_exceptions=True)
            await self._desk.close()

    async def go_off_duty(self) -> None:
        """Take the house's quotes back: nobody will keep them at the price."""
        if self._settings.maker_enabled and self._markets:
            with suppress(TimeoutError):
                async with asyncio.timeout(_GOODBYE_SECONDS):
                    await self._maker.withdraw()

    async def _forever(self, job: Callable[[], Awaitable[None]], seconds: float) -> None:
        """Do a job at fixed times; what its servers do to it is told once, and tried again."""
        complained = False
        due = self._clock.monotonic()
        while True:
            heed_cancellation()
            try:
                await job()
                complained = False
            except _PASSING as error:
                if not complained:
                    log.warning("a job failed", job=job.__name__, error=f"{type(error).__name__}: {error}"[:200])
                complained = True
            heed_cancellation()
            due = max(due + seconds, self._clock.monotonic())
            await self._clock.sleep(due - self._clock.monotonic())

    async def _with_patience(self, job: Callable[[], Awaitable[object]]) -> None:
        """Do something once, as often as it takes."""
        while True:
            heed_cancellation()
            try:
                await job()
            except _PASSING as error:
                log.warning("waiting", job=job.__name__, error=f"{type(error).__name__}: {error}"[:200])
                await self._clock.sleep(RETRY_SECONDS)
            else:
                return

    async def _remember(self) -> None:
        self._desk.remember(*await self._publisher.last())

    async def _look(self) -> None:
        """Once a second: judge the sources, tell the prices."""
        before, tick = self._tick, self._desk.tick()
        self._tick = tick
        if before is None or (before.kind, before.name) != (tick.kind, tick.name):
            log.info("price source", source=tick.label, without=len(tick.faults))
            await self._changed_source(tick)
        self._tell_sources(tick)
        span = 0 if before is None else min(tick.at - before.at, 5_000)
        for listing in self._catalog.listings:
            market = listing.market
            if (price := tick.prices.get(market)) is not None:
                self._history.candles.tick(market, price, tick.at)
                self._history.candles.volume(market, turnover(tick.quotes[market], span), tick.at)
        await self._publisher.publish(tick)
        if before is None:
            self._on_ready()

    def _tell_sources(self, tick: Tick) -> None:
        """Log a source whose part has changed, once."""
        errors = {health.name: health.error for health in self._desk.health}
        for state in tick.sources:
            before = self._sources.get(state.name, "starting")
            if state.status != before:
                self._sources[state.name] = state.status
                log.warning("source", name=state.name, status=state.status, before=before, error=errors.get(state.name))

    async def _changed_source(self, tick: Tick) -> None:
        """Real prices drive invented candles out; either way the charts are filled from their own source."""
        if tick.kind == "live" and self._candle_kind != "live":
            await self._history.forget_simulated()
        past = self._past_of(tick)
        if past is None or tick.kind == self._candle_kind:
            return
        self._candle_kind = tick.kind
        if self._filling is not None:
            self._filling.cancel()
        self._filling = asyncio.create_task(self._fill(past, tick.kind))

    def _past_of(self, tick: Tick) -> ReferenceHistory | None:
        """Who knows old candles of the prices in use."""
        if tick.kind == "simulated" and self._desk.simulated is not None:
            return SimulatedHistory(self._desk.simulated, self._catalog.listings, self._clock)
        return self._past if tick.kind == "live" else None

    async def _fill(self, past: ReferenceHistory, source: str) -> None:
        started = self._clock.monotonic()
        try:
            count = await self._history.fill(past, source)
        except _PASSING as error:
            log.warning("charts are not filled", error=str(error)[:200])
            return
        log.info("charts filled", candles=count, seconds=round(self._clock.monotonic() - started, 1))

    async def _mark(self) -> None:
        """Tell the ledger what it must know of the outside price."""
        if self._tick is None or not self._markets:
            return
        ticks = reference_ticks(self._catalog.listings, self._tick.prices)
        now, kind = int(self._clock.monotonic() * 1_000), self._tick.kind
        if kind != self._marked_kind:
            self._marks.begin_anew()
        marks = self._marks.due({market: ticks[market] for market in ticks if market in self._markets}, now)
        if not marks:
            return
        # Between invented and real prices the engine's band must not see a move.
        breaks = () if kind == self._marked_kind else tuple((market, 0) for market, _ in marks)
        ack = await self._engine.submit(SetReferencePrices(breaks + marks), timeout=2.0)
        if isinstance(ack.verdict, Rejected):
            log.error("reference prices refused", reason=ack.verdict.reason.name, detail=ack.verdict.detail)
            await self._learn_markets()
        else:
            self._marks.told(marks, now)
            self._marked_kind = kind

    async def _quote(self) -> None:
        """First define what is missing, then let the maker follow the price."""
        await self._with_patience(self._bootstrap)
        await self._with_patience(self._learn_markets)
        if self._settings.maker_enabled:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._forever(self._making.look, SWITCH_SECONDS))
                group.create_task(self._forever(self._make, TICK_SECONDS))
                group.create_task(self._forever(self._making.learn, TICK_SECONDS))
                group.create_task(self._forever(self._making.tell, TICK_SECONDS))

    async def _bootstrap(self) -> None:
        fund = not self._settings.production
        try:
            paper = self._settings.paper_start_balance > 0
            await bootstrap(self._engine, self._db, self._catalog, self._clock, fund_maker=fund, paper=paper)
        except BootstrapRefusedError as error:
            log.warning("the catalogue contradicts the ledger; going on with what the ledger has", error=str(error))

    async def _learn_markets(self) -> None:
        """Only markets that the ledger has can be marked and quoted; the read model may show them a moment late."""
        wanted = {listing.market for listing in self._catalog.listings}
        for _ in range(20):
            self._markets = frozenset(wanted & set(await self._db["markets"].distinct("_id")))
            if len(self._markets) == len(wanted):
                return
            await self._clock.sleep(0.1)

    async def _make(self) -> None:
        if self._tick is not None:
            await self._making.quote(self._tick.prices)

    async def _follow_trades(self) -> None:
        """Keep the last 24 hours of our own trades up to what the projector has written."""
        await self._own.follow(self._db, self._clock.now_ms())

    async def _tell_candles(self) -> None:
        await self._publisher.candles(self._reference_candles.news(self._history.candles), self._clock.now_ms())

    async def _store_candles(self) -> None:
        if self._tick is not None:
            source = SIMULATED if self._tick.kind == "simulated" else "live"
            await self._history.save(source)

    async def _each_minute(self) -> None:
        """Let the source of real prices correct the candles that have just closed."""
        past = None if self._tick is None or self._tick.kind != "live" else self._past_of(self._tick)
        if past is not None:
            minute = self._clock.now_ms() // 60_000
            due = [name for name, span in INTERVALS_MS.items() if minute % (span // 60_000) == 0]
            await self._history.correct(past, "live", due)
            if self._filling is not None and self._filling.done():
                await self._history.fill_rest(past, "live")

    async def _tell_sparklines(self) -> None:
        if lines := await sparklines(self._db, self._clock.now_ms()):
            await self._redis.set(SPARKLINES_KEY, msgspec.json.encode(lines), ex=SPARKLINES_TTL_SECONDS)

    def _on_event(self, frame: bytes) -> None:
        """Our own book and trades, as everybody sees them."""
        _room, event, seq, payload = msgspec.msgpack.decode(frame)
        if event == "top":
            top = msgspec.json.decode(payload, type=_Top)
            bid, ask = (side[0] if side else None for side in (top.bid, top.ask))
            self._publisher.tape.top(top.market, bid, ask)
            self._maker.saw(top.market, seq, bid, ask)
        elif event == "trade":
            trade = msgspec.json.decode(payload, type=_Trade)
            self._maker.traded(trade.market)
            self._reference_candles.traded(trade.market, self._clock.now_ms())
