"""Trading with a thumb, and trading without a mouse."""

import re

from playwright.sync_api import expect

from e2e.conftest import Visit


def test_a_thumb_is_enough(visit: Visit, demo: tuple[str, str]) -> None:
    """On a phone the ticket comes up as a sheet from the buttons below, and goes when the order is placed."""
    erin = visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    erin.log_in(*demo)
    erin.open_trade("BTC-USDT")
    erin.page.get_by_role("button", name="Sell BTC").tap()
    expect(erin.ticket.get_by_role("button", name="Sell", exact=True)).to_have_attribute("aria-pressed", "true")
    erin.enter("Sell", "Market", amount="0.01")
    erin.photograph("ticket-phone")
    assert erin.send("Sell", "BTC").startswith("Sell 0.01 BTC for about ")
    expect(erin.toast("Sold 0.01 BTC")).to_be_visible()
    expect(erin.ticket).to_be_hidden()

    erin.book_rows("Bid").last.tap()
    # The row has moved on meanwhile, so only that a price was taken is certain.
    expect(erin.ticket.get_by_role("textbox", name="Price")).to_have_value(re.compile(r"^\d+(\.\d+)?$"))


def test_a_keyboard_is_enough(visit: Visit, demo: tuple[str, str]) -> None:
    """The book is one tab stop with arrow keys, Enter takes a price, arrow keys step it, Enter sends, Esc closes."""
    frank = visit()
    frank.log_in(*demo)
    frank.open_trade("ETH-USDT")
    keys = frank.page.keyboard
    frank.book_rows("Bid").first.focus()
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        keys.press(key)
    price = frank.ticket.get_by_role("textbox", name="Price")
    expect(price).not_to_have_value("")
    picked = float(price.input_value())
    assert picked < float(frank.best("Ask"))

    price.focus()
    keys.press("Shift+ArrowDown")
    assert round(picked - float(price.input_value()), 2) == 0.1
    price.fill("1000")
    frank.ticket.get_by_role("textbox", name="Amount").focus()
    keys.type("0.01")
    expect(frank.ticket.get_by_role("button", name="Buy ETH")).not_to_have_attribute("aria-disabled", "true")
    keys.press("Enter")
    expect(frank.open_orders()).to_have_count(1)

    frank.page.get_by_role("button", name="Cancel all").focus()
    keys.press("Enter")
    expect(frank.page.locator("[role=dialog]:focus-within")).to_be_visible()
    keys.press("Escape")
    expect(frank.page.get_by_role("dialog")).to_be_hidden()
    expect(frank.page.get_by_role("button", name="Cancel all")).to_be_focused()
    frank.open_orders().focus()
    keys.press("Enter")
    expect(frank.open_orders()).to_have_count(0)

    frank.page.get_by_role("button", name="Choose a market").focus()
    keys.press("Enter")
    expect(frank.page.get_by_role("combobox", name="Search coins")).to_be_focused()
    keys.type("sol/usdt")
    expect(frank.page.get_by_role("option")).to_have_count(1)
    keys.press("Enter")
    frank.page.wait_for_url("**/trade/SOL-USDT")
