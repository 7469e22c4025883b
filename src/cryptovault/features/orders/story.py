"""The life of an order in plain sentences: what was decided at each moment, and what the book was like then."""

from typing import Any

from cryptovault.engine.commands import AmendOrder
from cryptovault.engine.events import GroupPlaced, MarketChanged, OrderState, Posted, ReferencePriceSet, Trade
from cryptovault.engine.types import EntryKind, MarketStatus, OrderStatus
from cryptovault.features.orders import sentences
from cryptovault.features.orders.policy import FINAL
from cryptovault.features.orders.wording import Saying
from cryptovault.kit.catalogue import Terms
from cryptovault.kit.moments import Levels, Life, Moment
from cryptovault.kit.schemas import iso_ms

Step = dict[str, Any]

_OPENS = frozenset({MarketStatus.OPEN, MarketStatus.POST_ONLY})
_RESTS = frozenset({OrderStatus.OPEN, OrderStatus.PARTIALLY_FILLED})


def story(life: Life, order_id: int) -> list[Step]:
    """The steps of a life, in order."""
    steps: list[Step] = []
    before: OrderState | None = None
    for moment in life.moments:
        chapter = _Chapter(moment, order_id, before, life.terms) if life.terms is not None else None
        if chapter is not None and chapter.now is not None:
            steps.append(chapter.step())
            before = chapter.now
    return steps


class _Chapter:
    """One moment of one order."""

    def __init__(self, moment: Moment, order_id: int, before: OrderState | None, terms: Terms) -> None:
        self._moment = moment
        self._id = order_id
        self._before = before
        self._terms = terms
        self._trades = [
            event
            for event in moment.events
            if isinstance(event, Trade) and order_id in {event.maker_order_id, event.taker_order_id}
        ]
        self.now = self._state()

    def step(self) -> Step:
        """The step as it is shown."""
        moment, kind = self._moment, self._kind()
        terms = self._terms
        said = self._said(kind)
        return {
            "seq": moment.seq,
            "at": iso_ms(moment.at),
            "kind": kind,
            "text": " ".join(saying.text for saying in said),
            "said": [saying.told() for saying in said],
            "book": {"bids": _levels(moment.bids, terms), "asks": _levels(moment.asks, terms)},
            "trades": [
                {
                    "trade_id": trade.trade_id,
                    "price": terms.price(trade.price),
                    "qty": terms.qty(trade.qty),
                    "role": "taker" if trade.taker_order_id == self._id else "maker",
                }
                for trade in self._trades
            ],
        }

    def _state(self) -> OrderState | None:
        """The order's last state that this moment tells of, group verdicts included."""
        found = None
        for event in self._moment.events:
            states = event.orders if isinstance(event, GroupPlaced) else (event,)
            for state in states:
                is_newer = isinstance(state, OrderState) and (found is None or state.version >= found.version)
                if isinstance(state, OrderState) and state.order_id == self._id and is_newer:
                    found = state
        is_old = found is not None and self._before is not None and found.version <= self._before.version
        return None if is_old else found

    def _kind(self) -> str:
        now, before = self._state_now(), self._before
        if before is None:
            return "placed"
        if now.triggered and not before.triggered:
            return "fired"
        if now.status in FINAL and not self._trades:
            return "ended"
        if isinstance(self._moment.command, AmendOrder) and self._moment.events[-1] == now:
            return "amended"
        if before.status is OrderStatus.DORMANT:
            return "woken"
        return "traded" if self._trades else "changed"

    def _said(self, kind: str) -> list[Saying]:
        now, terms = self._state_now(), self._terms
        return [
            *self._opening(kind),
            *sentences.set_aside(now, self._moved(EntryKind.HOLD), terms),
            *sentences.traded(now, self._trades, terms, auction=self._is_auction()),
            *self._outcome(kind),
            *sentences.given_back(now, self._moved(EntryKind.RELEASE), terms),
        ]

    def _opening(self, kind: str) -> list[Saying]:
        now, terms = self._state_now(), self._terms
        match kind:
            case "placed":
                return sentences.placed(now, terms)
            case "fired":
                return [self._cause(), *sentences.fired(now, terms)]
            case "amended":
                return sentences.amended(self._before or now, now, terms)
            case "woken":
                return [Saying("woken", {})]
        return []

    def _is_auction(self) -> bool:
        """Whether its trades are those of the opening: it rested, and then the market opened."""
        rested = self._before is not None and self._before.status in _RESTS
        for event in self._moment.events if rested else ():
            if isinstance(event, MarketChanged) and event.market == self._state_now().market:
                return event.status in _OPENS
            if event in self._trades:
                return False
        return False

    def _outcome(self, kind: str) -> list[Saying]:
        now = self._state_now()
        if now.status in FINAL:
            return sentences.ended(now, self._terms)
        if now.status is OrderStatus.WAITING:
            return sentences.waits(now, self._terms)
        if now.status is OrderStatus.DORMANT:
            return [Saying("sleeps", {})]
        if now.status in _RESTS and (kind in {"placed", "fired", "amended", "woken"} or self._trades):
            return sentences.rests(now, self._moment.ahead if kind == "placed" else 0, self._terms)
        return []

    def _moved(self, kind: EntryKind) -> int:
        """What was set aside or given back for the order, in units of what it pays with."""
        ref = str(self._id)
        entries = [event for event in self._moment.events if isinstance(event, Posted)]
        mine = [entry for entry in entries if entry.kind is kind and entry.ref == ref]
        return sum(amount for entry in mine for *_, amount in entry.postings if amount > 0)

    def _cause(self) -> Saying:
        """The price that fired it."""
        market, terms = self._state_now().market, self._terms
        for event in self._moment.events:
            if isinstance(event, ReferencePriceSet) and event.market == market and event.price:
                return Saying("cause_reference", {"price": terms.price(event.price), "quote": terms.quote})
            if isinstance(event, Trade) and event.market == market:
                return Saying("cause_trade", {"price": terms.price(event.price), "quote": terms.quote})
        return Saying("cause_moved", {})

    def _state_now(self) -> OrderState:
        assert self.now is not None  # noqa: S101 - a chapter without news is not told
        return self.now


def _levels(levels: Levels, terms: Terms) -> list[list[str]]:
    return [[terms.price(price), terms.qty(qty)] for price, qty in levels]
