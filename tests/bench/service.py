"""The service under measurement: ``main.py`` in a process of its own, and sessions of people it knows."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import httpx
from sqlalchemy import select
from sqlmodel import col

from app.policy import Action
from app.queries import lists
from app.queries.case import case as read_case
from app.work import ByNobody, acting, reading
from models.account import AuthSession, Membership
from models.case import Participation
from tests.bench.fill import Filled

_ROOT = Path(__file__).resolve().parents[2]
_START_SECONDS = 60.0
_SECRET = "a secret of the tests, of 32 bytes and more"  # that of tests.engines.VAULT, with which fill seals


def answerable(filled: Filled) -> UUID:
    """Return the first case of the agent's list that they may answer."""
    with reading(filled.agent) as work:
        for row in lists.page(work, lists.Filter()).rows:
            if Action.WRITE in read_case(work, row.case_id).may:
                return row.case_id
    raise SystemExit("No case in the agent's first page may be answered.")


def sign_in(case_id: UUID, filled: Filled, number: int) -> list[str]:
    """Open a session for as many accounts of the case's groups, the measured agent's group first."""
    with acting(ByNobody()) as work:
        query = (
            select(col(Membership.account_id))
            .join(Participation, col(Participation.holder_id) == Membership.group_id)
            .where(col(Participation.case_id) == case_id)
            .order_by(col(Membership.group_id) != filled.agent_group, col(Membership.id))
            .limit(number)
        )
        account_ids = list(work.session.scalars(query))
        assert len(set(account_ids)) == number
        tokens = [secrets.token_urlsafe(32) for _ in account_ids]
        work.session.add_all(
            AuthSession(
                created_at=work.now, account_id=account_id, token_hash=sha256(token.encode()).digest(),
                last_seen_at=work.now, expires_at=work.now + timedelta(days=1),
            )
            for account_id, token in zip(account_ids, tokens, strict=True)
        )  # fmt: skip
    return tokens


@contextmanager
def service(url: str, statements: Path | None = None) -> Iterator[tuple[str, int]]:
    """Run ``main.py`` on that database; give its address and its process.

    ``statements``: a file that gets a line for each statement (see ``tests.bench.counted``).
    """
    with tempfile.TemporaryDirectory(prefix="aplus-bench-") as name:
        port = _free_port()
        ours = {
            "APLUS_DATABASE_URL": url, "APLUS_SECRET_KEY": _SECRET, "APLUS_DEMO": "false",
            "APLUS_DATA_DIR": name, "APLUS_HOST": "127.0.0.1", "APLUS_PORT": str(port),
        }  # fmt: skip
        command = ["-m", "tests.bench.counted", str(statements)] if statements else ["main.py"]
        with _running(command, ours, f"http://127.0.0.1:{port}", "/sante") as pid:
            yield f"http://127.0.0.1:{port}", pid


@contextmanager
def empty_page() -> Iterator[str]:
    """Run a page of NiceGUI with nothing on it; give its address."""
    port = _free_port()
    base = f"http://127.0.0.1:{port}"
    with _running(["-m", "tests.bench.empty", str(port)], {}, base, "/"):
        yield base


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _running(command: list[str], settings: dict[str, str], base: str, path: str) -> Iterator[int]:
    # A service started inside pytest would believe that it is under test itself.
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "NICEGUI", "APLUS"))
    }
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            [sys.executable, *command], cwd=_ROOT, stdout=log, stderr=log, env=inherited | settings
        )
        try:
            _wait(base + path, process)
            yield process.pid
        except BaseException:
            log.seek(0)
            print(log.read()[-4_000:], file=sys.stderr)
            raise
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            httpx.get(address).raise_for_status()
            return
        except httpx.HTTPError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the service did not start") from None
            time.sleep(0.1)
