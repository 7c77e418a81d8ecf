"""``uv run python -m tests.bench.screens --json``: how fast the screens are in Chromium, beside an empty page.

For an Agent+ with a full list, on this machine, server and browser sharing its processors; milliseconds.

- ``cold_ms``: from the address to the list shown and connected, in a new context (nothing in its cache);
  ``warm_ms``: the same again in that context. ``empty_cold_ms``, ``empty_warm_ms``: the same for a page of
  NiceGUI with one word on it, served with the same settings (``tests.bench.empty``), loads taken in turn.
  ``cold_ratio``, ``warm_ratio``: the one through the other.
- ``open_ms``: from the click on a row (the event's own instant) to the frame that shows the case, its thread
  included.
  ``marked_ms``: to the frame that shows the row as the open one.
- ``key_ms``: from a key to the frame that shows its character, while the server's process is stopped.
- ``requests``, ``kilobytes``: of a cold load, as they went over the line. ``nodes``: elements of the document.
- ``*_queries``: the statements of a load, and of a case opened from the list with all that follows it.
"""

from __future__ import annotations

import math
import os
import platform
import signal
import statistics
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from app import closing
from app.notify import mails
from app.work import Database
from tests.bench.asked import answer
from tests.bench.database import opened
from tests.bench.fill import fill
from tests.bench.service import answerable, empty_page, service, sign_in
from tests.browser import DESKTOP, chromium_path
from tests.engines import VAULT

LOADS = 9
OPENINGS = 40
KEYS = 60
_WARM_UP = 3  # loads that do not count: the server's threads, the browser's processes
_PATIENCE = 20_000.0

# Each instant is taken in a task after a frame's callbacks: that frame has been drawn.
_WATCH = """
window.measured = { ready: 0, opened: [], marked: [], keys: [] };
const drawn = (is, then) => {
  const look = () => (is() ? setTimeout(() => then(performance.now())) : requestAnimationFrame(look));
  requestAnimationFrame(look);
};
const here = () => window.did_handshake && document.querySelector(".case-row, .word");
drawn(here, (now) => (measured.ready = now));
addEventListener("click", (event) => {
  const row = event.target.closest(".case-row");
  if (!row) return;
  const before = document.querySelector(".case h1");
  const shown = () => {
    const title = document.querySelector(".case h1");
    return title && title !== before && document.querySelector(".thread [data-key]");
  };
  drawn(() => row.ariaCurrent, (now) => measured.marked.push(now - event.timeStamp));
  drawn(shown, (now) => measured.opened.push(now - event.timeStamp));
}, true);
addEventListener("keydown", (event) => {
  const length = event.target.value.length;
  drawn(() => event.target.value.length > length, (now) => measured.keys.push(now - event.timeStamp));
}, true);
"""


def run(engine: str, cases: int) -> dict[str, Any]:
    """Fill a database of that engine, start the service and a browser, and return what was measured."""
    with opened(engine) as url, tempfile.TemporaryDirectory(prefix="aplus-bench-") as folder:
        database = Database(url, VAULT)
        try:
            filled = fill(database, cases)
            for catch_up in (closing.run_resolved, closing.run_still, mails.run):  # what waits is over before
                catch_up()
            (token,) = sign_in(answerable(filled), filled, 1)
        finally:
            database.close()
        statements = Path(folder) / "statements"
        with (
            service(url, statements) as (base, pid), empty_page() as empty, sync_playwright() as playwright,
        ):  # fmt: skip
            chromium = playwright.chromium.launch(
                executable_path=chromium_path(), args=["--no-sandbox", "--disable-gpu"]
            )
            measuring = Measuring(chromium, base, token, empty, statements)
            about = {
                "date": date.today().isoformat(), "cases": cases, "engine": engine, "cores": os.cpu_count(),
                "python": platform.python_version(), "chromium": chromium.version,
            }  # fmt: skip
            figures = about | measuring.loads() | measuring.moves(pid)
            chromium.close()
        return figures


