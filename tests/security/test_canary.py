"""A3, T36, T38: every secret is unique; after requests of every kind none is in logs, answers, databases or bundle."""

import io
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from pydantic import SecretStr

from cryptovault.entrypoints.api import Api
from cryptovault.features.auth.service import ensure_user
from cryptovault.infra.logging import configure_logging
from cryptovault.kit.declarations import rules
from cryptovault.settings import Settings
from fixtures.fake_clock import FakeClock
from fixtures.second_factors import AuthenticatorApp
from fixtures.signing import Program
from security.cast import Cast, Person, body_for

SECRETS = [name for name, field in Settings.model_fields.items() if field.annotation is SecretStr]
DIST = Path(__file__).parents[2] / "web" / "dist"
EMAIL, PASSWORD = "canary@example.com", "canary password 7d1f0c55"  # pragma: allowlist secret


@pytest.fixture(name="settings")
def _settings(settings: Settings) -> Settings:
    """Every secret of the settings is a marker of its own."""
    markers = {name: SecretStr(f"canary-{name}-5b0e9d3c7a1f4e62") for name in SECRETS}
    return settings.model_copy(update=markers | {"log_level": "DEBUG"})


@pytest.fixture(name="log")
def _log(settings: Settings) -> Iterator[io.BytesIO]:
    """What the process logs, from the lowest level on."""
    stream = io.BytesIO()
    configure_logging(settings, process="api", stream=stream)
    yield stream
    structlog.reset_defaults()
    logging.getLogger().handlers.clear()


class Witness:
    """Everything that was answered, but for the answers that hand a secret over to its owner."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http
        self.text = ""

    def saw(self, answer: httpx.Response) -> httpx.Response:
        """Remember an answer with its headers."""
        self.text += f"{answer.headers!r}\n{answer.text}\n"
        return answer

    async def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Ask, and remember what was answered."""
        return self.saw(await self.http.request(method, path, **options))


async def test_t36_no_secret_is_anywhere(cast: Cast, app: Api, settings: Settings, log: io.BytesIO) -> None:
    """T36: settings, passwords, tokens, keys and proofs stay where they belong, on good ways and on every bad one."""
    witness = Witness(cast.http)
    secrets = {name: getattr(settings, name).get_secret_value() for name in SECRETS} | {"password": PASSWORD}
    secrets |= await handed_over(cast)
    await misuse(witness, secrets)
    await every_route(cast, app, witness)
    await break_down(cast, witness, secrets["access token"])
    await cast.services.limiter.settle()
    places = {
        "answers": witness.text,
        "log": log.getvalue().decode(),
        "database": await database_text(cast),
        "redis": await redis_text(cast),
        "bundle": "".join(path.read_text(errors="replace") for path in DIST.rglob("*.js")),
    }
    assert len(places["log"].splitlines()) > 100, "the log was written, so that its silence means something"
    assert EMAIL in places["database"]
    found = [(place, name) for place, text in places.items() for name, secret in secrets.items() if secret in text]
    assert found == []


async def handed_over(cast: Cast) -> dict[str, str]:
    """Sign in, prove, make a key and use it: the secrets that go to their owner, each in one answer."""
    services, http = cast.services, cast.http
    await ensure_user(services.db, services.passwords, EMAIL, PASSWORD, "Canary")
    entry = await http.post("/api/v1/auth/login", json={"email": EMAIL, "password": PASSWORD})
    bearer = {"authorization": f"Bearer {entry.json()['access_token']}"}
    proof = await prove(http, bearer, "create_api_key")
    made = await http.post("/api/v1/api-keys", json={"name": "bot"}, headers=bearer | {"x-step-up": proof})
    program = Program(http, made.json()["id"], made.json()["secret"])
    assert (await program("GET", "/orders")).status_code == 200
    refreshed = await http.post("/api/v1/auth/refresh", headers={"x-csrf-token": http.cookies["csrf_token"]})
    assert refreshed.status_code == 200, refreshed.text
    secrets = {
        "access token": entry.json()["access_token"],
        "refresh token": entry.cookies["refresh_token"],
        "second refresh token": refreshed.cookies["refresh_token"],
        "proof": proof,
        "key secret": made.json()["secret"],
    }
    secrets |= await second_factor(cast, bearer)
    http.cookies.clear()
    return secrets


