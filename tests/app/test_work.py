"""The unit of work: all or nothing, signals only after the commit, no write when reading, rights of the day."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import col

from app import events
from app.errors import SignedOut
from app.journal import record
from app.work import ByAccount, ByNobody, BySession, Database, Work, acting, is_alive, reading, use
from models.account import Account, AuthSession, Membership
from models.base import new_id
from models.enums import ScopeKind, Side
from models.journal import JournalEntry
from tests.conftest import NOW, Cast
from tests.engines import VAULT

pytestmark = pytest.mark.every_engine

CASE = UUID(int=7)
SIGNAL = events.CaseChanged(CASE, frozenset({UUID(int=8), UUID(int=9)}))


@pytest.fixture
def heard() -> Iterator[list[events.Signal]]:
    """Collect the signals that are published during the test."""
    signals: list[events.Signal] = []
    stop = events.listen(signals.append)
    yield signals
    stop()


def journal_size(cast: Cast) -> int:
    with reading(ByAccount(cast.aline)) as work:
        return work.session.scalar(select(func.count()).select_from(JournalEntry)) or 0


def act(cast: Cast, *, fail: bool = False) -> None:
    with acting(ByAccount(cast.aline)) as work:
        record(work, "case.sent", CASE)
        work.session.flush()
        record(work, "entry.posted", CASE)
        work.signal(SIGNAL)
        if fail:
            raise RuntimeError("half-way")


class Promises:
    """What every database of ours promises; run on the rolled-back one and on the one that commits."""

    def test_what_ends_well_is_kept_whole(self, cast: Cast) -> None:
        act(cast)
        assert journal_size(cast) == 2

    def test_what_fails_is_undone_whole(self, cast: Cast) -> None:
        act(cast)
        with pytest.raises(RuntimeError, match="half-way"):
            act(cast, fail=True)
        assert journal_size(cast) == 2

    def test_a_fault_found_at_the_last_moment_undoes_all(self, cast: Cast, heard: list[events.Signal]) -> None:
        with pytest.raises(DBAPIError), acting(ByAccount(cast.aline)) as work:
            record(work, "case.sent", CASE)
            work.signal(SIGNAL)
            work.session.add(
                Membership(created_at=NOW, account_id=cast.adam, group_id=UUID(int=1), side=Side.AIDANT)
            )
        assert journal_size(cast) == 0
        assert heard == []

    def test_signals_wait_for_the_end(self, cast: Cast, heard: list[events.Signal]) -> None:
        with acting(ByAccount(cast.aline)) as work:
            record(work, "case.sent", CASE)
            work.signal(SIGNAL)
            work.signal(SIGNAL)
            assert heard == []
        assert heard == [SIGNAL]

    def test_no_signal_of_what_failed(self, cast: Cast, heard: list[events.Signal]) -> None:
        with pytest.raises(RuntimeError):
            act(cast, fail=True)
        assert heard == []

    def test_a_listener_finds_what_was_committed(self, cast: Cast) -> None:
        sizes: list[int] = []
        stop = events.listen(lambda signal: sizes.append(journal_size(cast)))
        act(cast)
        stop()
        assert sizes == [2]

    def test_a_failing_listener_hinders_no_other(
        self, cast: Cast, heard: list[events.Signal], caplog: pytest.LogCaptureFixture
    ) -> None:
        def fail(signal: events.Signal) -> None:
            raise ValueError

        stop, hear = events.listen(fail), events.listen(heard.append)
        act(cast)
        stop()
        hear()
        assert heard == [SIGNAL, SIGNAL]
        assert "a listener failed on CaseChanged" in caplog.text

    def test_reading_refuses_a_new_row(self, cast: Cast) -> None:
        with pytest.raises(DBAPIError), reading(ByAccount(cast.aline)) as work:
            record(work, "case.sent", CASE)
            work.session.flush()
        assert journal_size(cast) == 0

    def test_reading_refuses_plain_sql(self, cast: Cast) -> None:
        with pytest.raises(DBAPIError), reading(ByAccount(cast.aline)) as work:
            work.session.execute(text("DELETE FROM journal"))
        act(cast)
        assert journal_size(cast) == 2

    def test_reading_refuses_a_changed_row_at_its_end(self, cast: Cast) -> None:
        with pytest.raises(DBAPIError), reading(ByAccount(cast.aline)) as work:
            work.session.get_one(Account, cast.adam).first_name = "Autre"
        with reading(ByAccount(cast.aline)) as work:
            assert work.session.get_one(Account, cast.adam).first_name == "Adam"


@pytest.mark.usefixtures("database")
class TestRolledBack(Promises):
    """On savepoints, as most tests run."""


@pytest.mark.usefixtures("committed")
class TestCommitted(Promises):
    """On real commits, as the service runs."""


@pytest.mark.usefixtures("database")
def test_nothing_is_left_by_the_test_before(cast: Cast) -> None:
    assert journal_size(cast) == 0


def test_the_clock_of_a_work_is_one_instant(database: Database, cast: Cast) -> None:
    with reading(ByAccount(cast.aline), at=NOW) as work:
        assert work.now == NOW
    with reading(ByAccount(cast.aline)) as work:
        assert abs(work.now - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.usefixtures("database")
class TestActor:
    """The actor is who they are at this instant, not who they were when the page was opened."""

    def test_of_the_cast(self, cast: Cast) -> None:
        with reading(ByAccount(cast.marc)) as work:
            marc = work.actor
        assert marc.name == "Marc Dubois"
        assert [(m.group_id, m.side, m.is_manager) for m in marc.memberships] == [
            (cast.groups["CAF – Aisne"], Side.AGENT, True)
        ]
        with reading(ByAccount(cast.colette)) as work:
            assert work.actor.scopes == {ScopeKind.COORDINATOR}
            assert not work.actor.memberships

    def test_nobody_has_no_right(self) -> None:
        with reading(ByNobody()) as work:
            assert not work.actor.memberships
            assert not work.actor.scopes
            assert work.actor.account_id == UUID(int=0)

    def test_several_places_and_scopes_at_once(self, cast: Cast) -> None:
        with acting(ByAccount(cast.denis), at=NOW) as work:
            for group in ("CAF – Aisne", "CCAS de Laon"):
                side = Side.AGENT if group == "CAF – Aisne" else Side.AIDANT
                _join(work, cast.denis, cast.groups[group], side)
        with reading(ByAccount(cast.denis)) as work:
            assert work.actor.groups(Side.AGENT) == {cast.groups["CAF – Aisne"]}
            assert work.actor.groups(Side.AIDANT) == {cast.groups["CCAS de Laon"]}
            assert work.actor.scopes == {ScopeKind.ADMINISTRATOR}

    def test_a_lost_membership_is_lost_at_the_next_action(self, cast: Cast) -> None:
        with acting(ByAccount(cast.denis)) as work:
            place = select(Membership).where(col(Membership.account_id) == cast.bruno)
            work.session.delete(work.session.scalars(place).one())
        with reading(ByAccount(cast.bruno)) as work:
            assert not work.actor.groups(Side.AGENT)

    def test_a_deactivated_account_is_refused(self, cast: Cast) -> None:
        with acting(ByAccount(cast.denis)) as work:
            work.session.get_one(Account, cast.bruno).is_active = False
        with pytest.raises(SignedOut), reading(ByAccount(cast.bruno)):
            pass

    def test_an_unknown_account_is_refused(self) -> None:
        with pytest.raises(SignedOut), acting(ByAccount(UUID(int=5))):
            pass


@pytest.mark.usefixtures("database")
class TestSession:
    """A session gives its account's rights until it ends, expires, or the account is deactivated."""

    @pytest.fixture
    def session_id(self, database: Database, cast: Cast) -> UUID:
        row = AuthSession(
            id=new_id(), created_at=NOW, account_id=cast.aline, token_hash=b"x" * 32, last_seen_at=NOW,
            expires_at=NOW + timedelta(hours=12),
        )  # fmt: skip
        with acting(ByNobody(), at=NOW) as work:
            work.session.add(row)
        return row.id

    def test_alive(self, cast: Cast, session_id: UUID) -> None:
        with acting(BySession(session_id), at=NOW + timedelta(hours=11)) as work:
            assert work.actor.account_id == cast.aline
            assert work.actor.groups(Side.AIDANT) == {cast.groups["France Services de Guise"]}

    @pytest.mark.parametrize(("hours", "refused"), [(11.999, False), (12, True), (13, True)])
    def test_expiry(self, session_id: UUID, hours: float, refused: bool) -> None:
        at = NOW + timedelta(hours=hours)
        if refused:
            with pytest.raises(SignedOut), reading(BySession(session_id), at=at):
                pass
        else:
            with reading(BySession(session_id), at=at) as work:
                assert work.now == at

    def test_ended(self, session_id: UUID) -> None:
        with acting(BySession(session_id), at=NOW) as work:
            work.session.get_one(AuthSession, session_id).ended_at = NOW
        with pytest.raises(SignedOut), acting(BySession(session_id), at=NOW):
            pass

    def test_of_a_deactivated_account(self, cast: Cast, session_id: UUID) -> None:
        with acting(ByAccount(cast.denis)) as work:
            work.session.get_one(Account, cast.aline).is_active = False
        with pytest.raises(SignedOut), reading(BySession(session_id), at=NOW):
            pass

    def test_unknown(self) -> None:
        with pytest.raises(SignedOut), reading(BySession(UUID(int=5))):
            pass


