"""What a message on /ws/orders may ask for: {id, method, params}, params as in the bodies over HTTP."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal, NamedTuple

import msgspec

from cryptovault.features.orders import requests, service
from cryptovault.features.orders.batch import place_batch
from cryptovault.features.orders.requests import (
    AmendRequest,
    BatchRequest,
    BracketRequest,
    CancelTimerRequest,
    OcoRequest,
    OrderRequest,
    refuse,
    with_key,
)
from cryptovault.kit.call import Call

_OrderId = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,18}\Z")]
_Id = Annotated[str, msgspec.Meta(max_length=64)] | Annotated[int, msgspec.Meta(ge=0, lt=2**53)]
_Market = Annotated[str, msgspec.Meta(max_length=33)]

Method = Literal[
    "login", "ping", "place", "amend", "cancel", "cancel_all", "batch", "oco", "bracket", "cancel_timer"
]  # fmt: skip


class Message(msgspec.Struct, forbid_unknown_fields=True):
    """A request of a client; its answer carries the same id."""

    id: _Id
    method: Method
    params: msgspec.Raw = msgspec.Raw(b"{}")


class Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """No parameters."""


class Login(msgspec.Struct, forbid_unknown_fields=True):
    """Who is there, unless the handshake has said it; and what happens when the connection is gone."""

    token: Annotated[str, msgspec.Meta(max_length=4_096)] | None = None
    cancel_on_disconnect: bool = False


class Amend(AmendRequest, forbid_unknown_fields=True, kw_only=True):
    """The body of PATCH /orders/{id}, with the id."""

    order_id: _OrderId


class Cancel(msgspec.Struct, forbid_unknown_fields=True):
    """One order, by its id or by the key it was placed with."""

    order_id: _OrderId | None = None
    client_order_id: requests.Key | None = None


class CancelAll(msgspec.Struct, forbid_unknown_fields=True):
    """All orders, or those of one market."""

    market: _Market | None = None


Answer = tuple[int, Any]
"""HTTP status and result."""

Act = Callable[[Call, str, Any], Awaitable[Answer]]


class Handler(NamedTuple):
    """How the parameters of a method are read, and what it does for an account."""

    read: Callable[[bytes], Any]
    act: Act


read_message = msgspec.json.Decoder(Message).decode
read_login = msgspec.json.Decoder(Login).decode


async def _ping(_call: Call, _account: str, _params: Nothing) -> Answer:
    return 200, "pong"


async def _place(call: Call, account: str, params: requests.Keyed) -> Answer:
    return 201, await service.place(call, account, with_key(params))


async def _amend(call: Call, account: str, params: Amend) -> Answer:
    return 200, await service.amend(call, account, int(params.order_id), params)


async def _cancel(call: Call, account: str, params: Cancel) -> Answer:
    if (params.order_id is None) == (params.client_order_id is None):
        refuse("order_id", "give either order_id or client_order_id")
    return 200, await service.cancel(call, account, int(params.order_id or 0), params.client_order_id or "")


async def _cancel_all(call: Call, account: str, params: CancelAll) -> Answer:
    return 200, await service.cancel_all(call, account, params.market)


async def _batch(call: Call, account: str, params: BatchRequest) -> Answer:
    return 200, {"items": await place_batch(call, account, params.orders)}


async def _cancel_timer(call: Call, account: str, params: CancelTimerRequest) -> Answer:
    return 200, await service.set_cancel_timer(call, account, params.after_ms)


def _handler(params: type[msgspec.Struct], act: Act) -> Handler:
    return Handler(msgspec.json.Decoder(params).decode, act)


HANDLERS: dict[str, Handler] = {
    "ping": _handler(Nothing, _ping),
    "place": _handler(OrderRequest, _place),
    "amend": _handler(Amend, _amend),
    "cancel": _handler(Cancel, _cancel),
    "cancel_all": _handler(CancelAll, _cancel_all),
    "batch": _handler(BatchRequest, _batch),
    "oco": _handler(OcoRequest, _place),
    "bracket": _handler(BracketRequest, _place),
    "cancel_timer": _handler(CancelTimerRequest, _cancel_timer),
}
