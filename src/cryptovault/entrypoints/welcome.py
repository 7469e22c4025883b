"""The panel's rows: what a person wants to know once everything serves."""

import asyncio
import os
import time

import httpx
from pymongo.errors import PyMongoError

from cryptovault.entrypoints.administrators import setup_token
from cryptovault.entrypoints.demo import DemoRefused, demo_accounts
from cryptovault.infra.engine_frames import EngineError
from cryptovault.settings import Settings

_PRICES_SECONDS = 3.0
_POLL_SECONDS = 0.1

Rows = list[tuple[str, str]]


async def rows(settings: Settings) -> Rows:
    """Label and text of each row."""
    local = f"http://localhost:{settings.port}"
    found = [("Address", settings.public_url), ("Prices", await _price_source(local))]
    if settings.app_url:
        found.insert(1, ("Listens on", f"{settings.host}:{settings.port}"))
    if not settings.production:
        found.append(("Mail", f"{local}/dev/mail shows what is sent"))
    if token := await setup_token(settings):
        link = f"{settings.public_url}/admin/setup#token={token}"
        found.append(("First admin", f"{link}  works once; or: cryptovault admin create"))
    found += await _demo(settings)
    found += [("Data", str(settings.cryptovault_home)), ("Logs", str(settings.log_dir))]
    return [*found, ("Stop", f"Ctrl-C, or: kill {os.getpid()}")]


async def _price_source(local: str) -> str:
    """The source in use, as every page shows it; the feeds get a moment to find one."""
    deadline = time.monotonic() + _PRICES_SECONDS
    label = ""
    async with httpx.AsyncClient(base_url=local, trust_env=False) as client:
        while not label or (label == "stale" and time.monotonic() < deadline):
            await asyncio.sleep(_POLL_SECONDS if label else 0)
            try:
                label = (await client.get("/api/config")).json()["price_source"]["label"]
            except (httpx.HTTPError, ValueError, KeyError) as error:
                return f"not known ({type(error).__name__})"
    return label


async def _demo(settings: Settings) -> Rows:
    try:
        accounts = await demo_accounts(settings)
    except (PyMongoError, EngineError, DemoRefused, OSError) as error:
        return [("Demo accounts", f"not made: {type(error).__name__}: {error}")]
    labels = ["Demo accounts", *[""] * len(accounts)]
    return [(label, f"{account.email}  {account.password}") for label, account in zip(labels, accounts, strict=False)]
