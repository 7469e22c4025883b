"""What can be done with orders, whichever way a request has come: over HTTP or over a WebSocket."""

from typing import Any

import msgspec

from cryptovault.engine.commands import CancelAll, CancelOrder, Command, SetCancelTimer
from cryptovault.engine.events import Done, GroupPlaced, OrdersCancelled, OrderState, Verdict
from cryptovault.engine.questions import PreviewOf, Standing, StandingOf
from cryptovault.engine.rejects import Reject
from cryptovault.features.orders import repository
from cryptovault.features.orders.entry import amendment_of, placing_of
from cryptovault.features.orders.foresight import group_preview, order_preview
from cryptovault.features.orders.policy import in_coins
from cryptovault.features.orders.requests import AmendRequest, Keyed, OrderRequest
from cryptovault.features.orders.views import group_answer, order_answer, order_view
from cryptovault.kit.call import Call
from cryptovault.kit.catalogue import Terms
from cryptovault.kit.errors import Refused
from cryptovault.kit.schemas import iso_ms
from cryptovault.kit.tokens import Identity

Answer = dict[str, Any]

EXPLAIN_COST = 20
"""Requests of the orders class that an explanation counts as."""


async def place(call: Call, account: str, request: Keyed) -> Answer:
    """Place an order or a group; the `Order` or the `Group` as the engine decided."""
    terms = await terms_of(call, request.market)
    if not terms.mirrors:  # play money is everybody's to play with
        await call.services.second_factors.require(account)
    verdict = await _submit(call, placing_of(request, account, terms), terms)
    if isinstance(verdict, GroupPlaced):
        return group_answer(verdict, terms, call.seq)
    assert isinstance(verdict, OrderState)  # noqa: S101 - the engine's contract
    return order_answer(verdict, terms, call.seq)


async def preview(call: Call, account: str, request: Keyed) -> Answer:
    """What an order or a group would do now; the `Preview` or the `GroupPreview`."""
    terms = await terms_of(call, request.market)
    reply = await call.ask(PreviewOf(placing_of(request, account, terms)))
    if isinstance(request, OrderRequest):
        return order_preview(reply, request.side, terms)
    return group_preview(reply, terms)


async def amend(call: Call, account: str, order_id: int, request: AmendRequest) -> Answer:
    """Change an open order; the `Order` as it is then."""
    await call.after_own_writes()
    document = await repository.one(call.services.db, account, order_id)
    if document is None:
        raise Refused(Reject.ORDER_UNKNOWN)
    terms = await terms_of(call, document["market"])
    verdict = await _submit(call, amendment_of(request, account, order_id, terms), terms)
    assert isinstance(verdict, OrderState)  # noqa: S101 - the engine's contract
    return order_answer(verdict, terms, call.seq)


async def cancel(call: Call, account: str, order_id: int, key: str = "") -> Answer:
    """Cancel an order by its id, or, where that is 0, by the key it was placed with; the `Order` as it closed."""
    try:
        verdict = await call.submit(CancelOrder(account, order_id, key))
    except Refused as refused:
        # The engine remembers a bounded number of closed orders; the read model knows them all.
        document = await repository.one(call.services.db, account, order_id)
        if refused.reject is not Reject.ORDER_UNKNOWN or document is None:
            raise
        return order_view(document)
    assert isinstance(verdict, OrderState)  # noqa: S101 - the engine's contract
    return order_answer(verdict, await terms_of(call, verdict.market), call.seq)


async def cancel_all(call: Call, account: str, market: str | None, *, paper: bool = False) -> Answer:
    """Cancel all open orders, in one market or in all real ones, or all paper ones; their ids."""
    if market is not None:
        await terms_of(call, market)
    verdict = await call.submit(CancelAll(account, market or "", paper))
    assert isinstance(verdict, OrdersCancelled)  # noqa: S101 - the engine's contract
    return {"cancelled": [str(order_id) for order_id in verdict.order_ids]}


async def set_cancel_timer(call: Call, account: str, after_ms: int) -> Answer:
    """Arm, prolong or disarm the account's cancel timer; the `CancelTimer`."""
    verdict = await call.submit(SetCancelTimer(account, after_ms))
    assert isinstance(verdict, Done)  # noqa: S101 - the engine's contract
    return _cancel_timer(int(verdict.ref or 0))


async def cancel_timer(call: Call, account: str) -> Answer:
    """The account's `CancelTimer` as the engine has it."""
    standing = (await call.ask(StandingOf(account))).answer
    assert isinstance(standing, Standing)  # noqa: S101 - what was asked for
    return _cancel_timer(standing.cancels_at)


def _cancel_timer(at: int) -> Answer:
    return {"cancels_at": iso_ms(at) if at else None}


async def explain(call: Call, user: Identity, order_id: int) -> Answer:
    """The life of an order, the user's own or for an administrator anybody's; the `Explanation`."""
    count_in(call, EXPLAIN_COST - 1)
    db = call.services.db
    find = repository.of_anybody(db, order_id) if user.role == "admin" else repository.one(db, user.id, order_id)
    document = await find
    if document is None:
        raise Refused(Reject.ORDER_UNKNOWN)
    told = msgspec.json.decode(await call.services.explain(repository.wanted(document)))
    return {"order": order_view(document), **told}


def count_in(call: Call, cost: int) -> None:
    """Count a request that is worth several in its class; RateLimited where it does not fit, and nothing happens."""
    if cost:
        call.services.limiter.check_lazy(call.services.rates.orders, call.caller, cost)


async def terms_of(call: Call, market: str) -> Terms:
    """The units of a market; Refused where there is none."""
    terms = await call.services.catalogue.market(market)
    if terms is None:
        raise Refused(Reject.MARKET_UNKNOWN)
    return terms


async def _submit(call: Call, command: Command, terms: Terms) -> Verdict:
    try:
        return await call.submit(command)
    except Refused as refused:
        raise in_coins(refused, terms) from None
