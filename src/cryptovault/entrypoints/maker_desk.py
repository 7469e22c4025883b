"""The market maker on duty: follows the prices, heeds its switch and its limits, and says how it is.

Each job is called by the market desk at its own pace. What is reached or switched off is in the database, so a worker
that takes over, or starts again, goes on in the same way.
"""

from collections.abc import Mapping
from decimal import Decimal

from redis.asyncio import Redis

from cryptovault.engine.types import PPM
from cryptovault.features.markets.maker_client import COMMANDS_PER_TICK_MAX, MarketMaker
from cryptovault.features.markets.maker_config import MakerPlan
from cryptovault.features.markets.maker_limits import EVERYTHING, DayBook
from cryptovault.features.markets.maker_store import DAY_MS, MakerStore, Standing
from cryptovault.infra import maker_status
from cryptovault.infra.clock import Clock
from cryptovault.infra.logging import get_logger
from cryptovault.infra.maker_status import MakerStatus
from cryptovault.infra.mongo import Database

_ALL = 1_000  # quotes of more markets than there can be

_UNKNOWN = Standing(stopped=True, reason="the switch has not been looked at yet")

log = get_logger("maker")


class MakerDesk:
    """One maker with its plan. `look` must have been called once before it quotes."""

    def __init__(self, plan: MakerPlan, maker: MarketMaker, db: Database, redis: Redis, clock: Clock) -> None:
        self.maker = maker
        self._plan, self._db, self._redis, self._clock = plan, db, redis, clock
        self._store = MakerStore(db)
        self._enabled = frozenset(one.market for one in plan.listings if one.maker.enabled)
        self._standing = _UNKNOWN
        self._day = -1
        self._counted_from = -1
        self._since = self._seq = 0
        self._book = DayBook(plan)
        self._prices: Mapping[str, Decimal] = {}
        self._reasons: dict[str, str] = {}

    async def look(self) -> None:
        """Several times a second: whoever flipped the switch wants it to be heeded at once."""
        before, self._standing = self._standing, await self._store.standing()
        if self._standing.stopped:
            await self.maker.tick({}, _ALL)
        if before is not _UNKNOWN and before.stopped != self._standing.stopped:
            log.warning("market maker", stopped=self._standing.stopped, reason=self._standing.reason)

    async def quote(self, prices: Mapping[str, Decimal]) -> None:
        """Once a second: follow the prices where that is allowed."""
        self._prices = prices
        allowed = {market: price for market, price in prices.items() if self._allowed(market)}
        await self.maker.tick(allowed, _ALL if self._all_limited else COMMANDS_PER_TICK_MAX)

    async def learn(self) -> None:
        """Once a second: what it holds, what it lost today, and which limits that reaches."""
        day = self._clock.now_ms() // DAY_MS
        if (day, self._standing.counted_from_ms) != (self._day, self._counted_from):
            await self._begin(day)
        head = await self._store.head()
        self._book.take(await self._store.fills(self._seq, head, self._since))
        self._seq = max(self._seq, head)
        self._book.mark(self._prices)
        await self._learn_holdings()
        await self._learn_rules()
        reached = self._book.reached()
        if new := {market: reason for market, reason in reached.items() if market not in self._limited}:
            for reason in new.values():
                log.error("market maker stops", reason=reason)
            await self._store.limit(day, {**new, **self._limited})
            self._standing = await self._store.standing()

    async def tell(self) -> None:
        """Once a second: how it is, for /health and the command line; a reason that is new goes to the log."""
        if self._standing is _UNKNOWN:
            return
        status = self.status()
        reasons = dict.fromkeys(status.reasons, "")
        for reason in reasons:
            if reason not in self._reasons:
                log.warning("market maker", state=status.state, reason=reason)
        self._reasons = reasons
        await maker_status.tell(self._redis, status)

    def status(self) -> MakerStatus:
        """How it is now."""
        result = str(self._book.total.quantize(Decimal("0.01")))
        return MakerStatus(self._state(), self._why(), self.maker.quoting, result, self._clock.now_ms())

    def _state(self) -> str:
        if self._standing.stopped:
            return "stopped"
        if self._all_limited:
            return "limited"
        return "quoting" if self.maker.quoting and self._prices else "waiting"

    def _why(self) -> list[str]:
        if self._standing.stopped:
            return [self._standing.reason]
        if self._all_limited:
            return [self._limited[EVERYTHING]]
        without = sorted(self._enabled - self._prices.keys())
        stale = [f"no usable price: {_listed(without)}"] if without else []
        full = [
            f"{market}: the inventory limit is reached, it only {'sells' if lean > 0 else 'buys'}"
            for market, lean in self.maker.leaning(self._prices).items()
            if abs(lean) >= PPM and market in self._enabled
        ]
        return [*self._limited.values(), *stale, *full]

    @property
    def _limited(self) -> Mapping[str, str]:
        """Limits reached today; at midnight they are forgotten."""
        return self._standing.limited if self._standing.day == self._clock.now_ms() // DAY_MS else {}

    @property
    def _all_limited(self) -> bool:
        return EVERYTHING in self._limited

    def _allowed(self, market: str) -> bool:
        if self._standing.stopped or self._all_limited:
            return False
        return market in self._enabled and market not in self._limited

    async def _begin(self, day: int) -> None:
        """A new day, or a count that was begun anew by hand."""
        since = max(day * DAY_MS, self._standing.counted_from_ms)
        self._since, self._seq = since, await self._store.seq_before(since)
        self._book = DayBook(self._plan)
        self._day, self._counted_from = day, self._standing.counted_from_ms

    async def _learn_holdings(self) -> None:
        """Its balances; where no target is given, what it traded today is all it leans against."""
        rows = await self._db["maker_inventory"].find({}, {"amount": 1}).to_list()
        held = {row["_id"]: Decimal(row["amount"]) for row in rows}
        coins = {one.base.symbol for one in self._plan.listings}
        traded = {coin: self._book.bought(coin) for coin in coins - self._plan.targets.keys()}
        self.maker.holds({coin: held[coin] for coin in held.keys() & self._plan.targets.keys()} | traded)

    async def _learn_rules(self) -> None:
        """What an order may be worth and how large it may be: an operator may have changed it."""
        rows = await self._db["markets"].find({}, {"min_notional": 1, "max_qty": 1}).to_list()
        self.maker.rules({row["_id"]: (Decimal(row["min_notional"]), Decimal(row["max_qty"])) for row in rows})


def _listed(markets: list[str], shown: int = 5) -> str:
    rest = f" and {len(markets) - shown} more" if len(markets) > shown else ""
    return ", ".join(markets[:shown]) + rest
