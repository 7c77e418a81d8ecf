"""What reaches open pages after a commit: signals, by topic. Screens then read again with their own rights.

A topic is the id of a case, of a group or of an account; ``EVERYONE`` hears what concerns every page: who may
do what, who is where. ``OUTBOX`` hears what is to be sent, was sent or came back; ``JOBS`` what runs by itself.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from uuid import UUID

from app import events
from app.errors import Refusal
from app.events import (
    CaseChanged,
    CaseRead,
    JobsChanged,
    Missed,
    NoticesChanged,
    OutboxChanged,
    PreferencesChanged,
    PresenceChanged,
    RightsChanged,
    SessionEnded,
    SessionHanded,
    Signal,
)  # fmt: skip

log = logging.getLogger(__name__)
EVERYONE = UUID(int=0)
OUTBOX = UUID(int=1)
JOBS = UUID(int=2)
Hear = Callable[[Signal], None]

_watchers: dict[UUID, set[Hear]] = defaultdict(set)
_stop: list[Callable[[], None]] = []


def start(loop: asyncio.AbstractEventLoop) -> None:
    """Carry signals from the committing threads to the event loop; calling it again changes the loop."""
    stop()
    _stop.append(events.listen(lambda signal: _hand_over(loop, signal)))


def stop() -> None:
    """Hear no more."""
    while _stop:
        _stop.pop()()


def _hand_over(loop: asyncio.AbstractEventLoop, signal: Signal) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(deliver, signal)


def watch(topics: Iterable[UUID], hear: Hear) -> Callable[[], None]:
    """Call ``hear`` for the signals of these topics; return what stops it (a forgotten one is a leak)."""
    kept = tuple(topics)
    for topic in kept:
        _watchers[topic].add(hear)

    def leave() -> None:
        for topic in kept:
            _watchers[topic].discard(hear)
            if not _watchers[topic]:
                _watchers.pop(topic, None)

    return leave


def deliver(signal: Signal) -> None:
    """Give a signal once to each watcher it concerns."""
    for hear in {hear for topic in _topics(signal) for hear in _watchers.get(topic, ())}:
        try:
            hear(signal)
        except Exception:
            log.exception("a page failed on %s", type(signal).__name__)


def watching() -> int:
    """Return how many watchers there are, but for the process's own (tests look for leaks)."""
    return sum(len(watchers) for topic, watchers in _watchers.items() if topic != EVERYONE)


def _topics(signal: Signal) -> Iterable[UUID]:
    match signal:
        case CaseChanged(case_id, holders):
            return (case_id, *holders)
        case CaseRead(case_id, account_id):
            return case_id, account_id
        case RightsChanged(account_ids):
            return (*account_ids, EVERYONE)
        case PreferencesChanged(account_id):
            return (account_id,)
        case NoticesChanged(account_ids):
            return tuple(account_ids)
        case SessionEnded(session_id) | SessionHanded(session_id, _):
            return (session_id,)
        case PresenceChanged():
            return (EVERYONE,)
        case OutboxChanged():
            return (OUTBOX,)
        case JobsChanged():
            return (JOBS,)
        case Missed():
            return tuple(_watchers)


class Gathered:
    """Several signals, one reading: runs ``work`` once, ``delay`` seconds after the first of a burst.

    What comes while it runs, or less than ``rest`` seconds later, makes it run once more, so that nothing is
    missed.
    """

    def __init__(self, delay: float, work: Callable[[set[UUID]], Awaitable[None]], *, rest: float = 0) -> None:
        self._delay = delay
        self._rest = rest
        self._work = work
        self._cases: set[UUID] = set()
        self._task: asyncio.Task[None] | None = None
        self._ended = False
        self._again = False

    @property
    def is_pending(self) -> bool:
        """Whether something was heard that is not seen to yet."""
        return self._again or (self._task is not None and not self._task.done())

    def hear(self, signal: Signal) -> None:
        """Note a signal, and see to it soon."""
        if isinstance(signal, CaseChanged | CaseRead):
            self._cases.add(signal.case_id)
        self.soon()

    def soon(self) -> None:
        """See to it soon."""
        if self._ended:
            return
        self._again = True
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())

    def end(self) -> None:
        """Forget what is pending: nobody looks any more."""
        self._ended = True
        if self._task is not None and self._task is not asyncio.current_task():
            self._task.cancel()

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._delay)
            cases, self._cases, self._again = self._cases, set(), False
            try:
                await self._work(cases)
            except Refusal:
                log.info("a live page may not see what it showed any more")
            except Exception:
                log.exception("a live page could not be brought up to date")
            if self._rest:
                await asyncio.sleep(self._rest)
            if not self._again or self._ended:
                return
