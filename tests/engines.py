"""The two engines under test: a throw-away PostgreSQL and a SQLite file, each filled once and copied.

``APLUS_TEST_DATABASE_URL`` names a PostgreSQL server on which databases may be created. Without it a
cluster is started from the installed binaries; they refuse to run as root, so root drops to another account.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Connection, make_url
from sqlmodel import Session

from app.security.vault import Vault
from app.work import Database
from tests.remembered import Memory

VAULT = Vault(b"a secret of the tests, of 32 bytes and more")
_START_SECONDS = 300.0


def missing(what: str) -> NoReturn:
    """Skip the test and name what is missing; where nothing may be skipped (``CI=true``), fail."""
    if os.environ.get("CI", "").lower() in ("1", "true"):
        pytest.fail(f"missing here, and CI may skip nothing: {what}")
    pytest.skip(f"missing here: {what}")


class RolledBack(Database):
    """A database whose transactions are savepoints inside one transaction that is undone at the end."""

    def __init__(self, url: str) -> None:
        super().__init__(url, VAULT, threads=1)
        self._connection: Connection | None = None
        self.memory = Memory(self.engine)

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Open the outer transaction, and undo it when the test ends."""
        options: dict[str, Any] = {} if self.is_sqlite else {"isolation_level": "READ COMMITTED"}
        with self.engine.connect() as connection:
            self._connection = connection.execution_options(**options)
            outer = self._connection.begin()
            self.memory.begin(self._connection)
            try:
                yield
            finally:
                self._connection = None
                outer.rollback()

    @contextmanager
    def transaction(self, *, write: bool) -> Iterator[Session]:
        """The same promise as the real one, a savepoint deep: all or nothing, and no write when reading."""
        assert self._connection is not None, "outside of its test"
        session = Session(
            self._connection, expire_on_commit=False, autoflush=True, join_transaction_mode="create_savepoint"
        )
        with session, session.begin():
            if write:
                yield session
                return
            # PostgreSQL gives the right to write back with the end of the savepoint; SQLite is told.
            begun = session.connection()
            begun.exec_driver_sql("PRAGMA query_only=ON" if self.is_sqlite else "SET TRANSACTION READ ONLY")
            try:
                yield session
                session.flush()
            finally:
                if self.is_sqlite:
                    self._connection.exec_driver_sql("PRAGMA query_only=OFF")


class SQLiteEngine:
    """SQLite: a template file, copied for each database."""

    name = "sqlite"

    def __init__(self, folder: Path, fill: Callable[[Database], None]) -> None:
        self._folder = folder
        self._template = folder / "template.sqlite3"
        with _opened(Database(f"sqlite:///{self._template}", VAULT)) as database:
            fill(database)
        self.rolled_back = RolledBack(self.create())

    def create(self, *, empty: bool = False) -> str:
        """Make a database and return its address."""
        path = self._folder / f"{secrets.token_hex(8)}.sqlite3"
        if not empty:
            shutil.copyfile(self._template, path)
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        """Remove a database that ``create`` made."""
        for end in ("", "-wal", "-shm"):
            Path(url.removeprefix("sqlite:///") + end).unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of what is open."""
        self.rolled_back.close()


class PostgresEngine:
    """PostgreSQL: a template database on a server, copied by the server."""

    name = "postgres"

    def __init__(self, server: str, fill: Callable[[Database], None]) -> None:
        self._url = make_url(server).set(drivername="postgresql+psycopg")
        self._run = f"aplus_test_{secrets.token_hex(4)}"
        self._made: set[str] = set()
        template = self.create(empty=True)
        with _opened(Database(template, VAULT)) as database:
            fill(database)
        self._template = str(make_url(template).database)
        self.rolled_back = RolledBack(self.create())

    def create(self, *, empty: bool = False) -> str:
        """Make a database and return its address."""
        name = f"{self._run}_{secrets.token_hex(4)}"
        like = "template0" if empty else self._template
        self._command(sql.SQL("CREATE DATABASE {} TEMPLATE {}"), name, like)
        self._made.add(name)
        return self._url.set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        """Remove a database that ``create`` made, whoever is still connected."""
        name = str(make_url(url).database)
        self._command(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)"), name)
        self._made.discard(name)

    def close(self) -> None:
        """Let go of what is open, and remove what was made."""
        self.rolled_back.close()
        for name in sorted(self._made):
            self._command(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)"), name)

    def _command(self, command: sql.SQL, *names: str) -> None:
        address = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(command.format(*map(sql.Identifier, names)))


Engine = SQLiteEngine | PostgresEngine


@contextmanager
def _opened(database: Database) -> Iterator[Database]:
    try:
        yield database
    finally:
        database.close()


def binaries() -> Path | None:
    """Return the folder of PostgreSQL's server binaries, the newest, or nothing."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    found.sort(key=lambda path: [int(part) for part in path.parent.name.split(".") if part.isdigit()])
    if configured := shutil.which("pg_config"):
        answer = subprocess.run([configured, "--bindir"], capture_output=True, text=True, check=True)
        found.append(Path(answer.stdout.strip()))
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path).resolve().parent)
    whole = [path for path in found if (path / "initdb").exists() and (path / "postgres").exists()]
    return whole[-1] if whole else None


# Nothing is kept for a power cut, and nothing wakes up to see to it.
_FORGETFUL = (
    "fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0",
    "wal_writer_delay=10s", "bgwriter_delay=10s", "checkpoint_timeout=1d", "max_wal_size=2GB",
)  # fmt: skip


@contextmanager
def cluster(where: Path, folder: Path, *, durable: bool = False) -> Iterator[str]:
    """Run a cluster of the binaries ``where``, on a socket of its own, and give its address.

    It forgets everything at a power cut, for speed; ``durable``: it keeps its promises, as in production.
    """
    data, log = folder / "data", folder / "log"
    run_as = _unprivileged(folder)
    initdb = [f"{where}/initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale",
              "--no-sync"]  # fmt: skip
    postgres = [f"{where}/postgres", "-D", str(data), "-k", str(folder), "-h", ""]
    for setting in ("max_connections=60", "autovacuum=off", *(() if durable else _FORGETFUL)):
        postgres += ["-c", setting]
    with log.open("w") as output:
        subprocess.run(initdb, stdout=output, stderr=output, cwd=folder, check=True, **run_as)
        server = subprocess.Popen(postgres, stdout=output, stderr=output, cwd=folder, **run_as)
    try:
        address = f"postgresql://postgres@/postgres?host={folder}"
        _wait(server, address, log)
        yield address
    finally:
        server.send_signal(signal.SIGINT)  # a fast shutdown
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


@contextmanager
def server(*, durable: bool = False) -> Iterator[str]:
    """Give the address of a PostgreSQL server to test on (``durable``: see ``cluster``)."""
    if given := os.environ.get("APLUS_TEST_DATABASE_URL"):
        yield given
        return
    where = binaries()
    if where is None:
        missing("PostgreSQL (the server binaries of a package, or APLUS_TEST_DATABASE_URL)")
    # Not in $TMPDIR: the name of a socket must be short, and another account must come near it.
    short = tempfile.TemporaryDirectory(prefix="aplus-pg-", dir="/tmp")
    with short as name, cluster(where, Path(name), durable=durable) as url:
        yield url


def _unprivileged(folder: Path) -> dict[str, Any]:
    """Return as whom the server runs: root hands the folder to an account that may do nothing else."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    account = known.get("postgres") or known["nobody"]
    os.chown(folder, account.pw_uid, account.pw_gid)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _wait(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            psycopg.connect(address).close()
            return
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}") from error
            time.sleep(0.05)
