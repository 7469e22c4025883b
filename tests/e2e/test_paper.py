"""Paper trading in a browser: begin, trade on the same desk, see that nothing real has moved, begin anew."""

from playwright.sync_api import expect

from e2e.conftest import Visit

PAIR = "PAPERBTC-PAPERUSDT"


def test_a_newcomer_trades_on_paper_first(visit: Visit) -> None:
    """A switch leads to play money; a market order fills at the live book; balance and history of real money stay."""
    ada = visit()
    ada.sign_up("ada.on.paper@example.com")
    ada.open_trade("BTC-USDT")
    page = ada.page
    expect(page.get_by_test_id("paper-badge")).to_have_count(0)
    page.get_by_label("Real or paper trading").get_by_role("radio", name="Paper").click()
    expect(page).to_have_url(f"{ada.url}/trade/{PAIR}")
    page.get_by_role("button", name="Start with 100,000 paper USDT").click()
    expect(page.get_by_test_id("paper-value")).to_have_text("$100,000.00")
    expect(page.get_by_test_id("paper-badge").first).to_be_visible()
    ada.enter("Buy", "Market", amount="0.5")
    ask = float(ada.best("Ask"))
    ada.send("Buy", "PAPERBTC")
    expect(ada.toast("Bought 0.5 PAPERBTC")).to_be_visible()
    expect(page.get_by_test_id("balance-PAPERBTC")).to_contain_text("0.4992")
    left = float(ada.available("PAPERUSDT").replace(",", ""))
    assert abs(100_000 - 0.5 * ask - left) < 500
    ada.enter("Buy", "Limit", price=f"{round(ask * 0.9)}", amount="0.01")
    ada.send("Buy", "PAPERBTC")
    expect(ada.open_orders()).to_have_count(1)
    ada.photograph("paper/desk")
    page.get_by_label("Real or paper trading").get_by_role("radio", name="Real").click()
    expect(page.get_by_test_id("paper-badge")).to_have_count(0)
    expect(ada.open_orders()).to_have_count(0)
    expect(page.get_by_test_id("balance-USDT")).to_contain_text("0.00")
    ada.go("/wallet")
    card = page.get_by_test_id("paper-card")
    expect(card).to_contain_text("PAPERBTC")
    expect(page.get_by_test_id("wallet-total")).to_have_text("$0.00")
    ada.photograph("paper/wallet")
    card.get_by_role("button", name="Reset").click()
    page.get_by_role("button", name="Reset paper trading").click()
    expect(card.get_by_test_id("paper-value")).to_have_text("$100,000.00")
    expect(card).not_to_contain_text("PAPERBTC")


def test_paper_on_a_phone(visit: Visit, demo: tuple[str, str]) -> None:
    """The switch, the mark and the ticket are all there on a narrow screen, and nothing sticks out at the side."""
    ada = visit(viewport={"width": 390, "height": 844})
    ada.log_in(*demo)
    ada.go("/dashboard")
    ada.page.get_by_role("button", name="Account menu").click()
    ada.page.get_by_role("menuitem", name="Paper trading").click()
    expect(ada.page.get_by_test_id("paper-badge").first).to_be_visible()
    expect(ada.book_rows("Ask").first).to_be_visible()
    ada.photograph("paper/phone")
    assert ada.page.evaluate("document.documentElement.scrollWidth") <= 390
    ada.page.get_by_role("button", name="Buy PAPERBTC").click()
    start = ada.page.get_by_role("button", name="Start with 100,000 paper USDT")
    expect(start).to_be_visible()
    start.click()
    expect(ada.ticket).to_be_visible()
    ada.photograph("paper/phone-ticket")
