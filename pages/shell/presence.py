"""Who has a case open and who writes in it: in memory, heard from every process, ending by itself.

A tab says only what changed, several tabs in one signal; every half minute a process says all of its tabs
again, and what is heard no more ends, so that a killed process leaves nobody behind. No database is asked but
for names, once for a case and a person: that reading also tells whether this person may read the case.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from uuid import UUID
from weakref import WeakKeyDictionary

from nicegui import Client

from app import work
from app.events import Doing, Missed, Presence, PresenceChanged, RightsChanged, Signal
from app.queries import audience
from app.work import ByNobody
from pages.shell import live
from pages.shell.action import in_thread, read
from pages.shell.live import EVERYONE, Gathered
from pages.shell.place import WRITES_FOR, Place

log = logging.getLogger(__name__)
READS_FOR = 75.0  # seconds without a word of a place after which nobody is there
_BEAT, _LOOK = 30.0, 5.0
AT_ONCE = 50  # places in a signal: PostgreSQL carries 8000 bytes
_MOST_NAMES = 5000


@dataclass(frozen=True)
class Present:
    """Those in a case, by name, each once: who writes, and who only reads."""

    writing: tuple[str, ...] = ()
    reading: tuple[str, ...] = ()


@dataclass
class _Heard:
    """What was last said of a place, until when it holds, and until when as writing (0: it does not write)."""

    what: Presence
    until: float
    writing_until: float


class Presences:
    """What a process knows of who is where, and what it has to say of its own tabs."""

    def __init__(
        self,
        tell: Callable[[PresenceChanged], Awaitable[None]],
        name: Callable[[UUID, frozenset[UUID]], Awaitable[dict[UUID, str]]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tell, self._name, self._clock = tell, name, clock
        self._own: dict[UUID, Place] = {}
        self._cases: dict[UUID, dict[UUID, _Heard]] = defaultdict(dict)
        self._names: dict[tuple[UUID, UUID], str] = {}
        self._unnamed: dict[UUID, set[UUID]] = defaultdict(set)
        self._watchers: dict[UUID, set[Callable[[UUID], None]]] = defaultdict(set)
        self._saying = Gathered(0.3, lambda _: self.say())
        self._naming = Gathered(0.05, lambda _: self.read_names())
        self._said_all_at = clock()

    def enter(self, case_id: UUID, account_id: UUID) -> Place:
        """Open a case on a tab: whoever asks has the right to read it, and leaves the place."""
        place = Place(case_id, account_id, clock=self._clock, tell=self._saying.soon)
        self._own[place.id] = place
        self._saying.soon()
        return place

    def watch(self, case_ids: Iterable[UUID], hear: Callable[[UUID], None]) -> Callable[[], None]:
        """Call ``hear`` with one of these cases when who is in it changed; return what stops it."""
        kept = tuple(case_ids)
        for case_id in kept:
            self._watchers[case_id].add(hear)

        def leave() -> None:
            for case_id in kept:
                self._watchers[case_id].discard(hear)
                if not self._watchers[case_id]:
                    self._watchers.pop(case_id, None)

        return leave

    def of(self, case_id: UUID, *, but: UUID, reads_notes: bool = False) -> Present:
        """Return who is in a case, but for oneself. Who writes a note only reads, for those who read none."""
        now = self._clock()
        writes: dict[UUID, bool] = {}
        for heard in self._cases.get(case_id, {}).values():
            account_id, doing = heard.what.account_id, heard.what.doing
            if account_id == but or heard.until <= now:
                continue
            types = now < heard.writing_until and (doing is Doing.WRITING or reads_notes)
            writes[account_id] = types or writes.get(account_id, False)
        named = [(self._names.get((case_id, one), ""), is_writing) for one, is_writing in writes.items()]
        return Present(
            tuple(name for name, is_writing in named if name and is_writing),
            tuple(name for name, is_writing in named if name and not is_writing),
        )

    def hear(self, signal: Signal) -> None:
        """Take note of what a process says of its tabs, of rights that changed, of a line that was cut."""
        match signal:
            case PresenceChanged(presences):
                for presence in presences:
                    self._note(presence)
            case RightsChanged(account_ids):
                self._forget(account_ids)
            case Missed():
                self._said_all_at = -_BEAT  # the others may have missed ours

    async def say(self, *, everything: bool = False) -> None:
        """Tell what changed in one's own tabs; ``everything``: also what the others ought to know already."""
        told = []
        for place in list(self._own.values()):
            if place.has_news or (everything and place.doing is not Doing.GONE):
                told.append(place.say())
            if place.is_left:
                del self._own[place.id]
        for start in range(0, len(told), AT_ONCE):
            await self._tell(PresenceChanged(tuple(told[start : start + AT_ONCE])))

    def look(self) -> None:
        """End what was heard no more; own tabs that ceased to write say so."""
        now = self._clock()
        for case_id, heard in list(self._cases.items()):
            ended = [place for place, one in heard.items() if one.until <= now]
            paused = [one for one in heard.values() if 0 < one.writing_until <= now]
            for one in paused:
                one.writing_until = 0
            self._end(case_id, ended)
            if paused and not ended:
                self._changed(case_id)
        if any(place.has_news for place in self._own.values()):
            self._saying.soon()

    async def beat(self) -> None:
        """Look every five seconds, and say everything again every thirty; never returns."""
        while True:
            await asyncio.sleep(_LOOK)
            self.look()
            if self._clock() - self._said_all_at >= _BEAT:
                self._said_all_at = self._clock()
                try:
                    await self.say(everything=True)
                except Exception:
                    log.warning("the other processes could not be told who is here")

    async def read_names(self) -> None:
        """Ask for the names of those who came; who may not read the case has none and is not shown."""
        unnamed, self._unnamed = self._unnamed, defaultdict(set)
        if len(self._names) > _MOST_NAMES:
            self._names.clear()
        for case_id, accounts in unnamed.items():
            names = await self._name(case_id, frozenset(accounts))
            self._names.update({(case_id, one): names.get(one, "") for one in accounts})
            self._changed(case_id)

    def _note(self, presence: Presence) -> None:
        case_id, now = presence.case_id, self._clock()
        before = self._cases[case_id].get(presence.place) if case_id in self._cases else None
        if presence.doing is Doing.GONE:
            self._end(case_id, [presence.place] if before else [])
            return
        writing_until = now + WRITES_FOR if presence.doing is not Doing.READING else 0.0
        self._cases[case_id][presence.place] = _Heard(presence, now + READS_FOR, writing_until)
        if (case_id, presence.account_id) not in self._names:
            self._unnamed[case_id].add(presence.account_id)
            self._naming.soon()
        elif (
            before is None
            or before.what.doing is not presence.doing
            or bool(before.writing_until) is not bool(writing_until)
        ):
            self._changed(case_id)

    def _forget(self, accounts: frozenset[UUID]) -> None:
        """Nobody sees them until their pages, drawn anew with the rights they have now, say so again."""
        for case_id, heard in list(self._cases.items()):
            self._end(case_id, [place for place, one in heard.items() if one.what.account_id in accounts])
        for key in [key for key in self._names if key[1] in accounts]:
            del self._names[key]

    def _end(self, case_id: UUID, places: list[UUID]) -> None:
        if not places:
            return
        for place in places:
            del self._cases[case_id][place]
        if not self._cases[case_id]:
            del self._cases[case_id]
        self._changed(case_id)

    def _changed(self, case_id: UUID) -> None:
        for hear in list(self._watchers.get(case_id, ())):
            hear(case_id)


