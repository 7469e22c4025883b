"""The whole walk of somebody new: from the landing page to a trade, a waiting order and what they own."""

import re

from playwright.sync_api import expect

from e2e.conftest import Visit
from e2e.product import Product


def test_a_newcomer_comes_to_trade(visit: Visit) -> None:
    """Sign up, code, faucet, Markets, a market order filled by the house, a limit order placed and cancelled."""
    ada = visit()
    ada.sign_up("ada@example.com")
    ada.take_test_money()

    ada.go("/markets")
    ada.page.get_by_role("searchbox").fill("bitcoin")
    ada.page.get_by_role("link", name=re.compile("^Trade BTC.USDT")).click()
    expect(ada.book_rows("Ask").first).to_be_visible()
    expect(ada.page.locator("canvas").first).to_be_visible()

    ada.enter("Buy", "Market", total="1000")
    sentence = ada.send("Buy", "BTC")
    assert re.fullmatch(r"Buy about 0\.\d+ BTC for at most 1,000\.00 USDT, fee 0\.\d+ BTC\.", sentence)
    expect(ada.toast("Bought 0.")).to_be_visible()
    assert ada.available("USDT").startswith("9,00")
    assert float(ada.available("BTC")) > 0

    low = f"{float(ada.best('Bid')) * 0.9:.0f}"
    ada.enter("Buy", "Limit", price=low, amount="0.01")
    ada.send("Buy", "BTC")
    expect(ada.toast("Order placed")).to_be_visible()
    expect(ada.open_orders()).to_have_count(1)
    ada.photograph("newcomer-trade")
    ada.open_orders().click()
    expect(ada.open_orders()).to_have_count(0)
    ada.page.get_by_role("tab", name="Order history").click()
    expect(ada.page.get_by_role("cell", name="Cancelled")).to_be_visible()
    ada.page.get_by_role("tab", name="Fills").click()
    expect(ada.page.get_by_test_id("fills").get_by_text("BTC-USDT").first).to_be_visible()

    ada.go("/wallet")
    expect(ada.page.get_by_role("main").get_by_text("BTC").first).to_be_visible()
    ada.go("/dashboard")
    expect(ada.page.get_by_role("main").get_by_text("Allocation").first).to_be_visible()
    expect(ada.page.get_by_role("main").get_by_text("BTC").first).to_be_visible()


def test_a_visitor_sees_the_market_and_the_way_in(visit: Visit, product: Product) -> None:
    """Without an account the book and the chart are open, the source of the prices is told, and where to log in."""
    visitor = visit()
    visitor.open_trade("ETH-USDT")
    source = "live: 3 sources" if product.recorded else "simulated"
    expect(visitor.page.get_by_test_id("price-source")).to_have_text(source, use_inner_text=True)
    expect(visitor.page.get_by_role("heading", name="Log in to trade")).to_be_visible()
    visitor.page.get_by_role("main").get_by_role("link", name="Log in").click()
    visitor.page.wait_for_url("**/login?next=*ETH-USDT*")


def test_an_order_that_cannot_be_sent_says_why(visit: Visit, demo: tuple[str, str]) -> None:
    """The button is off together with its reason, and a refusal by the exchange keeps what was typed."""
    bob = visit()
    bob.log_in(*demo)
    bob.open_trade("BTC-USDT")
    bob.enter("Buy", "Limit", price="100", amount="100000")
    expect(bob.ticket.get_by_text("At most 100 BTC in one order")).to_be_visible()
    bob.enter("Buy", "Limit", price="100", amount="0.00001")
    expect(bob.ticket.get_by_text("The smallest order is 5 USDT")).to_be_visible()
    expect(bob.ticket.get_by_role("button", name="Buy BTC")).to_have_attribute("aria-disabled", "true")
