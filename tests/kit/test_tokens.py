import base64
import json
from collections.abc import Callable
from typing import Any

import jwt
import pytest

from cryptovault.kit.errors import NotAuthenticated
from cryptovault.kit.tokens import AUDIENCE, ISSUER, TOKEN_TYPE, Tokens
from cryptovault.settings import Environment, Settings
from fixtures.fake_clock import FakeClock

SECRET = "0123456789abcdef0123456789abcdef"


@pytest.fixture(name="clock")
def _clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(name="tokens")
def _tokens(clock: FakeClock) -> Tokens:
    settings = Settings(_env_file=None, environment=Environment.TEST, jwt_secret=SECRET, csrf_secret=SECRET)
    return Tokens(settings, clock)


def claims(clock: FakeClock, **changed: Any) -> dict[str, Any]:
    """The claims of a good token, some of them changed; None leaves a claim out."""
    now = clock.now // 1000
    good = {
        "iss": ISSUER, "aud": AUDIENCE, "sub": "u1", "sid": "s1", "role": "user", "jti": "j",
        "iat": now, "exp": now + 60,
    }  # fmt: skip
    return {name: value for name, value in {**good, **changed}.items() if value is not None}


def segment(value: Any) -> bytes:
    """One part of a hand-made token."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")


def test_own_token_is_accepted(tokens: Tokens) -> None:
    """A token we issued tells whose it is, the first time and from memory."""
    token = tokens.issue("u1", "s1", "user").encode()
    assert tokens.verify(token) == tokens.verify(token) == ("u1", "s1", "user")


def test_expiry_is_honoured_from_memory(tokens: Tokens, clock: FakeClock) -> None:
    """A remembered token is refused as soon as it has expired."""
    token = tokens.issue("u1", "s1", "user").encode()
    tokens.verify(token)
    clock.now += tokens.lifetime * 1000
    with pytest.raises(NotAuthenticated):
        tokens.verify(token)


def test_revocation_is_honoured_from_memory(tokens: Tokens) -> None:
    """A remembered token is refused the moment its session ends, and listeners are told once."""
    ended: list[str] = []
    tokens.on_revoke(ended.append)
    token = tokens.issue("u1", "s1", "user").encode()
    tokens.verify(token)
    tokens.revoke("s1")
    tokens.revoke("s1")
    assert ended == ["s1"]
    with pytest.raises(NotAuthenticated):
        tokens.verify(token)
    assert tokens.verify(tokens.issue("u1", "s2", "user").encode()).session_id == "s2"


FORGERIES: dict[str, Callable[[FakeClock], str]] = {
    "T20 other secret": lambda c: jwt.encode(claims(c), SECRET[::-1], headers={"typ": TOKEN_TYPE}),
    "T20 other audience": lambda c: jwt.encode(claims(c, aud="other"), SECRET, headers={"typ": TOKEN_TYPE}),
    "T20 other issuer": lambda c: jwt.encode(claims(c, iss="other"), SECRET, headers={"typ": TOKEN_TYPE}),
    "T20 other type": lambda c: jwt.encode(claims(c), SECRET, headers={"typ": "JWT"}),
    "T20 HS512": lambda c: jwt.encode(claims(c), SECRET * 2, algorithm="HS512", headers={"typ": TOKEN_TYPE}),
    "T20 unknown critical header": lambda c: jwt.encode(
        claims(c), SECRET, headers={"typ": TOKEN_TYPE, "crit": ["x"], "x": 1}
    ),
    **{
        f"T20 no {name}": lambda c, name=name: jwt.encode(
            claims(c, **{name: None}), SECRET, headers={"typ": TOKEN_TYPE}
        )
        for name in ("exp", "iat", "sub", "sid", "jti", "iss", "aud", "role")
    },
    "T20 numeric session": lambda c: jwt.encode(claims(c, sid=7), SECRET, headers={"typ": TOKEN_TYPE}),
    "T20 boolean expiry": lambda c: jwt.encode(claims(c, exp=True), SECRET, headers={"typ": TOKEN_TYPE}),
    "T20 expired": lambda c: jwt.encode(claims(c, exp=c.now // 1000), SECRET, headers={"typ": TOKEN_TYPE}),
    "T20 alg none": lambda c: b".".join(
        [segment({"alg": "none", "typ": TOKEN_TYPE}), segment(claims(c)), b""]
    ).decode(),
    "T20 not a token": lambda _: "a.b.c",
    "T20 empty": lambda _: "",
    "T20 huge": lambda _: "a" * 5_000,
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_forged_tokens_are_refused(tokens: Tokens, clock: FakeClock, forgery: str) -> None:
    """No token is accepted that is not exactly of our making."""
    with pytest.raises(NotAuthenticated):
        tokens.verify(FORGERIES[forgery](clock).encode())


def test_memory_is_bounded(tokens: Tokens, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only so many verified tokens are remembered (J11)."""
    monkeypatch.setattr("cryptovault.kit.tokens._MAX_VERIFIED", 3)
    for number in range(10):
        tokens.verify(tokens.issue("u1", f"s{number}", "user").encode())
    assert len(tokens._verified) == 3
