"""A person at a browser: what they do, in the words of the page."""

import re
from pathlib import Path

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, expect

PASSWORD = "correct horse battery staple"
ARTIFACTS = Path(__file__).parents[2] / "artifacts"

expect.set_options(timeout=10_000)  # a machine under load is slow, not wrong


class Person:
    """One browser window with its own cookies; `complaints` is what the console said."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.page: Page = context.new_page()
        self.url = url
        self.complaints: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"{message.text} ({message.location.get('url', '')})")

    def go(self, path: str) -> None:
        """Open a page of the exchange."""
        self.page.goto(self.url + path)

    def sign_up(self, email: str) -> None:
        """From the landing page through the mailed code to the first page of the signed-in."""
        self.go("/")
        self.page.get_by_role("main").get_by_role("link", name="Create an account").first.click()
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="Sign up").click()
        code = self.page.get_by_label("6-digit code")
        expect(code).to_be_visible()
        code.fill(self.mailed_code(email))
        expect(self.page.get_by_role("button", name="Account menu")).to_be_visible()

    def mailed_code(self, email: str) -> str:
        """Read the code at /dev/mail, in another tab."""
        tab = self.page.context.new_page()
        tab.goto(f"{self.url}/dev/mail")
        text = tab.get_by_role("article").filter(has_text=email).first.inner_text()
        tab.close()
        found = re.search(r"\b\d{6}\b", text)
        assert found, text
        return found.group()

    def mailed_link(self, email: str, page: str) -> str:
        """The path behind the newest link to a page of ours that was mailed to an address."""
        found = None
        for _ in range(50):
            mails = self.page.request.get(f"{self.url}/dev/mail.json?to={email}").json()["items"]
            found = re.search(rf"/{page}#token=[\w-]+", " ".join(mail["text"] for mail in mails))
            if found:
                return found.group()
            self.page.wait_for_timeout(200)  # the worker delivers a moment later
        raise AssertionError(f"no link to {page} was mailed to {email}")

    def log_in(self, email: str, password: str) -> None:
        """By password."""
        self.go("/login")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.get_by_role("main").get_by_role("button", name="Log in").click()
        expect(self.page.get_by_role("button", name="Account menu")).to_be_visible()

    def take_test_money(self) -> None:
        """What the faucet gives by itself."""
        self.go("/wallet")
        self.page.get_by_role("button", name="Get test money").first.click()
        self.page.get_by_role("button", name=re.compile("^Get 10,000")).click()
        expect(self.toast("arrived")).to_be_visible()

    def open_trade(self, pair: str) -> None:
        """The trade page, once its book is there."""
        self.go(f"/trade/{pair}")
        expect(self.book_rows("Ask").first).to_be_visible()

    def book_rows(self, side: str) -> Locator:
        """The rows of one side, "Bid" or "Ask"."""
        return self.page.get_by_test_id("order-book").get_by_role("button", name=re.compile(f"^{side} "))

    def best(self, side: str) -> str:
        """The best price of a side as the page tells it: bids are drawn best first, asks best last."""
        rows = self.book_rows(side)
        row = rows.first if side == "Bid" else rows.last
        return (row.text_content() or "").split()[1].replace(",", "")

    @property
    def ticket(self) -> Locator:
        """The order form."""
        return self.page.get_by_role("form", name="Place an order")

    def enter(self, side: str, kind: str, **fields: str) -> None:
        """Fill the ticket: side "Buy" or "Sell", kind "Limit" or "Market"."""
        self.ticket.get_by_role("button", name=side, exact=True).click()
        self.ticket.get_by_role("button", name=kind, exact=True).click()
        for name, text in fields.items():
            self.ticket.get_by_role("textbox", name=name.capitalize()).fill(text)

    def send(self, side: str, base: str) -> str:
        """Press the button; give the sentence that stood above it."""
        sentence = self.ticket.get_by_test_id("order-sentence").inner_text()
        self.ticket.get_by_role("button", name=f"{side} {base}").click()
        return sentence

    def toast(self, text: str) -> Locator:
        """A passing message."""
        return self.page.get_by_role("region", name=re.compile("^Notifications")).get_by_text(text).first

    def available(self, asset: str) -> str:
        """The available balance beside the ticket."""
        return self.page.get_by_test_id(f"balance-{asset}").get_by_role("cell").first.inner_text()

    def open_orders(self) -> Locator:
        """Rows of the user's orders in the book."""
        return self.page.get_by_test_id("open-orders").get_by_role("button", name=re.compile("^Cancel: "))

    def cancel_all(self) -> None:
        """Take every waiting order out of the book."""
        button = self.page.get_by_role("button", name="Cancel all", exact=True)
        if button.is_enabled():
            button.click()
            self.page.get_by_role("button", name="Cancel all orders").click()
        expect(self.open_orders()).to_have_count(0)

    def leave(self) -> None:
        """Take back what still waits, whatever the page shows at the moment; nothing to do for who is not signed in."""
        cookies = {cookie["name"]: cookie["value"] for cookie in self.page.context.cookies(self.url)}
        if csrf := cookies.get("csrf_token") or cookies.get("__Host-csrf_token"):
            for paper in ("false", "true"):
                address = f"{self.url}/api/v1/orders?paper={paper}"
                self.page.request.delete(address, headers={"X-CSRF-Token": csrf})

    def newest_trade(self) -> str:
        """Which trade the statement's newest line tells of, such as BTC-USDT/3; empty when it is not about a trade."""
        items = self.page.request.get(f"{self.url}/api/v1/transactions?limit=1").json()["items"]
        return "".join(item["ref"] for item in items if item["type"].startswith("trade_"))

    def photograph(self, name: str) -> None:
        """Keep a picture of the window as a test artefact."""
        path = ARTIFACTS / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path)
