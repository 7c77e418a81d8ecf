"""What a search returns: never more than the actor may read, and all of it; on both engines, by both ways."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from alembic import command
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlmodel import SQLModel, col

from app import messages, work
from app.personal_data import words
from app.policy import Action, may, side_in
from app.queries import finding
from app.queries.finding import Hit, find
from app.queries.lists import Filter, Row
from app.queries.views import View
from app.queries.visibility import case_facts
from app.schema import configuration, migrate
from app.search_index import holder_token
from app.search_words import Term, terms
from app.threads import readable_by
from app.work import ByNobody, Database, Work, reading
from models.base import new_id
from models.case import Case, Participation
from models.enums import Audience, CaseStatus, EntryKind, Side
from models.search import SearchLine
from models.thread import Entry
from tests.app.scenes import (
    CAF,
    CPAM,
    GUISE,
    MSA,
    act,
    close,
    invite,
    join,
    leave,
    note,
    say,
    see,
    sent_case,
    withdraw,
)
from tests.conftest import NOW, Cast
from tests.engines import Engine

pytestmark = pytest.mark.every_engine
EVERYBODY = (
    "aline", "adam", "chloe", "bruno", "basile", "marc", "mathilde", "camille", "colette", "olivier", "denis",
)  # fmt: skip
SAID = (
    "versement", "Versements", "trop-perçu", "l’été", "Été", "œuvre", "Oeuvrer", "APL", "apl2026", "loyer",
    "loyers", "3230", "été retenu", "retenue",
)  # fmt: skip
VOCABULARY = (*SAID, "de", "la", "Guise", "Kaddour", "HÉLÈNE", "Lœuf")


@pytest.fixture(params=[(1,), (1, 2), finding.WINDOWS], ids=["index", "soon the index", "newest"])
def window(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Look through one case, then ask the index; or look through them all."""
    monkeypatch.setattr(finding, "WINDOWS", request.param)
    return len(request.param)


def found_by(cast: Cast, who: str, typed: str, within: Filter | None = None) -> dict[UUID, Hit]:
    """Every case found, page after page."""
    shown = replace(within or Filter(), words=typed, here=within is not None)
    hits: dict[UUID, Hit] = {}
    rows: list[Row] = []
    with see(cast, who) as reader:
        found = find(reader, shown, size=2)
        while True:
            hits |= found.hits
            rows += found.rows
            if found.after is None:
                break
            found = find(reader, shown, found.after, size=2)
    assert len(rows) == len(hits)
    assert [row.activity_at for row in rows] == sorted((row.activity_at for row in rows), reverse=True)
    return hits


def ids_by(cast: Cast, who: str, typed: str, within: Filter | None = None) -> set[UUID]:
    return set(found_by(cast, who, typed, within))


def scanned(reader: Work, sought: tuple[Term, ...]) -> set[UUID]:
    """The same, line after line of all that the actor may read: no index, no participation, no folded text."""
    found = set()
    for case in reader.session.scalars(select(Case).where(col(Case.status) != CaseStatus.DRAFT)):
        facts = case_facts(reader, case)
        if not may(reader.actor, Action.READ, facts):
            continue
        head = words(f"{case.subject} {case.usager_first_name} {case.usager_last_name} {case.commune}")
        lines = reader.session.scalars(
            select(Entry).where(
                col(Entry.case_id) == case.id,
                col(Entry.audience).in_(readable_by(side_in(reader.actor, facts))),
                col(Entry.kind) != EntryKind.EVENT,
                col(Entry.withdrawn_at).is_(None),
            )
        )
        said = [head, *(words(line.text) for line in lines)]
        if all(any(has(each, term) for each in said) for term in sought):
            found.add(case.id)
    return found


def has(said: list[str], term: Term) -> bool:
    *whole, last = term.words
    return any(
        said[at : at + len(whole)] == whole
        and (said[at + len(whole)].startswith(last) if term.is_open else said[at + len(whole)] == last)
        for at in range(len(said) - len(whole))
    )


