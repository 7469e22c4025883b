"""An account that is hard to steal: second factors, recovery, devices, keys, as a person sets them up."""

import re

from playwright.sync_api import expect

from e2e.authenticators import AuthenticatorApp, TestWallet, plug_in_passkey_device
from e2e.conftest import Visit
from e2e.person import PASSWORD, Person

NEW_PASSWORD = "umbrella marzipan under quiet river"


def newcomer(visit: Visit, email: str) -> Person:
    """Somebody who has just signed up, at the security page."""
    person = visit()
    person.sign_up(email)
    person.go("/settings/security")
    expect(person.page.get_by_role("heading", name="Two-step log-in")).to_be_visible()
    return person


def confirm(person: Person) -> None:
    """Prove by password that it is oneself, where the page asks for it before a sensitive act."""
    person.page.get_by_label("Your password").fill(PASSWORD)
    person.page.get_by_role("button", name="Confirm", exact=True).click()


def set_up_app(person: Person) -> tuple[AuthenticatorApp, list[str]]:
    """Set up an authenticator app; the app and the recovery codes that come with it."""
    person.page.get_by_role("button", name="Set up").click()
    confirm(person)
    dialog = person.page.get_by_role("dialog", name="authenticator")
    expect(dialog.get_by_role("img", name="QR code for the authenticator app")).to_be_visible()
    app = AuthenticatorApp(dialog.locator("code").inner_text().replace(" ", ""))
    dialog.get_by_label("Code from the app").fill(app.code())
    shown = person.page.get_by_role("list", name="Your recovery codes").get_by_role("listitem")
    expect(shown).to_have_count(10)
    codes = shown.all_inner_texts()
    person.page.get_by_role("button", name="I have kept the codes").click()
    return app, codes


def give_password(person: Person, email: str, password: str = PASSWORD) -> None:
    """The first step of logging in."""
    person.go("/login")
    person.page.get_by_label("E-mail").fill(email)
    person.page.get_by_label("Password", exact=True).fill(password)
    person.page.get_by_role("main").get_by_role("button", name="Log in").click()


def let_in(person: Person) -> None:
    """The person is signed in."""
    expect(person.page.get_by_role("button", name="Account menu")).to_be_visible()


def log_out(person: Person) -> None:
    """By the menu. What was asked for at that moment may be refused with 401, and the browser says so."""
    person.page.get_by_role("button", name="Account menu").click()
    person.page.get_by_role("menuitem", name="Log out").click()
    expect(person.page.get_by_role("banner").get_by_role("link", name="Log in")).to_be_visible()


def expecting(person: Person, *statuses: int) -> None:
    """Take what the browser says about answers that were expected out of the complaints."""
    told = re.compile(f"status of ({'|'.join(map(str, statuses))})")
    person.complaints = [complaint for complaint in person.complaints if not told.search(complaint)]


def test_an_authenticator_app_and_its_recovery_codes(visit: Visit) -> None:
    """Set up with a QR code, asked for at the next log-in; a recovery code stands in for it once."""
    email = "grace@example.com"
    grace = newcomer(visit, email)
    app, codes = set_up_app(grace)
    expect(grace.page.get_by_text("10 codes left")).to_be_visible()
    log_out(grace)

    give_password(grace, email)
    expect(grace.page.get_by_role("heading", name="One more step")).to_be_visible()
    grace.page.get_by_label("Code from your authenticator app").fill(app.code())
    let_in(grace)
    log_out(grace)

    give_password(grace, email)
    grace.page.get_by_role("button", name="Use a recovery code").click()
    grace.page.get_by_label("Recovery code").fill(codes[0].lower())
    grace.page.get_by_role("button", name="Confirm").click()
    let_in(grace)
    grace.go("/settings/security")
    expect(grace.page.get_by_text("9 codes left")).to_be_visible()
    expecting(grace, 401, 403)


def test_a_passkey_is_a_way_in_and_a_proof(visit: Visit) -> None:
    """Registered and named, renamed, used without a password, and asked for before a sensitive act."""
    henry = visit()
    plug_in_passkey_device(henry.page)
    henry.sign_up("henry@example.com")
    henry.go("/settings/security")
    henry.page.get_by_role("button", name="Add a passkey").click()
    dialog = henry.page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Laptop")
    dialog.get_by_role("button", name="Add a passkey").click()
    confirm(henry)
    henry.page.get_by_role("button", name="I have kept the codes").click()
    henry.page.get_by_role("button", name="Rename Laptop").click()
    henry.page.get_by_role("textbox", name="Name").fill("Work laptop")
    henry.page.get_by_role("button", name="Save").click()
    expect(henry.page.get_by_role("button", name="Remove Work laptop")).to_be_visible()
    log_out(henry)

    henry.go("/login")
    henry.page.get_by_role("button", name="Use a passkey").click()
    let_in(henry)
    henry.go("/settings/security")
    henry.page.get_by_role("button", name="Choose a phrase").click()
    henry.page.get_by_role("textbox", name="Phrase").fill("the owl at noon")
    henry.page.get_by_role("button", name="Save").click()
    proof = henry.page.get_by_role("dialog", name="Confirm that it is you")
    proof.get_by_role("button", name="Use a passkey").click()
    expect(henry.page.get_by_text("In our mails: “the owl at noon”")).to_be_visible()
    expecting(henry, 401, 403)


