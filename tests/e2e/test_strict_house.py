"""An exchange as strict as in production: a second step before the first order, administrators with passkeys."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from e2e.authenticators import plug_in_passkey_device
from e2e.conftest import Visit, visiting
from e2e.elsewhere import Elsewhere
from e2e.person import PASSWORD, Person
from e2e.product import Product
from e2e.test_accounts import confirm, expecting, give_password, let_in, log_out

STRICT = {"SECOND_FACTOR_REQUIRED": "true", "ADMIN_PASSKEY_REQUIRED": "true"}
ROOT = "root@example.com"


@pytest.fixture(scope="module", name="product")
def _product(tmp_path_factory: pytest.TempPathFactory, elsewhere: Elsewhere) -> Iterator[Product]:
    """Its first start."""
    product = Product(tmp_path_factory.mktemp("strict") / "home", elsewhere.settings | STRICT)
    yield product
    product.close()


@pytest.fixture(name="visit")
def _visit(product: Product, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """People at this exchange."""
    yield from visiting(product, browser, request)


def add_passkey(person: Person) -> None:
    """At the security page, with a device that is plugged in."""
    person.page.get_by_role("button", name="Add a passkey").click()
    dialog = person.page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Key")
    dialog.get_by_role("button", name="Add a passkey").click()
    confirm(person)
    person.page.get_by_role("button", name="I have kept the codes").click()


def test_the_first_order_leads_to_a_second_step_and_back(visit: Visit) -> None:
    """A newcomer's first order is refused kindly, the page leads to the set-up and back, and then the order goes."""
    ada = visit()
    plug_in_passkey_device(ada.page)
    ada.sign_up("ada@example.com")
    ada.take_test_money()
    ada.open_trade("BTC-USDT")
    ada.enter("Buy", "Market", total="1000")
    ada.send("Buy", "BTC")
    gate = ada.page.get_by_role("dialog", name="One more step first")
    expect(gate).to_be_visible()
    ada.photograph("second-step-asked-for")
    gate.get_by_role("button", name="Set it up").click()
    ada.page.wait_for_url("**/settings/security?next=%2Ftrade%2FBTC-USDT")
    add_passkey(ada)
    expect(ada.page.get_by_text("Your account is protected now")).to_be_visible()
    ada.page.get_by_role("link", name="Go back").click()
    ada.enter("Buy", "Market", total="1000")
    ada.send("Buy", "BTC")
    expect(ada.toast("Bought 0.")).to_be_visible()
    expecting(ada, 403)


def test_the_first_administrator(visit: Visit, product: Product) -> None:
    """The printed link makes one and is closed for ever; with a passkey the administrator sees everybody's events."""
    root = visit()
    plug_in_passkey_device(root.page)
    root.go(product.setup_link())
    expect(root.page.get_by_role("heading", name="administrator")).to_be_visible()
    root.page.get_by_label("E-mail").fill(ROOT)
    root.page.get_by_label("Password", exact=True).fill(PASSWORD)
    root.page.get_by_role("main").get_by_role("button").last.click()
    root.page.wait_for_url("**/login")
    for link in (product.setup_link(), "/admin/setup"):
        root.go(link)
        root.page.reload()
        expect(root.page.get_by_role("heading", name="This page is closed")).to_be_visible()
    assert root.page.request.get(f"{product.url}/api/v1/admin/setup").status == 404

    give_password(root, ROOT)
    enter_code(root)
    root.go("/settings/security-log")
    expect(root.page.get_by_text("Logged in").first).to_be_visible()
    assert root.page.request.get(f"{product.url}/api/v1/audit-logs?all=true").status == 403
    root.go("/settings/security")
    add_passkey(root)
    log_out(root)
    root.go("/login")
    root.page.get_by_role("button", name="passkey").click()
    enter_code(root)
    assert root.page.request.get(f"{product.url}/api/v1/audit-logs?all=true").status == 200
    expecting(root, 401, 403, 404)


def enter_code(person: Person) -> None:
    """The code that administrators are mailed at each log-in."""
    field = person.page.get_by_label("Code we have just sent you")
    expect(field).to_be_visible()
    field.fill(person.mailed_code(ROOT))
    let_in(person)
