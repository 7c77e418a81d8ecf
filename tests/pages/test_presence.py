"""Who is in a case: who hears of what, in which words, and how it ends by itself."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from app.events import Doing, Missed, Presence, PresenceChanged, RightsChanged
from app.queries import audience
from app.work import ByNobody, reading
from models.enums import Audience
from pages.components.presence import in_row, in_thread
from pages.shell.place import Place
from pages.shell.presence import Presences, Present
from tests.app.scenes import CAF, invite, sent_case, withdraw
from tests.conftest import Cast

CASE = uuid4()
ALINE, BRUNO, MARC = uuid4(), uuid4(), uuid4()
NAMES = {ALINE: "Aline L.", BRUNO: "Bruno C.", MARC: "Marc D."}
NOBODY = Present()


class Hall:
    """Two processes that hear each other at once, and one clock for both."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.said: list[Presence] = []
        self.asked: list[frozenset[UUID]] = []
        self.here, self.there = (Presences(self._tell, self._name, lambda: self.now) for _ in range(2))
        self.is_cut = False

    async def _tell(self, signal: PresenceChanged) -> None:
        self.said += signal.presences
        for process in (self.here, self.there):
            if not self.is_cut:
                process.hear(signal)

    async def _name(self, case_id: UUID, accounts: frozenset[UUID]) -> dict[UUID, str]:
        self.asked.append(accounts)
        return {one: NAMES[one] for one in accounts if one in NAMES}

    async def settle(self) -> None:
        """Let everything be said, and names be read."""
        for process in (self.here, self.there):
            process.look()
            await process.say()
        for process in (self.here, self.there):
            await process.read_names()

    async def enters(self, account_id: UUID) -> Place:
        """Let somebody open the case in the first process."""
        place = self.here.enter(CASE, account_id)
        await self.settle()
        return place

    def seen_by(self, account_id: UUID, *, reads_notes: bool = True) -> Present:
        """Return what somebody is shown in the other process."""
        return self.there.of(CASE, but=account_id, reads_notes=reads_notes)


@pytest.fixture
async def hall() -> Hall:
    return Hall()


async def test_who_comes_writes_and_goes_is_seen_elsewhere(hall: Hall) -> None:
    bruno = await hall.enters(BRUNO)
    assert hall.seen_by(ALINE) == Present(reading=("Bruno C.",))
    bruno.writes(Audience.EVERYBODY)
    await hall.settle()
    assert hall.seen_by(ALINE) == Present(writing=("Bruno C.",))
    bruno.writes(None)
    await hall.settle()
    assert hall.seen_by(ALINE) == Present(reading=("Bruno C.",))
    assert hall.seen_by(BRUNO) == NOBODY
    bruno.leave()
    await hall.settle()
    assert hall.seen_by(ALINE) == NOBODY


async def test_a_note_is_written_for_those_who_read_notes_only(hall: Hall) -> None:
    (await hall.enters(BRUNO)).writes(Audience.OPERATORS)
    await hall.settle()
    assert hall.seen_by(MARC) == Present(writing=("Bruno C.",))
    assert hall.seen_by(ALINE, reads_notes=False) == Present(reading=("Bruno C.",))


async def test_two_tabs_are_one_person_until_both_are_gone(hall: Hall) -> None:
    first, second = await hall.enters(BRUNO), await hall.enters(BRUNO)
    second.writes(Audience.EVERYBODY)
    await hall.settle()
    assert hall.seen_by(ALINE) == Present(writing=("Bruno C.",))
    second.leave()
    await hall.settle()
    assert hall.seen_by(ALINE) == Present(reading=("Bruno C.",))
    first.shows(False)
    await hall.settle()
    assert hall.seen_by(ALINE) == NOBODY
    first.shows(True)
    first.connects(False)
    await hall.settle()
    assert hall.seen_by(ALINE) == NOBODY


async def test_writing_ends_when_no_key_is_pressed_and_goes_on_while_some_are(hall: Hall) -> None:
    bruno = await hall.enters(BRUNO)
    for _ in range(40):
        bruno.writes(Audience.EVERYBODY)
        await hall.settle()
        hall.now += 1
        assert hall.seen_by(ALINE).writing
    assert 5 <= len(hall.said) <= 7, "forty keys are a few signals"
    hall.now += 15
    assert hall.seen_by(ALINE) == Present(reading=("Bruno C.",))
    await hall.settle()
    assert hall.said[-1].doing is Doing.READING


