"""Many orders in one request: each with a verdict of its own, all in one record of the journal."""

from collections.abc import Sequence
from typing import Any

import msgspec

from cryptovault.engine.commands import PlaceOrder
from cryptovault.engine.events import OrderState, Rejected
from cryptovault.features.orders.entry import command_of
from cryptovault.features.orders.policy import in_coins
from cryptovault.features.orders.requests import decode, read_order, with_key
from cryptovault.features.orders.service import count_in, terms_of
from cryptovault.features.orders.views import order_answer
from cryptovault.infra.engine_frames import Ack
from cryptovault.kit.call import Call
from cryptovault.kit.catalogue import Terms
from cryptovault.kit.errors import ApiError, Refused

Item = dict[str, Any]


async def place_batch(call: Call, account: str, bodies: Sequence[msgspec.Raw]) -> list[Item]:
    """Place orders; an item for each. What cannot be understood is told there and harms no other."""
    count_in(call, len(bodies) - 1)  # the request itself was counted at the door
    items: list[Item | None] = []
    commands: list[PlaceOrder] = []
    units: list[Terms] = []
    for body in bodies:
        try:
            request = with_key(decode(read_order, bytes(body)))
            terms = await terms_of(call, request.market)
            commands.append(command_of(request, account, terms))
        except ApiError as error:
            items.append(fault_item(error))
            continue
        units.append(terms)
        items.append(None)
    if any(not terms.mirrors for terms in units):
        await call.services.second_factors.require(account)
    acks = await call.submit_several(commands) if commands else []
    told = map(_item, acks, units)
    return [item if item is not None else next(told) for item in items]


def fault_item(error: ApiError) -> Item:
    """The item of an order that is none."""
    fault = {"code": error.code, "message": error.message, "details": error.details}
    return {"status": error.status, "order": None, "error": fault}


def _item(ack: Ack, terms: Terms) -> Item:
    verdict = ack.verdict
    if isinstance(verdict, Rejected):
        return fault_item(in_coins(Refused(verdict.reason, verdict.detail), terms))
    assert isinstance(verdict, OrderState)  # noqa: S101 - the engine's contract
    return {"status": 201, "order": order_answer(verdict, terms, ack.seq), "error": None}
