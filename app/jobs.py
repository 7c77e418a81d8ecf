"""What runs by itself: a list of jobs, and one loop that runs each when its time has come.

One process at a time has the loop (``app.work.Sole``); ``job_run`` says when each last ran, so that after an
outage what was missed runs at once. A job that waits for a commit (``on_signal``) runs within a moment of it.
A job opens its own transactions, returns a few words without personal data («3 sent»), and may be run twice.
``ask`` has one run before its hour, by whichever process has the loop.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from app import closing, escalation, events, incoming_sms, outbox_sending, reminders, sealing_later, work
from app.events import JobsChanged, OutboxChanged
from app.notify import mails
from app.work import ByNobody, Sole, Work, acting, reading
from models.jobs import JobRun

log = logging.getLogger(__name__)

_LOCK = 0x61706C7573  # «aplus»
_RETRY = timedelta(minutes=1)  # after a failure, then less and less often
_UNENDED = timedelta(minutes=15)
_LOOK_SECONDS = 15.0  # how long the loop sleeps at most


@dataclass(frozen=True)
class Job:
    """Something to run at least every so often. ``on_signal``: also when something was put into the outbox.
    Administrators read of it in the words of ``app.job_board``."""

    name: str
    every: timedelta
    run: Callable[[], str]
    on_signal: bool = False


JOBS: tuple[Job, ...] = (
    Job("answers", timedelta(minutes=1), incoming_sms.handle_waiting, on_signal=True),
    Job("outbox", timedelta(seconds=30), outbox_sending.run, on_signal=True),
    Job("notices", timedelta(seconds=20), mails.run),
    Job("incoming", timedelta(minutes=5), incoming_sms.fetch_recent),
    Job("seals", timedelta(seconds=20), sealing_later.run),
    Job("terms", timedelta(minutes=15), reminders.run),
    Job("late", timedelta(minutes=1), escalation.run),
    Job("closing", timedelta(hours=1), closing.run_resolved),
    Job("still", timedelta(hours=6), closing.run_still),
)


@dataclass(frozen=True)
class LastRun:
    """When a job last ran and how that went; ``started_at`` is empty when it never did."""

    name: str
    every: timedelta
    started_at: datetime | None
    ended_at: datetime | None
    failures: int
    result: str


def last_runs() -> list[LastRun]:
    """Return every job with its last run."""
    with reading(ByNobody()) as at_work:
        known = runs(at_work)
    found = []
    for job in JOBS:
        row = known.get(job.name)
        if row is None:
            found.append(LastRun(job.name, job.every, None, None, 0, ""))
        else:
            found.append(LastRun(job.name, job.every, row.started_at, row.ended_at, row.failures, row.result))
    return found


def runs(at_work: Work) -> dict[str, JobRun]:
    """Return the last run of each job that ever ran."""
    return {row.name: row for row in at_work.session.scalars(select(JobRun))}


def run(job: Job) -> bool:
    """Run a job now and note how it went; what it raises is logged by its kind only, and tried again."""
    with acting(ByNobody()) as at_work:
        row = at_work.session.get(JobRun, job.name)
        if row is None:
            at_work.session.add(JobRun(name=job.name, started_at=at_work.now))
        else:
            row.started_at, row.ended_at, row.asked_at = at_work.now, None, None
        at_work.signal(JobsChanged(is_asked=False))
    try:
        result, is_well = job.run(), True
    except Exception as failure:
        result, is_well = type(failure).__name__, False
        log.error("the job %s failed: %s", job.name, result)
    with acting(ByNobody()) as at_work:
        row = at_work.session.get_one(JobRun, job.name)
        row.ended_at, row.result = at_work.now, result[:300]
        row.failures = 0 if is_well else row.failures + 1
        at_work.signal(JobsChanged(is_asked=False))
    return is_well


def due() -> tuple[list[Job], float]:
    """Return the jobs whose time has come, and in how many seconds the next one's does."""
    with reading(ByNobody()) as at_work:
        known, now = runs(at_work), at_work.now
    ready, soonest = [], timedelta(seconds=_LOOK_SECONDS)
    for job in JOBS:
        row = known.get(job.name)
        wait = (next_run(job, row) or now) - now
        if wait <= timedelta(0) or (row is not None and row.started_at > now):  # a clock that was set back
            ready.append(job)
        else:
            soonest = min(soonest, wait)
    return ready, soonest.total_seconds()


def next_run(job: Job, row: JobRun | None) -> datetime | None:
    """Return when a job is to run next; none: as soon as can be, since it never ran or was asked for."""
    return None if row is None or row.asked_at is not None else row.started_at + _pause(job, row)


def _pause(job: Job, row: JobRun) -> timedelta:
    """A rare job that failed, or whose process was killed, is tried again before its time."""
    if row.ended_at is None:
        return min(job.every, _UNENDED)
    return min(job.every, _RETRY * 2 ** min(row.failures - 1, 10)) if row.failures else job.every


class Loop:
    """The thread that runs the jobs, from ``start`` to ``stop``."""

    def __init__(self) -> None:
        self._wake, self._ending = threading.Event(), threading.Event()
        self._was_told = False
        self._thread = threading.Thread(target=self._run, name="aplus-jobs", daemon=True)
        self._deaf: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Begin, and hear when there is something to do."""
        self._deaf = events.listen(self._hear)
        self._thread.start()

    def stop(self, seconds: float = 5.0) -> None:
        """End after the job under way."""
        self._deaf()
        self._ending.set()
        self._wake.set()
        self._thread.join(seconds)

    def _hear(self, signal: events.Signal) -> None:
        if isinstance(signal, events.Missed) or (isinstance(signal, OutboxChanged) and signal.is_waiting):
            self._was_told = True
            self._wake.set()
        elif isinstance(signal, JobsChanged) and signal.is_asked:
            self._wake.set()

    def _run(self) -> None:
        sole = Sole(work.database(), _LOCK)
        try:
            while not self._ending.is_set():
                self._wake.wait(self._turn(sole))
                self._wake.clear()
        finally:
            sole.leave()

    def _turn(self, sole: Sole) -> float:
        """Run what is to be run, if that is this process's to do; return for how long to sleep."""
        told, self._was_told = self._was_told, False
        try:
            if not sole.is_ours():
                return _LOOK_SECONDS
            ready, soonest = due()
            for job in JOBS:
                if not self._ending.is_set() and (job in ready or (told and job.on_signal)):
                    run(job)
            return soonest
        except Exception as failure:  # the database is away: the loop must outlive it
            log.error("the jobs wait: %s", type(failure).__name__)
            return _LOOK_SECONDS


_loop: list[Loop] = []


def start() -> None:
    """Start the loop of this process."""
    stop()
    _loop.append(Loop())
    _loop[0].start()


def stop() -> None:
    """Stop it."""
    while _loop:
        _loop.pop().stop()
