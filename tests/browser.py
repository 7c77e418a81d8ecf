"""A real Chromium against a real server: the service as a subprocess, a browser context a person, axe-core.

Playwright's synchronous interface keeps an event loop in its thread, so the browser lives no longer than a
module of tests: modules with asynchronous tests stay undisturbed.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)

from app.demo.people import PASSWORD
from tests.engines import missing

ROOT = Path(__file__).parent.parent
START_SECONDS = 600.0
DESKTOP = ViewportSize(width=1440, height=900)
TABLET = ViewportSize(width=1024, height=768)
PHONE = ViewportSize(width=390, height=844)
# The headless shell is the same engine without the windows around it: a new page costs it half.
_CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
expect.set_options(timeout=30_000)  # as long as Playwright waits for what is pressed


@dataclass
class Server:
    """A running service. ``url`` has no slash at its end."""

    url: str
    process: subprocess.Popen[bytes]
    log_path: Path
    sessions: dict[str, str] = field(default_factory=dict)  # cookies by e-mail address

    @property
    def log(self) -> str:
        """The end of what it printed."""
        return self.log_path.read_text(errors="replace")[-8000:] if self.log_path.exists() else ""


@contextmanager
def serve(folder: Path, *, program: tuple[str, ...] = ("main.py",), **settings: str) -> Iterator[Server]:
    """Run ``main.py`` as a demonstration on a free port, its data in ``folder``, until the block ends.

    ``settings`` are names without their prefix (``database_url="…"``). A server that does not answer 200 on
    ``/sante`` in time is a failure that shows its log.
    """
    folder.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "NICEGUI_", "APLUS_"))}
    given = {
        "host": "127.0.0.1",
        "port": str(port),
        "data_dir": str(folder / "data"),
        "demo": "true",
        **settings,
    }
    env = kept | {f"APLUS_{name.upper()}": value for name, value in given.items()}
    log = folder / "server.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, *program], cwd=ROOT, env=env, stdout=output, stderr=subprocess.STDOUT
        )
    server = Server(f"http://127.0.0.1:{port}", process, log)
    try:
        _wait_until_healthy(server)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def put_off_seals(folder: Path) -> None:
    """Leave the sealing of the demonstration's documents to another day: seals have tests of their own."""
    path = folder / "data" / "administration-plus.sqlite3"
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%d %H:%M:%S.%f")
    with closing(sqlite3.connect(path, timeout=60)) as database, database:
        database.execute("UPDATE mandate_document SET seal_next_at = ? WHERE sealed_at IS NULL", [tomorrow])


def chromium_path() -> str:
    """Return where Chromium is, or skip (fail with ``CI=true``) and say that it is missing."""
    found = [path for name in _CHROMIUMS if (path := shutil.which(name))]
    return found[0] if found else missing("Chromium (the package chromium-headless-shell, or chromium)")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Give the demonstration, started once for all tests of the run."""
    folder = tmp_path_factory.mktemp("server")
    with serve(folder) as running:
        put_off_seals(folder)
        yield running


@contextmanager
def chromium(*switches: str) -> Iterator[Browser]:
    """Run a Chromium, with more switches if need be, until the block ends."""
    path = chromium_path()
    with sync_playwright() as playwright:
        args = ["--no-sandbox", "--disable-gpu", *switches]
        launched = playwright.chromium.launch(executable_path=path, args=args)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give a Chromium for the tests of a module."""
    with chromium() as launched:
        yield launched


Devices = defaultdict[tuple[str, int], list[BrowserContext]]


@pytest.fixture(scope="module")
def devices(browser: Browser) -> Devices:
    """Give the contexts that tests of a module are done with: scripts are compiled there, a page costs half."""
    return defaultdict(list)


