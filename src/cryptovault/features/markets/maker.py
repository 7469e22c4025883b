"""How the house quotes: a ladder of levels around the reference price, leaning against what it holds.

Pure: prices are ticks, quantities base units, rates parts per million; nothing here waits or sends. A maker is a client
like any other, so it decides from what any client can see: the reference price and its own balance.
"""

from decimal import Decimal
from typing import NamedTuple

from cryptovault.engine.commands import ReplaceQuotes
from cryptovault.engine.events import QuotesReplaced
from cryptovault.engine.types import MAKER, PPM
from cryptovault.infra.engine_frames import Ack
from cryptovault.infra.feeds.catalog import Listing

THRESHOLD_PART = 3  # quotes follow once the price has moved by this part of the half spread
REFRESH_MS = 60_000
_FINE = 1_000  # sub-ticks, so that the spread of a coin with a coarse tick is not rounded twice

Levels = tuple[tuple[int, int], ...]


class Ladder(NamedTuple):
    """Both sides, best first."""

    bids: Levels
    asks: Levels


EMPTY = Ladder((), ())


def lean(listing: Listing, price: Decimal, position: Decimal) -> int:
    """How full the inventory is: PPM is too long, -PPM too short. `position` is coins above (or below) the target."""
    ratio = int(position * price * PPM / listing.maker.inventory_limit)
    return max(-PPM, min(PPM, ratio))


def ladder(listing: Listing, price: Decimal, inventory: int) -> Ladder:
    """Both sides around a price. Too long an inventory moves all prices down and buys less, too short the reverse."""
    terms = listing.maker
    centre = int(price / listing.tick * _FINE) * (PPM - terms.skew_ppm * inventory // PPM) // PPM
    distances = [terms.half_spread_ppm + level * terms.step_ppm for level in range(terms.levels)]
    bids = _side(listing, centre, [-distance for distance in distances], PPM - max(0, inventory))
    asks = _side(listing, centre, distances, PPM + min(0, inventory))
    return Ladder(bids, asks)


def _side(listing: Listing, centre: int, distances: list[int], size_ppm: int) -> Levels:
    levels: list[tuple[int, int]] = []
    direction = 1 if distances[0] > 0 else -1
    last = 0
    for step, distance in enumerate(distances):
        fine = centre * (PPM + distance)
        # Away from the centre: bids round down, asks up, so a ladder never crosses itself.
        ticks = -(-fine // (PPM * _FINE)) if direction > 0 else fine // (PPM * _FINE)
        if last and (ticks - last) * direction <= 0:
            ticks = last + direction
        qty = _level_qty(listing, ticks, step, size_ppm)
        if ticks > 0 and qty > 0:
            levels.append((ticks, qty))
        last = ticks
    return tuple(levels)


def _level_qty(listing: Listing, ticks: int, step: int, size_ppm: int) -> int:
    """Base units of a level: deeper levels are larger; 0 where it would be below the market's minimum."""
    if ticks <= 0:
        return 0
    usd = listing.maker.level_usd * (step + 2) / 2 * size_ppm / PPM
    if usd < listing.min_notional * 2:
        return 0
    lots = int(usd / (ticks * listing.tick) / listing.lot)
    return min(lots * listing.lot_units, int(listing.max_qty.scaleb(listing.base.scale)))


class Quoter:
    """The quotes of one market: remembers what was sent, and says when to send again."""

    def __init__(self, listing: Listing) -> None:
        self.listing = listing
        self._sent: Ladder | None = None  # None: unknown, perhaps a predecessor's quotes still rest
        self._price = Decimal(0)
        self._inventory = 0
        self._sent_ms = 0
        self._quiet_until_ms = 0
        self._disturbed = self._was_refused = False
        self._resting = EMPTY
        self._sent_seq = 0

    def disturb(self) -> None:
        """Somebody traded in this market: levels may be gone."""
        self._disturbed = True

    def saw(self, seq: int, bid: Decimal | None, ask: Decimal | None) -> None:
        """The book's best prices after command `seq`: where they are worse than ours, quotes of ours are gone."""
        if seq > self._sent_seq:
            self._disturbed |= self._lacks(bid, 0) or self._lacks(ask, 1)

    def _lacks(self, best: Decimal | None, side: int) -> bool:
        levels = self._resting[side]
        if not levels:
            return False
        ours = levels[0][0] * self.listing.tick
        return best is None or (best < ours if side == 0 else best > ours)

    @property
    def quoting(self) -> bool:
        """False where surely no quote of ours rests."""
        return self._sent != EMPTY

    def urgency(self, price: Decimal | None, inventory: int, now_ms: int) -> int:
        """How badly new quotes are needed: 0 for not at all, else the move in ppm; a withdrawal comes first.

        One that was refused already, in a halted market, comes last.
        """
        if now_ms < self._quiet_until_ms:
            return 0
        if price is None:
            if self._sent == EMPTY:
                return 0
            return 1 if self._was_refused else 2 * PPM
        if self._sent is None or self._sent == EMPTY or self._disturbed:
            return PPM
        move = int(abs(price - self._price) * PPM / self._price)
        threshold = self.listing.maker.half_spread_ppm // THRESHOLD_PART
        leaning = abs(inventory - self._inventory) > PPM // 20
        due = now_ms - self._sent_ms >= REFRESH_MS
        return max(move, 1) if move >= threshold or leaning or due else 0

    def command(self, price: Decimal | None, inventory: int) -> ReplaceQuotes:
        """The command that makes the quotes right: empty where there is no usable price."""
        wanted = EMPTY if price is None else ladder(self.listing, price, inventory)
        return ReplaceQuotes(MAKER, self.listing.market, wanted.bids, wanted.asks)

    def accepted(self, ack: Ack, command: ReplaceQuotes, price: Decimal | None, inventory: int, now_ms: int) -> None:
        """The quotes rest as sent; a side that could not be paid for in full does not show which levels do."""
        self._sent = Ladder(command.bids, command.asks)
        verdict, self._sent_seq = ack.verdict, ack.seq
        if isinstance(verdict, QuotesReplaced):
            whole = verdict.bids == len(command.bids), verdict.asks == len(command.asks)
            self._resting = Ladder(command.bids * whole[0], command.asks * whole[1])
        self._price = price or self._price
        self._inventory, self._sent_ms, self._disturbed, self._was_refused = inventory, now_ms, False, False

    def unknown(self) -> None:
        """The answer did not come: send again, whatever the price does."""
        self._sent = None

    def refused(self, now_ms: int, pause_ms: int) -> None:
        """The market does not take quotes now."""
        self._sent, self._was_refused = None, True
        self._quiet_until_ms = now_ms + pause_ms
