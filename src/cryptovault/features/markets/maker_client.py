"""The market maker at work: one look at the prices per tick, few commands, all of them ordinary ones."""

import asyncio
from collections.abc import Mapping, Sequence
from decimal import Decimal

from cryptovault.engine.commands import ReplaceQuotes
from cryptovault.engine.events import Rejected
from cryptovault.features.markets.maker import Quoter, lean
from cryptovault.infra.clock import Clock
from cryptovault.infra.engine_client import Engine
from cryptovault.infra.engine_frames import EngineError
from cryptovault.infra.feeds.catalog import Listing

COMMANDS_PER_TICK_MAX = 35
REFUSED_PAUSE_MS = 15_000
WITHDRAWAL_PAUSE_MS = 2_000
_PATIENCE_SECONDS = 3.0


class MarketMaker:
    """Quotes every listing. `targets` are the coins it wants to hold; more or less of them makes its prices lean."""

    def __init__(
        self, engine: Engine, listings: Sequence[Listing], clock: Clock, targets: Mapping[str, Decimal]
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._targets = targets
        self._quoters = {listing.market: Quoter(listing) for listing in listings}
        self._holdings: Mapping[str, Decimal] = {}
        self._turn = asyncio.Lock()
        self._on_duty = True

    def traded(self, market: str) -> None:
        """A trade happened: look at this market at the next tick, whatever its price did."""
        if (quoter := self._quoters.get(market)) is not None:
            quoter.disturb()

    def saw(self, market: str, seq: int, bid: str | None, ask: str | None) -> None:
        """A book was published: the best prices after command `seq`."""
        if (quoter := self._quoters.get(market)) is not None:
            quoter.saw(seq, Decimal(bid) if bid else None, Decimal(ask) if ask else None)

    def holds(self, holdings: Mapping[str, Decimal]) -> None:
        """Take note of the maker's balances, available and held together, in coins."""
        self._holdings = holdings

    def rules(self, bounds: Mapping[str, tuple[Decimal, Decimal]]) -> None:
        """Take note of (least worth, largest quantity) of an order by market, as the ledger has them now."""
        for market, (least, most) in bounds.items():
            if (quoter := self._quoters.get(market)) is not None:
                quoter.listing = quoter.listing._replace(min_notional=least, max_qty=most)

    @property
    def quoting(self) -> int:
        """In how many markets quotes of ours may rest."""
        return sum(quoter.quoting for quoter in self._quoters.values())

    def leaning(self, prices: Mapping[str, Decimal]) -> dict[str, int]:
        """How full the inventory of each market with a price is, in ppm: see `maker.lean`."""
        known = (quoter.listing for quoter in self._quoters.values())
        return {one.market: self._lean(one, prices[one.market]) for one in known if one.market in prices}

    async def tick(self, prices: Mapping[str, Decimal], most: int = COMMANDS_PER_TICK_MAX) -> int:
        """Bring the most outdated quotes up to date; a market without a price loses them. Returns commands sent."""
        async with self._turn:
            return await self._requote(prices, most) if self._on_duty else 0

    async def _requote(self, prices: Mapping[str, Decimal], most: int) -> int:
        now = self._clock.now_ms()
        needs = []
        for quoter in self._quoters.values():
            price = prices.get(quoter.listing.market)
            inventory = self._lean(quoter.listing, price)
            if urgency := quoter.urgency(price, inventory, now):
                needs.append((urgency, quoter, price, inventory))
        needs.sort(key=lambda need: -need[0])
        chosen = needs[:most]
        await asyncio.gather(*(self._send(quoter, price, inventory) for _, quoter, price, inventory in chosen))
        return len(chosen)

    async def withdraw(self) -> None:
        """Take all quotes back, as well as possible: the maker goes off duty, and quotes no more."""
        self._on_duty = False
        async with self._turn:  # what a tick is still sending has to be known first
            await asyncio.gather(*(self._send(quoter, None, 0) for quoter in self._quoters.values() if quoter.quoting))

    def _lean(self, listing: Listing, price: Decimal | None) -> int:
        symbol = listing.base.symbol
        if price is None or symbol not in self._holdings or symbol not in self._targets:
            return 0
        return lean(listing, price, self._holdings[symbol] - self._targets[symbol])

    async def _send(self, quoter: Quoter, price: Decimal | None, inventory: int) -> None:
        command: ReplaceQuotes = quoter.command(price, inventory)
        now = self._clock.now_ms()
        try:
            ack = await self._engine.submit(command, timeout=_PATIENCE_SECONDS)
        except EngineError:
            quoter.unknown()
            return
        if isinstance(ack.verdict, Rejected):
            # What cannot be taken back now, in a halted market, is to be gone soon after it reopens.
            quoter.refused(now, REFUSED_PAUSE_MS if command.bids or command.asks else WITHDRAWAL_PAUSE_MS)
        else:
            quoter.accepted(ack, command, price, inventory, now)
