"""The headers of every answer: what keeps a browser from doing what it should not."""

import httpx
import pytest

from cryptovault.entrypoints.api import Api, create_app
from cryptovault.kit.declarations import rules
from cryptovault.kit.origins import api_headers, page_headers
from cryptovault.settings import Settings
from fixtures.trading import Desk
from security.cast import Cast, body_for

YEAR = 31_536_000


async def test_every_answer_is_closed(cast: Cast, app: Api) -> None:
    """Each route's answer, refusals included, cannot be framed, sniffed, rendered as something else or kept."""
    for rule in rules(app.framework.routes):
        person = await cast.person()
        path = await cast.address(rule, person)
        for send in (cast.http.request, person):
            headers = (await send(rule.method, path, **body_for(rule))).headers
            assert headers["x-content-type-options"] == "nosniff", rule.name
            assert "frame-ancestors 'none'" in headers["content-security-policy"], rule.name
            if rule.path.startswith("/api/"):
                assert "default-src 'none'" in headers["content-security-policy"], rule.name
            if rule.path.startswith("/api/") and rule.method == "GET":
                assert headers["cache-control"] == "no-store", rule.name


async def test_pages_load_our_own_scripts_only(cast: Cast) -> None:
    """A page's policy names its sources, forbids objects and another base, and tells other sites no path."""
    headers = (await cast.http.get("/settings")).headers
    policy = dict(part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";"))
    assert policy["script-src"] == "'self'"
    assert (policy["object-src"], policy["base-uri"], policy["default-src"]) == ("'none'", "'none'", "'self'")
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"


@pytest.mark.parametrize("make", [page_headers, api_headers])
def test_hsts_wherever_cookies_are_secure(settings: Settings, make: object) -> None:
    """Behind TLS each answer asks for TLS for a year, subdomains included; without TLS it does not."""
    assert callable(make)
    secure = dict(make(settings.model_copy(update={"cookie_secure": True})))
    assert secure[b"strict-transport-security"] == b"max-age=%d; includeSubDomains" % YEAR
    assert b"strict-transport-security" not in dict(make(settings))


async def test_signing_in_is_closed_without_redis(settings: Settings, desk: Desk) -> None:
    """Without Redis nobody can guess passwords: signing in answers 503, while signed-in people go on."""
    app = create_app(settings.model_copy(update={"redis_url": "redis://127.0.0.1:1/0"}), engine=desk)
    async with app.running():
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8001") as http:
            body = {"email": "ada@example.com", "password": "four plain words here"}
            answer = await http.post("/api/v1/auth/login", json=body)
            assert (answer.status_code, answer.json()["error"]["code"]) == (503, "SERVICE_UNAVAILABLE")
            assert (await http.get("/api/v1/markets")).status_code == 200