async def _whisper(signal: PresenceChanged) -> None:
    await in_thread(work.whisper, signal)


async def _names(case_id: UUID, accounts: frozenset[UUID]) -> dict[UUID, str]:
    return await read(ByNobody(), audience.names, case_id, accounts)


presences = Presences(_whisper, _names)
_tabs: WeakKeyDictionary[Client, list[Place]] = WeakKeyDictionary()
_stop: list[Callable[[], object]] = []


def start() -> None:
    """Begin to hear and to say, on the running event loop; calling it again begins anew."""
    stop()
    _stop.append(live.watch([EVERYONE], presences.hear))
    _stop.append(asyncio.get_running_loop().create_task(presences.beat()).cancel)


def stop() -> None:
    """Hear and say no more."""
    while _stop:
        _stop.pop()()


def enter(client: Client, case_id: UUID, account_id: UUID) -> Place:
    """Open a case on this page; the place follows the page's line to the browser."""
    place = presences.enter(case_id, account_id)
    place.connects(client.has_socket_connection)
    if client not in _tabs:
        _tabs[client] = []
        client.on_connect(_line_changed)
        client.on_disconnect(_line_changed)
    _tabs[client] = [one for one in _tabs[client] if not one.is_left] + [place]
    return place


def _line_changed(client: Client) -> None:
    for place in _tabs.get(client, ()):
        place.connects(client.has_socket_connection)
