"""What runs by itself: when, once in all processes, and what is noted of it."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from app import __main__ as commands
from app import events, job_board, jobs, outbox
from app.jobs import Job, Loop
from app.work import ByAccount, ByNobody, Database, Sole, acting, reading
from models.enums import Channel, OutgoingStatus
from models.jobs import JobRun
from models.outbox import Outgoing
from tests.conftest import NOW, Cast

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

    def test_what_an_administrator_asks_for_runs_at_once(
        self, committed: Database, cast: Cast, counted: Counted, loops: Callable[[], Loop],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:  # fmt: skip
        monkeypatch.setattr(jobs, "_LOOK_SECONDS", 3600.0)  # only the signal wakes it
        loops()
        assert counted.ran.acquire(timeout=60)
        with acting(ByAccount(cast.denis)) as work:
            row = work.session.get_one(JobRun, "counted")
            row.ended_at = row.started_at
            job_board.ask(work, "counted")
        assert counted.ran.acquire(timeout=60)

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


_PROCESS = """
import sys, time
from datetime import timedelta
from pathlib import Path
from app import jobs, work
from tests.engines import VAULT
folder, name = Path(sys.argv[2]), sys.argv[3]

def run() -> str:
    with (folder / "runs").open("a") as runs:
        runs.write(name + "\\n")
    time.sleep(0.3)
    return "1 done"

jobs.JOBS = (jobs.Job("counted", timedelta(days=1), run),)
jobs._LOOK_SECONDS = 0.1
work.use(work.Database(sys.argv[1], VAULT))
work.database().listen_to_others()
jobs.start()
(folder / name).touch()
time.sleep(120)
"""


@pytest.mark.postgres
@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
def test_two_processes_run_a_job_once_and_the_other_follows_who_is_killed(
    committed: Database, cast: Cast, tmp_path: Path
) -> None:
    """Two real processes with their loops: a job runs once when due, once when asked for, and once more when
    the process that had the loop is killed and it is asked for again."""

    def start(name: str) -> subprocess.Popen[bytes]:
        url = committed.engine.url.render_as_string(hide_password=False)
        return subprocess.Popen([sys.executable, "-c", _PROCESS, url, str(tmp_path), name])

    def ran() -> list[str]:
        file = tmp_path / "runs"
        return file.read_text().split() if file.exists() else []

    def wait(is_so: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 60
        while not is_so():
            assert time.monotonic() < deadline, ran()
            time.sleep(0.05)

    def ask() -> None:
        with acting(ByAccount(cast.denis)) as work:
            job_board.ask(work, "counted")

    def is_over() -> bool:
        with reading(ByNobody()) as work:
            row = work.session.get(JobRun, "counted")
            return row is not None and row.ended_at is not None and row.asked_at is None

    monkey = jobs.JOBS
    jobs.JOBS = (Job("counted", timedelta(days=1), lambda: ""),)
    processes = {name: start(name) for name in ("one", "two")}
    try:
        wait(lambda: all((tmp_path / name).exists() for name in processes) and is_over())
        time.sleep(1.0)  # ten looks of each
        assert len(ran()) == 1
        ask()
        wait(lambda: len(ran()) == 2 and is_over())
        holder = ran()[-1]
        assert set(ran()) == {holder}
        processes[holder].kill()
        ask()
        wait(lambda: len(ran()) == 3 and is_over())
        assert ran()[-1] != holder
    finally:
        jobs.JOBS = monkey
        for process in processes.values():
            process.kill()
            process.wait()


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
