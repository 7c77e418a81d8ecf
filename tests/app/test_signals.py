"""Signals between processes, through PostgreSQL's notifications: once committed, once each."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from sqlalchemy import func, select, text

from app import events
from app.work import ByAccount, Database, acting, use, whisper
from models.base import new_id
from pages.shell.presence import AT_ONCE
from tests.conftest import Cast

CHANGED = events.CaseChanged(UUID(int=7), frozenset({UUID(int=8), UUID(int=9)}))
RIGHTS = events.RightsChanged(frozenset({UUID(int=3)}))
ENDED = events.SessionEnded(UUID(int=4))
PRESENT = events.PresenceChanged(
    tuple(events.Presence(UUID(int=n), UUID(int=7), UUID(int=8), doing) for n, doing in enumerate(events.Doing))
)
HANDED = events.SessionHanded(UUID(int=4), UUID(int=6))
BACK = events.SessionHanded(UUID(int=4), None)
CHOSEN = events.PreferencesChanged(UUID(int=5))
TOLD = events.NoticesChanged(frozenset({UUID(int=5), UUID(int=3)}))
WAITING = events.OutboxChanged(is_waiting=True)
ASKED, RAN = events.JobsChanged(is_asked=True), events.JobsChanged(is_asked=False)

_OTHER_PROCESS = """
import sys
from uuid import UUID
from app import work
from tests.app.test_signals import CHANGED, ENDED, RIGHTS
from tests.engines import VAULT
work.use(work.Database(sys.argv[1], VAULT))
try:
    with work.acting(work.ByAccount(UUID(sys.argv[2]))) as ours:
        ours.signal(RIGHTS)
        raise RuntimeError
except RuntimeError:
    pass
with work.acting(work.ByAccount(UUID(sys.argv[2]))) as ours:
    for signal in (CHANGED, RIGHTS, ENDED):
        ours.signal(signal)
"""


@pytest.mark.parametrize(
    "signal",
    [CHANGED, RIGHTS, CHOSEN, ENDED, HANDED, BACK, PRESENT, TOLD, WAITING, ASKED, RAN, events.Missed()],
)
def test_what_is_written_is_read_back(signal: events.Signal) -> None:
    assert events.decode(events.encode(signal)) == signal


@pytest.mark.postgres
@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
class TestOtherProcesses:
    """SQLite serves one process only; PostgreSQL carries the signals of several."""

    @pytest.fixture
    def heard(self, committed: Database) -> Iterator[list[events.Signal]]:
        signals: list[events.Signal] = []
        stop = events.listen(signals.append)
        committed.listen_to_others()
        _until_listening(committed)
        yield signals
        stop()

    @pytest.fixture
    def other(self, committed: Database) -> Iterator[Database]:
        """Give the database as another process opens it."""
        database = Database(committed.engine.url.render_as_string(hide_password=False), committed.vault)
        yield database
        database.close()

    def test_what_another_commits_is_heard(
        self, committed: Database, cast: Cast, heard: list[events.Signal]
    ) -> None:
        url = committed.engine.url.render_as_string(hide_password=False)
        subprocess.run([sys.executable, "-c", _OTHER_PROCESS, url, str(cast.aline)], check=True, timeout=300)
        _until(lambda: ENDED in heard)
        assert heard == [CHANGED, RIGHTS, ENDED]

    def test_ones_own_are_heard_once(self, cast: Cast, other: Database, heard: list[events.Signal]) -> None:
        with acting(ByAccount(cast.aline)) as work:
            work.signal(CHANGED)
        use(other)
        with acting(ByAccount(cast.aline)) as work:
            work.signal(ENDED)
        _until(lambda: len(heard) == 3)
        assert heard == [CHANGED, ENDED, ENDED]  # the other's: once here, once relayed

    def test_who_is_there_is_whispered_to_all(self, other: Database, heard: list[events.Signal]) -> None:
        whisper(PRESENT)
        use(other)
        whisper(PRESENT)
        _until(lambda: len(heard) == 3)
        assert heard == [PRESENT] * 3  # as above: one's own once, the other's twice

    def test_as_many_as_are_told_at_once_fit_a_notification(
        self, other: Database, heard: list[events.Signal]
    ) -> None:
        here = tuple(
            events.Presence(new_id(), new_id(), new_id(), events.Doing.WRITING) for _ in range(AT_ONCE)
        )
        use(other)
        whisper(events.PresenceChanged(here))
        _until(lambda: len(heard) == 2)
        assert heard == [events.PresenceChanged(here)] * 2

    def test_too_many_holders_for_one_notification(
        self, cast: Cast, other: Database, heard: list[events.Signal]
    ) -> None:
        everybody = events.RightsChanged(frozenset(new_id() for _ in range(1000)))
        use(other)
        with acting(ByAccount(cast.aline)) as work:
            work.signal(everybody)
        _until(lambda: len(heard) == 2)
        assert set(heard) == {everybody, events.Missed()}  # here, and by the server: whichever is first

    def test_a_cut_line_is_mended_and_said(
        self, committed: Database, heard: list[events.Signal], caplog: pytest.LogCaptureFixture
    ) -> None:
        pid = _until_listening(committed)
        with committed.transaction(write=True) as session:
            session.execute(select(func.pg_terminate_backend(pid)))
        _until(lambda: events.Missed() in heard)
        assert "notifications is cut" in caplog.text


def _until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "waited for twenty seconds"
        time.sleep(0.02)


def _until_listening(database: Database) -> int:
    """Wait for the listening connection, and return its process on the server."""
    found: list[int] = []

    def look() -> list[int]:
        query = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
        with database.transaction(write=False) as session:
            found[:] = session.execute(text(query)).scalars()
        return found

    _until(look)
    return found[0]