async def prove(http: httpx.AsyncClient, bearer: dict[str, str], act: str) -> str:
    """A proof for an act, given for the password."""
    asked = {"act": act, "method": "password", "password": PASSWORD}
    return str((await http.post("/api/v1/auth/step-up", json=asked, headers=bearer)).json()["token"])


async def second_factor(cast: Cast, bearer: dict[str, str]) -> dict[str, str]:
    """Set an authenticator up: its secret, and a code for the day it is lost."""
    http = cast.http
    proven = bearer | {"x-step-up": await prove(http, bearer, "change_second_factor")}
    secret = (await http.post("/api/v1/auth/2fa/setup", headers=proven)).json()["secret"]
    code = AuthenticatorApp(secret, FakeClock(cast.services.clock.now_ms())).code()
    verified = await http.post("/api/v1/auth/2fa/verify", json={"code": code}, headers=bearer)
    assert verified.status_code == 200, verified.text
    return {"authenticator": secret, "recovery code": verified.json()["recovery_codes"][0]}


async def misuse(witness: Witness, secrets: dict[str, str]) -> None:
    """Put secrets where they make no sense: what is refused must not be repeated."""
    for secret in secrets.values():
        for field in ("email", "password", "code", "name", secret[: len(secret) // 2]):
            for path in ("login", "signup", "verify-email", "reset-password"):
                await witness.ask("POST", f"/api/v1/auth/{path}", json={field: secret})
        await witness.ask("POST", "/api/v1/auth/login", json={"email": EMAIL, "password": f"{secret} is wrong"})
        await witness.ask("POST", "/api/v1/auth/login", content=f'{{"password": "{secret}", oops')
        await witness.ask("POST", "/api/v1/orders", json={"market": secret}, headers={"authorization": secret})
        await witness.ask("GET", "/api/v1/orders", headers={"authorization": f"Bearer {secret}x"})
        await witness.ask("GET", "/api/v1/orders", headers={"x-api-key": secret, "x-signature": secret})
        await witness.ask("GET", "/api/v1/orders", headers={"cookie": f"access_token={secret}x; csrf_token={secret}"})


async def every_route(cast: Cast, app: Api, witness: Witness) -> None:
    """Ask every route as a user and as nobody."""
    for rule in rules(app.framework.routes):
        person: Person = await cast.person()
        path = await cast.address(rule, person)
        witness.saw(await person(rule.method, path, **body_for(rule)))
        await witness.ask(rule.method, path, **body_for(rule))


async def break_down(cast: Cast, witness: Witness, token: str) -> None:
    """Let the engine fail in a way that nobody foresaw: a stack trace is logged, with what was at hand."""
    cast.venue.desk.failure = RuntimeError("unforeseen")
    bearer = {"authorization": f"Bearer {token}"}
    answer = await witness.ask("DELETE", "/api/v1/orders", headers=bearer)
    assert answer.status_code == 500
    order = {"market": "BTC-USDT", "side": "buy", "type": "limit", "price": "60000", "qty": "0.001"}
    assert (await witness.ask("POST", "/api/v1/orders", json=order, headers=bearer)).status_code == 500
    cast.venue.desk.failure = None


async def database_text(cast: Cast) -> str:
    """Every document."""
    db = cast.services.db
    return str({name: await db[name].find().to_list() for name in await db.list_collection_names()})


async def redis_text(cast: Cast) -> str:
    """Every key, and every value as Redis would save it."""
    redis = cast.services.redis
    return str([(key, await redis.dump(key)) async for key in redis.scan_iter()])
