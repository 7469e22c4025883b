"""One running exchange and one Chromium for all browser tests."""

import os
import re
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from e2e.elsewhere import Elsewhere
from e2e.person import Person
from e2e.product import Product, chromium_path
from fixtures.recordings import data_dir

DIST = Path(os.environ.get("WEB_DIST") or Path(__file__).parents[2] / "web" / "dist")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

Visit = Callable[..., Person]
PEOPLE = pytest.StashKey[list[Person]]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is marked; an exchange and a browser are slow to start, so the first test may take longer."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that fails leaves pictures of what its people saw."""
    report = yield
    if report.when == "call" and report.failed:
        for number, person in enumerate(item.stash.get(PEOPLE, [])):
            person.photograph(f"failures/{re.sub(r'[^a-z_]+', '-', item.name)}-{number}")
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which prices the exchange ran on."""
    if any(Path(__file__).parent in Path(report.fspath).absolute().parents for report in _reports(terminalreporter)):
        prices = "recorded ones" if data_dir() else "simulated ones, because there are no recordings"
        terminalreporter.write_line(f"Prices of the browser tests: {prices}.")


def _reports(terminalreporter: pytest.TerminalReporter) -> list[pytest.TestReport]:
    return [report for name in ("passed", "failed") for report in terminalreporter.stats.get(name, [])]


@pytest.fixture(scope="session", name="elsewhere")
def _elsewhere() -> Iterator[Elsewhere]:
    """Google, GitHub, Apple and Telegram."""
    elsewhere = Elsewhere()
    yield elsewhere
    elsewhere.close()


@pytest.fixture(scope="session", name="product")
def _product(tmp_path_factory: pytest.TempPathFactory, elsewhere: Elsewhere) -> Iterator[Product]:
    """The exchange, on recorded prices where there are recordings, else on the simulated feed."""
    if not (DIST / "index.html").exists():
        pytest.fail(f"{DIST} is not built; run: make web")
    product = Product(tmp_path_factory.mktemp("e2e") / "home", elsewhere.settings)
    try:
        yield product
    finally:
        product.close()


@pytest.fixture(scope="session", name="browser")
def _browser() -> Iterator[Browser]:
    """A real Chromium."""
    path = chromium_path()
    if not path:
        pytest.skip("no Chromium; on Debian: sudo apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(name="visit")
def _visit(product: Product, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """People at windows of their own. Nobody's console may complain, unless the test says what it expects.

    What a test left in the book goes with its people: the next test may use the same account.
    """
    yield from visiting(product, browser, request)


def visiting(product: Product, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """The same at any exchange."""
    contexts: list[BrowserContext] = []
    people: list[Person] = []
    request.node.stash[PEOPLE] = people

    def visit(**options: Any) -> Person:
        given = {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark", "locale": "en-GB"} | options
        context = browser.new_context(base_url=product.url, **given)
        context.set_default_timeout(20_000)
        contexts.append(context)
        people.append(Person(context, product.url))
        return people[-1]

    yield visit
    complaints = [complaint for person in people for complaint in person.complaints]
    for person in people:
        person.leave()
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(name="demo")
def _demo(product: Product) -> tuple[str, str]:
    """E-mail and password of a funded account."""
    return product.demo_accounts()[0]
