"""Two people at two browsers trade with each other."""

from decimal import Decimal

from playwright.sync_api import expect

from e2e.conftest import Visit
from e2e.person import Person
from e2e.product import Product

TRIES = 5


def trade_inside_the_spread(buyer: Person, seller: Person) -> None:
    """The buyer waits at a price better than the house's; the seller takes it."""
    price = (Decimal(buyer.best("Bid")) + Decimal(buyer.best("Ask"))) / 2
    text = f"{price.quantize(Decimal('0.01'))}"
    seller.enter("Sell", "Limit", price=text, amount="0.02")
    buyer.enter("Buy", "Limit", price=text, amount="0.02")
    buyer.send("Buy", "BTC")
    expect(buyer.open_orders().or_(buyer.toast("Bought")).first).to_be_visible()
    seller.send("Sell", "BTC")


def test_two_people_trade_with_each_other(visit: Visit, product: Product) -> None:
    """Both see the fill without a reload: in a toast, on the tape, in their balances; it is one and the same trade."""
    accounts = product.demo_accounts()
    alice, bob = visit(), visit(color_scheme="light")
    for person, account in zip((alice, bob), accounts, strict=False):
        person.log_in(*account)
        person.open_trade("BTC-USDT")
    before = bob.available("USDT")
    for _ in range(TRIES):  # the house's quotes follow the market and may be faster
        trade_inside_the_spread(alice, bob)
        expect(alice.toast("Bought 0.02 BTC")).to_be_visible()
        expect(bob.toast("Sold 0.02 BTC")).to_be_visible()
        if alice.newest_trade() == bob.newest_trade():
            break
    else:
        raise AssertionError("the house was faster each time")
    assert bob.available("USDT") != before
    for person in (alice, bob):
        expect(person.page.get_by_test_id("trade-tape").get_by_text("0.02000").first).to_be_visible()
        person.page.get_by_role("tab", name="Fills").click()
        expect(person.page.get_by_test_id("fills").get_by_text("0.02000").first).to_be_visible()
    alice.photograph("two-traders-alice")
    bob.photograph("two-traders-bob")
