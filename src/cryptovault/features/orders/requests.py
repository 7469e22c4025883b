"""Bodies of requests as they are decoded: strict, by msgspec, without the framework. bodies.py documents the same."""

from collections.abc import Callable
from secrets import token_hex
from typing import Annotated, Literal, NoReturn, TypeVar

import msgspec

from cryptovault.engine.limits import MAX_TIMER
from cryptovault.infra.engine_frames import MAX_SEVERAL
from cryptovault.kit.errors import BadInput

MAX_BATCH = MAX_SEVERAL
"""Orders in one batch."""

Decimal = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
# Python's $ would also match before a line break at the end.
Key = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9._:-]{1,64}\Z")]
_Market = Annotated[str, msgspec.Meta(max_length=33)]
_Moment = Annotated[str, msgspec.Meta(max_length=40)]

OrderKind = Literal["market", "limit", "stop", "stop_limit", "take_profit", "take_profit_limit", "trailing_stop"]
ProfitKind = Literal["limit", "take_profit", "take_profit_limit"]
LossKind = Literal["stop", "stop_limit", "trailing_stop"]
Tif = Literal["GTC", "IOC", "FOK", "GTD"]
TriggerBy = Literal["reference", "last_trade"]
SelfTradeMode = Literal["cancel_newest", "cancel_oldest", "cancel_both", "decrement"]
SideName = Literal["buy", "sell"]

Body = TypeVar("Body", bound=msgspec.Struct)


class OrderRequest(msgspec.Struct, forbid_unknown_fields=True):
    """The body of POST /orders."""

    market: _Market
    side: SideName
    type: OrderKind
    time_in_force: Tif | None = None
    price: Decimal | None = None
    qty: Decimal | None = None
    total: Decimal | None = None
    post_only: bool = False
    self_trade_prevention: SelfTradeMode = "cancel_newest"
    client_order_id: Key | None = None
    trigger_price: Decimal | None = None
    trigger_by: TriggerBy | None = None
    trail_amount: Decimal | None = None
    trail_percent: Decimal | None = None
    activation_price: Decimal | None = None
    visible_qty: Decimal | None = None
    expires_at: _Moment | None = None
    reduce_to_available: bool = False


class _Leg(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What every order of a group may have."""

    price: Decimal | None = None
    trigger_price: Decimal | None = None
    trigger_by: TriggerBy | None = None


class _TrailingLeg(_Leg, forbid_unknown_fields=True, kw_only=True):
    """One that may trail."""

    trail_amount: Decimal | None = None
    trail_percent: Decimal | None = None
    activation_price: Decimal | None = None


class EntryLeg(_TrailingLeg, forbid_unknown_fields=True, kw_only=True):
    """The first order of a bracket."""

    type: OrderKind


class ProfitLeg(_Leg, forbid_unknown_fields=True, kw_only=True):
    """The order that takes the profit."""

    type: ProfitKind


class LossLeg(_TrailingLeg, forbid_unknown_fields=True, kw_only=True):
    """The order that stops the loss."""

    type: LossKind


AnyLeg = EntryLeg | ProfitLeg | LossLeg


class OcoRequest(msgspec.Struct, forbid_unknown_fields=True):
    """The body of POST /orders/oco."""

    market: _Market
    side: SideName
    qty: Decimal
    take_profit: ProfitLeg
    stop_loss: LossLeg
    expires_at: _Moment | None = None
    self_trade_prevention: SelfTradeMode = "cancel_newest"
    client_order_id: Key | None = None


class BracketRequest(msgspec.Struct, forbid_unknown_fields=True):
    """The body of POST /orders/bracket."""

    market: _Market
    side: SideName
    qty: Decimal
    entry: EntryLeg
    take_profit: ProfitLeg
    stop_loss: LossLeg
    time_in_force: Tif | None = None
    expires_at: _Moment | None = None
    post_only: bool = False
    self_trade_prevention: SelfTradeMode = "cancel_newest"
    client_order_id: Key | None = None


class AmendRequest(msgspec.Struct, forbid_unknown_fields=True):
    """The body of PATCH /orders/{id}."""

    price: Decimal | None = None
    qty: Decimal | None = None
    trigger_price: Decimal | None = None


class CancelTimerRequest(msgspec.Struct, forbid_unknown_fields=True):
    """The body of PUT /orders/cancel-timer."""

    after_ms: Annotated[int, msgspec.Meta(ge=0, le=MAX_TIMER)]


class BatchRequest(msgspec.Struct, forbid_unknown_fields=True):
    """The body of POST /orders/batch; each order is read by itself, so that one bad one harms no other."""

    orders: Annotated[list[msgspec.Raw], msgspec.Meta(min_length=1, max_length=MAX_BATCH)]


Keyed = OrderRequest | OcoRequest | BracketRequest

read_order = msgspec.json.Decoder(OrderRequest).decode
read_oco = msgspec.json.Decoder(OcoRequest).decode
read_batch = msgspec.json.Decoder(BatchRequest).decode
read_bracket = msgspec.json.Decoder(BracketRequest).decode
_read_key = msgspec.json.Decoder(Key).decode


def decode(read: Callable[[bytes], Body], body: bytes) -> Body:
    """Read a body; raises BadInput that names the field at fault."""
    try:
        return read(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise bad_body(error) from error


KeyedRequest = TypeVar("KeyedRequest", bound=Keyed)


def decode_keyed(read: Callable[[bytes], KeyedRequest], body: bytes, key_header: bytes = b"") -> KeyedRequest:
    """Read the body of what places something, with its key; raises BadInput."""
    return with_key(decode(read, body), key_header)


def with_key(request: KeyedRequest, header: bytes = b"") -> KeyedRequest:
    """Let its client_order_id be the header's, or a new one where there is none at all. Raises BadInput."""
    if header:
        request.client_order_id = _same_key(request.client_order_id, header)
    elif request.client_order_id is None:
        request.client_order_id = token_hex(12)
    return request


def _same_key(in_body: str | None, header: bytes) -> str:
    try:
        key = _read_key(msgspec.json.encode(header.decode("ascii")))
    except (msgspec.MsgspecError, UnicodeDecodeError):
        refuse("Idempotency-Key", "1 to 64 of A-Z a-z 0-9 . _ : -")
    if in_body not in {None, key}:
        refuse("client_order_id", "differs from the header Idempotency-Key")
    return key


def bad_body(error: Exception) -> BadInput:
    """What msgspec found, as the API says it."""
    message, _, path = str(error).partition(" - at `$")
    field = path.rstrip("`").lstrip(".")
    return fault(field or "body", message)


def refuse(field: str, message: str) -> NoReturn:
    """Raise BadInput about one field."""
    raise fault(field, message)


def fault(field: str, message: str) -> BadInput:
    """BadInput about one field."""
    return BadInput(f"{field}: {message}", details=[{"field": field, "message": message}])