def test_a_forgotten_password(visit: Visit) -> None:
    """A mailed link sets a new password once; the strength is told while typing, and nobody is signed in by it."""
    email = "iris@example.com"
    iris = newcomer(visit, email)
    log_out(iris)
    iris.go("/login")
    iris.page.get_by_role("link", name="Forgot your password?").click()
    expect(iris.page.get_by_role("heading", name="Reset your password")).to_be_visible()
    iris.page.get_by_label("E-mail").fill(email)
    iris.page.get_by_role("button", name="Send the link").click()
    expect(iris.page.get_by_role("heading", name="Check your e-mail")).to_be_visible()
    link = iris.mailed_link(email, "reset-password")
    iris.go(link)
    iris.page.get_by_label("New password", exact=True).fill("short")
    expect(iris.page.get_by_text("10 more characters.")).to_be_visible()
    iris.page.get_by_label("New password", exact=True).fill(NEW_PASSWORD)
    expect(iris.page.get_by_role("meter")).to_have_attribute("aria-valuenow", "4")
    iris.page.get_by_role("button", name="Set the password").click()
    expect(iris.page.get_by_role("heading", name="Log in")).to_be_visible()
    give_password(iris, email, NEW_PASSWORD)
    let_in(iris)
    iris.go("/settings/security")
    expect(iris.page.get_by_text("Nothing can be withdrawn until")).to_be_visible()
    log_out(iris)
    iris.page.goto("about:blank")
    iris.go(link)
    expect(iris.page.get_by_role("heading", name="This link does not work")).to_be_visible()
    expecting(iris, 401)


def test_another_device_is_logged_out(visit: Visit) -> None:
    """Both devices are listed, this one is marked, and the other is out with its next step."""
    email = "june@example.com"
    june = newcomer(visit, email)
    phone = visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    phone.log_in(email, PASSWORD)
    june.go("/settings/sessions")
    expect(june.page.get_by_text("This device")).to_have_count(1)
    june.page.get_by_role("button", name="Log out all others").click()
    june.page.get_by_role("dialog").get_by_role("button", name="Log out all others").click()
    confirm(june)
    expect(june.page.get_by_text("You are logged in nowhere else.")).to_be_visible()
    phone.go("/wallet")
    phone.page.wait_for_url("**/login?next=%2Fwallet")
    expecting(phone, 401, 403)
    june.go("/settings/security-log")
    expect(june.page.get_by_text("All other devices logged out")).to_be_visible()
    expecting(june, 403)


def test_an_api_key_is_shown_once(visit: Visit) -> None:
    """Made with scopes and addresses after a proof, its secret is shown once, and it can be deleted."""
    kim = newcomer(visit, "kim@example.com")
    kim.go("/settings/api-keys")
    kim.page.get_by_role("button", name="Create a key").click()
    form = kim.page.get_by_role("dialog")
    form.get_by_label("Name").fill("Grid bot")
    form.get_by_role("checkbox", name=re.compile("^Withdraw")).click()
    form.get_by_role("button", name="Create key").click()
    expect(form.get_by_text("needs at least one address")).to_be_visible()
    form.get_by_label("Only from these addresses").fill("203.0.113.7")
    form.get_by_role("button", name="Create key").click()
    confirm(kim)
    expect(kim.page.get_by_role("heading", name="Grid bot is ready")).to_be_visible()
    expect(kim.page.get_by_text("It is shown this once")).to_be_visible()
    kim.page.get_by_role("button", name="I have kept the secret").click()
    expect(kim.page.get_by_text("only from 203.0.113.7/32")).to_be_visible()
    kim.page.get_by_role("button", name="Delete Grid bot").click()
    kim.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(kim.page.get_by_text("No API keys")).to_be_visible()
    expecting(kim, 403)


def test_a_wallet_is_linked_and_logs_in(visit: Visit) -> None:
    """A wallet that announces itself signs a message that is shown first; linked once, it opens the account."""
    lena = visit()
    wallet = TestWallet(lena.page)
    lena.sign_up("lena@example.com")
    lena.go("/settings/security")
    lena.page.get_by_role("button", name="Link a wallet").click()
    lena.page.get_by_role("button", name="Test Wallet").click()
    expect(lena.page.get_by_label("Message to sign")).to_contain_text(wallet.address)
    lena.page.get_by_role("button", name="Sign and link").click()
    confirm(lena)
    expect(lena.page.get_by_role("button", name=re.compile("^Unlink 0x"))).to_be_visible()
    log_out(lena)

    lena.go("/login")
    lena.page.get_by_role("button", name="Use a wallet").click()
    lena.page.get_by_role("button", name="Test Wallet").click()
    lena.page.get_by_role("button", name="Sign and log in").click()
    let_in(lena)
    expecting(lena, 401, 403)
    assert len(wallet.signed) == 2
    assert all("wants you to sign in with your Ethereum account" in text for text in wallet.signed)


def test_an_account_is_deleted(visit: Visit) -> None:
    """Not while it holds funds; an empty one is gone after the address was typed and the password proven."""
    email = "mona@example.com"
    mona = newcomer(visit, email)
    mona.page.get_by_role("button", name="Delete account").click()
    dialog = mona.page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill(email)
    dialog.get_by_role("button", name="Delete account").click()
    confirm(mona)
    expect(mona.page.get_by_role("banner").get_by_role("link", name="Log in")).to_be_visible()
    give_password(mona, email)
    expect(mona.page.get_by_role("alert")).to_be_visible()
    expecting(mona, 401, 403)
