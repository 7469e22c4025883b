"""Messages that were given up: what they are, and sending them again."""

from rich.console import Console

from cryptovault.infra.clock import SystemClock
from cryptovault.infra.mongo import connect_mongo, database
from cryptovault.infra.outbox.store import Outbox
from cryptovault.settings import Settings


async def show(settings: Settings, console: Console) -> int:
    """`cryptovault outbox list`: the dead letters, the newest first. What they said stays sealed."""
    async with connect_mongo(settings) as mongo:
        letters = await Outbox(settings, database(mongo, settings), SystemClock()).dead_letters()
    for letter in letters:
        when = f"{letter['settled_at']:%Y-%m-%d %H:%M}"
        line = f"{letter['_id']}  {when}  {letter['channel']:8}  {letter['kind']:20}  {letter['to']}  {letter['error']}"
        console.print(line, markup=False)
    console.print(f"{len(letters)} dead letters." if letters else "There are no dead letters.", markup=False)
    return 0


class Resend:
    """`cryptovault outbox resend`: have some of them, or all, delivered after all."""

    def __init__(self, ids: list[str], *, everything: bool) -> None:
        self._ids, self._everything = ids, everything

    async def __call__(self, settings: Settings, console: Console) -> int:
        """Do it, and say of each what was done; exit code 1 where one cannot be sent any more."""
        async with connect_mongo(settings) as mongo:
            outbox = Outbox(settings, database(mongo, settings), SystemClock())
            ids = [letter["_id"] for letter in await outbox.dead_letters()] if self._everything else self._ids
            revived = {message_id: await outbox.revive(message_id) for message_id in ids}
        for message_id, sent in revived.items():
            said = "waits to be delivered again" if sent else "is no dead letter, or its code or link is out of use"
            console.print(f"{'✓' if sent else '✗'} {message_id} {said}", markup=False)
        return 0 if self._everything or all(revived.values()) else 1
