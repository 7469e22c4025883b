"""Every page in both themes and two sizes: photographed, checked by axe, and nothing moves while it loads."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from e2e.conftest import Visit
from e2e.person import Person

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
# A theme changes colours and nothing else, so in the second one only those are looked at.
THEMES = {
    "dark": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "light": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}
VISITOR_PAGES = {
    "landing": "/",
    "login": "/login",
    "signup": "/signup",
    "forgot-password": "/forgot-password",
    "reset-password": "/reset-password",
    "freeze": "/freeze",
    "confirm-email": "/confirm-email",
    "admin-setup": "/admin/setup",
}
OWN_PAGES = {
    "dashboard": "/dashboard",
    "markets": "/markets",
    "trade": "/trade/BTC-USDT",
    "wallet": "/wallet",
    "transactions": "/transactions",
    "settings": "/settings",
    "security": "/settings/security",
    "devices": "/settings/sessions",
    "security-log": "/settings/security-log",
    "api-keys": "/settings/api-keys",
    "notifications": "/settings/notifications",
    "fees": "/settings/fees",
    "status": "/status",
}
SHIFT_MAX = 0.02
SETTLED = """() => document.fonts.status === 'loaded'
    && document.querySelector('[aria-busy=true], .animate-pulse') === null"""
WATCH_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts.push(entry.value);
}).observe({ type: 'layout-shift', buffered: true });
"""
RUN_AXE = """async (rules) => {
  const { violations } = await axe.run(document, { runOnly: rules });
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).join('\\n  ')}`);
}"""


def settle(person: Person, path: str) -> None:
    """Open a page and wait until nothing is loading any more."""
    person.go(path)
    expect(person.page.get_by_role("main")).to_be_visible()
    person.page.wait_for_function(SETTLED)
    person.page.wait_for_timeout(250)


def look_at(person: Person, pages: dict[str, str], size: str) -> list[str]:
    """Photograph pages in both themes; give what axe finds serious."""
    findings = []
    for name, path in pages.items():
        settle(person, path)
        for theme, rules in THEMES.items():
            person.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            person.page.wait_for_timeout(400)  # colours fade over; the chart is painted anew
            person.photograph(f"screenshots/{name}-{size}-{theme}")
            findings += [f"{name} {size} {theme}: {found}" for found in person.page.evaluate(RUN_AXE, rules)]
    return findings


def guest(visit: Visit, size: str) -> Person:
    """A window of a size; on a phone with fingers. With reduced motion, as a tint of 300 ms is not to be judged."""
    phone: dict[str, Any] = {"has_touch": True, "is_mobile": True} if size == "phone" else {}
    person = visit(viewport=SIZES[size], reduced_motion="reduce", **phone)
    person.page.add_init_script(path=AXE)
    person.page.add_init_script(WATCH_SHIFTS)
    return person


@pytest.mark.parametrize("size", SIZES)
def test_pages_look_right(visit: Visit, demo: tuple[str, str], size: str) -> None:
    """No page gives axe a serious finding in either theme; the pictures are kept in artifacts/screenshots."""
    person = guest(visit, size)
    findings = look_at(person, VISITOR_PAGES, size)
    person.log_in(*demo)
    findings += look_at(person, OWN_PAGES, size)
    assert findings == [], "\n".join(findings)


@pytest.mark.parametrize("size", SIZES)
def test_nothing_moves_while_loading(visit: Visit, demo: tuple[str, str], size: str) -> None:
    """Skeletons hold the place of what is coming: the layout shift of Markets and Trade stays below 0.02."""
    person = guest(visit, size)
    person.log_in(*demo)
    moved = {}
    for name in ("markets", "trade"):
        settle(person, OWN_PAGES[name])
        person.page.wait_for_timeout(1_500)  # live values are coming in
        moved[name] = sum(person.page.evaluate("window.shifts"))
    assert {name: shift for name, shift in moved.items() if shift > SHIFT_MAX} == {}
