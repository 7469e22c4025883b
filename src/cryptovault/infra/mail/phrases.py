"""The anti-phishing phrase that a mail's reader has chosen."""

from cryptovault.infra.mail.message import Mail
from cryptovault.infra.mongo import Database

FIELD = "anti_phishing_phrase"
"""Of a document in `users`."""


async def phrase_of(db: Database, mail: Mail) -> str:
    """The phrase of the account the mail is about, else of the one it is sent to; empty where there is none."""
    if mail.phrase:
        return mail.phrase
    account = {"_id": mail.user_id} if mail.user_id else {"email": mail.to}
    user = await db["users"].find_one(account, {FIELD: 1})
    return str((user or {}).get(FIELD) or "")
