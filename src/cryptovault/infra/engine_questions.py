"""Questions to the engine and their answers as plain lists, for the frames."""

from typing import Any, NamedTuple

from cryptovault.engine.codec import decode, encode, encode_event, pack_int, unpack_int
from cryptovault.engine.commands import PlaceOrder
from cryptovault.engine.preview import Preview
from cryptovault.engine.questions import Answer, PreviewOrder, Question, Standing, StandingOf
from cryptovault.infra.engine_frames import read_event


class Reply(NamedTuple):
    """An answer, true after the command `seq`."""

    seq: int
    answer: Answer


def write_question(question: Question) -> list[Any]:
    """`[name, *fields]`."""
    if isinstance(question, PreviewOrder):
        return ["preview", encode(question.order)]
    return ["standing", question.account]


def read_question(fields: list[Any]) -> Question:
    """The reverse. Raises ValueError."""
    match fields:
        case ["preview", [*order]]:
            command = decode(order)
            if isinstance(command, PlaceOrder):
                return PreviewOrder(command)
        case ["standing", str(account)]:
            return StandingOf(account)
    raise ValueError("no such question")


def write_answer(answer: Answer) -> list[Any]:
    """The fields of an answer."""
    if isinstance(answer, Preview):
        return [encode_event(answer.verdict), *_plain(answer[1:])]
    return [_plain(part) for part in answer]


def read_answer(question: Question, fields: list[Any]) -> Answer:
    """The reverse. Raises ValueError."""
    if isinstance(question, PreviewOrder):
        return _read_preview(fields)
    *numbers, tiers = fields
    cancels_at, tier, volume = map(unpack_int, numbers)
    return Standing(cancels_at, tier, volume, tuple((unpack_int(start), maker, taker) for start, maker, taker in tiers))


def _read_preview(fields: list[Any]) -> Preview:
    verdict, best, worst, balances, *rest = fields
    held = tuple((asset, unpack_int(available), unpack_int(held)) for asset, available, held in balances)
    told: Any = read_event(verdict)
    return Preview(told, unpack_int(best), unpack_int(worst), held, *map(unpack_int, rest))


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return pack_int(value) if type(value) is int else value
