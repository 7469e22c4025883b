"""Questions to the engine and their answers as plain lists, for the frames."""

from typing import Any, NamedTuple

from cryptovault.engine.codec import decode, encode, encode_event, pack_int, unpack_int
from cryptovault.engine.commands import PlaceBracket, PlaceOco, PlaceOrder, SetFeeTiers
from cryptovault.engine.preview import Foreseen, Preview
from cryptovault.engine.questions import Answer, PreviewOf, Question, Rules, RulesOf, ScheduleNow, Standing, StandingOf
from cryptovault.infra.engine_frames import read_event


class Reply(NamedTuple):
    """An answer, true after the command `seq`."""

    seq: int
    answer: Answer


def write_question(question: Question) -> list[Any]:
    """`[name, *fields]`."""
    match question:
        case PreviewOf():
            return ["preview", encode(question.command)]
        case RulesOf():
            return ["rules", question.market]
        case ScheduleNow():
            return ["schedule"]
    return ["standing", question.account]


def read_question(fields: list[Any]) -> Question:
    """The reverse. Raises ValueError."""
    match fields:
        case ["preview", [*placing]]:
            command = decode(placing)
            if isinstance(command, PlaceOrder | PlaceOco | PlaceBracket):
                return PreviewOf(command)
        case ["standing", str(account)]:
            return StandingOf(account)
        case ["rules", str(market)]:
            return RulesOf(market)
        case ["schedule"]:
            return ScheduleNow()
    raise ValueError("no such question")


def write_answer(answer: Answer) -> list[Any]:
    """The fields of an answer."""
    match answer:
        case None:
            return []
        case Preview():
            refusal = encode_event(answer.refusal) if answer.refusal is not None else None
            orders = [[encode_event(seen.order), *_plain(seen[1:])] for seen in answer.orders]
            return [refusal, orders, *_plain(answer[2:])]
        case Rules():
            return [encode(answer.definition), *answer[1:]]
        case SetFeeTiers():
            return [encode(answer)]
    return [_plain(part) for part in answer]


def read_answer(question: Question, fields: list[Any]) -> Answer:
    """The reverse. Raises ValueError."""
    if isinstance(question, PreviewOf):
        return _read_preview(fields)
    if isinstance(question, RulesOf | ScheduleNow):
        return _read_definition(*fields) if fields else None
    *numbers, tiers = fields
    cancels_at, tier, volume = map(unpack_int, numbers)
    return Standing(cancels_at, tier, volume, tuple((unpack_int(start), maker, taker) for start, maker, taker in tiers))


def _read_preview(fields: list[Any]) -> Preview:
    refusal, orders, balances, *rest = fields
    refused: Any = read_event(refusal) if refusal is not None else None
    held = tuple((asset, unpack_int(available), unpack_int(held)) for asset, available, held in balances)
    return Preview(refused, tuple(_read_foreseen(*order) for order in orders), held, *map(unpack_int, rest))


def _read_definition(command: list[Any], *scales: int) -> Rules | SetFeeTiers:
    definition: Any = decode(command)
    return Rules(definition, *scales) if scales else definition


def _read_foreseen(order: list[Any], *numbers: Any) -> Foreseen:
    told: Any = read_event(order)
    return Foreseen(told, *map(unpack_int, numbers))


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return pack_int(value) if type(value) is int else value
