"""The development mailbox: nothing is sent, each mail is kept where a developer and a test can read it."""

from datetime import UTC, datetime

from cryptovault.infra.logging import get_logger
from cryptovault.infra.mail.message import Mail
from cryptovault.infra.mail.phrases import phrase_of
from cryptovault.infra.mail.render import Renderer
from cryptovault.infra.mongo import Database
from cryptovault.settings import Settings

_log = get_logger("mail")

MAILBOX = "mails"
_DECOYS = "mail_decoys"
_KEPT_SECONDS = 7 * 86_400


class ConsoleMailer:
    """Keeps mail in `mails` for a week, shown at /dev/mail. For development: there is no delivery to wait for."""

    def __init__(self, db: Database, settings: Settings) -> None:
        self._db = db
        self._renderer = Renderer(settings)

    async def send(self, mail: Mail) -> None:
        """Keep the mail as its reader would see it; the log omits the text."""
        rendered = self._renderer.render(mail, await phrase_of(self._db, mail))
        document = {
            "to": mail.to,
            "kind": mail.kind,
            "code": mail.code or mail.values.get("code"),
            "at": datetime.now(UTC),
            **rendered._asdict(),
        }
        if mail.once:
            document["once"] = mail.once
            await self._db[MAILBOX].update_one({"once": mail.once}, {"$setOnInsert": document}, upsert=True)
        else:
            await self._db[_DECOYS if mail.decoy else MAILBOX].insert_one(document)
        if not mail.decoy:
            _log.info("mail", to=mail.to, subject=rendered.subject)


async def index_mailbox(db: Database) -> None:
    """Old mail goes by itself."""
    for name in (MAILBOX, _DECOYS):
        await db[name].create_index("at", expireAfterSeconds=_KEPT_SECONDS)
    await db[MAILBOX].create_index("to")
