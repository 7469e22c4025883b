"""What was acknowledged stays: through a reload, a lost connection and a restart of the whole exchange."""

import re

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from e2e.conftest import Visit
from e2e.product import Product


class Cable:
    """The live connection of a browser, to be pulled and put back."""

    def __init__(self) -> None:
        self.pulled = False
        self.live = False
        self._lines: list[WebSocketRoute] = []

    def handle(self, line: WebSocketRoute) -> None:
        """Let a connection through, or cut it at its first word."""
        server = line.connect_to_server()
        self._lines.append(line)

        def pass_on(words: str | bytes) -> None:
            if self.pulled:
                line.close()
                return
            self.live = self.live or '"prices"' in str(words)
            line.send(words)

        server.on_message(pass_on)

    def wait(self, page: Page) -> None:
        """Until live prices have come through; the page connects in its first quiet moment."""
        self.live = False
        for _ in range(100):
            if self.live:
                return
            page.wait_for_timeout(100)
        pytest.fail("no live prices came")

    def pull(self) -> None:
        """Cut what is open and refuse what comes."""
        self.pulled = True
        for line in self._lines:
            line.close()
        self._lines.clear()


def test_a_lost_stream_is_said_and_made_up_for(visit: Visit, demo: tuple[str, str]) -> None:
    """A banner while the stream is away; when it is back, what happened meanwhile is on the page."""
    carol = visit()
    cable = Cable()
    carol.page.route_web_socket("**/socket.io/**", cable.handle)
    carol.log_in(*demo)
    carol.open_trade("BTC-USDT")
    cable.wait(carol.page)
    cable.pull()
    banner = carol.page.get_by_text("Live data was interrupted")
    expect(banner).to_be_visible()
    carol.photograph("reconnecting")
    carol.enter("Buy", "Limit", price="1000", amount="0.01")
    carol.send("Buy", "BTC")
    expect(carol.open_orders()).to_have_count(1)
    cable.pulled = False
    expect(banner).to_be_hidden(timeout=15_000)  # an attempt that fails silently takes 5 s
    carol.open_orders().click()
    expect(carol.open_orders()).to_have_count(0)


def test_orders_outlive_reload_and_restart(visit: Visit, demo: tuple[str, str], product: Product) -> None:
    """An open order and the balances are the same after a reload and after the exchange was stopped and started."""
    dave = visit()
    dave.log_in(*demo)
    dave.open_trade("ETH-USDT")
    dave.enter("Buy", "Limit", price="500", amount="0.5")
    dave.send("Buy", "ETH")
    expect(dave.open_orders()).to_have_count(1)
    expect(dave.page.get_by_test_id("balance-USDT").get_by_text("250.00")).to_be_visible()
    wealth = dave.available("USDT")

    dave.page.reload()
    expect(dave.open_orders()).to_have_count(1)
    product.restart()
    dave.open_trade("ETH-USDT")
    expect(dave.open_orders()).to_have_count(1)
    assert dave.available("USDT") == wealth
    dave.open_orders().click()
    expect(dave.open_orders()).to_have_count(0)
    # While the exchange was away the browser could not reach it, and said so.
    dave.complaints = [text for text in dave.complaints if not re.search("ERR_|socket.io|WebSocket", text)]
