"""What administrators see of what runs by itself, and having it run now: theirs only, once, in French."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlmodel import col

from app import job_board, jobs
from app.errors import Conflict, Forbidden, NotFound
from app.events import JobsChanged
from app.job_board import WORDS, JobView, in_french
from app.jobs import Job
from app.sealing.faults import FAULTS
from app.work import ByNobody, acting, reading
from models.jobs import JobRun
from models.journal import JournalEntry
from tests.app.scenes import act, see
from tests.conftest import NOW, Cast

pytestmark = pytest.mark.usefixtures("database")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Put one job in the place of all, and give its runs."""
    done: list[str] = []

    def run() -> str:
        done.append("run")
        return f"{len(done)} told"

    monkeypatch.setattr(jobs, "JOBS", (Job("late", 10 * MINUTE, run),))
    return done


def seen(cast: Cast) -> JobView:
    with see(cast, "denis") as work:
        (one,) = job_board.board(work).jobs
    return one


class TestWhoMay:
    @pytest.mark.parametrize("who", ["aline", "bruno", "marc", "colette", "olivier"])
    def test_others_neither_see_nor_ask(self, cast: Cast, ran: list[str], who: str) -> None:
        jobs.run(jobs.JOBS[0])
        with pytest.raises(Forbidden), see(cast, who) as work:
            job_board.board(work)
        with pytest.raises(Forbidden), act(cast, who) as work:
            job_board.ask(work, "late")
        assert not seen(cast).is_asked

    @pytest.mark.parametrize("name", ["", "rien", "late; drop"])
    def test_what_is_no_job_is_not_found(self, cast: Cast, ran: list[str], name: str) -> None:
        with pytest.raises(NotFound), act(cast, "denis") as work:
            job_board.ask(work, name)


class TestAsking:
    def test_has_it_run_once_before_its_hour(
        self, cast: Cast, ran: list[str], clock: time_machine.Traveller
    ) -> None:
        jobs.run(jobs.JOBS[0])
        assert (seen(cast).next_at, seen(cast).is_asked) == (NOW + 10 * MINUTE, False)
        assert jobs.due()[0] == []
        for _ in range(2):
            with act(cast, "denis", NOW) as work:
                job_board.ask(work, "late")
                assert work.signals == [JobsChanged(is_asked=True)]
        assert (seen(cast).next_at, seen(cast).is_asked) == (None, True)
        assert jobs.due()[0] == [jobs.JOBS[0]]
        jobs.run(jobs.JOBS[0])
        assert (len(ran), jobs.due()[0], seen(cast).is_asked) == (2, [], False)
        with reading(ByNobody()) as work:
            query = select(JournalEntry).where(col(JournalEntry.action) == "job.asked")
            (entry,) = work.session.scalars(query)
        assert (entry.actor_id, entry.details) == (cast.denis, {"job": "late"})

    def test_one_that_never_ran_is_to_run_already(self, cast: Cast, ran: list[str]) -> None:
        with act(cast, "denis") as work:
            job_board.ask(work, "late")
        assert (seen(cast).started_at, seen(cast).next_at) == (None, None)

    def test_one_under_way_is_not_asked_again(self, cast: Cast, ran: list[str]) -> None:
        with acting(ByNobody(), at=NOW) as work:
            work.session.add(JobRun(name="late", started_at=NOW))
        with pytest.raises(Conflict), act(cast, "denis", NOW + MINUTE) as work:
            job_board.ask(work, "late")
        with act(cast, "denis", NOW + 20 * MINUTE) as work:  # its process was killed
            job_board.ask(work, "late")
        assert seen(cast).is_asked

    def test_a_failure_is_said_by_its_kind(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch, clock: time_machine.Traveller
    ) -> None:
        def fail() -> str:
            raise RuntimeError("Samira Kaddour")

        monkeypatch.setattr(jobs, "JOBS", (Job("late", 10 * MINUTE, fail),))
        jobs.run(jobs.JOBS[0])
        one = seen(cast)
        assert (one.failures, one.result, one.next_at) == (1, "RuntimeError", NOW + MINUTE)


class TestWords:
    def test_every_job_has_a_title_and_says_what_it_does(self, cast: Cast) -> None:
        assert set(WORDS) == {job.name for job in jobs.JOBS}
        with see(cast, "denis") as work:
            for one in job_board.board(work).jobs:
                assert one.title[:1].isupper()
                assert one.purpose.endswith(".")

    def test_what_each_job_says_is_known_in_french(self, cast: Cast) -> None:
        """Run for real: a word that has no French would be seen by administrators."""
        for job in jobs.JOBS:
            said = job.run()
            french = in_french(said)
            for word in re.findall(r"[a-z_]{3,}", said):
                assert word not in french.split(), f"{job.name}: {said}"

    @pytest.mark.parametrize(
        ("said", "french"),
        [
            ("3 sent, 1 not", "3 envois partis, 1 envoi à réessayer"),
            ("0 told", "0 silence signalé"),
            ("1 reminded, 2 announced, 0 closed", "1 rappel, 2 clôtures annoncées, 0 demande clôturée"),
            ("2 sealed, then authority_down", f"2 mandats scellés, {FAULTS['authority_down'].rstrip('.')}"),
            ("1 marked: off", f"1 mandat attend, {FAULTS['off'].rstrip('.')}"),
            ("no provider", "aucun prestataire de SMS n’est configuré"),
            ("RuntimeError", "RuntimeError"),
            ("", ""),
        ],
    )
    def test_results(self, said: str, french: str) -> None:
        assert in_french(said).replace("\u00a0", " ") == french
