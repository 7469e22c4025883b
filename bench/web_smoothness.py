"""How smooth the web app is while the market is busy: a trace of a real Chromium, its longest task and its frames.

    python bench/web_smoothness.py [--seconds 15] [--updates 20] [--panes 2] [--trace trace.json] [--keep DIRECTORY]

A whole exchange runs on recordings or else on the simulated feed, its maker quotes all markets of the catalogue, prices
come once a second. A funded account changes an order in the book of BTC-USDT, over HTTP, and books are told so
often that at least `updates` of them a second arrive at the page, which are counted. The trade page is
measured as a trader has it: signed in, open orders, other markets beside the chart, then the list of markets.
`--trace` keeps the whole trace of the trade page; `--keep` what matters of both, small: each frame and each task of
a millisecond and more as JSON, and a picture of them. Needs web/dist (make web) and Chromium.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import httpx
from playwright.sync_api import BrowserContext, CDPSession, Page, sync_playwright

from e2e.conftest import QUIET
from e2e.product import Product, chromium_path
from timeline import keep

MARKET = "BTC-USDT"
WARM_UP_MS = 6_000
LONG_MS = 50.0
FRAME_MS = 1000 / 60
SLACK_MS = 4.0
TURN = 70
"""Books may be told after so many per cent of the time between two: a turn that comes a little late is then no loss."""
CATEGORIES = ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline", "__metadata"]
COUNT_FRAMES = """() => {
  window.frameTimes = [];
  let last = performance.now();
  const step = (now) => { window.frameTimes.push(now - last); last = now; requestAnimationFrame(step); };
  requestAnimationFrame(step);
}"""


class Task(NamedTuple):
    """One task of the page's main thread, in ms: since the first, by the clock, and the processor's own time in it."""

    start: float
    wall: float
    cpu: float


class Result(NamedTuple):
    """What one page did while it was watched."""

    page: str
    tasks: list[Task]
    frames: list[float]
    books_per_second: float
    messages_per_second: float


class Mover(threading.Thread):
    """Changes the size of one order in the book, at a steady pace, until told to stop."""

    def __init__(self, url: str, account: tuple[str, str], per_second: int) -> None:
        super().__init__(daemon=True)
        self.moves = 0
        self._client = httpx.Client(base_url=f"{url}/api/v1", timeout=10)
        csrf = self._client.get("/csrf").json()["csrf_token"]
        entry = {"email": account[0], "password": account[1]}
        self._client.post("/auth/login", json=entry, headers={"X-CSRF-Token": csrf}).raise_for_status()
        self._headers = {"X-CSRF-Token": self._client.get("/csrf").json()["csrf_token"]}
        self._pause = 1 / per_second
        self._stopping = threading.Event()

    def run(self) -> None:
        """Place, and then amend for as long as it lives; an order that has traded is replaced."""
        order = self._place()
        due = time.monotonic()
        while not self._stopping.is_set():
            due += self._pause
            self._stopping.wait(max(0.0, due - time.monotonic()))
            change = {"qty": f"0.{10 + self.moves % 40}"}
            answer = self._client.patch(f"/orders/{order}", json=change, headers=self._headers)
            self.moves += 1
            if answer.is_error:
                order = self._place()
        self._client.delete("/orders", headers=self._headers)

    def stop(self) -> None:
        """End, and take the order back."""
        self._stopping.set()
        self.join(10)

    def _place(self) -> str:
        self._client.delete("/orders", headers=self._headers)
        while not (bids := self._client.get(f"/markets/{MARKET}/orderbook", params={"limit": 20}).json()["bids"]):
            self._stopping.wait(0.1)  # the market maker has just begun
        order = {"market": MARKET, "side": "buy", "type": "limit", "price": bids[-1][0], "qty": "0.1"}
        answer = self._client.post("/orders", json=order, headers=self._headers)
        answer.raise_for_status()
        found: str = answer.json()["id"]
        return found


class Trace:
    """A trace of the page's own thread, taken over the debugging protocol."""

    def __init__(self, session: CDPSession) -> None:
        self._session = session
        self._events: list[dict[str, Any]] = []
        self._done = threading.Event()
        session.on("Tracing.dataCollected", lambda message: self._events.extend(message["value"]))
        session.on("Tracing.tracingComplete", lambda _: self._done.set())

    def start(self) -> None:
        """Begin."""
        config = {"recordMode": "recordAsMuchAsPossible", "includedCategories": CATEGORIES}
        self._session.send("Tracing.start", {"transferMode": "ReportEvents", "traceConfig": config})

    def stop(self, page: Page) -> list[dict[str, Any]]:
        """End, and give the events."""
        self._session.send("Tracing.end")
        while not self._done.is_set():
            page.wait_for_timeout(50)
        self._done.clear()
        events, self._events = self._events, []
        return events


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=15)
    parser.add_argument("--updates", type=int, default=20)
    parser.add_argument("--panes", type=int, default=2)
    parser.add_argument("--trace", type=Path, help="keep the trace of the trade page, for chrome://tracing")
    parser.add_argument("--keep", type=Path, help="a directory for the frames and tasks of both pages")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = {"BOOK_INTERVAL_MS": str(TURN * 10 // options.updates)}
        product = Product(Path(folder) / "home", settings)
        try:
            for result in measure(product, options):
                tell(result)
                if options.keep is not None:
                    keep(options.keep, result)
        finally:
            product.close()


def measure(product: Product, options: argparse.Namespace) -> list[Result]:
    """Watch the trade page and the list of markets while the book is being moved."""
    watcher, mover_account = product.demo_accounts()[:2]
    # Three times as often as the book is told, so that each of its turns finds it changed.
    mover = Mover(product.url, mover_account, 3 * options.updates)
    mover.start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium_path(), args=QUIET)
            context = browser.new_context(base_url=product.url, viewport={"width": 1440, "height": 900})
            page = enter(context, watcher, options.panes)
            results = [
                watch(page, path, options.seconds, options.trace if path.startswith("/trade") else None)
                for path in (f"/trade/{MARKET}", "/markets")
            ]
            browser.close()
            return results
    finally:
        mover.stop()


def enter(context: BrowserContext, account: tuple[str, str], panes: int) -> Page:
    """Sign in, with other markets beside the chart."""
    pairs = ["ETH-USDT", "SOL-USDT", "XRP-USDT"][:panes]
    kept = json.dumps(json.dumps({"state": {"pairs": pairs}, "version": 0}))
    context.add_init_script(f"localStorage.setItem('cv-panes', {kept})")
    page = context.new_page()
    page.goto("/login")
    page.get_by_label("E-mail").fill(account[0])
    page.get_by_label("Password", exact=True).fill(account[1])
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    page.get_by_role("button", name="Account menu").wait_for()
    return page


def watch(page: Page, path: str, seconds: int, keep: Path | None) -> Result:
    """Open a page, let it settle, and trace it."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    received: list[str] = []
    session.on("Network.webSocketFrameReceived", lambda frame: received.append(frame["response"]["payloadData"]))
    page.goto(path)
    page.wait_for_timeout(WARM_UP_MS)
    trace = Trace(session)
    page.evaluate(COUNT_FRAMES)
    received.clear()
    trace.start()
    page.wait_for_timeout(seconds * 1000)
    frames: list[float] = page.evaluate("window.frameTimes")
    messages = list(received)
    events = trace.stop(page)
    if keep is not None:
        keep.write_text(json.dumps({"traceEvents": events}))
    session.detach()
    books = [message for message in messages if '"book' in message[:20]]
    return Result(path, page_tasks(events), frames[1:], len(books) / seconds, len(messages) / seconds)


def page_tasks(events: list[dict[str, Any]]) -> list[Task]:
    """The tasks of the busiest renderer's main thread: that of the page."""
    threads = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    tasks: dict[tuple[int, int], list[Task]] = {thread: [] for thread in threads}
    for event in events:
        thread = (event["pid"], event["tid"])
        if event["name"] == "RunTask" and thread in tasks and "dur" in event:
            wall, cpu = event["dur"] / 1000, event.get("tdur", event["dur"]) / 1000
            tasks[thread].append(Task(event["ts"] / 1000, wall, cpu))
    busiest = sorted(max(tasks.values(), key=lambda of_page: sum(task.cpu for task in of_page)))
    return [task._replace(start=task.start - busiest[0].start) for task in busiest]


def tell(result: Result) -> None:
    """Print what was seen. On a machine that others use too, a task by the clock holds their time as well."""
    frames = sorted(result.frames)
    walls, cpus = [task.wall for task in result.tasks], [task.cpu for task in result.tasks]
    late = sum(frame > FRAME_MS + SLACK_MS for frame in frames)
    span = sum(frames)
    print(f"{result.page}: {result.books_per_second:.1f} books and {result.messages_per_second:.1f} messages a second")
    print(f"  longest task {max(cpus):.1f} ms of processor time; over {LONG_MS:.0f} ms: {_over(cpus)} of {len(cpus)}")
    print(f"  by the clock {max(walls):.1f} ms; over {LONG_MS:.0f} ms: {_over(walls)}; load {os.getloadavg()[0]:.0f}")
    print(f"  main thread busy {sum(cpus) / span:.0%} of the time")
    print(
        f"  frames {1000 * len(frames) / span:.1f} a second, median {statistics.median(frames):.1f} ms, "
        f"p99 {frames[int(len(frames) * 0.99)]:.1f} ms, longest {frames[-1]:.1f} ms, late {late / len(frames):.1%}"
    )


def _over(tasks: list[float]) -> int:
    return sum(task > LONG_MS for task in tasks)


if __name__ == "__main__":
    main()
