"""SIGKILL in the midst of deliveries."""

import asyncio
import subprocess
import sys
from collections import Counter

from cryptovault.infra.clock import SystemClock
from cryptovault.infra.mail import Mail
from cryptovault.infra.mail.queued import QueuedMailer
from cryptovault.infra.mongo import Database
from cryptovault.infra.outbox.runner import LANES
from cryptovault.infra.outbox.store import Outbox, index_outbox
from cryptovault.settings import Settings
from fixtures.post_office import PostOffice, post_office
from fixtures.processes import environment_of

MAILS = 60
# The worker's deliveries alone, with a lease short enough for a test.
CHILD = """
import asyncio
from datetime import timedelta
from cryptovault.entrypoints.outbox import Deliveries
from cryptovault.infra.clock import SystemClock
from cryptovault.infra.mongo import connect_mongo, database
from cryptovault.infra.redis import connect_redis
from cryptovault.settings import Settings

async def main():
    settings = Settings(_env_file=None)
    db, redis = database(connect_mongo(settings), settings), connect_redis(settings)
    await Deliveries(settings, db, redis, clock=SystemClock(), lease=timedelta(seconds=3)).run()

asyncio.run(main())
"""


def start(settings: Settings, office: PostOffice) -> subprocess.Popen[bytes]:
    """Start a process that delivers to this post office."""
    smtp = {"EMAIL_SERVICE": "smtp", "SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(office.port), "SMTP_TLS": "none"}
    environment = environment_of(settings) | smtp
    return subprocess.Popen([sys.executable, "-c", CHILD], env=environment, stdout=subprocess.DEVNULL)


async def test_f22_two_processes_send_nothing_twice(settings: Settings, db: Database) -> None:
    """Two deliverers in processes of their own share the work: every mail arrives once, and both have sent some."""
    await index_outbox(db)
    mailer = QueuedMailer(Outbox(settings, db, SystemClock()))
    async with post_office() as office, asyncio.timeout(90):
        office.stall_seconds = 0.03
        both = [start(settings, office) for _ in range(2)]
        number = 0
        while len(await db["outbox"].distinct("claimed_by")) < 2 or number < MAILS:
            await mailer.send(Mail(f"{number}@example.com", "Subject", "text"))
            number += 1
            await asyncio.sleep(0.01)
        while await db["outbox"].count_documents({"status": "pending"}):
            await asyncio.sleep(0.1)
        for process in both:
            process.kill()
            process.wait()
    assert len(office.ids) == len(set(office.ids)) == number
    assert Counter(str(mail["To"]) for mail in office.arrived).most_common(1)[0][1] == 1


async def test_f22_sigkill_loses_nothing(settings: Settings, db: Database) -> None:
    """Killed twice between sending and marking: every mail arrives, and what arrives twice has the same Message-ID."""
    await index_outbox(db)
    mailer = QueuedMailer(Outbox(settings, db, SystemClock()))
    for number in range(MAILS):
        await mailer.send(Mail(f"{number}@example.com", "Subject", "text"))
    async with post_office() as office, asyncio.timeout(90):
        office.stall_seconds = 0.03
        for kill_at in (10, 30):
            process = start(settings, office)
            while len(office.arrived) < kill_at:
                await asyncio.sleep(0.001)
            process.kill()
            process.wait()
        process = start(settings, office)
        while await db["outbox"].count_documents({"status": "pending"}):
            await asyncio.sleep(0.1)
        process.kill()
        process.wait()
    by_recipient = Counter(str(mail["To"]) for mail in office.arrived)
    assert len(by_recipient) == MAILS
    assert len(set(office.ids)) == MAILS
    assert len(office.ids) - MAILS <= 2 * LANES
    assert await db["outbox"].count_documents({"status": "sent"}) == MAILS