async def test_a_killed_process_leaves_nobody_behind_and_a_living_one_says_so(hall: Hall) -> None:
    await hall.enters(BRUNO)
    for _ in range(4):
        hall.now += 30
        await hall.here.say(everything=True)
    assert hall.seen_by(ALINE).reading
    told: list[UUID] = []
    hall.there.watch([CASE], told.append)
    hall.now += 76
    hall.there.look()
    assert hall.seen_by(ALINE) == NOBODY
    assert told == [CASE]


async def test_what_a_cut_line_swallowed_is_said_again(hall: Hall) -> None:
    hall.is_cut = True
    await hall.enters(BRUNO)
    assert hall.seen_by(ALINE) == NOBODY
    hall.is_cut = False
    hall.here.hear(Missed())
    await hall.here.say(everything=True)
    await hall.settle()
    assert hall.seen_by(ALINE).reading == ("Bruno C.",)


async def test_a_right_lost_takes_its_person_away_at_once(hall: Hall) -> None:
    await hall.enters(BRUNO)
    await hall.enters(MARC)
    hall.there.hear(RightsChanged(frozenset({BRUNO})))
    assert hall.seen_by(ALINE) == Present(reading=("Marc D.",))


async def test_who_has_no_name_there_is_not_shown(hall: Hall) -> None:
    await hall.enters(uuid4())
    assert hall.seen_by(ALINE) == NOBODY


async def test_nothing_is_told_or_asked_twice(hall: Hall) -> None:
    told: list[UUID] = []
    leave = hall.there.watch([CASE], told.append)
    bruno = await hall.enters(BRUNO)
    assert (len(hall.said), hall.asked, told) == (1, [frozenset({BRUNO})] * 2, [CASE])
    bruno.shows(True)
    await hall.here.say(everything=True)
    await hall.settle()
    assert (told, len(hall.asked)) == ([CASE], 2)
    leave()
    bruno.leave()
    await hall.settle()
    assert told == [CASE]


async def test_who_comes_and_goes_at_once_is_never_told(hall: Hall) -> None:
    hall.here.enter(CASE, BRUNO).leave()
    await hall.settle()
    assert hall.said == []


@pytest.mark.parametrize(
    ("writing", "reading_", "thread", "row"),
    [
        ((), (), "", ""),
        (("Bruno C.",), (), "Bruno C. écrit…", "Bruno C. écrit…"),
        ((), ("Bruno C.", "Marc D."), "Bruno C. et Marc D. lisent", "2 personnes lisent"),
        (("Bruno C.",), ("Marc D.",), "Bruno C. écrit… · Marc D. lit", "Bruno C. écrit…"),
        (("A B.", "C D."), ("E F.",), "A B. et C D. écrivent… · E F. lit", "2 personnes écrivent…"),
        ((), ("A B.", "C D.", "E F."), "A B., C D. et E F. lisent", "3 personnes lisent"),
        ((), tuple(f"A {n}." for n in "BCDE"), "A B., A C. et 2 autres lisent", "4 personnes lisent"),
    ],
)
def test_words(writing: tuple[str, ...], reading_: tuple[str, ...], thread: str, row: str) -> None:
    present = Present(writing, reading_)
    assert in_thread(present).replace("\u00a0", " ") == thread
    assert in_row(present).replace("\u00a0", " ") == row


@pytest.mark.usefixtures("database")
def test_names_are_those_of_who_may_read_the_case(cast: Cast) -> None:
    case_id = sent_case(cast, also=("cpam",))
    invite(cast, "bruno", case_id, "basile")
    everybody = frozenset({cast.aline, cast.adam, cast.chloe, cast.bruno, cast.basile, cast.colette, uuid4()})

    def named() -> set[str]:
        with reading(ByNobody()) as work:
            return set(audience.names(work, case_id, everybody).values())

    assert named() == {"Aline L.", "Adam B.", "Bruno C.", "Basile T."}
    withdraw(cast, case_id, CAF)
    assert named() == {"Aline L.", "Adam B.", "Basile T."}
