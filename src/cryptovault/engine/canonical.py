"""The whole state as a tree of plain lists, tuples, integers and strings, and back.

The tree is canonical: equal states give equal trees in every process. Order in it is order in the state
(queues, keys by age) or sorted.
"""

import json
from collections import deque
from hashlib import sha256
from typing import Any

from cryptovault.engine.account import Record
from cryptovault.engine.bands import calls_at
from cryptovault.engine.book import BookSide, Order
from cryptovault.engine.codec import decode, decode_event, encode, encode_event, pack_int, unpack_int
from cryptovault.engine.commands import PlaceOrder, SetFeeTiers
from cryptovault.engine.due import DueKind
from cryptovault.engine.events import OrderState
from cryptovault.engine.market import Asset, Market
from cryptovault.engine.mirror import join
from cryptovault.engine.moves import Moves
from cryptovault.engine.resting import NOT_IN_BOOK, watch
from cryptovault.engine.state import Group, State
from cryptovault.engine.tiers import leaves_at
from cryptovault.engine.types import FEES, AssetStatus, GroupRole, MarketStatus, OrderStatus, Side
from cryptovault.engine.withdrawal import Withdrawal, WithdrawalStatus

FORMAT = 2
READABLE = (1, FORMAT)
"""Formats that can be loaded: an older tree lacks what was appended since."""

Tree = list[Any]

_APPENDED: tuple[Any, ...] = (0, [], {})
"""What a market of an older snapshot lacks: last price, orders that wait, times."""

_PLAIN = len(PlaceOrder._fields)
"""Where in an OrderState the fields of a plain PlaceOrder end."""


def dump_state(state: State) -> Tree:
    """The tree of a state."""
    return [
        FORMAT,
        [state.seq, state.at, state.epoch, state.next_order_id],
        [_dump_asset(asset) for asset in state.assets.values()],
        [_dump_account(name, account.cells) for name, account in sorted(state.ledger.accounts.items())],
        [_dump_market(state, market) for market in state.markets.values()],
        [_dump_record(record) for record in state.order_keys],
        [_dump_record(record) for record in state.money_keys],
        [encode(deposit) for deposit in state.deposits.values()],
        [
            [account, key, held.asset, pack_int(held.amount), pack_int(held.fee), held.rail, int(held.status)]
            for (account, key), held in state.withdrawals.items()
        ],
        [encode_event(closed) for closed in state.closed.values()],
        {
            "timers": [[name, at] for name, at in state.timers.items()],
            "tiers": encode(SetFeeTiers(state.tiers.dollars, state.tiers.schedule)),
            "volumes": [
                [day, [[name, pack_int(amount)] for name, amount in bucket.items()]]
                for day, bucket in state.tiers.by_day.items()
            ],
            "fired": [[number, *map(pack_int, prices)] for number, prices in sorted(state.fired.items())],
        },
    ]


def load_state(tree: Tree) -> State:
    """The state of a tree made by `dump_state`. Raises ValueError where it is another format."""
    version, counters, assets, accounts, markets, order_keys, money_keys, deposits, withdrawals, closed, *more = tree
    if version not in READABLE:
        raise ValueError(f"snapshot format {version} is not one of {READABLE}")
    state = State()
    state.seq, state.at, state.epoch, state.next_order_id = counters
    for symbol, scale, name, status, *mirrors in assets:
        state.assets[symbol] = Asset(symbol, scale, name, AssetStatus(status), *mirrors)
    for name, cells in accounts:
        account = state.ledger.open(name)
        account.cells = {asset: [unpack_int(available), unpack_int(held)] for asset, available, held in cells}
    for number, price, best in more[0].get("fired", []) if more else []:
        state.fired[number] = unpack_int(price), unpack_int(best)
        state.due.add(state.at, DueKind.FIRED, 0)
    for market in markets:
        _load_market(state, market)
    state.queue = sorted(map(state.turn_of, state.fired))
    state.order_keys = _load_records(state, order_keys)
    state.money_keys = _load_records(state, money_keys)
    for deposit in map(decode, deposits):
        state.deposits[deposit.key] = deposit  # type: ignore[union-attr,assignment]
    for holder, key, asset, amount, fee, rail, status in withdrawals:
        withdrawal = Withdrawal(asset, unpack_int(amount), unpack_int(fee), rail, WithdrawalStatus(status))
        state.withdrawals[holder, key] = withdrawal
    for event in map(decode_event, closed):
        state.closed[event.order_id] = event  # type: ignore[union-attr,assignment]
    _load_later_parts(state, more[0] if more else {})
    _load_groups(state)
    return state


