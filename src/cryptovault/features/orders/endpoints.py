"""Placing, reading and cancelling orders. The engine's verdict is the answer; lists come from the read model."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Query
from pydantic import StringConstraints

from cryptovault.engine.rejects import Reject
from cryptovault.features.orders import batch, repository, service
from cryptovault.features.orders.bodies import (
    KEY_PATTERN,
    BatchCreate,
    BracketCreate,
    CancelTimerSet,
    OcoCreate,
    OrderAmend,
    OrderCreate,
)
from cryptovault.features.orders.requests import (
    AmendRequest,
    Keyed,
    decode,
    decode_keyed,
    read_batch,
    read_bracket,
    read_oco,
    read_order,
)
from cryptovault.features.orders.schemas import (
    Batch,
    Cancelled,
    CancelTimer,
    Explanation,
    Group,
    GroupPreview,
    Order,
    Preview,
)
from cryptovault.features.orders.views import order_view
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
    Unavailable,
    declare,
)
from cryptovault.kit.pagination import Cursor, Limit, Page, decode_cursor, encode_cursor
from cryptovault.kit.raw import RawAnswer, raw_post
from cryptovault.kit.schemas import MarketText
from cryptovault.kit.second_factor import SecondFactorMissing

router = APIRouter(prefix="/orders", tags=["orders"])

_REFUSALS = (
    Reject.KEY_REUSED,
    Reject.MARKET_UNKNOWN,
    Reject.MARKET_HALTED,
    Reject.MARKET_CANCEL_ONLY,
    Reject.MARKET_POST_ONLY,
    Reject.MARKET_PRE_OPEN,
    Reject.ORDER_TYPE_CLOSED,
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
    Reject.TRIGGER_INVALID,
    Reject.WOULD_TRIGGER,
    Reject.EXPIRY_INVALID,
    Reject.VISIBLE_QTY_INVALID,
    Reject.LIMIT_REACHED,
)
_WRITING = (NotAuthenticated, NotAllowed, CsrfFailed, RateLimited, Overloaded, OutcomeUnknown)
_PLACING = (*_WRITING, SecondFactorMissing)
_READING = (NotAuthenticated, NotAllowed, RateLimited, ReadsBehind)

_KEY_HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same as `client_order_id`.",
    "schema": {"type": "string", "pattern": KEY_PATTERN},
}

_KEY = b"idempotency-key"
_encode = msgspec.json.Encoder().encode

OnPaper = Annotated[bool, Query(description="Those of paper trading, instead of those of real money.")]
OrderId = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,18}$")]


_placing = partial(raw_post, router, scope=Scope.TRADE, status_code=201, parameters=[_KEY_HEADER])
_placed = declare(*_PLACING, *_REFUSALS)
_group_placed = declare(*_PLACING, *_REFUSALS, Reject.GROUP_INVALID)
_previewing = partial(
    raw_post,
    router,
    scope=Scope.READ,
    status_code=200,
    responses=declare(NotAuthenticated, NotAllowed, CsrfFailed, RateLimited, Overloaded, Reject.MARKET_UNKNOWN),
)


@_placing("", body=OrderCreate, answer=Order, responses=_placed)
async def place_order(call: Call, body: bytes) -> RawAnswer:
    """Place an order; the answer is the engine's verdict, and it is durable.

    Send a `client_order_id` (or the header Idempotency-Key): the same request with the same key has one effect and gets
    the same answer again, also after OUTCOME_UNKNOWN.
    """
    return await _place(call, read_order, body)


@_placing("/oco", body=OcoCreate, answer=Group, responses=_group_placed)
async def place_oco(call: Call, body: bytes) -> RawAnswer:
    """Place a take-profit and a stop: as soon as one of them trades or fires, the other is cancelled."""
    return await _place(call, read_oco, body)


@_placing("/bracket", body=BracketCreate, answer=Group, responses=_group_placed)
async def place_bracket(call: Call, body: bytes) -> RawAnswer:
    """Place an entry with a take-profit and a stop that protect what it brings.

    The exits are dormant until the entry trades; then they are live for the quantity that it has brought.
    """
    return await _place(call, read_bracket, body)


async def _place(call: Call, read: Callable[[bytes], Keyed], body: bytes) -> RawAnswer:
    account = call.require(Scope.TRADE).id
    request = decode_keyed(read, body, call.headers.get(_KEY, b""))
    return RawAnswer(201, _encode(await service.place(call, account, request)))


@_previewing("/preview", body=OrderCreate, answer=Preview)
async def preview_order(call: Call, body: bytes) -> RawAnswer:
    """What this order would do to the book as it is now: fills, fees, hold and balances, exactly, or why it is refused.

    The same body as POST /orders.
    """
    return await _preview(call, read_order, body)


@_previewing("/oco/preview", body=OcoCreate, answer=GroupPreview)
async def preview_oco(call: Call, body: bytes) -> RawAnswer:
    """What these two orders would hold and leave you, or why they are refused. The same body as POST /orders/oco."""
    return await _preview(call, read_oco, body)


@_previewing("/bracket/preview", body=BracketCreate, answer=GroupPreview)
async def preview_bracket(call: Call, body: bytes) -> RawAnswer:
    """What the entry would do at once, how its exits would stand then, and what it leaves you, or why it is refused.

    The same body as POST /orders/bracket.
    """
    return await _preview(call, read_bracket, body)


async def _preview(call: Call, read: Callable[[bytes], Keyed], body: bytes) -> RawAnswer:
    account = call.require(Scope.READ).id
    return RawAnswer(200, _encode(await service.preview(call, account, decode_keyed(read, body))))


@raw_post(
    router,
    "/batch",
    scope=Scope.TRADE,
    body=BatchCreate,
    answer=Batch,
    status_code=200,
    responses=declare(*_PLACING),
)
async def place_batch(call: Call, body: bytes) -> RawAnswer:
    """Place up to 50 orders, in this order. Each has its own verdict, and all are durable when the answer comes.

    Each order counts in the rate limit. OUTCOME_UNKNOWN is said of the whole request: send it again with the same keys.
    """
    account = call.require(Scope.TRADE).id
    items = await batch.place_batch(call, account, decode(read_batch, body).orders)
    return RawAnswer(200, _encode({"items": items}))


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
    services: ServicesDep,
    status: Annotated[Literal["open", "closed", "all"], Query()] = "all",
    market: Annotated[MarketText | None, Query()] = None,
    paper: OnPaper = False,
    limit: Limit = 50,
    cursor: Cursor = "",
) -> dict[str, Any]:
    """Your orders, newest first."""
    before = (decode_cursor(cursor, int) or (None,))[0]
    query: dict[str, Any] = {"status": status, "market": market, "limit": limit + 1, "before": before}
    terms = await services.catalogue.market(market) if market else None
    found = await repository.page(db, user.id, paper=bool(terms.mirrors) if terms is not None else paper, **query)
    more = len(found) > limit
    items = [order_view(document) for document in found[:limit]]
    return {"items": items, "next_cursor": encode_cursor(found[limit - 1]["_id"]) if more else None}


@router.get(
    "/cancel-timer",
    response_model=CancelTimer,
    responses=declare(NotAuthenticated, NotAllowed, RateLimited, Overloaded),
)
async def get_cancel_timer(call: CallDep, user: Reader) -> dict[str, Any]:
    """When your cancel timer runs out."""
    return await service.cancel_timer(call, user.id)


@router.put("/cancel-timer", response_model=CancelTimer, responses=declare(*_WRITING))
async def set_cancel_timer(body: CancelTimerSet, call: CallDep, user: Trader) -> dict[str, Any]:
    """Cancel all your orders after a time, unless this is sent again before: for programs that might lose touch.

    The exchange keeps the time by itself: it cancels too when the program, its connection or our API is gone.
    """
    return await service.set_cancel_timer(call, user.id, body.after_ms)


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


@router.get(
    "/{order_id}/explain",
    response_model=Explanation,
    responses=declare(*_READING, Overloaded, Unavailable, Reject.ORDER_UNKNOWN),
    dependencies=[AfterOwnWrites],
)
async def explain_order(order_id: OrderId, call: CallDep, user: Reader) -> dict[str, Any]:
    """Each decision about one of your orders, in order, with the book as it was, rebuilt from the journal.

    It takes a replay, so it counts as many requests. An administrator may ask about any order.
    """
    return await service.explain(call, user, int(order_id))


@router.patch(
    "/{order_id}",
    response_model=Order,
    responses=declare(*_WRITING, ReadsBehind, *_REFUSALS, Reject.ORDER_UNKNOWN, Reject.ORDER_CLOSED),
)
async def amend_order(order_id: OrderId, body: OrderAmend, call: CallDep, user: Trader) -> dict[str, Any]:
    """Change price, quantity or trigger of an open order.

    An order that only gets smaller keeps its place in the queue; any other change sends it to the end. Values are
    absolute, so that the same request again changes nothing.
    """
    request = AmendRequest(body.price, body.qty, body.trigger_price)
    return await service.amend(call, user.id, int(order_id), request)


@router.delete("/{order_id}", response_model=Order, responses=declare(*_WRITING, Reject.ORDER_UNKNOWN))
async def delete_order(order_id: OrderId, call: CallDep, user: Trader) -> dict[str, Any]:
    """Cancel an order; one that is closed already is answered as it closed."""
    return await service.cancel(call, user.id, int(order_id))


@router.post("/{order_id}/cancel", response_model=Order, responses=declare(*_WRITING, Reject.ORDER_UNKNOWN))
async def cancel_order(order_id: OrderId, call: CallDep, user: Trader) -> dict[str, Any]:
    """The same as DELETE, for clients that cannot send it."""
    return await service.cancel(call, user.id, int(order_id))


@router.delete("", response_model=Cancelled, responses=declare(*_WRITING, Reject.MARKET_UNKNOWN))
async def cancel_all(
    call: CallDep, user: Trader, market: Annotated[MarketText | None, Query()] = None, paper: OnPaper = False
) -> dict[str, Any]:
    """Cancel all your open orders, in one market or in all."""
    return await service.cancel_all(call, user.id, market, paper=paper)
