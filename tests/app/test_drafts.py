"""Drafts: kept as typed from the first character, found again elsewhere, seen by nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, text

from app import cases, drafts, mandates, messages
from app.case_form import clean
from app.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from app.queries import case as views_of_case
from app.queries import drafts as views
from app.queries import reference
from app.queries.drafts import DraftView
from app.queries.preview import preview
from app.work import ByNobody, BySession, Work, acting, reading
from models.account import AuthSession
from models.base import new_id
from models.case import Case, CaseDraft
from models.enums import CaseStatus, MandateStatus
from models.mandate import Mandate
from models.organization import Group, Procedure, Theme
from tests.app.scenes import (
    CAF,
    CPAM,
    GUISE,
    accept,
    act,
    consent,
    draft,
    form,
    leave,
    mandate,
    present,
    see,
    send,
    sent_case,
)
from tests.conftest import NOW, Cast

pytestmark = pytest.mark.usefixtures("database")


def view(cast: Cast, who: str, case_id: UUID) -> DraftView:
    with see(cast, who) as work:
        return views.draft(work, case_id)


def save(cast: Cast, who: str, case_id: UUID, step: int = 1, **typed: object) -> None:
    with act(cast, who) as work:
        drafts.save(work, case_id, typed, step)


def test_one_character_is_enough_and_another_browser_finds_it(cast: Cast) -> None:
    with act(cast, "aline") as work:
        case_id = drafts.start(work, cast.groups[GUISE], {"first_name": "S"})
    session = AuthSession(
        id=new_id(), created_at=NOW, account_id=cast.aline, token_hash=b"x" * 32, last_seen_at=NOW,
        expires_at=NOW + timedelta(hours=1),
    )  # fmt: skip
    with acting(ByNobody(), at=NOW) as work:
        work.session.add(session)
    with reading(BySession(session.id), at=NOW) as work:
        found = views.draft(work, case_id)
    assert found.form["first_name"] == "S"
    assert (found.structure, found.step, found.mandate) == (GUISE, 1, None)


def test_it_is_kept_as_typed_wrong_or_not(cast: Cast) -> None:
    case_id = draft(cast)
    typed = {"born_on": "31/02/19", "subject": "  deux \n lignes  ", "description": "<b>é</b> \u202f« ’ 😀\r\n"}
    save(cast, "aline", case_id, 4, **typed)
    found = view(cast, "aline", case_id)
    assert {name: found.form[name] for name in typed} == typed
    assert found.form["last_name"] == "Kaddour"  # what is not said again stays
    assert found.step == 4


def test_the_last_save_is_the_one_that_is_kept(cast: Cast) -> None:
    case_id = draft(cast, at=NOW - timedelta(hours=1))
    with act(cast, "aline", NOW) as work:
        assert drafts.save(work, case_id, {"subject": "APL"}, 2) == NOW
    assert view(cast, "aline", case_id).saved_at == NOW


def test_the_step_stays_within_the_five(cast: Cast) -> None:
    case_id = draft(cast)
    for step, kept in ((0, 1), (-3, 1), (3, 3), (99, 5)):
        save(cast, "aline", case_id, step)
        assert view(cast, "aline", case_id).step == kept


def test_what_no_database_keeps_is_left_out(cast: Cast) -> None:
    case_id = draft(cast)
    save(cast, "aline", case_id, subject="A\x00P\ud800L", is_admin="oui")
    found = view(cast, "aline", case_id).form
    assert found["subject"] == "APL"
    assert "is_admin" not in found


def test_a_value_of_another_kind_changes_nothing(cast: Cast) -> None:
    case_id = draft(cast)
    with pytest.raises(Invalid):
        save(cast, "aline", case_id, subject={"$gt": ""}, last_name="Autre")
    assert view(cast, "aline", case_id).form["last_name"] == "Kaddour"


def test_it_is_stored_encrypted(cast: Cast) -> None:
    case_id = draft(cast)
    with reading(ByNobody()) as work:
        raw = [bytes(row) for row in work.session.scalars(text("SELECT form FROM case_draft"))]
        kept = work.session.get_one(Case, case_id)
    assert raw
    assert not any(b"Kaddour" in each or b"APL" in each for each in raw)
    assert (kept.usager_last_name, kept.subject, kept.usager_key) == ("", "", None)


def test_nobody_else_sees_or_touches_it(cast: Cast) -> None:
    case_id = draft(cast)
    for who in ("adam", "chloe", "bruno", "marc", "colette", "olivier", "denis"):
        with see(cast, who) as work:
            assert views.my_drafts(work) == ()
        gestures: tuple[Callable[[Work], object], ...] = (
            lambda work: views.draft(work, case_id),
            lambda work: drafts.save(work, case_id, {"subject": "x"}, 1),
            lambda work: drafts.discard(work, case_id),
            lambda work: messages.post(work, case_id, "Bonjour", key=new_id()),
            lambda work: cases.send(work, case_id),
            lambda work: mandates.present(work, case_id),
        )
        for gesture in gestures:
            with pytest.raises(NotFound), act(cast, who) as work:
                gesture(work)
    assert view(cast, "aline", case_id).form["subject"] == "APL non versée depuis août"


def test_who_leaves_the_structure_leaves_the_draft(cast: Cast) -> None:
    case_id = draft(cast)
    leave(cast, "aline", GUISE)
    with pytest.raises(NotFound):
        view(cast, "aline", case_id)
    with see(cast, "aline") as work:
        assert views.my_drafts(work) == ()


@pytest.mark.parametrize(
    ("who", "refusal"), [("adam", None), ("chloe", NotFound), ("bruno", NotFound), ("denis", NotFound)]
)
def test_only_an_aidant_of_the_structure_begins_a_case_there(
    cast: Cast, who: str, refusal: type[Refusal] | None
) -> None:
    if refusal is None:
        with act(cast, who) as work:
            assert drafts.start(work, cast.groups[GUISE], {})
        return
    with pytest.raises((refusal, Forbidden)), act(cast, who) as work:
        drafts.start(work, cast.groups[GUISE], {})


def test_a_closed_structure_raises_no_case(cast: Cast) -> None:
    with act(cast, "denis") as work:
        work.session.get_one(Group, cast.groups[GUISE]).is_open = False
    with pytest.raises(Forbidden, match="Votre structure est fermée"), act(cast, "aline") as work:
        drafts.start(work, cast.groups[GUISE], {"first_name": "S"})


def test_what_is_wrong_step_by_step(cast: Cast) -> None:
    with see(cast, "aline") as work:
        assert views.faults(work, clean(form(cast))) == {}
        found = views.faults(work, clean({**form(cast), "theme": "", "born_on": "hier", "subject": ""}))
    assert {step: set(names) for step, names in found.items()} == {1: {"theme"}, 2: {"born_on"}, 4: {"subject"}}


def test_the_first_save_twice_makes_one_draft(cast: Cast) -> None:
    case_id = new_id()
    for typed in ("S", "Sa"):
        with act(cast, "aline") as work:
            assert drafts.start(work, cast.groups[GUISE], {"first_name": typed}, case_id=case_id) == case_id
    assert view(cast, "aline", case_id).form["first_name"] == "Sa"
    with see(cast, "aline") as work:
        assert len(views.my_drafts(work)) == 1


def test_the_id_of_another_case_cannot_be_chosen(cast: Cast) -> None:
    case_id = draft(cast)
    with pytest.raises(NotFound), act(cast, "adam") as work:
        drafts.start(work, cast.groups[GUISE], {"first_name": "x"}, case_id=case_id)
    sent = sent_case(cast)
    with pytest.raises(Conflict), act(cast, "aline") as work:
        drafts.start(work, cast.groups[GUISE], {"first_name": "x"}, case_id=sent)


def test_once_sent_there_is_no_draft(cast: Cast) -> None:
    case_id = sent_case(cast)
    with pytest.raises(NotFound):
        view(cast, "aline", case_id)
    with pytest.raises(Conflict, match="déjà été transmise"):
        save(cast, "aline", case_id, subject="x")
    with pytest.raises(Conflict, match="déjà été transmise"), act(cast, "aline") as work:
        drafts.discard(work, case_id)
    with reading(ByNobody()) as work:
        assert work.session.scalar(select(func.count()).select_from(CaseDraft)) == 0


def test_throwing_it_away_leaves_nothing(cast: Cast) -> None:
    case_id = draft(cast)
    present(cast, case_id)
    with act(cast, "aline") as work:
        drafts.discard(work, case_id)
    with reading(ByNobody()) as work:
        for table in (Case, CaseDraft, Mandate):
            assert work.session.scalar(select(func.count()).select_from(table)) == 0
    with pytest.raises(NotFound):
        view(cast, "aline", case_id)


@pytest.mark.parametrize("accepted", [False, True])
def test_a_consent_is_never_thrown_away(cast: Cast, accepted: bool) -> None:
    case_id = draft(cast)
    mandate_id = present(cast, case_id)
    consent(cast, mandate_id)
    if accepted:
        accept(cast, mandate_id)
    with pytest.raises(Conflict, match="a déjà donné son accord"), act(cast, "aline") as work:
        drafts.discard(work, case_id)


def test_my_drafts_the_last_saved_first(cast: Cast) -> None:
    old = draft(cast, at=NOW - timedelta(days=2), subject=" APL ", last_name="Kaddour")
    new = draft(cast, at=NOW - timedelta(days=1), subject="", first_name="", last_name="")
    draft(cast, by="adam")
    with see(cast, "aline") as work:
        lines = views.my_drafts(work)
    assert [(line.case_id, line.subject, line.usager) for line in lines] == [
        (new, "", ""),
        (old, "APL", "Samira Kaddour"),
    ]
    assert [line.mandate for line in lines] == [None, None]


def test_my_drafts_say_where_their_mandate_stands(cast: Cast) -> None:
    """A yes by SMS comes while its aidant writes another case: the list must say it."""
    case_id = draft(cast)
    first = present(cast, case_id)
    second = present(cast, case_id)
    for mandate_id, at, expected in (
        (first, NOW, MandateStatus.PRESENTED),
        (second, NOW, MandateStatus.CONSENTED),
        (second, NOW + timedelta(days=400), MandateStatus.EXPIRED),
    ):
        if expected is MandateStatus.CONSENTED:
            consent(cast, mandate_id)
        with see(cast, "aline", at) as work:
            assert [line.mandate for line in views.my_drafts(work)] == [expected]


def test_its_mandate_is_shown_beside_it(cast: Cast) -> None:
    case_id = draft(cast, (CAF,), ("msa",))
    mandate_id = present(cast, case_id)
    shown = view(cast, "aline", case_id).mandate
    assert shown is not None
    assert (shown.id, shown.status, shown.missing) == (mandate_id, MandateStatus.PRESENTED, "")
    consent(cast, mandate_id)
    accept(cast, mandate_id)
    shown = view(cast, "aline", case_id).mandate
    assert shown is not None
    assert shown.status is MandateStatus.ACTIVE
    with act(cast, "aline") as work:
        drafts.save(work, case_id, {"groups": [str(cast.groups[CPAM])]}, 3)
    changed = view(cast, "aline", case_id).mandate
    assert changed is not None
    assert changed.missing.startswith("Le mandat signé ne nomme pas CPAM")
    assert shown.organizations == ("CAF", "MSA")


def test_a_first_form_holds_what_the_structure_lets_guess(cast: Cast) -> None:
    with see(cast, "aline") as work:
        first = views.first_form(work, cast.groups[GUISE])
    assert (first["departement"], first["commune"], first["urgent"]) == ("02", "Guise", "non")
    assert first["last_name"] == ""


def test_the_closed_lists_come_in_their_order(cast: Cast) -> None:
    with see(cast, "aline") as work:
        lists = views.choices(work, {})
    assert (lists.themes[0], lists.blockages[-1], lists.procedures[0]) == (
        ("papiers", "Papiers et titres"),
        ("autre", "Autre"),
        ("rsa", "RSA"),
    )
    assert (len(lists.themes), len(lists.blockages), len(lists.procedures)) == (10, 11, 18)


def test_what_is_no_longer_offered_stays_in_the_draft_that_has_it(cast: Cast) -> None:
    case_id = draft(cast)
    with act(cast, "denis") as work:
        work.session.get_one(Theme, "logement").is_offered = False
        work.session.get_one(Procedure, "apl").is_offered = False
    with see(cast, "aline") as work:
        typed = views.draft(work, case_id).form
        fresh, kept = views.choices(work, {}), views.choices(work, typed)
        assert views.no_longer_offered(work, typed) == {"theme", "procedure"}
        assert views.faults(work, typed) == {}
        seen = preview(work, case_id)
    assert (len(fresh.themes), len(fresh.procedures)) == (9, 17)
    assert ("logement", "Logement (n’est plus proposé)") in kept.themes
    assert ("apl", "APL (n’est plus proposé)") in kept.procedures
    assert seen.view.qualification == ("Logement", "Absence de paiement", "APL")
    mandate(cast, case_id)
    send(cast, case_id)
    with see(cast, "bruno") as work:
        assert views_of_case.case(work, case_id).qualification[0] == "Logement"
        assert ("logement", "Logement") in reference.themes(work)


def test_a_draft_with_a_mandate_is_sent_whole(cast: Cast) -> None:
    case_id = draft(cast, (CAF, CPAM))
    mandate(cast, case_id)
    send(cast, case_id)
    with reading(ByNobody()) as work:
        case = work.session.get_one(Case, case_id)
    assert (case.status, case.subject, case.usager_last_name) == (
        CaseStatus.SENT,
        "APL non versée depuis août",
        "Kaddour",
    )
