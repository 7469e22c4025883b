"""From the bytes of a request to a PlaceOrder command: strict, and without the framework: it is the busiest route."""

from secrets import token_hex
from typing import Annotated, Any, Literal, NoReturn

import msgspec

from cryptovault.engine.commands import PlaceOrder
from cryptovault.engine.types import OrderType, SelfTrade, Side, TimeInForce
from cryptovault.kit.catalogue import Terms
from cryptovault.kit.errors import BadInput

_Decimal = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
# Python's $ would also match before a line break at the end.
_Key = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9._:-]{1,64}\Z")]

_SIDES = {"buy": Side.BUY, "sell": Side.SELL}
_TYPES = {"market": OrderType.MARKET, "limit": OrderType.LIMIT}
_TIFS = {tif.name: tif for tif in TimeInForce}
_SELF_TRADES = {mode.name.lower(): mode for mode in SelfTrade}


class OrderRequest(msgspec.Struct, forbid_unknown_fields=True):
    """The body of POST /orders; schemas.OrderCreate is the same for the documentation."""

    market: Annotated[str, msgspec.Meta(max_length=33)]
    side: Literal["buy", "sell"]
    type: Literal["limit", "market"]
    time_in_force: Literal["GTC", "IOC", "FOK"] | None = None
    price: _Decimal | None = None
    qty: _Decimal | None = None
    total: _Decimal | None = None
    post_only: bool = False
    self_trade_prevention: Literal["cancel_newest", "cancel_oldest", "cancel_both", "decrement"] = "cancel_newest"
    client_order_id: _Key | None = None


_decoder = msgspec.json.Decoder(OrderRequest)
_key_decoder = msgspec.json.Decoder(_Key)
encode_order = msgspec.json.Encoder().encode


def decode_order(body: bytes, key_header: bytes) -> OrderRequest:
    """Read a request; raises BadInput. Its client_order_id is the header's, or a new one where there is none at all."""
    try:
        request = _decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise _bad_body(error) from error
    if key_header:
        request.client_order_id = _same_key(request.client_order_id, key_header)
    elif request.client_order_id is None:
        request.client_order_id = token_hex(12)
    return request


def command_of(request: OrderRequest, account: str, terms: Terms) -> PlaceOrder:
    """The command of a request in a market's units; raises BadInput where text or fields make no sense."""
    _check_fields(request)
    market = request.type == "market"
    tif = request.time_in_force or ("IOC" if market else "GTC")
    return PlaceOrder(
        account,
        request.client_order_id or "",
        terms.market,
        _SIDES[request.side],
        _TYPES[request.type],
        _TIFS[tif],
        _units("price", request.price, terms.parse_price),
        _units("qty", request.qty, terms.parse_qty),
        _units("total", request.total, terms.parse_amount),
        request.post_only,
        _SELF_TRADES[request.self_trade_prevention],
    )


def _check_fields(request: OrderRequest) -> None:
    if request.type == "limit":
        if request.price is None:
            _refuse("price", "a limit order needs a price")
        if request.qty is None:
            _refuse("qty", "a limit order needs a quantity")
        if request.total is not None:
            _refuse("total", "only a market buy can be by total")
        return
    if request.price is not None:
        _refuse("price", "a market order has no price")
    if request.time_in_force == "GTC":
        _refuse("time_in_force", "a market order cannot wait: IOC or FOK")
    if (request.qty is None) == (request.total is None):
        _refuse("qty", "a market order needs either qty or total")
    if request.total is not None and request.side != "buy":
        _refuse("total", "only a market buy can be by total")


def _units(field: str, text: str | None, parse: Any) -> int:
    if text is None:
        return 0
    try:
        units: int = parse(text)
    except ValueError as error:
        _refuse(field, str(error))
    if units == 0:
        _refuse(field, "must be greater than zero")
    return units


def _same_key(in_body: str | None, header: bytes) -> str:
    try:
        key = _key_decoder.decode(msgspec.json.encode(header.decode("ascii")))
    except (msgspec.MsgspecError, UnicodeDecodeError):
        _refuse("Idempotency-Key", "1 to 64 of A-Z a-z 0-9 . _ : -")
    if in_body not in {None, key}:
        _refuse("client_order_id", "differs from the header Idempotency-Key")
    return key


def _bad_body(error: Exception) -> BadInput:
    message, _, path = str(error).partition(" - at `$")
    field = path.rstrip("`").lstrip(".")
    return _fault(field or "body", message)


def _refuse(field: str, message: str) -> NoReturn:
    raise _fault(field, message)


def _fault(field: str, message: str) -> BadInput:
    return BadInput(f"{field}: {message}", details=[{"field": field, "message": message}])