def _load_later_parts(state: State, parts: dict[str, Tree]) -> None:
    """What older snapshots do not have."""
    for name, ends in parts.get("timers", []):
        state.timers[name] = ends
        state.due.add(ends, DueKind.TIMER, name)
    if "tiers" in parts:
        state.tiers.set_schedule(*decode(parts["tiers"]))
    for day, bucket in parts.get("volumes", []):
        state.due.add(leaves_at(day), DueKind.VOLUME, day)
        for name, amount in bucket:
            state.tiers.add(day, name, unpack_int(amount))
    for name in state.tiers.totals:
        state.ledger.open(name).tier = state.tiers.tier(name)


def digest(state: State) -> bytes:
    """SHA-256 of the tree: equal for equal states, in any process."""
    return sha256(json.dumps(dump_state(state)).encode()).digest()


def _dump_asset(asset: Asset) -> Tree:
    """A real asset is written as it was before there was paper."""
    mirrors = [asset.mirrors] if asset.mirrors else []
    return [asset.symbol, asset.scale, asset.name, int(asset.status), *mirrors]


def _dump_account(name: str, cells: dict[str, list[int]]) -> Tree:
    touched = [[asset, pack_int(cell[0]), pack_int(cell[1])] for asset, cell in sorted(cells.items()) if any(cell)]
    return [name, touched]


def _dump_record(record: Record) -> Tree:
    at, command, verdict = record
    told = encode_event(verdict)
    is_told = isinstance(verdict, OrderState) and command == _asked(verdict)
    return [at, [] if is_told else encode(command), told]  # an order's first state repeats what was asked for


def _asked(told: OrderState) -> tuple[Any, ...]:
    """The fields of the PlaceOrder behind an order's first state."""
    return (*told[1:_PLAIN], told.terms)


def _load_records(state: State, records: Tree) -> deque[Record]:
    loaded: deque[Record] = deque()
    for at, command, verdict in records:
        answer: Any = decode_event(verdict)
        first: Any = decode(command) if command else PlaceOrder(*_asked(answer))
        state.ledger.open(first.account).keys[first.key] = record = (at, first, answer)
        loaded.append(record)
    return loaded


def _dump_market(state: State, market: Market) -> Tree:
    return [
        encode(market.rules()),
        int(market.status),
        pack_int(market.reference_price),
        market.reference_at,
        market.last_trade_id,
        _dump_side(market.bids),
        _dump_side(market.asks),
        pack_int(market.last_price),
        [_dump_waiting(market, order) for order in state.orders.values() if _waits(order, market.symbol)],
        {
            "schedule": [[at, int(status)] for at, status in market.schedule],
            "reopens_at": market.reopens_at,
            "moves": [_dump_moves(moves) for moves in (market.reference_moves, market.trade_moves)],
            **({"mirrors": market.mirrors.symbol} if market.mirrors is not None else {}),
        },
    ]


def _dump_moves(moves: Moves) -> Tree:
    return [[pack_int(number) for number in part] for part in moves.parts]


def _load_moves(tree: Tree) -> list[list[int]]:
    return [[unpack_int(number) for number in part] for part in tree]


