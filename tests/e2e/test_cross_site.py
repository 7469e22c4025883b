"""Three ways to put the web app and the API on the net, each used by a real browser over TLS."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from e2e.conftest import QUIET
from e2e.person import Person
from e2e.product import Product, chromium_path
from e2e.tls import Front, Pages, certificate
from fixtures.ports import free_port

WEB = Path(__file__).parents[2] / "web"
# All names lead here, and cookies of other sites are blocked unless they are partitioned.
NAMES = ["--host-resolver-rules=MAP *.test 127.0.0.1", "--test-third-party-cookie-phaseout"]


@dataclass(frozen=True)
class Layout:
    """Where the web app and the API are, and how the API is told."""

    name: str
    app: str
    api: str
    cross_site: bool = False

    @property
    def apart(self) -> bool:
        """Whether the app is not served by the API itself."""
        return self.app != self.api


LAYOUTS = [
    Layout("same origin", "www.exchange.test", "www.exchange.test"),
    Layout("one site", "www.exchange.test", "api.exchange.test"),
    Layout("two sites", "app.trader.test", "api.exchange.test", cross_site=True),
]


class Deployment:
    """One layout, running."""

    def __init__(self, layout: Layout, folder: Path) -> None:
        self.layout = layout
        context = certificate(folder, [layout.app, layout.api, "page.evil.test"])
        api_port, page_port = free_port(), free_port()
        self.api = f"https://{layout.api}:{api_port}"
        self.app = f"https://{layout.app}:{page_port}" if layout.apart else self.api
        self.evil = f"https://page.evil.test:{page_port}"
        self.product = Product(folder / "home", self._settings())
        self.front = Front(context, api_port, self.product.port)
        self._pages = Pages(context, page_port, self._built(folder)) if layout.apart else None

    def _settings(self) -> dict[str, str]:
        settings = {"APP_URL": self.app, "PUBLIC_API_URL": self.api, "COOKIE_SECURE": "true"}
        if self.layout.apart:
            settings["CORS_ORIGINS"] = self.app
        if self.layout.cross_site:
            settings["USE_CROSS_SITE_COOKIES"] = "true"
        return settings

    def _built(self, folder: Path) -> Path:
        """The web app, built to ask this API."""
        addresses = {"VITE_API_BASE_URL": self.api, "VITE_WS_URL": self.api}
        vite = [str(WEB / "node_modules" / ".bin" / "vite"), "build", "--outDir", str(folder / "dist")]
        subprocess.run(vite, cwd=WEB, env=os.environ | addresses, check=True, capture_output=True)
        return folder / "dist"

    def close(self) -> None:
        """Stop everything."""
        if self._pages:
            self._pages.close()
        self.front.close()
        self.product.close()


@pytest.fixture(name="deployment", scope="module", params=LAYOUTS, ids=lambda layout: layout.name)
def _deployment(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """An exchange in this layout, for all tests of it."""
    layout: Layout = request.param
    if layout.apart and not (WEB / "node_modules" / ".bin" / "vite").exists():
        pytest.skip("web/node_modules is not installed, so the app cannot be built for another address; run: make web")
    folder = tmp_path_factory.mktemp("layout")
    deployment = Deployment(layout, folder)
    yield deployment
    deployment.close()
    shutil.rmtree(folder / "home", ignore_errors=True)


@pytest.fixture(name="window")
def _window(browser: Browser) -> Iterator[BrowserContext]:
    """A window of a browser that knows the names of this test."""
    strict = browser.browser_type.launch(executable_path=chromium_path(), args=[*QUIET, *NAMES])
    context = strict.new_context(ignore_https_errors=True, viewport={"width": 1440, "height": 900}, locale="en-GB")
    context.set_default_timeout(15_000)
    yield context
    strict.close()


def test_log_in_trade_and_reconnect(deployment: Deployment, window: BrowserContext) -> None:
    """In each layout a person logs in, trades, loses the stream and gets it back as the same person."""
    ada = Person(window, deployment.app)
    streams: list[str] = []
    ada.page.on("websocket", lambda socket: streams.append(socket.url))
    ada.log_in(*deployment.product.demo_accounts()[0])
    ada.open_trade("BTC-USDT")
    price = f"{float(ada.best('Bid')) * 0.5:.0f}"
    place(ada, price, count=1)

    before = len(streams)
    deployment.front.cut()
    wait_for_stream(ada, streams, before)
    place(ada, price, count=2)  # the list of open orders lives on private messages of the new connection
    ada.page.reload()
    expect(ada.open_orders()).to_have_count(2)
    ada.open_orders().first.click()
    expect(ada.open_orders()).to_have_count(1)
    host = deployment.api.removeprefix("https://")
    assert {re.sub(r"/socket.io.*", "", url) for url in streams} == {f"wss://{host}"}
    assert_cookies(deployment, window)


def place(person: Person, price: str, *, count: int) -> None:
    """Place one more limit order and see it arrive."""
    person.enter("Buy", "Limit", price=price, amount="0.01")
    person.send("Buy", "BTC")
    expect(person.open_orders()).to_have_count(count)


def wait_for_stream(person: Person, streams: list[str], before: int) -> None:
    """Until a new live connection was opened, and the page says that nothing is missing."""
    for _ in range(150):
        if len(streams) > before:
            break
        person.page.wait_for_timeout(100)
    assert len(streams) > before
    expect(person.page.get_by_text("Live data was interrupted")).to_be_hidden(timeout=15_000)


def assert_cookies(deployment: Deployment, window: BrowserContext) -> None:
    """Every cookie is Secure; on two sites None and partitioned, else Lax; tokens are out of reach of scripts."""
    cookies = {cookie["name"]: cookie for cookie in window.cookies([f"{deployment.api}/api/v1/auth/refresh"])}
    assert {"__Host-access_token", "__Secure-refresh_token", "__Host-csrf_token"} <= set(cookies)
    for name, cookie in cookies.items():
        assert cookie["secure"], name
        assert cookie["sameSite"] == ("None" if deployment.layout.cross_site else "Lax"), name
        assert bool(cookie.get("partitionKey")) is deployment.layout.cross_site, name
        assert cookie["httpOnly"] is (name != "__Host-csrf_token"), name


def test_a_stranger_is_not_let_in(deployment: Deployment, window: BrowserContext) -> None:
    """A page of a third site reads nothing and changes nothing, whoever is logged in."""
    ada = Person(window, deployment.app)
    ada.log_in(*deployment.product.demo_accounts()[0])
    tab = window.new_page()
    tab.goto(deployment.evil if deployment.layout.apart else "about:blank")
    outcome = tab.evaluate(ATTACK, deployment.api)
    assert outcome == ["refused", "refused", "refused"]


ATTACK = """async (api) => {
  const ask = (path, options) =>
    fetch(api + path, { credentials: 'include', ...options }).then(() => 'answered', () => 'refused');
  const json = { 'Content-Type': 'application/json', 'X-CSRF-Token': 'x' };
  const stream = new Promise((done) => {
    const socket = new WebSocket(api.replace('https', 'wss') + '/socket.io/?EIO=4&transport=websocket');
    socket.onmessage = () => done('answered');
    socket.onerror = socket.onclose = () => done('refused');
  });
  return [
    await ask('/api/v1/wallet/balance', {}),
    await ask('/api/v1/orders', { method: 'POST', headers: json, body: '{}' }),
    await stream,
  ];
}"""
