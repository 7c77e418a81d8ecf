"""One action, one transaction: the only place that connects to the database, and the only commit.

``Work`` is the first argument of every service and query. ``acting()`` commits all or nothing, then
publishes its signals; ``reading()`` refuses writes. Both load the actor anew, so that a right lost is
lost at the next click. Sessions are synchronous: callers on the event loop use their own threads.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import psycopg
from sqlalchemy import Engine, create_engine, event, func, select, text
from sqlmodel import Session

from app import events
from app.actors import ByAccount as ByAccount
from app.actors import ByNobody as ByNobody
from app.actors import BySession as BySession
from app.actors import ByUsager as ByUsager
from app.actors import Caller as Caller
from app.actors import load_actor
from app.config import Settings
from app.policy import Actor
from app.security.vault import Vault
from models.base import use_cipher

log = logging.getLogger(__name__)


@dataclass
class Work:
    """A transaction under way, who acts in it, and the one clock of all that it does."""

    session: Session
    actor: Actor
    now: datetime
    vault: Vault
    signals: list[events.Signal] = field(default_factory=list)

    def signal(self, signal: events.Signal) -> None:
        """Tell open pages once this work is committed."""
        if signal not in self.signals:
            self.signals.append(signal)


class Database:
    """An engine, and the transactions opened on it."""

    def __init__(self, url: str, vault: Vault, threads: int = 8) -> None:
        self.vault = vault
        self.is_sqlite = url.startswith("sqlite")
        self._process = secrets.token_hex(8)
        self._closing = threading.Event()
        use_cipher(vault)
        if self.is_sqlite:
            self.engine = create_engine(url, pool_size=threads, max_overflow=0, hide_parameters=True)
            _prepare_sqlite(self.engine)
        else:
            self.engine = create_engine(
                url, pool_size=threads, max_overflow=0, pool_pre_ping=True, hide_parameters=True
            )
        _keep_errors_discreet(self.engine)

    @contextmanager
    def transaction(self, *, write: bool) -> Iterator[Session]:
        """Open a session in one transaction; a reading one cannot write, whatever it tries."""
        options = (
            {"aplus_write": write}
            if self.is_sqlite
            else {"isolation_level": "READ COMMITTED", "postgresql_readonly": not write}
        )
        with self.engine.connect() as connection:
            connection = connection.execution_options(**options)
            with Session(connection, expire_on_commit=False, autoflush=True) as session, session.begin():
                yield session

    def announce(self, session: Session, signals: Iterable[events.Signal]) -> None:
        """Hand signals to the other processes, once this transaction is committed."""
        if self.is_sqlite:
            return
        for signal in signals:
            payload = self._process + events.encode(signal)
            if len(payload) > events.PAYLOAD_LIMIT:
                payload = self._process + events.encode(events.Missed())
            session.execute(select(func.pg_notify(events.CHANNEL, payload)))

    def listen_to_others(self) -> None:
        """Relay the signals of other processes (PostgreSQL only), in a thread that outlives cut lines."""
        if not self.is_sqlite:
            threading.Thread(target=self._relay, name="aplus-listen", daemon=True).start()

    def _relay(self) -> None:
        address = self.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        cut = False
        while not self._closing.is_set():
            try:
                with psycopg.connect(address, autocommit=True) as connection:
                    connection.execute(f"LISTEN {events.CHANNEL}")
                    if cut:
                        events.publish(events.Missed())
                    while not self._closing.is_set():
                        for notice in connection.notifies(timeout=1.0):
                            if not notice.payload.startswith(self._process):
                                events.publish(events.decode(notice.payload[len(self._process) :]))
            except psycopg.Error:
                if self._closing.is_set():
                    return
                cut = True
                log.warning("the line to PostgreSQL's notifications is cut; trying again in a second")
                time.sleep(1.0)

    def close(self) -> None:
        """Let go of every connection."""
        self._closing.set()
        self.engine.dispose()


class Sole:
    """What one process only may do at a time: an advisory lock of PostgreSQL, kept as long as its line stands.
    SQLite serves one process."""

    def __init__(self, database: Database, number: int) -> None:
        self._database, self._number = database, number
        self._line: psycopg.Connection[Any] | None = None

    def is_ours(self) -> bool:
        """Whether it falls to this process, after asking for it if it did not."""
        if self._database.is_sqlite:
            return True
        try:
            if self._line is not None:
                self._line.execute("SELECT 1")
                return True
            address = self._database.engine.url.set(drivername="postgresql")
            line = psycopg.connect(address.render_as_string(hide_password=False), autocommit=True)
            taken = line.execute("SELECT pg_try_advisory_lock(%s)", (self._number,)).fetchone()
            if taken and taken[0]:
                self._line = line
                return True
            line.close()
        except psycopg.Error:
            self._line = None  # the server let go of the lock with the line
        return False

    def leave(self) -> None:
        """Let another process have it."""
        if self._line is not None:
            self._line.close()
            self._line = None


def _keep_errors_discreet(engine: Engine) -> None:
    """An error goes to the log: it names columns, never the values that a statement or a row carried."""

    @event.listens_for(engine, "handle_error")
    def on_error(context: Any) -> None:
        for error in (context.original_exception, context.sqlalchemy_exception):
            if error is not None and error.args:
                error.args = (str(error.args[0]).split("\nDETAIL")[0], *error.args[1:])


def _prepare_sqlite(engine: Engine) -> None:
    """WAL, foreign keys, and transactions begun by us: IMMEDIATE for writes, so that none fails half-way."""

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Any) -> None:
        write = connection.get_execution_options().get("aplus_write", True)
        connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if write else 'ON'}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


_database: list[Database] = []


def connect(settings: Settings) -> Database:
    """Open the database of this process."""
    database = Database(settings.url, Vault(settings.secret), settings.threads)
    use(database)
    return database


def use(database: Database) -> None:
    """Make this the database of the process."""
    _database[:] = [database]


def database() -> Database:
    """Return the database of this process."""
    return _database[0]


@contextmanager
def acting(caller: Caller, *, at: datetime | None = None) -> Iterator[Work]:
    """Open a transaction for an action: committed whole when the block ends well, else undone whole."""
    ours = database()
    with ours.transaction(write=True) as session:
        work = _work(session, caller, at, ours.vault)
        yield work
        session.flush()
        ours.announce(session, work.signals)
    for signal in work.signals:
        events.publish(signal)


@contextmanager
def reading(caller: Caller, *, at: datetime | None = None) -> Iterator[Work]:
    """Open a transaction that only reads."""
    ours = database()
    with ours.transaction(write=False) as session:
        yield _work(session, caller, at, ours.vault)


def whisper(signal: events.PresenceChanged) -> None:
    """Tell every process who reads and writes: a transaction that only notifies, or none at all on SQLite."""
    ours = database()
    if not ours.is_sqlite:
        with ours.transaction(write=True) as session:
            ours.announce(session, [signal])
    events.publish(signal)


def is_alive() -> bool:
    """Whether the database answers."""
    try:
        with database().transaction(write=False) as session:
            session.execute(text("SELECT 1"))
    except Exception:
        log.exception("the database does not answer")
        return False
    return True


def _work(session: Session, caller: Caller, at: datetime | None, vault: Vault) -> Work:
    now = at or datetime.now(UTC)
    return Work(session, load_actor(session, caller, now), now, vault)
