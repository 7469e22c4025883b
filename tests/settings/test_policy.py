import secrets
import string
from typing import Any

import pytest
from pydantic import ValidationError

from cryptovault.settings import Settings
from cryptovault.settings.policy import secret_fault


def production(**changes: Any) -> Settings:
    """Production settings that are right, apart from the changes."""
    right: dict[str, Any] = {
        "environment": "production",
        "jwt_secret": secrets.token_hex(32),
        "csrf_secret": secrets.token_hex(32),
        "encryption_key": secrets.token_hex(32),
        "redis_password": secrets.token_hex(32),
        "app_url": "https://exchange.org",
        "email_service": "smtp",
        "smtp_host": "mail.exchange.org",
    }
    return Settings(**(right | changes))


def bad_secrets() -> list[str]:
    """What people put where a secret belongs."""
    short = [secrets.token_hex(16)[:size] for size in range(32)]
    placeholders = [f"{word}-{secrets.token_hex(16)}" for word in ("CHANGE_ME", "example", "your-key", "placeholder")]
    repeated = [secrets.token_hex(size) * (64 // size) for size in range(1, 11)]
    ladder = string.ascii_lowercase + string.digits
    runs = [ladder, ladder[::-1], "0123456789" * 4, "a" * 64, " " * 40]
    return [*short, *placeholders, *repeated, *runs]


@pytest.mark.parametrize("name", ["jwt_secret", "csrf_secret", "encryption_key", "redis_password"])
def test_t38_production_refuses_every_bad_secret(name: str) -> None:
    """Missing, short, placeholder, repeated or sequential: production does not start, and never repeats the value."""
    for value in bad_secrets():
        with pytest.raises(ValidationError) as refusal:
            production(**{name: value})
        assert name.upper() in str(refusal.value)
        assert not value.strip() or len(value) < 6 or value not in str(refusal.value)


def test_t38_good_secrets_are_accepted() -> None:
    """Random secrets of every usual form are never mistaken for bad ones."""
    for _ in range(300):
        for value in (secrets.token_hex(16), secrets.token_hex(32), secrets.token_hex(64)):
            assert secret_fault(value) == ""


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"debug": True}, "DEBUG must be off"),
        ({"email_service": "console"}, "EMAIL_SERVICE must be smtp or sendgrid in production"),
        ({"use_mock_prices": True}, "USE_MOCK_PRICES is refused"),
        ({"cookie_secure": False}, "COOKIE_SECURE must be on"),
        ({"app_url": ""}, "APP_URL is missing"),
        ({"app_url": "http://exchange.org"}, "APP_URL must be an https address"),
        ({"public_api_url": "http://api.exchange.org"}, "PUBLIC_API_URL must be an https address"),
        ({"cors_origins": "*"}, "CORS_ORIGINS must name exact origins"),
        ({"cors_origins": "https://a.org, http://b.org"}, "CORS_ORIGINS must be an https address"),
        ({"csrf_secret": ""}, "CSRF_SECRET is missing"),
    ],
)
def test_production_refuses(changes: dict[str, Any], sentence: str) -> None:
    """Each dangerous setting is refused with a sentence of its own."""
    with pytest.raises(ValidationError, match=sentence):
        production(**changes)


def test_production_refuses_one_secret_for_two_duties() -> None:
    """Whoever learns one secret must not have another with it."""
    same = secrets.token_hex(32)
    with pytest.raises(ValidationError, match="JWT_SECRET and CSRF_SECRET are the same"):
        production(jwt_secret=same, csrf_secret=same)


def test_production_cookies_are_secure_by_default() -> None:
    """Nobody has to remember COOKIE_SECURE."""
    assert production().cookie_secure


def test_a_configured_redis_needs_no_password_of_ours() -> None:
    """REDIS_PASSWORD belongs to the embedded server only."""
    assert production(redis_password="", redis_url="rediss://redis.exchange.org").redis_url


def test_cross_site_cookies_are_none_and_secure() -> None:
    """USE_CROSS_SITE_COOKIES sets what a browser needs to accept them."""
    settings = Settings(use_cross_site_cookies=True)
    assert (settings.cookie_samesite, settings.cookie_secure) == ("none", True)


def test_a_secret_is_never_printed() -> None:
    """Neither the representation nor the JSON of the settings shows a secret."""
    settings = production()
    value = settings.jwt_secret.get_secret_value()
    assert value not in repr(settings)
    assert value not in settings.model_dump_json()