def world(cast: Cast, chance: random.Random) -> None:
    """A few cases, with notes, guests, people of two places, somebody who left, lines taken back."""

    def text(words: tuple[str, ...] = VOCABULARY) -> str:
        return " ".join(chance.choices(words, k=chance.randint(1, 5)))

    if chance.random() < 0.5:
        join(cast, "adam", CAF, Side.AGENT)  # on both sides
    if chance.random() < 0.5:
        join(cast, "marc", CPAM, Side.AGENT)
    if chance.random() < 0.3:
        leave(cast, "bruno", CAF)
    at = NOW
    for _ in range(chance.randint(1, 4)):
        at += timedelta(minutes=1)
        to = chance.choice([(CAF,), (CAF, CPAM), (CPAM, MSA), (MSA,)])
        by = chance.choice(["aline", "chloe"])
        case_id = sent_case(
            cast, to, ("caf", "cpam", "msa", "carsat"), by, at, subject=f"{text(SAID)} quoi",
            description=f"{text()} ; aucune réponse.", first_name="Hélène",
            last_name=chance.choice(["Kaddour", "Lœuf", "De La Tour"]),
        )  # fmt: skip
        inside = [who for who, group in (("marc", CAF), ("basile", CPAM), ("mathilde", MSA)) if group in to]
        for _ in range(chance.randint(0, 3)):
            at += timedelta(minutes=1)
            who = chance.choice(inside)
            said = (
                note(cast, who, case_id, f"secret {text()}", at)
                if chance.random() < 0.5
                else say(cast, who, case_id, text(), at)
            )
            if chance.random() < 0.2:
                with act(cast, who, at) as taking:
                    messages.take_back(taking, case_id, said)
        if chance.random() < 0.3:
            invite(cast, by, case_id, "camille", at)
        if len(to) > 1 and chance.random() < 0.3:
            withdraw(cast, case_id, to[1], by, at)
        if chance.random() < 0.3:
            close(cast, case_id, by, at)


def queries(chance: random.Random) -> Iterator[str]:
    for _ in range(5):
        asked = []
        for _ in range(chance.randint(1, 3)):
            word = chance.choice((*VOCABULARY, "secret", "quoi", "Lœuf", "Tour"))
            match chance.randrange(4):
                case 0:
                    asked.append(word[: chance.randint(1, len(word))])
                case 1:
                    asked.append(f"« {word} {chance.choice(VOCABULARY)} »")
                case 2:
                    asked.append(word.upper())
                case _:
                    asked.append(word)
        yield " ".join(asked)


@settings(
    max_examples=3,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32))
def test_a_search_finds_what_may_be_read_and_no_more(
    engine: Engine, cast: Cast, window: int, seed: int
) -> None:
    chance = random.Random(seed)
    with engine.rolled_back.undone():
        work.use(engine.rolled_back)
        world(cast, chance)
        for typed in queries(chance):
            for who in EVERYBODY:
                with see(cast, who) as reader:
                    wanted = scanned(reader, terms(typed)) if terms(typed) else set()
                hits = found_by(cast, who, typed)
                assert set(hits) == wanted, (who, typed)
                _passages_may_be_read(cast, who, hits)
        _tokens_are_those_of_the_participations()


def _passages_may_be_read(cast: Cast, who: str, hits: dict[UUID, Hit]) -> None:
    with see(cast, who) as reader:
        for case_id, hit in hits.items():
            if hit.passage is None:
                continue
            facts = case_facts(reader, reader.session.get_one(Case, case_id))
            line = reader.session.get_one(Entry, hit.passage.entry_id)
            assert line.case_id == case_id
            assert line.audience in readable_by(side_in(reader.actor, facts))
            assert hit.passage.is_note is (line.audience is Audience.OPERATORS)
            said = "".join(piece for piece, _ in hit.passage.pieces)
            assert said.strip("…") in " ".join(line.text.split())
            if side_in(reader.actor, facts) is Side.AIDANT:
                assert "secret" not in said


