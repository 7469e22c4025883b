"""The worker process delivers mail beside its other duties."""

import asyncio

from cryptovault.infra.clock import SystemClock
from cryptovault.infra.mail import Mail
from cryptovault.infra.mail.queued import QueuedMailer
from cryptovault.infra.mongo import Database
from cryptovault.infra.outbox.store import Outbox
from cryptovault.settings import Settings
from fixtures.post_office import post_office
from fixtures.processes import Programs


async def test_f22_a_worker_without_an_engine_delivers_mail(
    settings: Settings, db: Database, programs: Programs
) -> None:
    """Mail waits for nothing but its provider: with no engine to trade on, the worker on duty still delivers it."""
    await QueuedMailer(Outbox(settings, db, SystemClock())).send(Mail("ada@example.com", kind="password_changed"))
    async with post_office() as office, asyncio.timeout(60):
        smtp = {"EMAIL_SERVICE": "smtp", "SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(office.port), "SMTP_TLS": "none"}
        worker = programs.program("worker", extra=smtp | {"USE_MOCK_PRICES": "true"})
        worker.start(wait=False)
        while not await db["outbox"].count_documents({"status": "sent"}):
            await asyncio.sleep(0.1)
        assert await asyncio.to_thread(worker.stop) == 0
    assert [mail["Subject"] for mail in office.arrived] == ["Your password was changed"]
    assert "ada@example.com" not in worker.output()
