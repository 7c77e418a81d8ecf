"""«@Prénom Nom»: whom a text names, who is told, and that no note names anybody to an aidant."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from app import messages, referrals
from app.access import authorise
from app.errors import Forbidden, NotFound
from app.mentions import Mention, found, kept, pieces, read
from app.policy import Action
from app.queries import thread
from app.queries.at_hand import at_hand, unread_by
from app.queries.participants import participants
from models.account import Account
from models.base import new_id
from models.desk import Absence
from models.enums import Audience, NoticeKind
from models.notice import Notice
from models.thread import Entry
from tests.app import scenes
from tests.app.scenes import CAF, CPAM, act, see
from tests.conftest import NOW, Cast

JEAN, JEANNE, ANNE, OTHER_ANNE, LEA, DANIEL, MARIE, LONG = (new_id() for _ in range(8))
PEOPLE = (
    (JEAN, "Jean Martin"), (JEANNE, "Jean Martinez"), (ANNE, "Anne Petit"), (OTHER_ANNE, "Anne Petit"),
    (LEA, "Léa Nœl"), (DANIEL, "Daniel D’Arc"), (MARIE, "Anne Petit-Roux"),
    (LONG, "Anne Petit Durand"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@Jean Martin", [(JEAN,)]),
        ("@Jean Martinez", [(JEANNE,)]),
        ("@Jean Martin et @Jean Martinez", [(JEAN,), (JEANNE,)]),
        ("Voir @Jean Martin, merci.", [(JEAN,)]),
        ("(@Jean Martin)", [(JEAN,)]),
        ("«\u00a0@Jean Martin\u00a0»", [(JEAN,)]),
        ("@Jean Martin\u00a0: oui", [(JEAN,)]),
        ("@Jean Martin-", [(JEAN,)]),
        ("@jean MARTIN", [(JEAN,)]),
        ("@Jean\u00a0Martin", [(JEAN,)]),
        ("@Anne Petit", [(ANNE, OTHER_ANNE)]),  # nobody named is left out
        ("@Anne Petit-Roux", [(MARIE,)]),
        ("@Anne Petit Durand", [(LONG,)]),
        ("@Anne Petit Dupont", [(ANNE, OTHER_ANNE)]),
        ("@Anne Petit-Durand", []),
        ("@Lea Noel", [(LEA,)]),
        ("@Le\u0301a Nœl.", [(LEA,)]),
        ("@Daniel D'Arc", [(DANIEL,)]),
        ("@Jean", []),
        ("@Jean Martino", []),
        ("Jean Martin", []),
        ("jean@Jean Martin", []),
        ("@ Jean Martin", []),
        ("@Jean\nMartin", []),
        ("@(Jean Martin|.*)", []),
        ("", []),
    ],
)
def test_whom_a_text_names(text: str, named: list[tuple[UUID, ...]]) -> None:
    assert [one.ids for one in found(text, PEOPLE)] == named


def test_where_the_names_stand() -> None:
    text = "Œuvre\u00a0: @Le\u0301a Nœl\u0301, puis @Anne Petit."
    mentions = found(text, PEOPLE)
    assert [text[one.start : one.end] for one in mentions] == ["@Le\u0301a Nœl\u0301", "@Anne Petit"]
    parts = pieces(text, mentions)
    assert "".join(one.text for one in parts) == text
    assert [one.ids for one in parts] == [(), (LEA,), (), (ANNE, OTHER_ANNE), ()]
    assert read(kept(mentions)) == mentions
    assert kept(()) == {}
    assert read({}) == ()
    assert pieces("rien", ()) == pieces("rien", found("rien", PEOPLE))
    assert found("@Anne Petit", [(ANNE, "")]) == ()
    assert read({"mentioned_at": [[0, 3, [str(ANNE)]]]}) == (Mention(0, 3, (ANNE,)),)


pytestmark = pytest.mark.usefixtures("database")


def mentioned(case_id: UUID) -> list[str]:
    """Whom the last line that names somebody names."""
    named: list[list[str]] = [row.details.get("mentions", []) for row in scenes.entry_rows(case_id)]
    return next((one for one in reversed(named) if one), [])


def told(cast: Cast, who: str, case_id: UUID) -> list[NoticeKind]:
    with see(cast, who) as work:
        query = select(col(Notice.kind)).where(
            col(Notice.account_id) == getattr(cast, who), col(Notice.case_id) == case_id
        )
        return [one for one in work.session.scalars(query) if one in (
            NoticeKind.MENTION, NoticeKind.MESSAGE, NoticeKind.NOTE)]  # fmt: skip


# Who may be named in a case sent to CAF and CPAM by Aline, and whether in a note between agents.
READERS = {
    "aline": False, "adam": False, "bruno": True, "marc": True, "basile": True,
    "chloe": None, "colette": None, "olivier": None, "denis": None,
}  # fmt: skip
NAMES = {
    "aline": "Aline Lefèvre", "adam": "Adam Benali", "bruno": "Bruno Carlier", "marc": "Marc Dubois",
    "basile": "Basile Thomas", "chloe": "Chloé Marchand", "colette": "Colette Rousseau",
    "olivier": "Olivier Petit", "denis": "Denis Moreau",
}  # fmt: skip


@pytest.mark.parametrize("is_note", [False, True], ids=["message", "note"])
@pytest.mark.parametrize("who", READERS)
def test_only_who_may_read_the_line_is_named_and_told_once(cast: Cast, who: str, is_note: bool) -> None:
    case_id = scenes.sent_case(cast, (CAF, CPAM))
    by = "basile" if who == "bruno" else "bruno"
    write = scenes.note if is_note else scenes.say
    write(cast, by, case_id, f"Un avis, @{NAMES[who]} ?")
    may = READERS[who] is not None and (READERS[who] or not is_note)
    assert mentioned(case_id) == ([str(getattr(cast, who))] if may else [])
    assert told(cast, who, case_id) == ([NoticeKind.MENTION] if may else [])


def test_gestures_that_carry_words_name_people_too(cast: Cast) -> None:
    case_id = scenes.sent_case(cast, (CAF, CPAM))
    key, group = new_id(), cast.groups[CAF]
    with act(cast, "bruno") as work:
        referrals.ask(work, case_id, group, "@Adam Benali, quel numéro ?", key=key)
    assert mentioned(case_id) == [str(cast.adam)]
    with act(cast, "bruno") as work:
        referrals.resolve(work, case_id, group, "@Basile Thomas, c’est réglé.", key=new_id())
    assert mentioned(case_id) == [str(cast.basile)]
    details = next(one.details for one in scenes.entry_rows(case_id) if one.key == key)
    assert details["gesture"] == "ASK"


def test_who_left_or_was_withdrawn_is_named_no_more(cast: Cast) -> None:
    case_id = scenes.sent_case(cast, (CAF, CPAM))
    scenes.withdraw(cast, case_id, CPAM)
    with act(cast, "aline") as work:
        work.session.get_one(Account, cast.adam).is_active = False
    scenes.say(cast, "aline", case_id, "@Basile Thomas, @Adam Benali et @Marc Dubois")
    assert mentioned(case_id) == [str(cast.marc)]


def test_a_line_that_is_taken_back_names_nobody(cast: Cast) -> None:
    case_id = scenes.sent_case(cast, (CAF,))
    entry_id = scenes.say(cast, "bruno", case_id, "@Adam Benali ?")
    with act(cast, "bruno") as work:
        messages.take_back(work, case_id, entry_id)
    with see(cast, "aline") as work:
        assert work.session.get_one(Entry, entry_id).details == {}
        (line,) = [one for one in thread.entries(work, case_id) if one.id == entry_id]
    assert line.mentions == ()
    assert told(cast, "adam", case_id) == []


def test_the_description_names_nobody(cast: Cast) -> None:
    case_id = scenes.sent_case(cast, (CAF,), description="Vu avec @Bruno Carlier, sans suite depuis août.")
    assert mentioned(case_id) == []


def test_the_names_come_to_both_sides_as_they_may_read_them(cast: Cast) -> None:
    case_id = scenes.sent_case(cast, (CAF,))
    scenes.say(cast, "bruno", case_id, "Bonjour @Aline Lefèvre.")
    with see(cast, "aline") as work:
        line = thread.entries(work, case_id)[-1]
    assert [line.text[one.start : one.end] for one in line.mentions] == ["@Aline Lefèvre"]
    assert line.mentions[0].ids == (cast.aline,)


def test_who_is_proposed_is_who_reads_and_absences_are_said(cast: Cast) -> None:
    case_id = scenes.sent_case(cast, (CAF, CPAM))
    with act(cast, "marc") as work:
        place = {"account_id": cast.marc, "group_id": cast.groups[CAF]}
        work.session.add(Absence(created_at=NOW, starts_on=NOW.date(), ends_on=NOW.date(), **place))
    with see(cast, "bruno") as work:
        people = at_hand(work, case_id).people
        _, facts = authorise(work, case_id, Action.READ)
        assert cast.bruno in {one.id for one in participants(work, facts)}
    shown = {one.id: (one.reads_notes, one.away_until) for one in people}
    expected = {
        getattr(cast, who): (reads, NOW.date() if who == "marc" else None)
        for who, reads in READERS.items()
        if reads is not None and who != "bruno"
    }
    assert {id_: said for id_, said in shown.items() if id_ in expected} == expected
    assert not {cast.chloe, cast.colette, cast.olivier, cast.denis, cast.bruno} & set(shown)


def test_a_note_that_names_who_does_not_read_it_is_said_before(cast: Cast) -> None:
    case_id = scenes.sent_case(cast, (CAF,))
    text = "@Adam Benali, @Marc Dubois, @Aline Lefèvre, @Chloé Marchand"
    with see(cast, "bruno") as work:
        assert unread_by(work, case_id, text) == ("Adam Benali", "Aline Lefèvre")
        assert unread_by(work, case_id, "Rien.") == ()
    with see(cast, "aline") as work, pytest.raises(Forbidden):
        unread_by(work, case_id, text)
    with see(cast, "chloe") as work, pytest.raises(NotFound):
        unread_by(work, case_id, text)


def test_a_namesake_in_a_note_is_the_one_who_reads_it(cast: Cast) -> None:
    """An aidant who has an agent's name is not told of the note."""
    case_id = scenes.sent_case(cast, (CAF,))
    with act(cast, "aline") as work:
        adam = work.session.get_one(Account, cast.adam)
        adam.first_name, adam.last_name = "Marc", "Dubois"
    with act(cast, "bruno") as work:
        messages.post(work, case_id, "@Marc Dubois ?", key=new_id(), audience=Audience.OPERATORS)
    assert mentioned(case_id) == [str(cast.marc)]
    scenes.say(cast, "bruno", case_id, "@Marc Dubois ?")
    assert sorted(mentioned(case_id)) == sorted([str(cast.adam), str(cast.marc)])
