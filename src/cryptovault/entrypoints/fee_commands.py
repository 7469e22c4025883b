"""`cryptovault fees ...`: the fee schedule of the house, in the ledger, from now on."""

import json
from pathlib import Path
from typing import Annotated

import msgspec
from rich.console import Console

from cryptovault.engine.commands import SetFeeTiers
from cryptovault.engine.questions import ScheduleNow
from cryptovault.entrypoints import typed_values as typed
from cryptovault.entrypoints.operating import Operator, operate
from cryptovault.entrypoints.typed_values import Fault
from cryptovault.settings import Settings

_MAX_FILE = 64 * 1024

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class Tier(msgspec.Struct, forbid_unknown_fields=True):
    """From this 30-day volume in whole dollars on, at most these shares."""

    volume: Text
    maker: Text
    taker: Text


class Schedule(msgspec.Struct, forbid_unknown_fields=True):
    """The file: the tiers, and the assets whose markets count as traded in dollars. No tiers end the schedule."""

    dollars: list[Text]
    tiers: list[Tier]


class Show:
    """`cryptovault fees show`."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json

    async def __call__(self, settings: Settings, console: Console) -> int:
        """Print the tiers, or the file that `fees set` takes."""

        async def work(operator: Operator) -> None:
            schedule = written(await _present(operator))
            if self._as_json:
                console.print_json(json.dumps(msgspec.to_builtins(schedule)))
                return
            for line in _table(schedule):
                console.print(line, markup=False)

        return await operate(settings, console, work)


class Set:
    """`cryptovault fees set`. Raises Fault where the file makes no schedule."""

    def __init__(self, path: Path) -> None:
        self._schedule = read_schedule(path)
        self._command = command_of(self._schedule)

    async def __call__(self, settings: Settings, console: Console) -> int:
        """Have the engine journal it, and print the tiers that hold now."""

        async def work(operator: Operator) -> None:
            before = await _present(operator)
            if before == self._command:
                console.print("✓ The schedule is so already.", markup=False)
                return
            tiers = {name: _compact(written(command)) for name, command in (("before", before), ("now", self._command))}
            seq = await operator.decide(self._command, "fees_changed", **tiers)
            for line in _table(self._schedule):
                console.print(line, markup=False)
            console.print(f"✓ This schedule holds now. Journal position {seq}.", markup=False)

        return await operate(settings, console, work)


def read_schedule(path: Path) -> Schedule:
    """The file as it is written. Raises Fault."""
    try:
        with path.open("rb") as file:
            return msgspec.json.decode(file.read(_MAX_FILE), type=Schedule)
    except OSError as error:
        raise Fault(f"{path} cannot be read: {error.strerror}.") from None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Fault(f"{path} is no fee schedule: {error}. cryptovault fees show --json prints one.") from None


def command_of(schedule: Schedule) -> SetFeeTiers:
    """The command that sets it. Raises Fault; what the house may not do is for the engine to refuse."""
    tiers = []
    for number, tier in enumerate(schedule.tiers, 1):
        try:
            tiers.append((typed.count(tier.volume), typed.share(tier.maker), typed.share(tier.taker)))
        except Fault as fault:
            raise Fault(f"Tier {number}: {fault}.") from None
    return SetFeeTiers(tuple(schedule.dollars), tuple(tiers))


def written(command: SetFeeTiers) -> Schedule:
    """The file that says the same."""
    tiers = [
        Tier(str(volume), typed.share_text(maker), typed.share_text(taker)) for volume, maker, taker in command.tiers
    ]
    return Schedule(list(command.dollars), tiers)


async def _present(operator: Operator) -> SetFeeTiers:
    found = await operator.ask(ScheduleNow())
    assert isinstance(found, SetFeeTiers)  # noqa: S101 - what was asked for
    return found


def _table(schedule: Schedule) -> list[str]:
    if not schedule.tiers:
        return ["There are no tiers: everybody pays the rates of the market."]
    rows = [(f"from {tier.volume}", tier.maker, tier.taker) for tier in schedule.tiers]
    lines = [f"{start:<18}{maker:>10}{taker:>10}" for start, maker, taker in [("volume", "maker", "taker"), *rows]]
    return [*lines, f"Volume counts in markets quoted in {', '.join(schedule.dollars) or 'nothing'}."]


def _compact(schedule: Schedule) -> str:
    return "; ".join(f"{tier.volume}: {tier.maker} {tier.taker}" for tier in schedule.tiers) or "no tiers"
