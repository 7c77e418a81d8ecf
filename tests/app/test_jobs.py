"""What runs by itself: when, once in all processes, and what is noted of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import time_machine

from app import __main__ as commands
from app import events, jobs, outbox
from app.jobs import Job, Loop
from app.work import ByNobody, Database, Sole, acting, reading
from models.enums import Channel, OutgoingStatus
from models.jobs import JobRun
from models.outbox import Outgoing
from tests.conftest import NOW

pytestmark = pytest.mark.every_engine

MINUTE = timedelta(minutes=1)


@dataclass
class Counted:
    """A job that counts its runs, and fails as long as it is told to."""

    runs: int = 0
    is_failing: bool = False
    ran: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def run(self) -> str:
        self.runs += 1
        self.ran.release()
        if self.is_failing:
            raise RuntimeError("Samira Kaddour, 06 12 34 56 78")
        return f"{self.runs} done"


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    job = Counted()
    monkeypatch.setattr(jobs, "JOBS", (Job("counted", 10 * MINUTE, job.run),))
    return job


def noted() -> JobRun:
    with reading(ByNobody()) as work:
        return work.session.get_one(JobRun, "counted")


def names() -> list[str]:
    return [job.name for job in jobs.due()[0]]


@pytest.mark.usefixtures("database")
class TestTurn:
    def test_is_run_at_first_then_in_its_time(self, counted: Counted, clock: time_machine.Traveller) -> None:
        assert names() == ["counted"]
        assert jobs.run(jobs.JOBS[0])
        row = noted()
        assert (row.started_at, row.ended_at, row.failures, row.result) == (NOW, NOW, 0, "1 done")
        assert (names(), jobs.due()[1]) == ([], jobs._LOOK_SECONDS)
        clock.shift(10 * MINUTE - timedelta(seconds=5))
        assert (names(), jobs.due()[1]) == ([], 5.0)
        clock.shift(5)
        assert names() == ["counted"]

    def test_what_an_outage_missed_is_run_once(self, counted: Counted, clock: time_machine.Traveller) -> None:
        jobs.run(jobs.JOBS[0])
        clock.shift(timedelta(days=3))
        assert names() == ["counted"]
        jobs.run(jobs.JOBS[0])
        assert names() == []

    def test_a_failure_is_noted_without_a_word_of_it_and_tried_again(
        self, counted: Counted, clock: time_machine.Traveller, caplog: pytest.LogCaptureFixture
    ) -> None:
        counted.is_failing = True
        waits = []
        for _ in range(6):
            assert not jobs.run(jobs.JOBS[0])
            before = clock_minutes(clock)
            while names() == []:
                clock.shift(MINUTE)
            waits.append(clock_minutes(clock) - before)
        assert waits == [1, 2, 4, 8, 10, 10]
        assert (noted().failures, noted().result) == (6, "RuntimeError")
        said = "\n".join(one.getMessage() + str(one.exc_info) for one in caplog.records)
        assert "the job counted failed: RuntimeError" in said
        assert "Samira" not in said
        counted.is_failing = False
        assert jobs.run(jobs.JOBS[0])
        assert noted().failures == 0

    def test_who_was_killed_is_followed_before_the_next_time(
        self, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(jobs, "JOBS", (Job("counted", timedelta(days=1), Counted().run),))
        with acting(ByNobody()) as work:
            work.session.add(JobRun(name="counted", started_at=work.now))
        assert names() == []
        clock.shift(15 * MINUTE)
        assert names() == ["counted"]

    def test_a_clock_set_back_stops_nothing(self, counted: Counted, clock: time_machine.Traveller) -> None:
        jobs.run(jobs.JOBS[0])
        clock.shift(timedelta(days=-2))
        assert names() == ["counted"]

    def test_the_command_lists_and_runs(
        self, counted: Counted, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:  # fmt: skip
        monkeypatch.setattr(commands, "_open", lambda: None)
        assert commands.main(["jobs"]) == 0
        assert "last never" in capsys.readouterr().out
        assert commands.main(["jobs", "run", "counted"]) == 0
        assert capsys.readouterr().out == "1 done\n"
        counted.is_failing = True
        assert commands.main(["jobs", "run", "counted"]) == 1
        assert commands.main(["jobs", "run", "rien"]) == 1
        assert "No job is called «rien»: counted." in capsys.readouterr().err
        assert commands.main(["jobs"]) == 0
        said = capsys.readouterr().out
        assert "last 2026-11-23 09:30:00 UTC, failed 1 times in a row  RuntimeError" in said


def clock_minutes(clock: time_machine.Traveller) -> int:
    with reading(ByNobody()) as work:
        return int(work.now.timestamp() // 60)


@pytest.fixture
def loops() -> Iterator[Callable[[], Loop]]:
    """Start loops, and stop them all."""
    started: list[Loop] = []

    def start() -> Loop:
        started.append(Loop())
        started[-1].start()
        return started[-1]

    yield start
    for loop in started:
        loop.stop(60)


class TestLoop:
    def test_runs_what_is_due_and_ends(
        self, committed: Database, counted: Counted, loops: Callable[[], Loop]
    ) -> None:
        loop = loops()
        assert counted.ran.acquire(timeout=60)
        loop.stop(60)
        assert not loop._thread.is_alive()
        assert counted.runs == 1

    def test_what_is_put_into_the_outbox_leaves_at_once(
        self, committed: Database, loops: Callable[[], Loop]
    ) -> None:
        left = threading.Event()
        stop = events.listen(lambda one: left.set() if one == events.OutboxChanged(is_waiting=False) else None)
        loops()
        with acting(ByNobody()) as work:
            id_ = outbox.put(work, Channel.SMS, "x", "+33612345678", "Bonjour", dedupe_key="1")
        assert left.wait(60)
        stop()
        with reading(ByNobody()) as work:
            assert work.session.get_one(Outgoing, id_).status is OutgoingStatus.SENT

    def test_outlives_a_database_that_is_away(
        self, committed: Database, counted: Counted, loops: Callable[[], Loop], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        failures = iter([OSError("away")])

        def due() -> tuple[list[Job], float]:
            for failure in failures:
                raise failure
            return list(jobs.JOBS), 15.0

        monkeypatch.setattr(jobs, "due", due)
        monkeypatch.setattr(jobs, "_LOOK_SECONDS", 0.01)
        loops()
        assert counted.ran.acquire(timeout=60)


@pytest.mark.postgres
@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
class TestSole:
    def test_one_process_at_a_time(self, committed: Database) -> None:
        one, other, another = Sole(committed, 7), Sole(committed, 7), Sole(committed, 8)
        assert one.is_ours()
        assert one.is_ours()
        assert not other.is_ours()
        assert another.is_ours()
        another.leave()
        one.leave()
        assert other.is_ours()
        other.leave()

    def test_a_cut_line_lets_go_of_it(self, committed: Database) -> None:
        one, other = Sole(committed, 7), Sole(committed, 7)
        assert one.is_ours()
        assert one._line is not None
        one._line.close()
        assert not one.is_ours(), "asked anew at the next turn"
        deadline = time.monotonic() + 20
        while not other.is_ours() and time.monotonic() < deadline:
            time.sleep(0.05)  # the server notices when it reads the line
        assert other.is_ours()
        assert not one.is_ours()
        other.leave()
