"""The application behind the guards, started as a process; tests speak to it as strangers do."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.browser import START_SECONDS
from tests.socket_client import SocketClient

_ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Guarded:
    """A running server: its address, its database, its log."""

    base: str
    folder: Path

    def http(self, cookie: str = "", **headers: str) -> httpx.Client:
        """Return a browser of this origin; ``Origin=""`` leaves the header out."""
        said = {"Origin": self.base, "Accept": "text/html,*/*", **headers}
        if cookie:
            said["Cookie"] = f"sid={cookie}"
        return httpx.Client(base_url=self.base, headers={key: value for key, value in said.items() if value})

    def sign_in(self, name: str) -> str:
        """Sign somebody in and return the cookie's value."""
        with self.http() as browser:
            answer = browser.post(
                "/connexion", data={"email": f"{name}@demo.example", "password": "demonstration"}
            )
        assert answer.status_code == 303, answer.text
        return str(answer.cookies["sid"])

    def sign_out(self, cookie: str) -> httpx.Response:
        """Sign out."""
        with self.http(cookie) as browser:
            return browser.post("/deconnexion")

    def page(self, cookie: str, *, origin: str = "") -> SocketClient:
        """Load the page of trials; its socket is not open yet."""
        return SocketClient(self.base, cookie, origin=origin).load("/essai")

    def effects(self, cookie: str, client_id: str) -> list[str]:
        """Return what the handlers of a page were made to do."""
        with self.http(cookie) as browser:
            found: list[str] = browser.get("/essai/effets", params={"page": client_id}).json()
            return found

    def execute(self, statement: str, *values: str) -> None:
        """Change the database behind the service's back."""
        with closing(sqlite3.connect(self.folder / "administration-plus.sqlite3")) as database, database:
            database.execute(statement, values)

    def count(self, rows: str) -> int:
        """Return how many rows there are of a table («… WHERE …»)."""
        with closing(sqlite3.connect(self.folder / "administration-plus.sqlite3")) as database:
            return int(database.execute(f"SELECT count(*) FROM {rows}").fetchone()[0])

    @property
    def log(self) -> str:
        """What the server wrote so far."""
        return (self.folder / "log").read_text()


def eventually(reading: Callable[[], object], wanted: object) -> None:
    """Wait until this is so, ten seconds at most."""
    deadline = time.monotonic() + 10
    while reading() != wanted and time.monotonic() < deadline:
        time.sleep(0.02)
    assert reading() == wanted


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """Start the server for the tests of a module."""
    folder = tmp_path_factory.mktemp("guarded")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    # A server started inside pytest would believe that it is under test itself.
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "NICEGUI", "APLUS"))
    }
    environment = inherited | {
        "APLUS_DATA_DIR": str(folder), "APLUS_PORT": str(port), "APLUS_HOST": "127.0.0.1",
        "APLUS_DEMO": "true", "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.pages.guarded_app"],
            cwd=_ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
    server = Guarded(f"http://127.0.0.1:{port}", folder)
    try:
        _wait(server, process)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture
def tabs(guarded: Guarded) -> Iterator[Callable[..., SocketClient]]:
    """Open the page of trials, in as many tabs as wanted."""
    opened: list[SocketClient] = []

    def open_tab(cookie: str, **options: str) -> SocketClient:
        opened.append(guarded.page(cookie, **options))
        return opened[-1].connect()

    yield open_tab
    for tab in opened:
        tab.close()


@pytest.fixture(scope="module")
def bruno(guarded: Guarded) -> str:
    """The cookie of somebody else, who stays signed in."""
    return guarded.sign_in("bruno")


def _wait(server: Guarded, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            httpx.get(server.base + "/connexion")
            return
        except httpx.TransportError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not start:\n{server.log}") from None
            time.sleep(0.1)
