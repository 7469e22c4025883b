"""The full audit: everything that must hold after every command, recomputed from scratch."""

from collections import Counter, defaultdict

from cryptovault.engine.book import BookSide, Order
from cryptovault.engine.market import Market
from cryptovault.engine.resting import NOT_IN_BOOK
from cryptovault.engine.state import State
from cryptovault.engine.types import GroupRole, InvariantBroken, MarketStatus, OrderStatus, Side

_TRADING = (MarketStatus.OPEN, MarketStatus.POST_ONLY)


def check(state: State) -> None:
    """Raise InvariantBroken unless all books balance, all holds are explained and no order book is crossed."""
    _check_sums(state)
    _check_floors(state)
    _check_holds(state)
    for market in state.markets.values():
        _check_market(state, market)
    _check_order_index(state)
    _check_triggers(state)
    _check_groups(state)


def _require(truth: bool, what: str) -> None:
    if not truth:
        raise InvariantBroken(what)


def _check_sums(state: State) -> None:
    """L1: over all accounts, every asset sums to zero."""
    sums: Counter[str] = Counter()
    for account in state.ledger.accounts.values():
        for asset, cell in account.cells.items():
            sums[asset] += cell[0] + cell[1]
    _require(not any(sums.values()), f"L1: assets do not sum to zero: {dict(sums)}")


def _check_floors(state: State) -> None:
    """L3: no balance below its account's floor."""
    for account in state.ledger.accounts.values():
        for asset, (available, held) in account.cells.items():
            _require(available >= account.floor and held >= 0, f"L3: {account.name} has {available}, {held} {asset}")


def _check_holds(state: State) -> None:
    """L4: what is held is exactly what open orders, quotes and withdrawals need."""
    needed: defaultdict[tuple[str, str], int] = defaultdict(int)
    for market in state.markets.values():
        for order in (*_resting(market), *_waiting(state, market)):
            asset = market.quote if order.side is Side.BUY else market.base
            needed[order.seat.name, asset] += _needs(state, market, order)
    for (name, _), withdrawal in state.withdrawals.items():
        needed[name, withdrawal.asset] += withdrawal.held
    for account in state.ledger.accounts.values():
        for asset, cell in account.cells.items():
            want = needed.pop((account.name, asset), 0)
            _require(cell[1] == want, f"L4: {account.name} holds {cell[1]} {asset}, orders and withdrawals need {want}")
    _require(not any(needed.values()), f"L4: holds without an account: {dict(needed)}")


def _needs(state: State, market: Market, order: Order) -> int:
    told = order.state
    if told is not None and told.role is GroupRole.STOP_LOSS and told.group in state.groups:
        return order.reserved  # what the pair holds is looked at as a whole
    if told is not None and told.status is OrderStatus.DORMANT:
        _require(order.reserved == 0, f"L4: {order} sleeps and holds {order.reserved}")
        return 0
    if order.side is Side.BUY and not order.price:  # it waits, holding what the collar was above its trigger
        _require(order.reserved > 0, f"L4: {order} holds nothing")
        return order.reserved
    need = market.notional(order.price, order.left) if order.side is Side.BUY else order.left
    _require(order.reserved == need, f"L4: {order} reserves {order.reserved}, needs {need}")
    return need


def _resting(market: Market) -> list[Order]:
    sides = (market.bids, market.asks)
    return [order for side in sides for level in side.levels.values() for order in level.orders.values()]


def _waiting(state: State, market: Market) -> list[Order]:
    """The market's open orders that are not in its book."""
    orders = (order for order in state.orders.values() if order.state and order.state.market == market.symbol)
    return [order for order in orders if order.state and order.state.status in NOT_IN_BOOK]


def _check_market(state: State, market: Market) -> None:
    """O2: not crossed, no empty level, totals are sums, and indexes and levels agree."""
    for side in (market.bids, market.asks):
        _check_side(state, market, side)
    bid, ask = market.bids.best(), market.asks.best()
    crosses = bid is not None and ask is not None and bid.price >= ask.price
    _require(not (crosses and market.status in _TRADING and market.mirrors is None), f"O2: {market.symbol} is crossed")
    resting = {order.id for order in (*_resting(market), *_waiting(state, market))}
    seated = [order_id for seat in market.seats.values() for order_id in (*seat.orders, *seat.quotes)]
    _require(len(seated) == len(resting) and resting.issuperset(seated), f"O2: seats of {market.symbol} disagree")


