"""Fools who trade on paper beside their real trading."""

import random
from collections.abc import Iterator
from typing import Any

from cryptovault.engine.commands import (
    AmendOrder,
    CancelAll,
    CancelOrder,
    Command,
    OpenPaperMarket,
    PlaceBracket,
    PlaceOco,
    PlaceOrder,
    ResetPaper,
)
from cryptovault.engine.events import Event, OrderState, Rejected, Trade
from cryptovault.engine.exchange import Exchange
from engine.market_of_fools import OPENING, Fools

PAPERS = {"BTC-USD": "PAPERBTC-PAPERUSD", "ETH-BTC": "PAPERETH-PAPERBTC"}


def real_part(exchange: Exchange) -> Any:
    """Books, balances, marks and volumes of real money."""
    markets = [market for market in exchange.markets.values() if market.mirrors is None]
    assets = [asset.symbol for asset in exchange.assets.values() if not asset.mirrors]
    accounts = exchange.state.accounts
    balances = {(name, asset): exchange.balance(name, asset) for name in accounts for asset in assets}
    return (
        [(market.symbol, market.status, market.last_price, exchange.depth(market.symbol, 100)) for market in markets],
        {key: balance for key, balance in balances.items() if any(balance)},
        {name: exchange.fee_tier(name) for name in accounts if exchange.fee_tier(name)[1]},
    )


def on_paper(command: Command) -> Command | None:
    """What a fool does, done with play money instead; None where that makes no sense."""
    if isinstance(command, PlaceOrder | PlaceOco | PlaceBracket) and command.market in PAPERS:
        return command._replace(key=f"paper {command.key}", market=PAPERS[command.market])
    if isinstance(command, CancelOrder | AmendOrder) and not command.order_id:
        return command._replace(client_order_id=f"paper {command.client_order_id}")
    if isinstance(command, CancelAll):
        return command._replace(market=PAPERS.get(command.market, ""), paper=True)
    return None


def told(events: list[Event]) -> list[Any]:
    """Real trades and the answer, without the numbers of orders, which all markets count together."""
    real = [
        event[:6] + event[8:] for event in events if isinstance(event, Trade) and event.market not in PAPERS.values()
    ]
    verdict = events[-1]
    answer = (verdict.reason,) if isinstance(verdict, Rejected) else type(verdict)
    if isinstance(verdict, OrderState):
        answer = (verdict.filled, verdict.spent, verdict.fee, verdict.status, verdict.reason)
    return [*real, answer]


def begin(exchange: Exchange, *, paper: bool = True) -> Exchange:
    """An exchange for fools, with paper where wanted."""
    starts: list[Command] = [OpenPaperMarket(pair) for pair in PAPERS]
    starts += [ResetPaper(account, "start", "PAPERUSD", 10**6) for account in ("bob", "carol")]
    starts.append(ResetPaper("ann", "start", "PAPERBTC", 10**6))
    for command in (*OPENING, *(starts if paper else ())):
        exchange.apply(exchange.seq + 1, 0, command)
    return exchange


def real_and_paper(seed: int) -> Iterator[tuple[int, Command, Command | None]]:
    """At each time what is done with real money, and perhaps what is done on paper before.

    Never by an order's number, which is another one in another exchange.
    """
    fools, paper_fools = Fools(random.Random(seed)), Fools(random.Random(seed + 100))
    for at in range(1, 1_000):
        fools.now = paper_fools.now = at
        command = fools.command()
        if not (isinstance(command, CancelOrder | AmendOrder) and command.order_id):
            yield at, command, on_paper(paper_fools.command())
