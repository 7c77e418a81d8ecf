"""The numbers by which organisations know people: what is one, who is asked, who sees it, how it is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlmodel import col
from stdnum.fr import nir

from app import case_identifiers
from app.errors import ChangedMeanwhile, Conflict, Forbidden, Invalid, NotFound
from app.events import CaseChanged, Signal
from app.identifiers import KINDS, NotOne, as_read, read, said_back, shown
from app.queries import audience, drafts
from app.queries import case as views
from app.queries.preview import preview
from app.work import ByNobody, acting, reading
from models.account import AuthSession
from models.base import new_id
from models.case import CaseDraft, CaseIdentifier
from models.enums import IdentifierKind, Side
from models.journal import JournalEntry
from models.organization import Organization
from tests.app.scenes import (
    CAF,
    CARSAT,
    CPAM,
    act,
    close,
    draft,
    invite,
    join,
    leave,
    mandate,
    reopen,
    revoke,
    see,
    sent_case,
    withdraw,
)
from tests.app.security.entering import told
from tests.conftest import NOW, Cast

__all__ = ["told"]
ALLOCATAIRE, NIR, FISCAL, TRAVAIL = KINDS
GOOD = "2870702361042"
WITH_KEY = GOOD + nir.calc_check_digits(GOOD)
# kind, as typed, as kept
KEPT = (
    (ALLOCATAIRE, "1234567", "1234567"),
    (ALLOCATAIRE, " 1 234 567 ", "1234567"),
    (ALLOCATAIRE, "123.4567", "1234567"),
    (ALLOCATAIRE, "1234567 a", "1234567"),  # with the letter of the CAF's letters
    (ALLOCATAIRE, "0000000", "0000000"),
    (NIR, GOOD, GOOD),
    (NIR, WITH_KEY, WITH_KEY),
    (NIR, "2 87 07 02 361 042", GOOD),
    (NIR, "2.87.07.02.361.042-" + WITH_KEY[13:], WITH_KEY),
    (NIR, "253072B07300470", "253072B07300470"),
    (NIR, "2 53 07 2a 073 004 43", "253072A07300443"),
    (NIR, "253072A073004", "253072A073004"),
    (NIR, "2\u00a087\u202f07 02 361 042", GOOD),
    (NIR, "7870702361042", "7870702361042"),  # provisional
    (NIR, "2874202361042", "2874202361042"),  # a month that is not known
    (FISCAL, "3023217600053", "3023217600053"),
    (FISCAL, "30 23 217 600 053", "3023217600053"),
    (TRAVAIL, "1234567a", "1234567A"),
    (TRAVAIL, "1234567 8", "12345678"),
    (TRAVAIL, "12345678901", "12345678901"),
    *((kind, empty, "") for kind in KINDS for empty in ("", "  ", "\u00a0", " - ")),
)
# kind, as typed, the beginning of the sentence
REFUSED = (
    (ALLOCATAIRE, "123456", "Un numéro d’allocataire a 7 chiffres"),
    (ALLOCATAIRE, "12345678", "Un numéro d’allocataire a 7 chiffres"),
    (ALLOCATAIRE, "1234567AB", "Un numéro d’allocataire a 7 chiffres"),
    (ALLOCATAIRE, "١٢٣٤٥٦٧", "Un numéro d’allocataire a 7 chiffres"),
    (NIR, "287070236104", "Un NIR a 13 caractères"),
    (NIR, WITH_KEY[:14], "Un NIR a 13 caractères"),
    (NIR, WITH_KEY + "0", "Un NIR a 13 caractères"),
    (NIR, GOOD + "00", "La clé de ce NIR"),
    (NIR, GOOD[:12] + "3" + WITH_KEY[13:], "La clé de ce NIR"),
    (NIR, "9870702361042", "Ce NIR ne suit pas"),
    (NIR, "2871302361042", "Ce NIR ne suit pas"),
    (NIR, "253072C073004", "Ce NIR ne suit pas"),
    (NIR, "deux huit sept", "Un NIR a 13 caractères"),
    (NIR, "٢٨٧٠٧٠٢٣٦١٠٤٢", "Ce NIR ne suit pas"),
    (FISCAL, "302321760005", "Un numéro fiscal a 13 chiffres"),
    (FISCAL, "3023217600054", "Ce numéro fiscal ne peut pas exister"),
    (FISCAL, "9701987765432", "Ce numéro fiscal ne peut pas exister"),
    (TRAVAIL, "123456", "Un identifiant France Travail"),
    (TRAVAIL, "A234567B", "Un identifiant France Travail"),
    (TRAVAIL, "123456789", "Un identifiant France Travail"),
    (IdentifierKind.NONE, "1", "Cet organisme ne demande pas"),
)


@pytest.mark.parametrize(("kind", "typed", "kept"), KEPT)
def test_what_is_a_number_as_typed(kind: IdentifierKind, typed: str, kept: str) -> None:
    assert read(kind, typed) == kept
    assert read(kind, shown(kind, kept)) == kept if kept else True


@pytest.mark.parametrize(("kind", "typed", "sentence"), REFUSED)
def test_what_is_none_is_said(kind: IdentifierKind, typed: str, sentence: str) -> None:
    with pytest.raises(NotOne) as refused:
        read(kind, typed)
    assert str(refused.value).replace("\u00a0", " ").startswith(sentence)
    assert as_read(kind, typed) == ""


def test_a_nir_without_its_key_is_said_with_it() -> None:
    assert said_back(NIR, GOOD).startswith(f"2 87 07 02 361 042, clé {WITH_KEY[13:]}")
    assert said_back(NIR, WITH_KEY) == f"2 87 07 02 361 042 {WITH_KEY[13:]}"
    assert said_back(NIR, "2 87") == said_back(ALLOCATAIRE, "1234567") == said_back(NIR, "") == ""


pytestmark_database = pytest.mark.usefixtures("database")
TYPED: dict[str, Any] = {
    "allocataire": "1 234 567",
    "nir": WITH_KEY,
    "fiscal": "3023217600053",
    "france_travail": "1234567A",
}


def allow_nir(cast: Cast, *codes: str) -> None:
    with acting(ByNobody(), at=NOW) as work:
        for code in codes:
            work.session.get_one(Organization, cast.organizations[code]).nir_basis = "Décret no 2019-341"


def seen(cast: Cast, who: str, case_id: UUID) -> dict[str, str]:
    with see(cast, who) as work:
        return {one.kind.value: one.value for one in views.case(work, case_id).identifiers if one.value}


def raw(case_id: UUID) -> list[tuple[str, bytes]]:
    """What the database really holds."""
    with reading(ByNobody()) as work:
        rows = work.session.execute(text("SELECT kind, value, case_id FROM case_identifier")).all()
    return [(kind, bytes(value)) for kind, value, owner in rows if str(owner).replace("-", "") == case_id.hex]


@pytestmark_database
class TestKept:
    def test_only_for_the_organisations_chosen_and_encrypted(self, cast: Cast) -> None:
        case_id = sent_case(cast, (CAF,), **TYPED)
        assert seen(cast, "aline", case_id) == {"allocataire": "1234567"}
        ((kind, sealed),) = raw(case_id)
        assert kind == "allocataire"
        assert b"1234567" not in sealed
        with reading(ByNobody()) as work:
            assert work.session.get(CaseDraft, case_id) is None

    def test_for_who_is_named_besides_too(self, cast: Cast) -> None:
        case_id = sent_case(cast, (CAF,), ("ddfip",), **TYPED)
        assert set(seen(cast, "aline", case_id)) == {"allocataire", "fiscal"}

    def test_the_draft_holds_them_encrypted(self, cast: Cast) -> None:
        case_id = draft(cast, (CAF,), allocataire="7654321")
        with reading(ByNobody()) as work:
            stored = work.session.execute(text("SELECT form FROM case_draft")).scalars().all()
        assert stored
        assert all(b"7654321" not in bytes(one) for one in stored)
        with see(cast, "aline") as work:
            assert drafts.draft(work, case_id).form["allocataire"] == "7654321"

    def test_the_nir_is_off_by_default(self, cast: Cast) -> None:
        case_id = draft(cast, (CPAM,), nir="0")  # not even looked at
        mandate(cast, case_id)
        with see(cast, "aline") as work:
            assert drafts.draft(work, case_id).form["nir"] == ""  # nor kept
            assert drafts.faults(work, drafts.draft(work, case_id).form) == {}
        assert raw(sent_case(cast, (CPAM,), **TYPED)) == []

    def test_the_nir_where_it_was_turned_on(self, cast: Cast) -> None:
        allow_nir(cast, "cpam")
        case_id = sent_case(cast, (CPAM, CARSAT), **TYPED)
        assert seen(cast, "aline", case_id) == {"nir": f"2 87 07 02 361 042 {WITH_KEY[13:]}"}
        assert seen(cast, "basile", case_id) == seen(cast, "aline", case_id)
        assert seen(cast, "camille", case_id) == {}  # CARSAT has no basis of its own

    def test_what_is_wrong_is_said_and_only_where_it_is_asked(self, cast: Cast) -> None:
        caf, cpam = draft(cast, (CAF,), allocataire="12"), draft(cast, (CPAM,), allocataire="12")
        with see(cast, "aline") as work:
            wrong = drafts.draft(work, caf).form
            assert "7\u00a0chiffres" in drafts.faults(work, wrong)[3]["allocataire"]
            other = drafts.draft(work, cpam).form
            assert drafts.faults(work, other) == {}

    def test_the_preview_says_what_leaves_and_to_whom(self, cast: Cast) -> None:
        case_id = draft(cast, (CAF, CPAM), ("ddfip",), **TYPED)
        with see(cast, "aline") as work:
            view = preview(work, case_id).view
        assert [(one.kind, one.value, one.organizations) for one in view.identifiers] == [
            (ALLOCATAIRE, "1234567", ("CAF",)), (FISCAL, "30 23 217 600 053", ("DDFIP",)),
        ]  # fmt: skip


EVERYBODY = ("aline", "adam", "bruno", "marc", "basile", "bertille", "camille", "mathilde", "fatou", "didier")
# To whom a case goes, who is invited: what each one sees.
VISIBLE: tuple[tuple[tuple[str, ...], str, dict[str, set[str]]], ...] = (
    ((CAF,), "", {"bruno": {"allocataire"}, "marc": {"allocataire"}}),
    ((CAF, CPAM), "", {
        "bruno": {"allocataire"}, "marc": {"allocataire"}, "basile": {"nir"}, "bertille": {"nir"},
    }),
    ((CPAM,), "bruno", {"bruno": {"allocataire"}, "basile": {"nir"}, "bertille": {"nir"}}),
    ((CAF,), "camille", {"bruno": {"allocataire"}, "marc": {"allocataire"}, "camille": {"nir"}}),
    ((CAF,), "didier", {"bruno": {"allocataire"}, "marc": {"allocataire"}, "didier": {"fiscal"}}),
)  # fmt: skip


@pytestmark_database
class TestSeen:
    @pytest.mark.parametrize(("to", "guest", "agents"), VISIBLE)
    def test_by_the_aidants_side_and_that_organisation_only(
        self, cast: Cast, to: tuple[str, ...], guest: str, agents: dict[str, set[str]]
    ) -> None:
        allow_nir(cast, "cpam", "carsat")
        case_id = sent_case(cast, to, ("caf", "cpam", "carsat", "ddfip"), **TYPED)
        if guest:
            invite(cast, "aline", case_id, guest)
        whole = {"allocataire", "nir", "fiscal"}
        for who in EVERYBODY:
            expected = whole if who in ("aline", "adam") else agents.get(who)
            if expected is None:
                with pytest.raises(NotFound):
                    seen(cast, who, case_id)
            else:
                assert set(seen(cast, who, case_id)) == expected, who
        for masked in ("colette", "olivier", "denis", "chloe"):
            with pytest.raises(NotFound):
                seen(cast, masked, case_id)

    def test_lost_with_the_group_the_referral_the_mandate_and_the_closing(self, cast: Cast) -> None:
        case_id = sent_case(cast, (CAF, CPAM), **TYPED)
        join(cast, "basile", CAF, Side.AGENT)
        assert seen(cast, "basile", case_id)
        leave(cast, "basile", CAF)
        assert seen(cast, "basile", case_id) == {}
        mandate_id = mandate(cast, case_id)
        close(cast, case_id)
        assert (seen(cast, "bruno", case_id), seen(cast, "aline", case_id)) == ({}, {"allocataire": "1234567"})
        reopen(cast, case_id)
        assert seen(cast, "bruno", case_id)
        revoke(cast, mandate_id)
        assert seen(cast, "bruno", case_id) == {}
        withdraw(cast, case_id, CAF)
        assert seen(cast, "aline", case_id) == {"allocataire": "1234567"}

    def test_two_invited_agents_do_not_share_what_is_drawn(self, cast: Cast) -> None:
        allow_nir(cast, "carsat")
        case_id = sent_case(cast, (CAF,), ("carsat", "ddfip"), **TYPED)
        for guest in ("camille", "didier"):
            invite(cast, "aline", case_id, guest)
        sessions = {}
        with acting(ByNobody(), at=NOW) as work:
            for who in ("camille", "didier"):
                row = AuthSession(
                    id=new_id(), created_at=NOW, account_id=getattr(cast, who), last_seen_at=NOW,
                    token_hash=new_id().bytes * 2, expires_at=NOW + timedelta(hours=12),
                )  # fmt: skip
                work.session.add(row)
                sessions[who] = row.id
        with reading(ByNobody(), at=NOW) as work:
            points = audience.viewpoints(work, case_id, frozenset(sessions.values()))
        assert points[sessions["camille"]].identifiers == {NIR}
        assert points[sessions["didier"]].identifiers == {FISCAL}


def identify(cast: Cast, who: str, case_id: UUID, **numbers: str) -> None:
    ours = select(CaseIdentifier).where(col(CaseIdentifier.case_id) == case_id)
    with reading(ByNobody()) as work:
        shown = {row.kind.value: row.value for row in work.session.scalars(ours)}
    with act(cast, who) as work:
        case_identifiers.identify(work, case_id, numbers, seen=shown)


@pytestmark_database
class TestIdentify:
    def test_added_corrected_and_taken_away_by_the_aidants(self, cast: Cast, told: list[Signal]) -> None:
        case_id = sent_case(cast, (CAF, CPAM))
        with see(cast, "adam") as work:
            (line,) = views.case(work, case_id).identifiers
        assert (line.kind, line.value, line.organizations) == (ALLOCATAIRE, "", ("CAF",))
        told.clear()
        identify(cast, "adam", case_id, allocataire="123 4567")
        assert [type(one) for one in told] == [CaseChanged]
        assert seen(cast, "bruno", case_id) == {"allocataire": "1234567"}
        identify(cast, "aline", case_id, allocataire="7654321")
        assert seen(cast, "bruno", case_id) == {"allocataire": "7654321"}
        identify(cast, "aline", case_id, allocataire=" ")
        assert raw(case_id) == []
        with reading(ByNobody()) as work:
            lines = [
                one for one in work.session.scalars(select(JournalEntry)) if one.action == "case.identified"
            ]
        assert [one.details for one in lines] == [{"kinds": "allocataire"}] * 3  # which, never what

    def test_what_a_colleague_typed_meanwhile_is_neither_erased_nor_written_over(self, cast: Cast) -> None:
        case_id = sent_case(cast, (CAF,))
        identify(cast, "aline", case_id, allocataire="1234567")
        opened_before = {"allocataire": ""}
        with act(cast, "adam") as work:  # left empty, as it was shown
            case_identifiers.identify(work, case_id, {"allocataire": " "}, seen=opened_before)
        assert seen(cast, "bruno", case_id) == {"allocataire": "1234567"}
        with act(cast, "adam") as work, pytest.raises(ChangedMeanwhile) as refused:
            case_identifiers.identify(work, case_id, {"allocataire": "7654321"}, seen=opened_before)
        assert "1234567" not in refused.value.sentence
        with act(cast, "adam") as work:  # the same number twice is no disagreement
            case_identifiers.identify(work, case_id, {"allocataire": "123 4567"}, seen=opened_before)
        with act(cast, "adam") as work, pytest.raises(ChangedMeanwhile):  # nor is what is gone brought back
            case_identifiers.identify(work, case_id, {"allocataire": ""}, seen={"allocataire": "7654321"})
        assert seen(cast, "bruno", case_id) == {"allocataire": "1234567"}
        with reading(ByNobody()) as work:
            lines = select(JournalEntry).where(col(JournalEntry.action) == "case.identified")
            assert len(list(work.session.scalars(lines))) == 1  # what changes nothing is not journaled

    def test_what_is_wrong_or_not_asked_is_refused(self, cast: Cast) -> None:
        case_id = sent_case(cast, (CAF,))
        for numbers in ({"allocataire": "12"}, {"nir": WITH_KEY}, {"fiscal": "3023217600053"}, {"none": "1"}):
            with pytest.raises(Invalid) as refused:
                identify(cast, "aline", case_id, **numbers)
            assert set(refused.value.fields) == set(numbers)
        assert raw(case_id) == []

    @pytest.mark.parametrize("who", ["bruno", "marc", "camille"])
    def test_not_by_agents(self, cast: Cast, who: str) -> None:
        case_id = sent_case(cast, (CAF,), ("carsat",))
        invite(cast, "aline", case_id, "camille")
        with pytest.raises(Forbidden):
            identify(cast, who, case_id, allocataire="1234567")

    @pytest.mark.parametrize("who", ["chloe", "basile", "colette", "olivier", "denis"])
    def test_nor_by_who_may_not_read_it(self, cast: Cast, who: str) -> None:
        case_id = sent_case(cast, (CAF,))
        with pytest.raises(NotFound):
            identify(cast, who, case_id, allocataire="1234567")

    def test_nor_once_it_is_closed_or_frozen(self, cast: Cast) -> None:
        case_id = sent_case(cast, (CAF,))
        mandate_id = mandate(cast, case_id)
        revoke(cast, mandate_id)
        with pytest.raises(Forbidden):
            identify(cast, "aline", case_id, allocataire="1234567")
        close(cast, case_id)
        with pytest.raises(Conflict):
            identify(cast, "aline", case_id, allocataire="1234567")