def _check_side(state: State, market: Market, side: BookSide) -> None:
    _require(side.ranks == sorted(side.levels), f"O2: ranks of {market.symbol} are not the levels")
    for rank, level in side.levels.items():
        orders = level.orders.values()
        _require(bool(orders) and level.price == rank * side.sign, f"O2: level {level.price} is wrong")
        _require(level.qty == sum(order.remaining for order in orders), f"O2: level {level.price} does not add up")
        turns = [order.turn for order in orders]
        _require(turns == sorted(turns) or market.mirrors is not None, f"O3: level {level.price} is out of order")
        for order in orders:
            _require(order.remaining > 0 and order.side is side.side and order.price == level.price, f"O1: {order}")
            _require(order.state is None or state.orders.get(order.id) is order, f"O2: {order} is not indexed")


def _check_order_index(state: State) -> None:
    """O1: every indexed order rests in a book, and adds up."""
    resting = {order.id for market in state.markets.values() for order in _resting(market)}
    resting |= {order.id for market in state.markets.values() for order in _waiting(state, market)}
    for order in state.orders.values():
        now = order.state
        _require(order.id in resting and now is not None and now.filled + order.left == now.qty, f"O1: {now}")


def _check_triggers(state: State) -> None:
    """O8: exactly the waiting orders are watched or have fired, each once, and the indexes are in order."""
    waiting = {order.id for order in state.orders.values() if order.state and order.state.status is OrderStatus.WAITING}
    watched = [order_id for market in state.markets.values() for order_id in _watched(market)]
    found = sorted([*watched, *state.fired])
    _require(found == sorted(waiting), f"O8: {waiting} wait, {watched} are watched, {list(state.fired)} have fired")
    turns = {state.turn_of(order_id) for order_id in state.fired}
    _require(turns <= set(state.queue), "O8: an order has fired and is not in the queue")
    _require(state.watched == len(watched), f"O8: {state.watched} are counted, {len(watched)} are watched")


def _watched(market: Market) -> list[int]:
    """The orders in all indexes of the market; raises where an index is out of order."""
    found: list[int] = []
    for watcher in market.watchers:
        for ladder in (watcher.rising, watcher.falling):
            _require(ladder.rungs == sorted(ladder.rungs), f"O8: triggers of {market.symbol} are out of order")
            found += [order_id for _, order_id in ladder.rungs]
        for trails in watcher.trails:
            firsts = sorted((cohort.first(trails.sign), cohort.best) for cohort in trails.cohorts)
            _require(trails.firsts == firsts, f"O8: trailing stops of {market.symbol} are out of order")
            found += [order_id for cohort in trails.cohorts for _, order_id in (*cohort.ticks, *cohort.shares)]
    return found


def _check_groups(state: State) -> None:
    """O6: a group is two untouched exits of one account on one side that hold once for both, and perhaps an entry."""
    for group in state.groups.values():
        profit, loss = state.orders.get(group.take_profit), state.orders.get(group.stop_loss)
        _require(profit is not None and loss is not None, f"O6: group {group.id} lacks an exit")
        if profit is None or loss is None or profit.state is None or loss.state is None:
            continue
        both = profit.state, loss.state
        roles = (GroupRole.TAKE_PROFIT, GroupRole.STOP_LOSS)
        _require(tuple(told.role for told in both) == roles, f"O6: roles of group {group.id}")
        _require(all(told.group == group.id for told in both), f"O6: members of group {group.id}")
        _require(not any(told.filled or told.triggered for told in both), f"O6: group {group.id} is over")
        _require(both[0].qty == both[1].qty and profit.seat is loss.seat, f"O6: exits of group {group.id} differ")
        _require(profit.side is Side.BUY or loss.reserved == 0, f"O6: group {group.id} holds twice")
        sleeps = [told.status is OrderStatus.DORMANT for told in both]
        _require(sleeps[0] == sleeps[1], f"O6: one exit of group {group.id} sleeps")
        _require(not group.entry or group.entry in state.orders, f"O6: entry of group {group.id} is gone")
