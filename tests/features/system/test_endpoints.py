import httpx
import pytest


@pytest.mark.parametrize(
    "path",
    [
        "/health",
        "/api/health",
        "/api/v1/health",
        "/ready",
        "/metrics",
        "/docs",
        "/openapi.json",
        "/",
        "/dev/mail",
        "/dev/mail.json",
        "/api/config",
        "/api/v1/csrf",
    ],
)
async def test_answers(client: httpx.AsyncClient, path: str) -> None:
    """Each address of the service itself answers."""
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["x-request-id"]
    assert "script-src 'self'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nothing", 404, "NOT_FOUND"),
        ("GET", "/api/nothing", 404, "NOT_FOUND"),
        ("DELETE", "/api/v1/auth/login", 405, "METHOD_NOT_ALLOWED"),
        ("GET", "/api/v1/auth/login", 405, "METHOD_NOT_ALLOWED"),
        ("POST", "/api/v1/auth/login", 400, "VALIDATION_ERROR"),
        ("GET", "/api/v1/auth/me", 401, "AUTHENTICATION_ERROR"),
        ("GET", "/missing.js", 404, "NOT_FOUND"),
        ("POST", "/", 404, "NOT_FOUND"),
    ],
)
async def test_envelope(client: httpx.AsyncClient, method, path, status, code) -> None:
    """Every error, the framework's included, comes in the one envelope."""
    answer = await client.request(method, path)
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert error["code"] == code
    assert set(error) == {"code", "message", "request_id", "timestamp", "details"}
    assert error["request_id"] == answer.headers["x-request-id"]
