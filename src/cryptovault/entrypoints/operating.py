"""An operator at the engine: asks it, and has it journal decisions, each of which is in the security log too."""

from collections.abc import Awaitable, Callable

from rich.console import Console

from cryptovault.engine.commands import Command
from cryptovault.engine.events import Rejected
from cryptovault.engine.questions import Answer, Question
from cryptovault.entrypoints.typed_values import Fault
from cryptovault.infra.clock import SystemClock
from cryptovault.infra.engine_address import leader_address
from cryptovault.infra.engine_client import EngineClient
from cryptovault.infra.engine_frames import EngineError
from cryptovault.infra.mongo import connect_mongo, database
from cryptovault.kit.audit import AuditLog, Entry
from cryptovault.settings import Settings


class Refused(Exception):
    """The engine says no; the text has its reason."""


class Operator:
    """One operator at one engine."""

    def __init__(self, engine: EngineClient, audit: AuditLog) -> None:
        self._engine, self._audit = engine, audit

    async def ask(self, question: Question) -> Answer:
        """Have the engine answer. Raises EngineError."""
        return (await self._engine.ask(question)).answer

    async def decide(self, command: Command, kind: str, **facts: object) -> int:
        """Have it journaled, and note it in the security log; the journal position. Raises Refused or EngineError."""
        ack = await self._engine.submit(command)
        if isinstance(ack.verdict, Rejected):
            raise Refused(f"{ack.verdict.reason.name}: {ack.verdict.detail}")
        await self._audit.append(Entry(kind, facts={"how": "command line", "journal_seq": ack.seq, **facts}))
        return ack.seq


async def operate(settings: Settings, console: Console, work: Callable[[Operator], Awaitable[None]]) -> int:
    """Let an operator work; what stops it is a sentence, and an exit code: 1, or 2 for what cannot be meant."""
    async with connect_mongo(settings) as mongo:
        db = database(mongo, settings)
        engine = EngineClient(leader_address(db, settings.engine_address))
        await engine.connect()
        try:
            await work(Operator(engine, AuditLog(settings, db, SystemClock())))
        except EngineError as error:
            console.print(f"✗ {error}. Does the exchange run?", markup=False)
            return 1
        except Refused as refused:
            console.print(f"✗ {refused}", markup=False)
            return 1
        except Fault as fault:
            console.print(f"✗ {fault}", markup=False)
            return 2
        finally:
            await engine.close()
    return 0
