"""Orders of every shape from the ticket: what they wait for stands in the list, and they go as they came."""

import re
from typing import NamedTuple

from playwright.sync_api import Locator, expect

from e2e.conftest import Visit
from e2e.person import Person

PAIR = "BTC-USDT"
AMOUNT = "0.002"


class Prices(NamedTuple):
    """Prices around the market that nothing in these tests comes near."""

    low: int
    below: int
    above: int


def trader(visit: Visit, demo: tuple[str, str]) -> tuple[Person, Prices]:
    """Somebody with money at the trade page."""
    ada = visit()
    ada.log_in(*demo)
    ada.open_trade(PAIR)
    bid = float(ada.best("Bid"))
    return ada, Prices(round(bid * 0.85), round(bid * 0.95), round(bid * 1.05))


def place(ada: Person, side: str, kind: str, **fields: str | int) -> str:
    """Fill the ticket by the names of its fields and send it; give the sentence that stood there."""
    for name in (side, kind):
        ada.ticket.get_by_role("button", name=name, exact=True).click()
    for field, text in fields.items():
        name = field.capitalize().replace("_", " ")
        ada.ticket.get_by_role("textbox", name=name, exact=True).fill(f"{text}")
    button = ada.ticket.get_by_role("button", name=f"{side} BTC")
    expect(button).not_to_have_attribute("aria-disabled", "true")
    return ada.send(side, "BTC")


def row(ada: Person, *texts: str) -> Locator:
    """The one row of the open orders that says all of this, in this order."""
    rows = ada.page.get_by_test_id("open-orders").get_by_role("row")
    return rows.filter(has_text=re.compile(".*".join(map(re.escape, texts))))


def cancel(order: Locator) -> None:
    """By the button in its row."""
    order.get_by_role("button", name=re.compile("^Cancel: ")).click()


def test_orders_of_a_group_live_and_die_together(visit: Visit, demo: tuple[str, str]) -> None:
    """An OCO has a target and a stop, a bracket an entry and two exits that sleep; cancelling one takes the others."""
    ada, price = trader(visit, demo)
    sentence = place(ada, "Sell", "OCO", target=price.above, stop=price.below, amount=AMOUNT)
    assert [f"{each:,}" in sentence for each in (price.above, price.below)] == [True, True]
    target = row(ada, "Sell", "Limit", "target", f"{price.above:,}")
    expect(target).to_contain_text("0%")
    expect(row(ada, "Sell", "Stop", "stop", "\N{LESS-THAN OR EQUAL TO}", f"{price.below:,}")).to_contain_text("Waiting")
    cancel(target)
    expect(ada.open_orders()).to_have_count(0)

    place(ada, "Buy", "Bracket", entry=price.below, target=price.above, stop=price.low, amount=AMOUNT)
    entry = row(ada, "Buy", "Limit", "entry", f"{price.below:,}")
    expect(entry).to_contain_text("0%")
    expect(row(ada, "Sell", "target", f"{price.above:,}")).to_contain_text("Dormant")
    expect(row(ada, "Sell", "Stop", "stop", f"{price.low:,}")).to_contain_text("Dormant")
    ada.photograph("bracket")
    cancel(entry)
    expect(ada.open_orders()).to_have_count(0)


def test_a_trailing_stop_follows_and_an_iceberg_hides(visit: Visit, demo: tuple[str, str]) -> None:
    """A trailing stop tells its trigger and how far it stays behind; an iceberg how much of it is shown."""
    ada, price = trader(visit, demo)
    sentence = place(ada, "Sell", "Trailing", trail="15", amount=AMOUNT)
    assert "15 %" in sentence
    trailing = row(ada, "Sell", "Trailing stop", "\N{LESS-THAN OR EQUAL TO}", "15 % behind")
    expect(trailing).to_contain_text("Waiting")

    ada.ticket.get_by_text("Advanced").click()
    place(ada, "Buy", "Limit", price=price.below, amount=AMOUNT, shown_amount="0.0005")
    iceberg = row(ada, "Buy", "Limit", "shows 0.00050", f"{price.below:,}")
    expect(iceberg).to_contain_text("0%")
    expect(ada.open_orders()).to_have_count(2)
    for order in (trailing, iceberg):
        cancel(order)
        expect(order).to_have_count(0)
