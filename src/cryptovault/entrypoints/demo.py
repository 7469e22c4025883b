"""Two accounts to try things with, in development only: confirmed, funded, with generated passwords."""

import json
import os
import secrets
import string
from pathlib import Path
from typing import NamedTuple

from cryptovault.engine.commands import CreditDeposit
from cryptovault.engine.events import Rejected
from cryptovault.features.auth.service import ensure_user
from cryptovault.infra.engine_address import leader_address
from cryptovault.infra.engine_client import EngineClient
from cryptovault.infra.mongo import Database, connect_mongo, database
from cryptovault.infra.passwords import Passwords
from cryptovault.settings import Environment, Settings

NAMES = ("Alice", "Bob")
# Ledger units: 8 decimals.
GIFTS = {"USDT": 50_000 * 10**8, "BTC": 1 * 10**8, "ETH": 10 * 10**8}
RAIL = "demo"
_ALPHABET = sorted(set(string.ascii_lowercase + string.digits) - set("il1o0"))  # nothing that looks like something else


class DemoAccount(NamedTuple):
    """What a person types to sign in."""

    email: str
    password: str


class DemoRefused(Exception):
    """The engine did not take a gift; the text says why."""


async def demo_accounts(settings: Settings) -> list[DemoAccount]:
    """The demo accounts, made where they do not exist yet; none outside development."""
    if settings.environment is not Environment.DEVELOPMENT:
        return []
    passwords = remembered_passwords(settings.cryptovault_home / "demo-accounts.json")
    async with connect_mongo(settings) as mongo:
        db = database(mongo, settings)
        await _ensure(settings, db, passwords)
    return [DemoAccount(email, password) for email, password in passwords.items()]


def remembered_passwords(path: Path) -> dict[str, str]:
    """E-mail address to password; generated the first time, and kept in a file only its owner can read."""
    if path.exists():
        kept: dict[str, str] = json.loads(path.read_text())
        return kept
    made = {f"{name.lower()}@example.com": _password() for name in NAMES}
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(made, file)
    return made


def _password() -> str:
    """Sixteen characters in groups, 79 bits of chance."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))


async def _ensure(settings: Settings, db: Database, passwords: dict[str, str]) -> None:
    emails = list(passwords)
    if await db["users"].count_documents({"email": {"$in": emails}, "demo": True}) == len(emails):
        return
    engine = EngineClient(leader_address(db, settings.engine_address))
    await engine.connect()
    try:
        hasher = Passwords(settings)
        for name, (email, password) in zip(NAMES, passwords.items(), strict=True):
            user_id = await ensure_user(db, hasher, email, password, name)
            await _fund(engine, user_id)
            await db["users"].update_one({"_id": user_id}, {"$set": {"demo": True}})  # made and funded: done
    finally:
        await engine.close()


async def _fund(engine: EngineClient, user_id: str) -> None:
    """Each gift has a key of its own, so that a repetition after a crash gives nothing twice."""
    for asset, amount in GIFTS.items():
        ack = await engine.submit(CreditDeposit(user_id, f"{RAIL}/{user_id}/{asset}", asset, amount, RAIL))
        if isinstance(ack.verdict, Rejected):
            raise DemoRefused(f"{asset}: {ack.verdict.reason.name.lower()} {ack.verdict.detail}".strip())
