"""Everybody who has the same case open: one reading for all who see the same, new lines before the rest.

A signal says that the case moved. Who may still see it, and as what, is asked again; each side's new lines
are read once and sent to its viewers; then what stands beside the thread, once a viewpoint. What its viewers
have read is kept together: fifty readers of a message are one transaction. Who else is there is shown to those
whose right to see the case is known to hold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import UUID

from app import threads
from app.events import CaseChanged, CaseRead, Missed, RightsChanged, Signal
from app.queries import audience, case, thread
from app.queries.audience import Viewpoint
from app.queries.case import CaseView
from app.queries.thread import WINDOW, EntryView, Reader
from app.work import ByNobody, BySession, Work
from models.enums import Side
from pages.shell import live
from pages.shell.action import act, read
from pages.shell.live import Gathered
from pages.shell.presence import Present, presences

OVERLAP = timedelta(seconds=10)  # between two readings: what was being committed during the first


class Viewer(Protocol):
    """A case open on a screen."""

    caller: BySession
    account_id: UUID
    last_seq: int
    view: CaseView

    def add(self, entries: tuple[EntryView, ...], html: str) -> None:
        """Show new lines at the end of the thread."""

    def change(self, key: UUID, html: str) -> None:
        """Show what a line has become; nothing is no line any more."""

    def update(self, view: CaseView, readers: tuple[Reader, ...], head: str, facts: str) -> None:
        """Show the case as it is now, above and beside the thread, and who has read what oneself wrote."""

    def present(self, present: Present) -> None:
        """Show who else is there."""

    async def lost(self) -> None:
        """Leave: the case may not be seen any more."""


@dataclass(frozen=True)
class Drawing:
    """How lines, head and facts become HTML (given by the screen, so that the room knows no markup)."""

    lines: Callable[[tuple[EntryView, ...], datetime], str]
    changed: Callable[[EntryView, datetime], str]
    head: Callable[[CaseView, datetime], str]
    facts: Callable[[CaseView, tuple[Reader, ...], datetime], str]


class Room:
    """The viewers of one case in this process."""

    rooms: dict[UUID, Room] = {}  # noqa: RUF012 (the registry of the process)

    def __init__(self, case_id: UUID, drawing: Drawing) -> None:
        self.case_id = case_id
        self.viewers: list[Viewer] = []
        self._drawing = drawing
        self._news = Gathered(0, self._deliver)
        self._facts = Gathered(0.15, self._refresh)
        self._reads = Gathered(0.3, self._refresh)
        self._marks = Gathered(0.2, self._mark)
        self._seen: dict[UUID, int] = {}
        self._since = datetime.now(UTC) - OVERLAP
        self._stops = live.watch([case_id], self.hear), presences.watch([case_id], lambda _: self._meet())

    @classmethod
    def enter(cls, case_id: UUID, viewer: Viewer, drawing: Drawing) -> Callable[[], None]:
        """Take a place; return what leaves it."""
        room = cls.rooms.get(case_id) or cls.rooms.setdefault(case_id, cls(case_id, drawing))
        room.viewers.append(viewer)
        room._since = min(room._since, datetime.now(UTC) - OVERLAP)
        room._news.soon()  # what was said since they read the case
        stop = live.watch([viewer.account_id], lambda signal: room.hear(signal))

        def leave() -> None:
            stop()
            if viewer in room.viewers:
                room.viewers.remove(viewer)
            if not room.viewers and cls.rooms.get(case_id) is room:
                room._close()

        return leave

    def _close(self) -> None:
        for stop in self._stops:
            stop()
        for pending in (self._news, self._facts, self._reads):
            pending.end()
        del self.rooms[self.case_id]

    def hear(self, signal: Signal) -> None:
        """Sort a signal: somebody read, or something moved."""
        if isinstance(signal, CaseRead):
            if signal.case_id == self.case_id:
                self._reads.soon()
        elif isinstance(signal, CaseChanged | RightsChanged | Missed):
            self._news.soon()
            self._facts.soon()

    @classmethod
    def seen(cls, viewer: Viewer, case_id: UUID) -> None:
        """Note that a viewer has seen the case up to their last line; it is kept even if they leave at once."""
        if room := cls.rooms.get(case_id):
            session_id = viewer.caller.session_id
            room._seen[session_id] = max(viewer.last_seq, room._seen.get(session_id, 0))
            room._marks.soon()

    async def _mark(self, _: set[UUID]) -> None:
        seen, self._seen = self._seen, {}
        await act(ByNobody(), threads.mark_all_read, self.case_id, seen)

    async def _deliver(self, _: set[UUID]) -> None:
        """Send the lines that are new or were taken back, and say goodbye to those who may see no more."""
        present, since = list(self.viewers), self._since
        views, new, taken_back, now = await read(ByNobody(), _news, self.case_id, _last_lines(present), since)
        if self._since == since:  # else somebody came in meanwhile, who may have missed one
            self._since = now - OVERLAP
        changes = {
            side: [(entry.id, self._drawing.changed(entry, now)) for entry in entries]
            for side, entries in taken_back.items()
        }
        drawn: dict[tuple[Side, int], tuple[tuple[EntryView, ...], str]] = {}
        lost = []
        for viewer in present:
            view = views.get(viewer.caller.session_id)
            if view is None:
                lost.append(viewer)
                continue
            key = view.side, viewer.last_seq
            if key not in drawn:
                entries = tuple(entry for entry in new[view.side] if entry.seq > viewer.last_seq)
                drawn[key] = entries, self._drawing.lines(entries, datetime.now(UTC))
            if drawn[key][0]:
                viewer.add(*drawn[key])
            for change in changes[view.side]:
                viewer.change(*change)
        for viewer in lost:
            await viewer.lost()
        if any(len(lines) == WINDOW for lines in new.values()):
            self._news.soon()  # there is more
        self._meet(now_checked=True)

    def _meet(self, *, now_checked: bool = False) -> None:
        """Show to each who else is there; after a change of the case only once its viewers are known again."""
        if self._news.is_pending and not now_checked:
            return
        for viewer in self.viewers:
            reads_notes = viewer.view.side is Side.AGENT
            viewer.present(presences.of(self.case_id, but=viewer.account_id, reads_notes=reads_notes))

    async def _refresh(self, _: set[UUID]) -> None:
        """Bring what stands beside the thread up to date, one reading a viewpoint."""
        present = list(self.viewers)
        views = await read(ByNobody(), audience.viewpoints, self.case_id, _sessions(present))
        alike: dict[Viewpoint, list[Viewer]] = defaultdict(list)
        for viewer in present:
            if view := views.get(viewer.caller.session_id):
                alike[view].append(viewer)
        for viewers in alike.values():
            seen, readers = await read(viewers[0].caller, _case_and_readers, self.case_id)
            now = datetime.now(UTC)
            head, facts = self._drawing.head(seen, now), self._drawing.facts(seen, readers, now)
            for viewer in viewers:
                viewer.update(seen, readers, head, facts)


def _sessions(viewers: list[Viewer]) -> frozenset[UUID]:
    return frozenset(viewer.caller.session_id for viewer in viewers)


def _last_lines(viewers: list[Viewer]) -> dict[UUID, int]:
    """The last line that each session shows, the least one if it shows the case twice."""
    last: dict[UUID, int] = {}
    for viewer in viewers:
        session_id = viewer.caller.session_id
        last[session_id] = min(viewer.last_seq, last.get(session_id, viewer.last_seq))
    return last


_Lines = dict[Side, tuple[EntryView, ...]]


def _news(
    work: Work, case_id: UUID, shown: dict[UUID, int], since: datetime
) -> tuple[dict[UUID, Viewpoint], _Lines, _Lines, datetime]:
    """Return how each session sees the case now; for each of their sides the next lines after the last one that
    all of that side show, and those taken back since then; and when this was read."""
    views = audience.viewpoints(work, case_id, frozenset(shown))
    after: dict[Side, int] = {}
    for session_id, view in views.items():
        after[view.side] = min(shown[session_id], after.get(view.side, shown[session_id]))
    new = {side: thread.entries_for(work, case_id, side, after=last) for side, last in after.items()}
    taken_back = {side: thread.withdrawn_for(work, case_id, side, since=since) for side in after}
    return views, new, taken_back, work.now


def _case_and_readers(work: Work, case_id: UUID) -> tuple[CaseView, tuple[Reader, ...]]:
    return case.case(work, case_id), thread.readers(work, case_id)
