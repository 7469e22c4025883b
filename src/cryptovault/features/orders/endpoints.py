"""Placing, reading and cancelling orders. The engine's verdict is the answer; lists come from the read model."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import StringConstraints

from cryptovault.engine.commands import CancelAll, CancelOrder
from cryptovault.engine.events import OrdersCancelled, OrderState
from cryptovault.engine.rejects import Reject
from cryptovault.features.orders import repository
from cryptovault.features.orders.entry import command_of, decode_order, encode_order
from cryptovault.features.orders.policy import in_coins
from cryptovault.features.orders.schemas import KEY_PATTERN, Cancelled, Order, OrderCreate, order_answer, order_view
from cryptovault.kit.access import AfterOwnWrites, CallDep, DbDep, Reader, ServicesDep, Trader
from cryptovault.kit.api_keys import Scope
from cryptovault.kit.call import Call
from cryptovault.kit.errors import (
    CsrfFailed,
    NotAllowed,
    NotAuthenticated,
    OutcomeUnknown,
    Overloaded,
    RateLimited,
    ReadsBehind,
    Refused,
    declare,
)
from cryptovault.kit.pagination import Cursor, Limit, Page, decode_cursor, encode_cursor
from cryptovault.kit.raw import RawAnswer, raw_post
from cryptovault.kit.schemas import MarketText

router = APIRouter(prefix="/orders", tags=["orders"])

_REFUSALS = (
    Reject.KEY_REUSED,
    Reject.MARKET_UNKNOWN,
    Reject.MARKET_HALTED,
    Reject.MARKET_CANCEL_ONLY,
    Reject.MARKET_POST_ONLY,
    Reject.ORDER_INVALID,
    Reject.PRICE_INVALID,
    Reject.QTY_INVALID,
    Reject.LOT_SIZE,
    Reject.PRICE_STALE,
    Reject.MIN_NOTIONAL,
    Reject.TOO_MANY_ORDERS,
    Reject.INSUFFICIENT_FUNDS,
    Reject.POST_ONLY_WOULD_TAKE,
    Reject.FOK_NOT_FILLABLE,
    Reject.NO_LIQUIDITY,
    Reject.LIMIT_REACHED,
)
_WRITING = (NotAuthenticated, NotAllowed, CsrfFailed, RateLimited, Overloaded, OutcomeUnknown)
_READING = (NotAuthenticated, NotAllowed, RateLimited, ReadsBehind)

_KEY_HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same as `client_order_id`.",
    "schema": {"type": "string", "pattern": KEY_PATTERN},
}

OrderId = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,18}$")]


@raw_post(
    router,
    "",
    scope=Scope.TRADE,
    body=OrderCreate,
    answer=Order,
    status_code=201,
    responses=declare(*_WRITING, *_REFUSALS),
    parameters=[_KEY_HEADER],
)
async def place_order(call: Call, body: bytes) -> RawAnswer:
    """Place an order; the answer is the engine's verdict, and it is durable.

    Send a `client_order_id` (or the header Idempotency-Key): the same request with the same key has one effect and gets
    the same answer again, also after OUTCOME_UNKNOWN.
    """
    account = call.require(Scope.TRADE).id
    request = decode_order(body, call.headers.get(b"idempotency-key", b""))
    terms = await call.services.catalogue.market(request.market)
    if terms is None:
        raise Refused(Reject.MARKET_UNKNOWN)
    try:
        verdict = await call.submit(command_of(request, account, terms))
    except Refused as refused:
        raise in_coins(refused, terms) from None
    assert isinstance(verdict, OrderState)  # noqa: S101 - the engine's contract
    return RawAnswer(201, encode_order(order_answer(verdict, terms, call.seq)))


@router.get(
    "",
    response_model=Page[Order],
    responses=declare(*_READING),
    dependencies=[AfterOwnWrites],
)
async def list_orders(
    *,
    user: Reader,
    db: DbDep,
    status: Annotated[Literal["open", "closed", "all"], Query()] = "all",
    market: Annotated[MarketText | None, Query()] = None,
    limit: Limit = 50,
    cursor: Cursor = "",
) -> dict[str, Any]:
    """Your orders, newest first."""
    position = decode_cursor(cursor, int)
    found = await repository.page(
        db, user.id, status=status, market=market, limit=limit + 1, before=position[0] if position else None
    )
    more = len(found) > limit
    items = [order_view(document) for document in found[:limit]]
    return {"items": items, "next_cursor": encode_cursor(found[limit - 1]["_id"]) if more else None}


@router.get(
    "/{order_id}",
    response_model=Order,
    responses=declare(*_READING, Reject.ORDER_UNKNOWN),
    dependencies=[AfterOwnWrites],
)
async def get_order(order_id: OrderId, user: Reader, db: DbDep) -> dict[str, Any]:
    """One of your orders as it is now."""
    document = await repository.one(db, user.id, int(order_id))
    if document is None:
        raise Refused(Reject.ORDER_UNKNOWN)
    return order_view(document)


@router.delete("/{order_id}", response_model=Order, responses=declare(*_WRITING, Reject.ORDER_UNKNOWN))
async def delete_order(order_id: OrderId, call: CallDep, user: Trader) -> dict[str, Any]:
    """Cancel an order; one that is closed already is answered as it closed."""
    return await _cancel(call, user.id, int(order_id))


@router.post("/{order_id}/cancel", response_model=Order, responses=declare(*_WRITING, Reject.ORDER_UNKNOWN))
async def cancel_order(order_id: OrderId, call: CallDep, user: Trader) -> dict[str, Any]:
    """The same as DELETE, for clients that cannot send it."""
    return await _cancel(call, user.id, int(order_id))


@router.delete("", response_model=Cancelled, responses=declare(*_WRITING, Reject.MARKET_UNKNOWN))
async def cancel_all(
    call: CallDep, user: Trader, services: ServicesDep, market: Annotated[MarketText | None, Query()] = None
) -> dict[str, Any]:
    """Cancel all your open orders, in one market or in all."""
    if market is not None and await services.catalogue.market(market) is None:
        raise Refused(Reject.MARKET_UNKNOWN)
    verdict = await call.submit(CancelAll(user.id, market or ""))
    assert isinstance(verdict, OrdersCancelled)  # noqa: S101 - the engine's contract
    return {"cancelled": [str(order_id) for order_id in verdict.order_ids]}


async def _cancel(call: Call, account: str, order_id: int) -> dict[str, Any]:
    try:
        verdict = await call.submit(CancelOrder(account, order_id))
    except Refused as refused:
        # The engine remembers a bounded number of closed orders; the read model knows them all.
        document = await repository.one(call.services.db, account, order_id)
        if refused.reject is not Reject.ORDER_UNKNOWN or document is None:
            raise
        return order_view(document)
    assert isinstance(verdict, OrderState)  # noqa: S101 - the engine's contract
    terms = await call.services.catalogue.market(verdict.market)
    assert terms is not None  # noqa: S101 - it has orders
    return order_answer(verdict, terms, call.seq)
