"""The trade desk in a browser: keys, order types, moving an order in the chart, its story, other markets beside."""

import re

from playwright.sync_api import Locator, expect

from e2e.conftest import Visit
from e2e.person import Person


def waiting(person: Person) -> Locator:
    """Rows of the open orders, without the head."""
    return person.page.get_by_test_id("open-orders").get_by_role("row").filter(has=person.page.get_by_role("cell"))


def test_a_stop_is_placed_by_keys_and_waits(visit: Visit, demo: tuple[str, str]) -> None:
    """Side, type and fields answer to keys; the sentence tells what will happen; the order waits outside the book."""
    ada = visit()
    ada.log_in(*demo)
    ada.open_trade("BTC-USDT")
    price = round(float(ada.best("Bid")) * 0.9)
    expect(ada.ticket).to_be_visible()
    for key in "stp":
        ada.page.keyboard.press(key)
    ada.page.keyboard.type(f"{price}")
    ada.ticket.get_by_role("textbox", name="Amount").fill("0.001")
    sentence = ada.send("Sell", "BTC")
    assert f"When the price falls to {price:,} USDT, sell 0.001 BTC at market" in sentence
    expect(waiting(ada)).to_have_count(1)
    expect(waiting(ada)).to_contain_text("Waiting")
    expect(waiting(ada)).to_contain_text(f"{price:,}")


def test_an_order_is_moved_in_the_chart_and_tells_its_story(visit: Visit, demo: tuple[str, str]) -> None:
    """Its line moves by keys, a sentence says what that does, and each step is told afterwards."""
    ada = visit()
    ada.log_in(*demo)
    ada.open_trade("BTC-USDT")
    price = round(float(ada.best("Bid")) * 0.9)
    ada.enter("Buy", "Limit", price=f"{price}", amount="0.001")
    ada.send("Buy", "BTC")
    handle = ada.page.get_by_test_id("line-price")
    expect(handle).to_be_visible()
    handle.press("Shift+ArrowDown")
    expect(ada.page.get_by_test_id("move-bar")).to_contain_text("Move the buy of 0.001 BTC from")
    handle.press("Enter")
    expect(ada.toast("Order changed")).to_be_visible()
    expect(waiting(ada)).to_contain_text(f"{price - 0.1:,.2f}")
    waiting(ada).get_by_role("button", name=re.compile("^What happened")).click()
    story = ada.page.get_by_test_id("order-story")
    expect(story.get_by_role("heading", name="Placed")).to_be_visible()
    expect(story.get_by_role("heading", name="Changed")).to_be_visible()


def test_keys_are_listed_and_rest_while_somebody_types(visit: Visit, demo: tuple[str, str]) -> None:
    """The question mark lists the keys; a letter typed into a field stays there; W puts a market beside, for good."""
    ada = visit()
    ada.log_in(*demo)
    ada.open_trade("BTC-USDT")
    page = ada.page
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    expect(page.locator("[role=dialog]:focus-within")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Keyboard shortcuts")).to_be_focused()
    page.keyboard.press("w")
    search = page.get_by_role("combobox", name="Search coins")
    search.fill("eth-usdt")
    search.press("Enter")
    pane = page.get_by_test_id("pane-ETH-USDT")
    expect(pane).to_be_visible()
    page.reload()
    expect(pane).to_be_visible()
    pane.get_by_role("button", name=re.compile("^Trade ETH-USDT")).click()
    expect(page.get_by_test_id("pane-BTC-USDT")).to_be_visible()
    expect(page.get_by_test_id("order-book")).to_have_attribute("data-market", "ETH-USDT")
    page.get_by_role("button", name=re.compile("^Take BTC-USDT")).click()
    expect(page.get_by_test_id("pane-BTC-USDT")).to_have_count(0)


def test_a_trade_becomes_a_position(visit: Visit, demo: tuple[str, str]) -> None:
    """What was bought stands beside its average cost and gain; the preview before it came from the exchange."""
    ada = visit()
    ada.log_in(*demo)
    ada.open_trade("ETH-USDT")
    ada.enter("Buy", "Market", amount="0.01")
    expect(ada.ticket.get_by_test_id("order-preview")).to_have_attribute("data-from", "exchange")
    ada.send("Buy", "ETH")
    strip = ada.page.get_by_test_id("position-strip")
    expect(strip).to_contain_text(re.compile(r"Position0\.00\d+ ETH"))
    expect(strip).to_contain_text("Average cost")
    ada.page.keyboard.press("i")
    expect(ada.page.get_by_test_id("positions")).to_contain_text("ETH-USDT")