class Measuring:
    """A browser before the service and the empty page."""

    def __init__(self, browser: Browser, base: str, token: str, empty: str, statements: Path) -> None:
        self._browser = browser
        self._address = base + "/demandes?vue=toutes"
        self._cookie = {"name": "sid", "value": token, "url": base}
        self._empty = empty
        self._statements = statements

    def loads(self) -> dict[str, Any]:
        """Load both pages in turn, cold and warm."""
        taken: dict[str, list[float]] = {
            name: [] for name in ("cold_ms", "warm_ms", "empty_cold_ms", "empty_warm_ms")
        }
        for number in range(LOADS + _WARM_UP):
            for address, name in ((self._address, ""), (self._empty, "empty_")):
                context = self._context()
                page = context.new_page()
                cold, warm = _load(page, address), _load(page, address)
                context.close()
                if number >= _WARM_UP:
                    taken[f"{name}cold_ms"].append(cold)
                    taken[f"{name}warm_ms"].append(warm)
        middle = {name: statistics.median(values) for name, values in taken.items()}
        return (
            {name: round(value) for name, value in middle.items()}
            | {
                f"{kind}_ratio": round(middle[f"{kind}_ms"] / middle[f"empty_{kind}_ms"], 2)
                for kind in ("cold", "warm")
            }
            | self._line(self._address, "")
            | self._line(self._empty, "empty_")
        )

    def moves(self, pid: int) -> dict[str, Any]:
        """Open cases from the list, then type with the server stopped."""
        context = self._context()
        page = context.new_page()
        load_queries = self._queries(lambda: _load(page, self._address), page)
        nodes = page.evaluate("document.querySelectorAll('*').length")
        number = page.locator(".case-row").count()
        open_queries = self._queries(lambda: self._open(page, 0), page)
        for turn in range(1, OPENINGS + _WARM_UP):
            self._open(page, turn % number)
        found = page.evaluate("measured")
        page.goto(page.url)
        figures = {
            "open_ms": _spread(found["opened"][_WARM_UP:]),
            "marked_ms": _spread(found["marked"][_WARM_UP:]),
            "key_ms": self._typed(page, pid),
            "rows": number,
            "nodes": nodes,
            "load_queries": load_queries,
            "open_queries": open_queries,
        }
        context.close()
        return figures

    def _context(self) -> BrowserContext:
        context = self._browser.new_context(viewport=DESKTOP, locale="fr-FR", timezone_id="Europe/Paris")
        context.add_cookies([self._cookie])  # type: ignore[list-item]
        context.add_init_script(_WATCH)
        context.set_default_timeout(_PATIENCE)
        return context

    def _open(self, page: Page, number: int) -> None:
        before = page.evaluate("measured.opened.length")
        page.locator(".case-row").nth(number).click()
        page.wait_for_function("before => measured.opened.length > before", arg=before)
        page.wait_for_timeout(120)  # reading marks and presence of this opening are not in the next one's way

    def _typed(self, page: Page, pid: int) -> dict[str, float]:
        area = page.locator(".composer textarea")
        if not area.count():  # the last one opened may not be answered
            page.goto(self._address)
            for number in range(20):
                page.locator(".case-row").nth(number).click()
                page.wait_for_selector(".case h1")
                page.wait_for_timeout(300)
                if area.count():
                    break
        area.click()
        os.kill(pid, signal.SIGSTOP)
        try:
            for _ in range(KEYS):
                page.keyboard.press("a")
                page.wait_for_timeout(30)
            return _spread(page.evaluate("measured.keys"))
        finally:
            os.kill(pid, signal.SIGCONT)

    def _queries(self, do: Callable[[], object], page: Page) -> int:
        """Return how many statements that took, with what follows in the next second."""
        page.wait_for_timeout(1_000)
        before = self._statements.read_text().count("\n")
        do()
        page.wait_for_timeout(1_000)
        return self._statements.read_text().count("\n") - before

    def _line(self, address: str, name: str) -> dict[str, int]:
        """Return what a cold load asks of the server and how much comes."""
        context = self._context()
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        sizes: list[float] = []
        session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        _load(page, address)
        page.wait_for_timeout(500)
        context.close()
        return {f"{name}requests": len(sizes), f"{name}kilobytes": round(sum(sizes) / 1_000)}


def _load(page: Page, address: str) -> float:
    """Load a page and return when it was shown and connected."""
    page.goto(address)
    page.wait_for_function("measured.ready")
    return float(page.evaluate("measured.ready"))


def _spread(durations: list[float]) -> dict[str, float]:
    kept = sorted(durations)
    return {
        "p50": round(statistics.median(kept), 1),
        "p95": round(kept[math.ceil(0.95 * len(kept)) - 1], 1),
    }


if __name__ == "__main__":
    answer("tests.bench.screens", run, cases=5_000)