def _load_market(state: State, tree: Tree) -> None:
    rules, status, reference_price, reference_at, last_trade_id, bids, asks, *appended = tree
    last_price, waiting, times = (*appended, *_APPENDED[len(appended) :])
    definition: Any = decode(rules)
    base, quote = state.assets[definition.base], state.assets[definition.quote]
    fees = state.ledger.open(FEES)
    market = Market(definition, base, quote, fees.cell(base.symbol), fees.cell(quote.symbol))
    market.status = MarketStatus(status)
    market.reference_price = unpack_int(reference_price)
    market.reference_at = reference_at
    market.last_trade_id = last_trade_id
    market.last_price = unpack_int(last_price)
    _load_times(state, market, times)
    state.markets[market.symbol] = market
    orders = [_load_order(state, market, Side.BUY, order) for order in bids]
    orders += [_load_order(state, market, Side.SELL, order) for order in asks]
    sleeping = [_load_order(state, market, Side(side), order) for side, _, *order in waiting]
    for order in sorted([*orders, *sleeping], key=lambda order: order.id):
        _index(state, order)
    for order in orders:
        (market.bids if order.side is Side.BUY else market.asks).add(order)
    for order, (_, best, *_) in zip(sleeping, waiting, strict=True):
        if order.state is not None and order.state.status is OrderStatus.WAITING and order.id not in state.fired:
            watch(state, market, order, unpack_int(best))
    if "mirrors" in times:
        join(state, market, state.markets[times["mirrors"]])


def _load_times(state: State, market: Market, parts: dict[str, Any]) -> None:
    """What older snapshots do not have."""
    market.schedule = [(at, MarketStatus(status)) for at, status in parts.get("schedule", [])]
    market.reopens_at = parts.get("reopens_at", 0)
    market.reference_moves.parts, market.trade_moves.parts = map(_load_moves, parts.get("moves", [[], []]))
    for at, _ in market.schedule:
        state.due.add(at, DueKind.STATUS, market.symbol)
    if market.reopens_at:
        state.due.add(market.reopens_at, DueKind.REOPEN, market.symbol)
        state.due.add(calls_at(market), DueKind.REOPEN, market.symbol)


def _load_groups(state: State) -> None:
    """A group is alive while both of its exits are, and neither has traded or fired."""
    members: dict[int, dict[GroupRole, int]] = {}
    for order in state.orders.values():
        told = order.state
        if told is not None and told.group and (told.role is GroupRole.ENTRY or not (told.filled or told.triggered)):
            members.setdefault(told.group, {})[told.role] = order.id
    for group, roles in members.items():
        if GroupRole.TAKE_PROFIT in roles and GroupRole.STOP_LOSS in roles:
            exits = roles[GroupRole.TAKE_PROFIT], roles[GroupRole.STOP_LOSS]
            state.groups[group] = Group(group, roles.get(GroupRole.ENTRY, 0), *exits)


def _index(state: State, order: Order) -> None:
    if order.state is not None:
        state.orders[order.id] = order.seat.orders[order.id] = order
        if order.state.terms is not None and order.state.terms.expires_at:
            state.due.add(order.state.terms.expires_at, DueKind.EXPIRY, order.id)
    else:
        order.seat.quotes[order.id] = order


def _dump_side(side: BookSide) -> Tree:
    return [_dump_order(order) for rank in reversed(side.ranks) for order in side.levels[rank].orders.values()]


def _dump_order(order: Order) -> Tree:
    numbers = map(pack_int, (order.price, order.remaining, order.reserved))
    told = encode_event(order.state) if order.state else []
    return [order.id, order.seat.name, *numbers, told, pack_int(order.hidden), order.turn]


def _waits(order: Order, market: str) -> bool:
    """Whether this is an order of the market that is not in its book."""
    told = order.state
    return told is not None and told.market == market and told.status in NOT_IN_BOOK


def _dump_waiting(market: Market, order: Order) -> Tree:
    """Side and, of a trailing stop, the best price it has seen; then as any order."""
    best = max(watcher.best(order) for watcher in market.watchers)
    return [int(order.side), pack_int(best), *_dump_order(order)]


def _load_order(state: State, market: Market, side: Side, tree: Tree) -> Order:
    order_id, name, price, remaining, reserved, told, *later = tree
    seat = market.seat(state.ledger.open(name))
    last: Any = decode_event(told) if told else None
    order = Order(order_id, seat, side, unpack_int(price), unpack_int(remaining), unpack_int(reserved), last)
    if later:  # older snapshots know neither
        order.hidden, order.turn = unpack_int(later[0]), later[1]
    return order
