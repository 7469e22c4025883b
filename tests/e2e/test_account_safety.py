"""Ways in from elsewhere, another address, locks and the emergency brake, as a person meets them."""

import re

import pytest
from playwright.sync_api import expect

from e2e.conftest import Visit
from e2e.elsewhere import Elsewhere
from e2e.person import PASSWORD, Person
from e2e.test_accounts import confirm, expecting, give_password, let_in, newcomer


def mailed_proof(person: Person, email: str) -> None:
    """Prove by a mailed code that it is oneself: the account has neither password nor second factor."""
    dialog = person.page.get_by_role("dialog", name="Confirm that it is you")
    dialog.get_by_role("button", name="Mail me a code").click()
    field = dialog.get_by_label("Code from the mail")
    expect(field).to_be_visible()
    field.fill(person.mailed_code(email))


@pytest.mark.parametrize("provider", ["Google", "GitHub", "Apple"])
def test_a_provider_opens_an_account(visit: Visit, elsewhere: Elsewhere, provider: str) -> None:
    """Google, GitHub or Apple make an account at the first time, and open the same one at the second."""
    email = f"ruth.{provider.lower()}@gmail.com"
    elsewhere.providers.person = {"sub": provider, "email": email, "email_verified": True, "name": "Ruth"}
    elsewhere.providers.emails = [{"email": email, "primary": True, "verified": True}]
    for _ in range(2):
        ruth = visit()
        ruth.go("/login?next=/settings/security")
        ruth.page.get_by_role("button", name=f"Continue with {provider}").click()
        let_in(ruth)
        expect(ruth.page.get_by_text(email).first).to_be_visible()
        expect(ruth.page.get_by_text("This is the only way into your account.")).to_be_visible()
        expect(ruth.page.get_by_role("button", name=re.compile("^Unlink"))).to_have_count(0)


def test_another_way_in_is_linked(visit: Visit, elsewhere: Elsewhere) -> None:
    """Who comes by Google alone links Apple with a mailed code; then, and not before, one of the two can go."""
    email, relay = "saul@gmail.com", "saul@privaterelay.appleid.com"
    elsewhere.providers.person = {"sub": "77", "email": email, "email_verified": True, "name": "Saul"}
    saul = visit()
    saul.go("/login?next=/settings/security")
    saul.page.get_by_role("button", name="Continue with Google").click()
    let_in(saul)
    elsewhere.providers.person |= {"sub": "78", "email": relay}
    saul.page.get_by_role("button", name="Link Apple").click()
    mailed_proof(saul, email)
    unlink = saul.page.get_by_role("button", name=re.compile("^Unlink"))
    expect(unlink).to_have_count(2)
    saul.page.get_by_role("button", name=f"Unlink {relay}").click()
    saul.page.get_by_role("dialog").get_by_role("button", name="Unlink").click()
    mailed_proof(saul, email)
    expect(saul.page.get_by_text("This is the only way into your account.")).to_be_visible()
    expect(unlink).to_have_count(0)
    expecting(saul, 403)


def test_another_address(visit: Visit) -> None:
    """Both addresses confirm by their links; then everybody is logged out, and the new address logs in."""
    old, new = "tara@example.com", "tara.new@example.com"
    tara = newcomer(visit, old)
    tara.page.get_by_role("button", name="Change address").click()
    tara.page.get_by_label("New e-mail address").fill(new)
    tara.page.get_by_role("button", name="Send both links").click()
    confirm(tara)
    expect(tara.page.get_by_text("Two mails are on their way")).to_be_visible()
    for address, said in (
        (old, "Now open the link in the mail to the other address."),
        (new, "Log in with the new address."),
    ):
        link = tara.mailed_link(address, "confirm-email")
        tara.page.goto("about:blank")
        tara.go(link)
        tara.page.get_by_role("button", name="Confirm").click()
        expect(tara.page.get_by_text(said)).to_be_visible()
    give_password(tara, new)
    let_in(tara)
    expecting(tara, 401, 403)


def test_locked_settings_and_a_frozen_account(visit: Visit) -> None:
    """Locked settings refuse a change whatever is proven; frozen, the account lets nobody in, its owner included."""
    email = "uma@example.com"
    uma = newcomer(visit, email)
    uma.page.get_by_role("button", name="Lock settings").click()
    uma.page.get_by_role("dialog").get_by_role("button", name="Lock settings").click()
    confirm(uma)
    expect(uma.page.get_by_text(re.compile("^Locked until"))).to_be_visible()
    uma.page.get_by_role("button", name="Choose a phrase").click()
    uma.page.get_by_role("textbox", name="Phrase").fill("the owl at noon")
    uma.page.get_by_role("button", name="Save").click()
    expect(uma.page.get_by_role("dialog").get_by_text(re.compile("locked"))).to_be_visible()
    uma.page.get_by_role("dialog").get_by_role("button", name="Close").click()
    uma.page.get_by_role("button", name="Freeze", exact=True).click()
    uma.page.get_by_role("dialog").get_by_role("button", name="Freeze").click()
    expect(uma.toast("Your account is frozen.")).to_be_visible()
    give_password(uma, email, PASSWORD)
    expect(uma.page.get_by_text("This account is frozen.")).to_be_visible()
    expecting(uma, 401, 403)


def test_telegram_is_linked(visit: Visit, elsewhere: Elsewhere) -> None:
    """After a proof the page shows the bot's link; the chat it is opened in is named on the page, and can be left."""
    vera = visit()
    vera.sign_up("vera@example.com")
    vera.go("/settings/notifications")
    vera.page.get_by_role("button", name="Connect Telegram").click()
    confirm(vera)
    link = vera.page.get_by_role("link", name="Open Telegram")
    url = link.get_attribute("href") or ""
    elsewhere.telegram.said(7001, f"/start {url.partition('=')[2]}")
    expect(vera.page.get_by_text("user7001")).to_be_visible()
    vera.page.get_by_role("button", name="Disconnect").click()
    vera.page.get_by_role("dialog").get_by_role("button", name="Disconnect").click()
    expect(vera.page.get_by_role("button", name="Connect Telegram")).to_be_visible()
    expecting(vera, 403)
