"""Listens to what the API says to MongoDB."""

import re
from collections.abc import Iterator
from typing import Any

from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

MARK = "zz-operator-zz"
"""Every payload carries it, so that what came from a request is recognised in a command."""


class Overheard(CommandListener):
    """Remembers operators of commands whose operand came from a request."""

    def __init__(self) -> None:
        self.operators: list[str] = []

    def started(self, event: CommandStartedEvent) -> None:
        """Look through a command before it is sent."""
        self.operators += [f"{event.command_name}: {name}" for name in planted(dict(event.command))]

    def succeeded(self, event: CommandSucceededEvent) -> None:
        """Nothing to learn."""

    def failed(self, event: CommandFailedEvent) -> None:
        """Nothing to learn."""


def planted(value: Any) -> Iterator[str]:
    """The operators in a command that a request has brought in: their operand is the mark itself, or holds it first."""
    if isinstance(value, dict):
        for name, operand in value.items():
            if MARK in str(name) or (str(name) in OPERATORS and MARK in str(operand)):
                yield str(name)
            yield from planted(operand)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from planted(each)


OPERATORS = frozenset(
    re.findall(
        r"\S+",
        "$ne $gt $gte $lt $lte $in $nin $regex $where $exists $not $or $and $nor $expr $elemMatch $type $size $all "
        "$function $accumulator $jsonSchema $text $mod $rename $unset $push $pull $inc $max $out $merge",
    )
)
"""Operators as an attacker would send them. The product itself passes values of callers to `$eq` and `$set` alone."""
