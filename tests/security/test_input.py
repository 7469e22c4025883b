"""T13 and T14 over every route: fields that are nobody's business, and operators where a text was expected."""

import json
from typing import Any

import pytest

from cryptovault.kit.declarations import Rule
from security.cast import PUBLIC_THINGS, Cast, body_for
from security.listening import MARK, Overheard
from security.test_matrix import APP, RULES

DOCUMENT = APP.framework.openapi()
EXTRA = {
    "role": "admin",
    "is_admin": True,
    "balance": "1000000",
    "balances": {"USDT": "1000000"},
    "kyc": "approved",
    "email_verified": True,
    "user_id": "f" * 24,
    "account": "@treasury",
    "_id": "f" * 24,
    "seq": 1,
}
PRIVATE = {
    "password_hash",
    "refresh_hash",
    "previous_hash",
    "code_mac",
    "sealed_secret",
    "sealed",
    "token_hash",
    "_id",
    "maker_user_id",
    "taker_user_id",
}
"""Fields of documents that no answer may have."""

OPERATORS: list[Any] = [
    *({name: MARK} for name in ("$ne", "$gt", "$gte", "$lt", "$regex", "$where", "$in", "$nin", "$exists", "$not")),
    *({name: [MARK]} for name in ("$in", "$nin", "$or", "$and", "$nor", "$all", "$expr", "$jsonSchema")),
    *({"a": {name: MARK}} for name in ("$ne", "$gt", "$elemMatch")),
    [{"$ne": MARK}],
    [MARK],
    MARK,
    f"$ne:{MARK}",
    f'{{"$ne":"{MARK}"}}',
    f'{{"$gt":"{MARK}"}}',
    f"';return '{MARK}'=='{MARK}",
    f"{MARK}'||'1'=='1",
    f"$where: this.a == '{MARK}'",
    f"{MARK}.$[]",
    f"a.{MARK}.0",
    f"${MARK}",
    f"$${MARK}",
    f".*{MARK}",
    f"^{MARK}$",
    f"{MARK}\x00",
    f"{MARK}\r\n$gt",
    f"\u2028{MARK}",
    None,
    0,
    True,
]


def schema_of(rule: Rule) -> dict[str, Any] | None:
    """The schema of the body a route takes."""
    operation = DOCUMENT["paths"].get(rule.path, {}).get(rule.method.lower(), {})
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema")
    return resolved(schema) if schema else None


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema with its reference followed."""
    name = schema.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = DOCUMENT["components"]["schemas"][name] if name else schema
    return found


WITH_BODY = [rule for rule in RULES if schema_of(rule) is not None]


def test_there_are_bodies_to_try() -> None:
    """The document describes bodies, so the tests below are about something."""
    assert len(WITH_BODY) >= 8
    assert len(OPERATORS) >= 40


@pytest.mark.parametrize("rule", WITH_BODY, ids=lambda rule: rule.name.replace("/api/v1", ""))
async def test_t13_unknown_fields_are_refused(cast: Cast, rule: Rule) -> None:
    """T13: a body with a field that is not the caller's to set is refused, and the field is named."""
    ada = await cast.person(rule.access.role if rule.access else "user")
    path = await cast.address(rule, ada)
    for name, value in EXTRA.items():
        if name in (schema_of(rule) or {}).get("properties", {}):
            continue
        answer = await ada(rule.method, path, json={name: value})
        assert answer.status_code == 400, (rule.name, answer.text)
        details = answer.json()["error"]["details"] or answer.json()["error"]["message"]
        assert name in json.dumps(details), (rule.name, answer.text)


def test_t13_answers_are_declared() -> None:
    """T13: every JSON answer has a model of its own, and none has a field that is the exchange's own business."""
    for path, operations in DOCUMENT["paths"].items():
        for method, operation in operations.items():
            for status, response in operation["responses"].items():
                schema = response.get("content", {}).get("application/json", {}).get("schema")
                said = status.startswith("2") and status != "202"  # 202 says nothing
                if said and schema is not None and path != "/openapi.json":
                    assert schema != {}, f"{method} {path} answers {status} without a model"
    for name, schema in DOCUMENT["components"]["schemas"].items():
        assert set(schema.get("properties", {})) & PRIVATE == set(), name


@pytest.mark.parametrize("rule", WITH_BODY, ids=lambda rule: rule.name.replace("/api/v1", ""))
async def test_t14_operators_in_bodies(cast: Cast, overheard: Overheard, rule: Rule) -> None:
    """T14: an operator in any field of any body is refused or kept as text; MongoDB never gets it as an operator."""
    ada = await cast.person(rule.access.role if rule.access else "user")
    path = await cast.address(rule, ada)
    example = (schema_of(rule) or {}).get("example", {})
    for name in (schema_of(rule) or {}).get("properties", {}):
        for payload in OPERATORS:
            answer = await ada(rule.method, path, json=example | {name: payload})
            assert answer.status_code < 500 or answer.status_code == 503, (rule.name, name, payload, answer.text)
    assert overheard.operators == []


async def test_t14_operators_in_addresses(cast: Cast, overheard: Overheard) -> None:
    """T14: the same for every parameter of every path and query, dotted and bracketed names included."""
    ada = await cast.person()
    texts = [payload if isinstance(payload, str) else json.dumps(payload) for payload in OPERATORS]
    for rule in RULES:
        path = await cast.address(rule, ada)
        operation = DOCUMENT["paths"].get(rule.path, {}).get(rule.method.lower(), {})
        queries = [row["name"] for row in operation.get("parameters", []) if row["in"] == "query"]
        for text in texts:
            asked = [(path, {name: text}) for name in queries]
            asked += [(path, {f"{name}[$ne]": text}) for name in queries[:1]]
            asked += [(rule.path.replace(f"{{{name}}}", quoted(text)), {}) for name in rule.parameters]
            for address, params in asked:
                answer = await ada(rule.method, fill(address), params=params, **body_for(rule))
                assert answer.status_code < 500 or answer.status_code == 503, (rule.name, address, answer.text)
    assert overheard.operators == []


def quoted(text: str) -> str:
    """A text as a part of a path."""
    return "".join(f"%{byte:02X}" for byte in text.encode())


def fill(path: str) -> str:
    """A path with what is left of its parameters filled in."""
    for name, value in PUBLIC_THINGS.items():
        path = path.replace(f"{{{name}}}", value)
    return path


async def test_the_listener_hears(cast: Cast, overheard: Overheard) -> None:
    """The test would notice: an operator that does come from outside is heard."""
    await cast.services.db["users"].find_one({"email": {"$ne": MARK}})
    assert overheard.operators == ["find: $ne"]