class SignIn:
    """Open the service as somebody, each in a browser context of their own, signed in once a run."""

    def __init__(self, browser: Browser, server: Server, devices: Devices | None = None) -> None:
        self._browser = browser
        self._server = server
        self._devices = devices
        self._contexts: list[BrowserContext] = []
        self._lent: list[tuple[tuple[str, int], BrowserContext]] = []
        self.faults: list[str] = []

    def __call__(
        self, email: str, path: str = "/demandes", *, viewport: ViewportSize = DESKTOP, fresh: bool = False
    ) -> Page:
        """Return a page at ``path``, ready to be used. ``fresh``: with a session of its own."""
        page = self.anonymous(viewport=viewport) if fresh else self._on_a_known_device(email, viewport)
        known = {} if fresh else self._server.sessions
        if email not in known:
            known[email] = self._enter(email)
        self._hand_over(page, known[email])
        page.goto(path)
        if "/connexion" in page.url:  # that session was ended meanwhile
            known[email] = self._enter(email)
            self._hand_over(page, known[email])
            page.goto(path)
        ready(page)
        return page

    def anonymous(self, *, viewport: ViewportSize = DESKTOP) -> Page:
        """Return a blank page of a new context, of nobody."""
        context = self._browser.new_context(
            base_url=self._server.url, viewport=viewport, locale="fr-FR", timezone_id="Europe/Paris",
            has_touch=viewport != DESKTOP,
        )  # fmt: skip
        self._contexts.append(context)
        return self._page(context)

    def _on_a_known_device(self, email: str, viewport: ViewportSize) -> Page:
        """Return a blank page where a test before this one opened theirs, if any, and forget what it left."""
        key = (email, viewport["width"])
        if self._devices and self._devices[key]:
            context = self._devices[key].pop()
            page = self._page(context)
            everything = {"origin": self._server.url, "storageTypes": "local_storage,indexeddb"}
            context.new_cdp_session(page).send("Storage.clearDataForOrigin", everything)
            context.clear_cookies()
        else:
            page = self.anonymous(viewport=viewport)
            context = self._contexts.pop()
        self._lent.append((key, context))
        return page

    def _page(self, context: BrowserContext) -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("console", lambda message: self._note(page.url, message.text))
        return page

    def _enter(self, email: str) -> str:
        """Sign in as the form does, which has its own journeys, and return the session's cookie."""
        named = {
            "Origin": self._server.url,
            "User-Agent": f"Chrome/{self._browser.version} (X11; Linux x86_64)",
        }
        typed = {"email": email, "password": PASSWORD}
        answer = httpx.post(f"{self._server.url}/connexion", data=typed, headers=named, timeout=60)
        assert answer.status_code == 303, answer.text
        return answer.cookies["sid"]

    def _hand_over(self, page: Page, session: str) -> None:
        page.context.add_cookies(
            [{"name": "sid", "value": session, "url": self._server.url, "httpOnly": True, "sameSite": "Lax"}]
        )

    def close(self) -> None:
        """Close every page, and the contexts that no other test will use."""
        for key, context in self._lent:
            if self._devices is None:
                self._contexts.append(context)
                continue
            context.set_offline(False)
            for page in context.pages:
                page.close()
            self._devices[key].append(context)
        for context in self._contexts:
            context.close()

    def _note(self, url: str, text: str) -> None:
        if "Content Security Policy" in text or "Content-Security-Policy" in text:
            self.faults.append(f"{url}: {text}")


@pytest.fixture
def sign_in(browser: Browser, server: Server, devices: Devices) -> Iterator[SignIn]:
    """Give what opens the service as somebody; an uncaught script error or a blocked script fails the test."""
    signing_in = SignIn(browser, server, devices)
    yield signing_in
    signing_in.close()
    assert signing_in.faults == []


def ready(page: Page) -> None:
    """Wait until the page is connected: before that a click would be lost."""
    page.wait_for_function("window.did_handshake === true")


def axe(page: Page, *, rules: list[str] | None = None) -> list[str]:
    """Return what axe-core finds wrong in a page as it is now, a sentence each (the script is packaged);
    ``rules`` keeps to some of its rules."""
    # «preload» would fetch the page's styles once more, for a rule about video.
    options: dict[str, Any] = {"resultTypes": ["violations"], "preload": False}
    if rules:
        options["runOnly"] = {"type": "rule", "values": rules}
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(f"axe.run({json.dumps(options)}).then(results => results.violations)")
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']} — {node['target']}"
        for rule in found
        for node in rule["nodes"]
    ]


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Show the end of the server's log below a failure in front of it."""
    outcome = yield
    running = getattr(item, "funcargs", {}).get("server")
    report = outcome.get_result()
    if report.failed and isinstance(running, Server):
        report.sections.append(("server log", running.log))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_healthy(server: Server) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            if httpx.get(f"{server.url}/sante", timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        if server.process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"the service did not start:\n{server.log}", pytrace=False)
        time.sleep(0.1)
