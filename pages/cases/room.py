"""Everybody who has the same case open: one reading for all who see the same, new lines before the rest.

A signal says that the case moved. Who may still see it, and as what, is asked again; each side's new lines
are read once and sent to its viewers; then what stands beside the thread, once a viewpoint.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

from app.events import CaseRead, Signal
from app.queries import audience, case, thread
from app.queries.audience import Viewpoint
from app.queries.case import CaseView
from app.queries.thread import EntryView, Reader
from app.work import ByNobody, BySession, Work
from models.enums import Side
from pages.shell import live
from pages.shell.action import read
from pages.shell.live import Gathered


class Viewer(Protocol):
    """A case open on a screen."""

    caller: BySession
    account_id: UUID
    last_seq: int

    def add(self, entries: tuple[EntryView, ...], html: str) -> None:
        """Show new lines at the end of the thread."""

    def update(self, view: CaseView, facts: str) -> None:
        """Show the case as it is now, beside the thread."""

    async def lost(self) -> None:
        """Leave: the case may not be seen any more."""


@dataclass(frozen=True)
class Drawing:
    """How lines and facts become HTML (given by the screen, so that the room knows no markup)."""

    lines: Callable[[tuple[EntryView, ...], datetime], str]
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
        self._stop = live.watch([case_id], self.hear)

    @classmethod
    def enter(cls, case_id: UUID, viewer: Viewer, drawing: Drawing) -> Callable[[], None]:
        """Take a place; return what leaves it."""
        room = cls.rooms.get(case_id) or cls.rooms.setdefault(case_id, cls(case_id, drawing))
        room.viewers.append(viewer)
        stop = live.watch([viewer.account_id], lambda signal: room.hear(signal))

        def leave() -> None:
            stop()
            if viewer in room.viewers:
                room.viewers.remove(viewer)
            if not room.viewers and cls.rooms.get(case_id) is room:
                room._close()

        return leave

    def _close(self) -> None:
        self._stop()
        for pending in (self._news, self._facts, self._reads):
            pending.end()
        del self.rooms[self.case_id]

    def hear(self, signal: Signal) -> None:
        """Sort a signal: somebody read, or something moved."""
        if isinstance(signal, CaseRead):
            if signal.case_id == self.case_id:
                self._reads.soon()
            return
        self._news.soon()

    async def _deliver(self, _: set[UUID]) -> None:
        """Send the new lines, and say goodbye to those who may see no more."""
        views = await self._viewpoints()
        by_side: dict[tuple[Side, int], list[Viewer]] = defaultdict(list)
        for viewer in list(self.viewers):
            view = views.get(viewer.caller.session_id)
            if view is None:
                await viewer.lost()
            else:
                by_side[view.side, viewer.last_seq].append(viewer)
        for (side, after), viewers in by_side.items():
            new = await read(ByNobody(), thread.entries_for, self.case_id, side, after=after)
            if new:
                html = self._drawing.lines(new, datetime.now(UTC))
                for viewer in viewers:
                    if viewer.last_seq == after:
                        viewer.add(new, html)
        self._facts.soon()

    async def _refresh(self, _: set[UUID]) -> None:
        """Bring what stands beside the thread up to date, one reading a viewpoint."""
        views = await self._viewpoints()
        alike: dict[Viewpoint, list[Viewer]] = defaultdict(list)
        for viewer in list(self.viewers):
            if view := views.get(viewer.caller.session_id):
                alike[view].append(viewer)
        for viewers in alike.values():
            seen, readers = await read(viewers[0].caller, _case_and_readers, self.case_id)
            html = self._drawing.facts(seen, readers, datetime.now(UTC))
            for viewer in viewers:
                viewer.update(seen, html)

    async def _viewpoints(self) -> dict[UUID, Viewpoint]:
        sessions = frozenset(viewer.caller.session_id for viewer in self.viewers)
        return await read(ByNobody(), audience.viewpoints, self.case_id, sessions)


def _case_and_readers(work: Work, case_id: UUID) -> tuple[CaseView, tuple[Reader, ...]]:
    return case.case(work, case_id), thread.readers(work, case_id)
