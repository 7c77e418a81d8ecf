"""The same case lived twice, once with notes between agents, once without: the aidants get the very same."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import time_machine
from sqlalchemy import select
from sqlmodel import col

from app import exports, messages, threads
from app.case_paper import printing
from app.case_paper.sheet import Sheet
from app.notify import mails
from app.queries import case, finding, lists, notices, thread
from app.queries.lists import Filter
from app.queries.views import View
from app.spreadsheets import FileKind
from app.work import ByNobody, Work, acting, reading, use
from models.base import new_id
from models.enums import Audience
from models.organization import Group
from models.outbox import Outgoing
from pages import case_paper
from pages.components.facts import facts, head
from pages.components.rows import row
from pages.components.timeline import lines
from pages.people.notices import _told
from tests.app.scenes import (
    CAF,
    CPAM,
    GUISE,
    act,
    close,
    entry_rows,
    note,
    reopen,
    resolve,
    say,
    sent_case,
    take,
)
from tests.conftest import NOW, Cast
from tests.engines import Engine

MINUTE = timedelta(minutes=1)
BOXES = {GUISE: "accueil@guise.example", CAF: "bal@caf.example"}
THEIRS = ("aline@demo.example", "adam@demo.example", BOXES[GUISE])
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9A-Z]{4}-[0-9A-Z]{4}\b")


def test_the_aidants_get_the_same_with_and_without_notes(
    engine: Engine, cast: Cast, clock: time_machine.Traveller
) -> None:
    found = []
    for with_notes in (True, False):
        clock.move_to(NOW)
        with engine.rolled_back.undone():
            use(engine.rolled_back)
            case_id = lived(cast, clock, with_notes=with_notes)
            assert len(entry_rows(case_id)) == (13 if with_notes else 9)
            found.append({who: all_that_reaches(cast, who, case_id) for who in ("aline", "adam")})
    noted, plain = found
    for who, each in noted.items():
        for place, words in each.items():
            assert words == plain[who][place], (who, place)
            assert "tamarin" not in words, (who, place)


def lived(cast: Cast, clock: time_machine.Traveller, *, with_notes: bool) -> UUID:
    """Live a whole case, three minutes from one gesture to the next; notes are said in between, and read, by
    agents who have read the rest before."""
    with acting(ByNobody(), at=NOW) as work:
        for group in work.session.scalars(select(Group).where(col(Group.name).in_(BOXES))):
            group.mailbox = BOXES[group.name]
    case_id = sent_case(cast, (CAF, CPAM))
    take(cast, "bruno", case_id, at=after(clock, 3))
    for who in ("basile", "bruno"):
        read(cast, who, case_id, clock)
    if with_notes:
        note(cast, "bruno", case_id, "@Basile Thomas, @Aline Lefèvre, un tamarin.", at=after(clock, 1))
        gone = note(cast, "basile", case_id, "Un tamarin de trop.", at=after(clock, 0.1))
        with act(cast, "basile", at=after(clock, 0.1)) as work:
            messages.take_back(work, case_id, gone)
            messages.keep(work, case_id, "Un tamarin encore.", key=new_id(), audience=Audience.OPERATORS)
        read(cast, "basile", case_id, clock)
        mails.run(at=after(clock, 0.1))
    clock.move_to(NOW + 6 * MINUTE)
    say(cast, "bruno", case_id, "Je regarde.", at=after(clock, 0))
    for who in ("basile", "adam"):
        read(cast, who, case_id, clock)
    mails.run(at=after(clock, 4))
    say(cast, "aline", case_id, "Merci.", at=after(clock, 2))
    close(cast, case_id, at=after(clock, 1))
    reopen(cast, case_id, at=after(clock, 1))
    for who in ("basile", "bruno"):
        read(cast, who, case_id, clock)
    if with_notes:
        note(cast, "basile", case_id, "Encore un tamarin.", at=after(clock, 0.5))
        read(cast, "bruno", case_id, clock)
    clock.move_to(NOW + 20 * MINUTE)
    resolve(cast, "bruno", case_id, at=after(clock, 0))
    if with_notes:
        note(cast, "bruno", case_id, "Un dernier tamarin.", at=after(clock, 1))
    clock.move_to(NOW + timedelta(days=1))
    mails.run()
    return case_id


def after(clock: time_machine.Traveller, minutes: float) -> datetime:
    """Let this time pass; return what time it is then."""
    clock.shift(minutes * MINUTE)
    return datetime.now(UTC)


def read(cast: Cast, who: str, case_id: UUID, clock: time_machine.Traveller) -> None:
    """Read the case to its end."""
    with act(cast, who, at=after(clock, 0.1)) as work:
        threads.mark_read(work, case_id, 99)


def look(work: Work, words: str) -> finding.Found:
    """Search everywhere."""
    return finding.find(work, Filter(words=words))


def all_that_reaches(cast: Cast, who: str, case_id: UUID) -> dict[str, str]:
    """Everything that this aidant is shown, given or sent, without its ids."""
    shown = Filter(View.OPEN)
    with act(cast, who) as work:
        view, now = case.case(work, case_id), work.now
        sheet: Sheet = printing.take(work, case_id)
        found = {
            "head": str(head(view, now)),
            "facts": str(facts(view, thread.readers(work, case_id), now)),
            "thread": "".join(map(str, lines(thread.entries(work, case_id), view.structure, now))),
            "list": "".join(str(row(one, "", now)) for one in lists.page(work, shown).rows),
            "counts": repr(lists.counts(work)),
            "bell": f"{notices.unread_count(work)} {_told(notices.notices(work))}",
            "export": repr(exports.table(work, shown, FileKind.CSV)),
            "print": f"{sheet} {case_paper._page(sheet, str(case_id), '')}",
            "found": repr([look(work, words) for words in ("tamarin", "Basile", "trop")]),
            "found of theirs": repr(len(look(work, "regarde").hits)),
        }
    with reading(ByNobody()) as work:
        letters = [
            one
            for one in work.session.scalars(select(Outgoing).order_by(col(Outgoing.id)))
            if one.address in THEIRS
        ]
        found["e-mails"] = repr([(one.address, one.template, one.content, one.created_at) for one in letters])
    assert "Du nouveau" in found["e-mails"]
    assert "regarde" in found["thread"]
    assert found["found of theirs"] == "1"
    return {place: _ID.sub("#", words) for place, words in found.items()}