def test_two_writers_wait_for_each_other(committed: Database, cast: Cast) -> None:
    """Twenty works at once, each reading a row it will change: none is lost, none fails half-way."""
    failures: list[BaseException] = []

    def write() -> None:
        try:
            with acting(ByAccount(cast.aline)) as work:
                row = select(Account).where(col(Account.id) == cast.adam).with_for_update()
                adam = work.session.scalars(row).one()
                adam.last_name = f"{adam.last_name}x"
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with reading(ByAccount(cast.adam)) as work:
        assert work.actor.name == "Adam Benali" + "x" * 20


def test_alive_only_while_the_database_answers(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert is_alive()
    gone = Database(f"sqlite:///{tmp_path}/no-such-folder/x.sqlite3", VAULT)
    if not database.is_sqlite:
        gone.close()
        gone = Database("postgresql+psycopg://nobody@/nothing?host=/no-such-folder", VAULT)
    use(gone)
    assert not is_alive()
    assert "the database does not answer" in caplog.text
    gone.close()


def _join(work: Work, account_id: UUID, group_id: UUID, side: Side) -> None:
    work.session.add(Membership(created_at=work.now, account_id=account_id, group_id=group_id, side=side))


def test_an_error_names_columns_never_values(committed: Database) -> None:
    """What goes to the log of a refused row holds nothing of it."""
    with pytest.raises(IntegrityError) as refused, acting(ByNobody()) as work:
        email = "Samira.Kaci@exemple.fr"
        work.session.add(
            Account(created_at=NOW, email=email, first_name="Samira", last_name="Kaci", password_hash="x")
        )
        work.session.flush()
    said = f"{refused.value} {refused.value.orig}"
    assert "email_lower" in said
    assert "Kaci" not in said
