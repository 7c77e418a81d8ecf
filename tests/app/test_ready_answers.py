"""Ready answers: whose they are, who keeps them, and what they give in a case."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from app import ready_answers
from app.errors import ChangedMeanwhile, Conflict, Forbidden, Invalid, NotFound
from app.queries.at_hand import at_hand
from models.account import Membership
from models.base import new_id
from models.desk import ReadyAnswer
from models.journal import JournalEntry
from tests.app import scenes
from tests.app.scenes import CAF, CPAM, GUISE, act, see
from tests.conftest import Cast

pytestmark = pytest.mark.usefixtures("database")

SEEN = ("Titre", "Texte")  # what ``keep`` keeps
WHOLE_CAST = ("aline", "adam", "chloe", "bruno", "marc", "basile", "colette", "olivier", "denis")


def keep(cast: Cast, who: str, group: str = "", title: str = "Titre", text: str = "Texte") -> UUID:
    """Keep an answer, one's own or a group's."""
    with act(cast, who) as work:
        return ready_answers.add(work, cast.groups[group] if group else None, title, text)


def clear(cast: Cast) -> None:
    """Take away what the demonstration keeps."""
    with act(cast, "bruno") as work:
        for one in work.session.scalars(select(ReadyAnswer)):
            work.session.delete(one)


def titles(cast: Cast, who: str) -> dict[str, list[str]]:
    with see(cast, who) as work:
        return {one.name: [each.title for each in one.answers] for one in ready_answers.shelves(work)}


# Who keeps the answer of whom: one's own, those of one's groups, nothing else.
KEEPERS = {
    ("bruno", ""): {"bruno"},
    ("marc", ""): {"marc"},
    ("aline", ""): {"aline"},
    ("bruno", CAF): {"bruno", "marc"},
    ("aline", GUISE): {"aline", "adam"},
    ("basile", CPAM): {"basile"},
}


@pytest.mark.parametrize("who", WHOLE_CAST)
@pytest.mark.parametrize("held", KEEPERS, ids=str)
def test_who_sees_changes_and_removes(cast: Cast, held: tuple[str, str], who: str) -> None:
    clear(cast)
    answer_id = keep(cast, *held)
    if who in ("colette", "olivier", "denis"):
        with act(cast, who) as work:
            for gesture in (
                lambda: ready_answers.shelves(work),
                lambda: ready_answers.add(work, None, "Titre", "Texte"),
                lambda: ready_answers.change(work, answer_id, "Titre", "Texte", seen=SEEN),
                lambda: ready_answers.remove(work, answer_id),
            ):
                with pytest.raises(Forbidden):
                    gesture()
        return
    keeps = who in KEEPERS[held]
    assert (["Titre"] in titles(cast, who).values()) is keeps
    if keeps:
        with act(cast, who) as work:
            ready_answers.change(work, answer_id, "Autre", "Autre texte", seen=SEEN)
        assert ["Autre"] in titles(cast, held[0]).values()
        with act(cast, who) as work:
            ready_answers.remove(work, answer_id)
        assert not any(titles(cast, held[0]).values())
    else:
        with act(cast, who) as work:
            with pytest.raises(NotFound):
                ready_answers.change(work, answer_id, "Autre", "Autre texte", seen=SEEN)
            with pytest.raises(NotFound):
                ready_answers.remove(work, answer_id)


def test_what_a_colleague_changed_meanwhile_is_not_written_over(cast: Cast) -> None:
    clear(cast)
    answer_id = keep(cast, "bruno", CAF)
    with act(cast, "marc") as work:
        ready_answers.change(work, answer_id, "Titre", "De Marc", seen=SEEN)
    for seen in (SEEN, ("Autre", "De Marc")):
        with act(cast, "bruno") as work, pytest.raises(ChangedMeanwhile):
            ready_answers.change(work, answer_id, "Titre", "De Bruno", seen=seen)
    with see(cast, "bruno") as work:
        (kept,) = [one for shelf in ready_answers.shelves(work) for one in shelf.answers]
    assert (kept.title, kept.text) == ("Titre", "De Marc")


def test_nobody_adds_to_a_group_that_is_not_theirs(cast: Cast) -> None:
    for group_id in (cast.groups[CPAM], new_id()):
        with act(cast, "bruno") as work, pytest.raises(NotFound):
            ready_answers.add(work, group_id, "Titre", "Texte")
    with act(cast, "bruno") as work, pytest.raises(NotFound):
        ready_answers.change(work, new_id(), "Titre", "Texte", seen=SEEN)


def test_who_leaves_the_group_loses_its_answers_at_once(cast: Cast) -> None:
    clear(cast)
    answer_id = keep(cast, "bruno", CAF)
    keep(cast, "bruno", title="À moi")
    with act(cast, "marc") as work:
        theirs = select(Membership).where(col(Membership.account_id) == cast.bruno)
        work.session.delete(work.session.scalars(theirs).one())
    with act(cast, "bruno") as work:
        with pytest.raises(Forbidden):
            ready_answers.shelves(work)
        with pytest.raises(Forbidden):
            ready_answers.change(work, answer_id, "Titre", "Texte", seen=SEEN)


@pytest.mark.parametrize(
    ("title", "text", "faults"),
    [
        ("", "Texte", {"title"}), ("  ", "Texte", {"title"}), ("t" * 81, "Texte", {"title"}),
        ("t" * 80, "x" * 4_000, set()), ("Titre", "", {"text"}), ("Titre", " \n ", {"text"}),
        ("Titre", "x" * 4_001, {"text"}), ("Titre", "{inconnue}", {"text"}),
        ("", "{inconnue}", {"title", "text"}),
        (None, "Texte", {"title"}), ("Titre", ["forgé"], {"text"}),
    ],
)  # fmt: skip
def test_what_may_be_kept(cast: Cast, title: object, text: object, faults: set[str]) -> None:
    answer_id = keep(cast, "bruno")
    for gesture in (
        lambda work: ready_answers.add(work, None, title, text),
        lambda work: ready_answers.change(work, answer_id, title, text, seen=SEEN),
    ):
        with act(cast, "bruno") as work:
            if not faults:
                gesture(work)
                continue
            with pytest.raises(Invalid) as refused:
                gesture(work)
            assert set(refused.value.fields) == faults


def test_a_hundred_each_and_no_more(cast: Cast) -> None:
    clear(cast)
    with act(cast, "bruno") as work:
        for place in (None, cast.groups[CAF]):
            for number in range(100):
                ready_answers.add(work, place, f"Titre {number}", "Texte")
            with pytest.raises(Conflict):
                ready_answers.add(work, place, "De trop", "Texte")
    keep(cast, "marc")


def test_what_is_common_is_journaled_what_is_personal_is_not(cast: Cast) -> None:
    def acts() -> list[str]:
        with see(cast, "bruno") as work:
            words = select(col(JournalEntry.action), col(JournalEntry.details)).where(
                col(JournalEntry.action).startswith("ready_answer"), col(JournalEntry.actor_id) == cast.marc
            )
            found = work.session.execute(words.order_by(col(JournalEntry.id))).all()
            assert all(set(row[1]) == {"answer", "group"} for row in found)
            return [row[0] for row in found]

    for group in ("", CAF):
        answer_id = keep(cast, "marc", group)
        with act(cast, "marc") as work:
            ready_answers.change(work, answer_id, "Autre", "Texte", seen=SEEN)
            ready_answers.remove(work, answer_id)
        assert acts() == (
            [] if not group else [f"ready_answer.{verb}" for verb in ("added", "changed", "removed")]
        )


ALL = "{usager}|{objet}|{démarche}|{structure}|{aidant}|{organisme}|{échéance}|{date}|{moi}|{mon groupe}"
AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
# What each is given in the same case, sent to CAF and CPAM by Aline, Mélanie of the MDPH associated by name.
GIVEN = {
    "aline": "Mme\u00a0K.|APL non versée depuis août|APL|France Services de Guise|Aline Lefèvre|CAF et CPAM|"
    "26\u00a0novembre\u00a02026|23\u00a0novembre\u00a02026|Aline Lefèvre|France Services de Guise",
    "bruno": "Mme\u00a0K.|APL non versée depuis août|APL|France Services de Guise|Aline Lefèvre|CAF|"
    "[échéance\u00a0?]|23\u00a0novembre\u00a02026|Bruno Carlier|CAF – Aisne",
    "basile": "Mme\u00a0K.|APL non versée depuis août|APL|France Services de Guise|Aline Lefèvre|CPAM|"
    "26\u00a0novembre\u00a02026|23\u00a0novembre\u00a02026|Basile Thomas|CPAM – Aisne",
}  # fmt: skip


@pytest.mark.parametrize("who", GIVEN)
def test_variables_are_filled_with_what_the_actor_sees(cast: Cast, who: str) -> None:
    clear(cast)
    case_id = scenes.sent_case(cast, (CAF, CPAM))
    scenes.ask(cast, "bruno", case_id)  # his clock is stopped: no date
    keep(cast, who, title="Tout", text=ALL)
    with see(cast, who, AT) as work:
        (answer,) = at_hand(work, case_id).answers
    assert answer.text == GIVEN[who]
    assert answer.holder == "Personnelle"


def test_nothing_is_at_hand_of_who_may_not_write_there(cast: Cast) -> None:
    case_id = scenes.sent_case(cast)
    for who in ("chloe", "basile", "colette", "olivier", "denis"):
        with see(cast, who) as work, pytest.raises(NotFound):
            at_hand(work, case_id)
    scenes.close(cast, case_id)
    with see(cast, "bruno") as work, pytest.raises(Conflict):
        at_hand(work, case_id)
