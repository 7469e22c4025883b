import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from cryptovault.entrypoints.api import create_app
from cryptovault.infra.local_engine import LocalEngine
from cryptovault.settings import Settings
from fixtures.api import client_of


@pytest.fixture(name="dist")
def _dist(tmp_path: Path) -> Path:
    """A built web app."""
    dist = tmp_path / "dist"
    (dist / "assets").mkdir(parents=True)
    (dist / "index.html").write_text("<!doctype html><title>app</title>")
    (dist / "assets" / "index-a1b2.js").write_text("console.log(1)" * 200)
    (dist / "assets" / "index-a1b2.js.br").write_bytes(b"brotli bytes")
    (dist / "favicon.svg").write_text("<svg/>")
    (tmp_path / "secret.txt").write_text("not yours")
    return dist


@pytest.fixture(name="browser")
async def _browser(settings: Settings, dist: Path) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(settings.model_copy(update={"web_dist": str(dist)}), engine=LocalEngine())
    async with app.running(), client_of(app) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/index.html", "/markets/BTC-USDT", "/login"])
async def test_any_page_is_the_app(browser: httpx.AsyncClient, path: str) -> None:
    """The browser routes, so every address that is no file is the page itself, never kept without asking."""
    answer = await browser.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert "script-src 'self'" in answer.headers["content-security-policy"]


async def test_hashed_assets_are_kept_for_ever_and_compressed(browser: httpx.AsyncClient) -> None:
    """Assets are immutable, sent in the best encoding the browser takes, and not sent again."""
    url = "/assets/index-a1b2.js"
    for accepted, encoding in (("gzip, br", "br"), ("gzip", "gzip"), ("identity", None)):
        async with browser.stream("GET", url, headers={"Accept-Encoding": accepted}) as answer:
            raw = b"".join([chunk async for chunk in answer.aiter_raw()])
        assert answer.headers.get("content-encoding") == encoding
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        if encoding == "br":
            assert raw == b"brotli bytes"
        if encoding == "gzip":
            assert gzip.decompress(raw) == b"console.log(1)" * 200
    again = await browser.get(url, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/%2e%2e/secret.txt", "/assets/../../secret.txt", "/assets/none.js"]
)
async def test_only_files_of_the_app_are_served(browser: httpx.AsyncClient, path: str) -> None:
    """Nothing outside the built app can be reached, and a missing file is 404 in the envelope."""
    answer = await browser.get(path)
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "NOT_FOUND"


async def test_a_new_build_is_noticed(browser: httpx.AsyncClient, dist: Path) -> None:
    """After a new build the next request gets it."""
    await browser.get("/")
    (dist / "index.html").write_text("<title>newer</title>")
    assert "newer" in (await browser.get("/")).text


async def test_a_missing_build_is_said(settings: Settings, tmp_path: Path) -> None:
    """Without a build there is a page that says what to do."""
    app = create_app(settings.model_copy(update={"web_dist": str(tmp_path / "none")}), engine=LocalEngine())
    async with app.running(), client_of(app) as browser:
        answer = await browser.get("/")
    assert answer.status_code == 200
    assert "make web" in answer.text
