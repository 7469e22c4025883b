"""Two people at two browsers trade with each other."""

import time
from decimal import Decimal

from playwright.sync_api import expect

from e2e.conftest import Visit
from e2e.person import Person
from e2e.product import Product

TRIES = 5
PATIENCE_SECONDS = 3.0


def trade_inside_the_spread(buyer: Person, seller: Person) -> None:
    """The buyer waits at a price better than the house's; the seller takes it."""
    price = (Decimal(buyer.best("Bid")) + Decimal(buyer.best("Ask"))) / 2
    text = f"{price.quantize(Decimal('0.01'))}"
    seller.enter("Sell", "Limit", price=text, amount="0.02")
    buyer.enter("Buy", "Limit", price=text, amount="0.02")
    buyer.send("Buy", "BTC")
    expect(buyer.open_orders().or_(buyer.toast("Bought")).first).to_be_visible()
    seller.send("Sell", "BTC")


def met(one: Person, other: Person) -> bool:
    """Whether the newest trade of both is one and the same."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if one.newest_trade() == other.newest_trade() != "":
            return True
        one.page.wait_for_timeout(100)
    return False


def test_two_people_trade_with_each_other(visit: Visit, product: Product) -> None:
    """Both see the fill without a reload: in a toast, on the tape, in their balances; it is one and the same trade."""
    alice, bob = visit(), visit(color_scheme="light")
    for person, account in zip((alice, bob), product.demo_accounts(), strict=False):
        person.log_in(*account)
        person.open_trade("BTC-USDT")
    before = bob.available("USDT")
    for _ in range(TRIES):
        trade_inside_the_spread(alice, bob)
        if met(alice, bob):
            break
        # The house's quotes follow the market and were faster: take back what still waits.
        alice.cancel_all()
        bob.cancel_all()
    else:
        raise AssertionError("the house was faster each time")
    expect(alice.toast("Bought 0.02 BTC")).to_be_visible()
    expect(bob.toast("Sold 0.02 BTC")).to_be_visible()
    assert bob.available("USDT") != before
    for person in (alice, bob):
        expect(person.page.get_by_test_id("trade-tape").get_by_text("0.02000").first).to_be_visible()
        person.page.get_by_role("tab", name="Fills").click()
        expect(person.page.get_by_test_id("fills").get_by_text("0.02000").first).to_be_visible()
    alice.photograph("two-traders-alice")
    bob.photograph("two-traders-bob")