def _tokens_are_those_of_the_participations() -> None:
    with reading(ByNobody()) as reader:
        for line in reader.session.scalars(select(SearchLine)):
            places = select(col(Participation.holder_id)).where(col(Participation.case_id) == line.case_id)
            assert set(line.holders.split()) == set(map(holder_token, reader.session.scalars(places)))


@pytest.mark.usefixtures("database")
class TestRules:
    def test_a_note_is_found_by_agents_only(self, cast: Cast, window: int) -> None:
        case_id = sent_case(cast, (CAF, CPAM))
        note(cast, "bruno", case_id, "Allocataire zinzolin.")
        assert [ids_by(cast, who, "zinzol") for who in ("bruno", "basile")] == [{case_id}, {case_id}]
        (hit,) = found_by(cast, "basile", "zinzol").values()
        assert hit.passage is not None
        assert hit.passage.is_note
        assert ("zinzolin", True) in hit.passage.pieces
        for who in ("aline", "adam", "chloe", "colette", "olivier", "denis"):
            assert not found_by(cast, who, "zinzol")
        join(cast, "aline", CAF, Side.AGENT)
        assert not found_by(cast, "aline", "zinzol")
        assert not found_by(cast, "aline", "kaddour zin")
        (hit,) = found_by(cast, "aline", "kaddour").values()
        assert hit.passage is None

    def test_who_leaves_a_group_finds_nothing_any_more(self, cast: Cast, window: int) -> None:
        case_id = sent_case(cast)
        assert ids_by(cast, "bruno", "loyer") == {case_id}
        leave(cast, "bruno", CAF)
        assert not ids_by(cast, "bruno", "loyer")
        assert ids_by(cast, "marc", "loyer") == {case_id}

    def test_nor_does_an_organisation_from_which_the_case_is_withdrawn(self, cast: Cast, window: int) -> None:
        case_id = sent_case(cast, (CAF, CPAM))
        assert ids_by(cast, "basile", "loyer") == {case_id}
        withdraw(cast, case_id, CPAM)
        assert not ids_by(cast, "basile", "loyer")

    def test_who_comes_in_finds_what_was_said_before(self, cast: Cast, window: int) -> None:
        case_id = sent_case(cast, (CAF,), ("carsat",))
        assert not ids_by(cast, "camille", "loyer")
        invite(cast, "bruno", case_id, "camille")
        assert ids_by(cast, "camille", "loyer") == {case_id}

    def test_what_was_taken_back_is_not_found(self, cast: Cast, window: int) -> None:
        case_id = sent_case(cast)
        said = say(cast, "aline", case_id, "Un mot de zinzolin.")
        assert ids_by(cast, "bruno", "zinzolin") == {case_id}
        with act(cast, "aline") as taking:
            messages.take_back(taking, case_id, said)
        assert not ids_by(cast, "bruno", "zinzolin")
        assert not ids_by(cast, "aline", "zinzolin")
        with reading(ByNobody()) as reader:
            count = select(func.count()).select_from(SearchLine).where(col(SearchLine.entry_id) == said)
            assert reader.session.scalar(count) == 0

    def test_drafts_and_what_is_being_written_are_not_found(self, cast: Cast, window: int) -> None:
        case_id = sent_case(cast)
        with act(cast, "aline") as writing:
            messages.keep(writing, case_id, "zinzolin en cours", key=new_id(), audience=Audience.EVERYBODY)
        assert not ids_by(cast, "aline", "zinzolin")

    def test_open_and_closed_cases_are_found_or_those_of_a_view(self, cast: Cast, window: int) -> None:
        one, two = sent_case(cast), sent_case(cast, at=NOW + timedelta(minutes=1))
        close(cast, two, at=NOW + timedelta(minutes=2))
        assert ids_by(cast, "aline", "kaddour") == {one, two}
        assert ids_by(cast, "aline", "kaddour", Filter(View.CLOSED)) == {two}
        assert ids_by(cast, "aline", "kaddour", Filter(View.OPEN)) == {one}
        assert ids_by(cast, "aline", "kaddour", Filter(View.OPEN, theme="sante")) == set()

    @pytest.mark.parametrize(
        ("typed", "is_found"),
        [
            ("kaddour", True), ("KADD", True), ("hélène", True), ("helene", True), ("apl guise", True),
            ("guise apl", True), ("l'aide", False), ("apl laon", False), ("%", False), ("100 %", False),
            ("_", False), ("  ", False), ("œuvre", True), ("oeuvre", True), ("addour", False),
        ],
    )  # fmt: skip
    def test_subject_usager_and_commune(self, cast: Cast, window: int, typed: str, is_found: bool) -> None:
        """Without case nor accents, each word by its beginning, in any order; what is no word is nowhere."""
        case_id = sent_case(cast, subject="APL des œuvres non versée", first_name="Hélène")
        assert ids_by(cast, "aline", typed) == ({case_id} if is_found else set())
        assert not ids_by(cast, "chloe", typed)

    def test_a_name_and_a_word_of_a_message_together(self, cast: Cast, window: int) -> None:
        case_id = sent_case(cast)
        sent_case(cast, last_name="Lefort")
        assert ids_by(cast, "bruno", "kaddour versem") == {case_id}
        (hit,) = found_by(cast, "bruno", "kaddour versem").values()
        assert hit.usager == (("Samira ", False), ("Kaddour", True))
        assert hit.passage is not None
        assert ("versement", True) in hit.passage.pieces
        assert hit.subject == (("APL non versée depuis août", False),)

    @pytest.mark.parametrize(
        "typed",
        ['"', '"""', "*", "loyer*", "NEAR(loyer kaddour)", "loyer OR", "AND", "NOT loyer", "-loyer", "^loyer",
         "folded:loyer", "{a b}:c", "'", "\\", "%", "_", "loyer\0", "é" * 10_000, "a" * 10_000, "😀", "\ud800",
         "loyer & ! | ( :*", "'; DROP TABLE entry", "de la de la " * 50],
    )  # fmt: skip
    def test_anything_may_be_typed(self, cast: Cast, window: int, typed: str) -> None:
        sent_case(cast)
        found = ids_by(cast, "aline", typed)
        with see(cast, "aline") as reader:
            assert found == (scanned(reader, terms(typed)) if terms(typed) else set())


