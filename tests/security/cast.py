"""Who plays in the tests over all routes: people of each kind, and something that belongs to each of them."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_hex
from typing import Any

import httpx
from bson import ObjectId

from cryptovault.engine.events import OrderState
from cryptovault.features.auth.service import new_user
from cryptovault.kit.api_keys import Scope
from cryptovault.kit.declarations import Rule
from cryptovault.kit.services import Services
from fixtures.signing import Program, new_key
from fixtures.trading import Venue

Sender = Callable[..., Awaitable[httpx.Response]]


class Person:
    """An account with a session that began just now."""

    def __init__(self, services: Services, http: httpx.AsyncClient, user_id: str, session_id: str, role: str) -> None:
        self.id = user_id
        self.session_id = session_id
        self.http = http
        self._db = services.db
        self.token = services.tokens.issue(user_id, session_id, role)
        self.csrf = services.csrf.issue(session_id)

    async def __call__(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Ask as a program with a token."""
        headers = {"authorization": f"Bearer {self.token}"} | options.pop("headers", {})
        return await self.http.request(method, path, headers=headers, **options)

    async def proof(self, act: str) -> dict[str, str]:
        """The header of a fresh proof for an act, as POST /auth/step-up would have given it."""
        token = token_hex(16)
        document = {"_id": sha256(token.encode()).hexdigest(), "user_id": self.id, "session_id": self.session_id}
        until = datetime.now(UTC) + timedelta(minutes=5)
        await self._db["step_ups"].insert_one(document | {"act": act, "expires_at": until})
        return {"X-Step-Up": token}

    async def post(self, path: str, **options: Any) -> httpx.Response:
        """Ask by POST; `new_key` wants it."""
        return await self("POST", path, **options)

    async def browse(self, method: str, path: str, *, csrf: str | None = None, **options: Any) -> httpx.Response:
        """Ask as a browser does, with cookies; `csrf` is the header, and the cookie is always the right one."""
        headers = {"cookie": f"access_token={self.token}; csrf_token={self.csrf}"} | options.pop("headers", {})
        if csrf is not None:
            headers["x-csrf-token"] = csrf
        return await self.http.request(method, path, headers=headers, **options)


class Cast:
    """Makes people and their things in a small exchange."""

    def __init__(self, venue: Venue, http: httpx.AsyncClient) -> None:
        self.venue = venue
        self.services = venue.services
        self.http = http
        self._programs: dict[str, Program] = {}

    async def program_of(self, owner: Person) -> Program:
        """A program of somebody, that may read and trade; the same one each time."""
        if owner.id not in self._programs:
            self._programs[owner.id] = await new_key(owner, self.http, scopes=["read", "trade"])
        return self._programs[owner.id]

    async def person(self, role: str = "user") -> Person:
        """Somebody new."""
        user_id, session_id, now = str(ObjectId()), token_hex(16), datetime.now(UTC)
        user = new_user(user_id, f"{user_id}@example.com", "Somebody", "no password", now) | {"role": role}
        session = {
            "_id": session_id,
            "user_id": user_id,
            "refresh_hash": token_hex(16),
            "previous_hash": "",
            "rotated_at": now,
            "created_at": now,
            "expires_at": now + timedelta(days=1),
            "revoked_at": None,
            "reason": "",
            "user_agent": "",
            "address": "127.0.0.1",
        }
        await self.services.db["users"].insert_one(user)
        await self.services.db["sessions"].insert_one(session)
        return Person(self.services, self.http, user_id, session_id, role)

    async def program(self, *scopes: Scope) -> Program:
        """A program with a key of somebody new."""
        return await new_key(await self.person(), self.http, scopes=list(scopes))

    async def order(self, owner: Person) -> str:
        """An order that waits in the book."""
        await self.venue.desk.fund(owner.id, "USDT", "1000")
        verdict = await self.venue.desk.limit(owner.id, "buy", "0.001", "60000")
        assert isinstance(verdict, OrderState)
        return str(verdict.order_id)

    async def transaction(self, owner: Person) -> str:
        """A deposit in the statement."""
        await self.venue.desk.fund(owner.id, "USDT", "1000")
        found = await self.services.db["transactions"].find_one({"user_id": owner.id})
        assert found is not None
        return str(found["_id"])

    async def key(self, owner: Person) -> str:
        """An API key."""
        return (await new_key(owner, self.http)).key_id

    async def notice(self, owner: Person) -> str:
        """A notice that was not read yet."""
        document = {"_id": str(ObjectId()), "user_id": owner.id, "category": "security", "kind": "x", "title": "x"}
        rest = {"text": "x", "link": "", "created_at": datetime.now(UTC), "read_at": None}
        await self.services.db["notices"].insert_one(document | rest)
        return str(document["_id"])

    async def passkey(self, owner: Person) -> str:
        """A passkey."""
        document = {"_id": token_hex(16), "user_id": owner.id, "name": "laptop", "sign_count": 0, "public_key": b""}
        rest = {"created_at": datetime.now(UTC), "last_used_at": None, "transports": [], "backed_up": False}
        await self.services.db["passkeys"].insert_one(document | rest)
        return str(document["_id"])

    async def identity(self, owner: Person) -> str:
        """A linked account of another provider."""
        document = {"_id": f"google:{token_hex(8)}", "user_id": owner.id, "provider": "google", "subject": "x"}
        rest = {"email": "", "label": "", "created_at": datetime.now(UTC), "last_used_at": None}
        await self.services.db["identities"].insert_one(document | rest)
        return str(document["_id"])

    async def session(self, owner: Person) -> str:
        """Another session."""
        found = await self.services.db["sessions"].find_one({"user_id": owner.id})
        assert found is not None
        other = found | {"_id": token_hex(16)}
        await self.services.db["sessions"].insert_one(other)
        return str(other["_id"])

    @property
    def things(self) -> dict[str, Callable[[Person], Awaitable[str]]]:
        """For each parameter of a path that names somebody's thing: how to make one."""
        return {
            "order_id": self.order,
            "transaction_id": self.transaction,
            "key_id": self.key,
            "notice_id": self.notice,
            "passkey_id": self.passkey,
            "identity_id": self.identity,
            "session_id": self.session,
        }

    async def address(self, rule: Rule, owner: Person) -> str:
        """The path of a rule, with things of `owner` in it."""
        path = rule.path
        for name in rule.parameters:
            value = await self.things[name](owner) if name in self.things else PUBLIC_THINGS.get(name, "x")
            path = path.replace(f"{{{name}}}", value)
        return path


PUBLIC_THINGS = {"pair": "BTC-USDT", "coin_id": "bitcoin", "mail_id": "0" * 24, "provider": "google"}
"""Parameters that name what belongs to nobody."""


def body_for(rule: Rule) -> dict[str, Any]:
    """Something that is JSON, where a body may be wanted."""
    return {} if rule.method in {"GET", "DELETE"} else {"json": {}}


def code_of(answer: httpx.Response) -> str:
    """The code of a refusal, or an empty string."""
    if answer.status_code < 400 or "json" not in answer.headers.get("content-type", ""):
        return ""
    return str(answer.json()["error"]["code"])