def test_every_way_of_writing_is_indexed(cast: Cast, database: object) -> None:
    """Each message that has words has its line, and no event has one; a case has its head."""
    case_id = sent_case(cast)
    say(cast, "bruno", case_id)
    note(cast, "bruno", case_id)
    tables: tuple[type[SQLModel], ...] = (Entry, SearchLine)
    with reading(ByNobody()) as reader:
        said, lines = (reader.session.scalars(select(table)).all() for table in tables)
        wanted = {line.id for line in said if line.kind is not EntryKind.EVENT}  # type: ignore[attr-defined]
        assert {line.entry_id for line in lines} == {None, *wanted}  # type: ignore[attr-defined]
        assert len(wanted) == 3
    assert GUISE in cast.groups


def test_what_was_said_before_the_search_is_found_too(cast: Cast, committed: Database) -> None:
    """The migration writes the very lines that the services write."""
    case_id = sent_case(cast, (CAF, CPAM), subject="Œuvre d’été, trop-perçu")
    note(cast, "bruno", case_id, "Une note.")
    before = _lines()
    with committed.transaction(write=True) as session:
        command.downgrade(configuration(session.connection()), "0006")
    migrate(committed)
    assert _lines() == before
    assert len(before) == 3
    assert ids_by(cast, "bruno", "oeuvre ete note") == {case_id}


def _lines() -> list[tuple[object, ...]]:
    with reading(ByNobody()) as reader:
        lines = reader.session.scalars(select(SearchLine).order_by(col(SearchLine.folded)))
        return [(one.case_id, one.entry_id, one.audience, one.folded, one.holders) for one in lines]
