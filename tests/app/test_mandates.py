"""The life of a mandate: presented, consented, accepted, in force until its term, revoked, replaced."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

from app import events, mandates
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.mandate_steps import Giver
from app.queries import mandates as views
from app.queries.mandates import MandateView, covered_organizations, latest
from app.work import ByNobody, reading
from models.base import new_id
from models.enums import Capacity, EventKind, MandateStatus, MandateWay, ProofKind
from models.mandate import MandateProof
from tests.app.mandate_ways.giving import ask
from tests.app.scenes import (
    CAF,
    GUISE,
    SIGNATURE,
    accept,
    act,
    consent,
    draft,
    entry_rows,
    invite,
    mandate,
    mandate_row,
    present,
    revoke,
    row_counts,
    say,
    see,
    send,
)
from tests.conftest import NOW, Cast

pytestmark = pytest.mark.usefixtures("database")
DAY, TICK = timedelta(days=1), timedelta(microseconds=1)
TERM = datetime(2027, 5, 23, 8, 30, tzinfo=UTC)  # six months later at 10:30 in Paris, in summer
BAD_DRAWINGS: tuple[Any, ...] = (
    None, "M0 0", {}, {"width": 800, "height": 300, "strokes": "x"},
    {"width": 10**9, "height": 300, "strokes": SIGNATURE["strokes"]},
    {"width": 800, "height": 300, "strokes": [[[float("nan"), 1, 1]] * 9]},
    {"width": 800, "height": -300, "strokes": SIGNATURE["strokes"]},
    {"width": 800, "height": 300, "strokes": [[["10", "20", "0"], ["60", "80", "9"]]]},
    {"width": 800, "height": 300, "strokes": [[[1, 1, 1]] * 6_001]},
)  # fmt: skip


def document(cast: Cast, who: str, mandate_id: UUID, at: datetime = NOW) -> MandateView:
    with see(cast, who, at) as work:
        return views.document(work, mandate_id)


def status(cast: Cast, mandate_id: UUID, at: datetime = NOW) -> MandateStatus:
    return document(cast, "aline", mandate_id, at).status


def sign(
    cast: Cast, mandate_id: UUID, drawing: object = SIGNATURE, shown: str = "", who: str = "aline"
) -> None:
    with act(cast, who) as work:
        shown = shown or mandate_row(mandate_id).shown_sha256
        mandates.sign(
            work, mandate_id, shown_sha256=shown, giver=Giver(Capacity.PARENT, "Nadia Kaddour"), drawing=drawing
        )


class TestPresent:
    def test_what_it_says(self, cast: Cast) -> None:
        shown = document(cast, "aline", present(cast, draft(cast, (CAF,), ("msa",))))
        assert (shown.status, shown.way, shown.proof) == (MandateStatus.PRESENTED, MandateWay.SCREEN, None)
        assert (shown.holder, shown.structure, shown.theme) == ("Mme Samira Kaddour", GUISE, "Logement")
        assert shown.organizations == ("CAF", "MSA")
        assert (shown.presented_at, shown.expires_at) == (NOW, TERM)
        text_shown = "\n".join(shown.plain_text)
        for words in ("Mme Samira Kaddour", GUISE, "CAF", "MSA", "Logement", "23\u00a0mai\u00a02027"):
            assert f"{words}" in text_shown

    @pytest.mark.parametrize(("months", "end"), [(1, "2026-12-23"), (12, "2027-11-23")])
    def test_from_one_to_twelve_months(self, cast: Cast, months: int, end: str) -> None:
        row = mandate_row(present(cast, draft(cast), months=months))
        assert row.expires_at.date().isoformat() == end

    @pytest.mark.parametrize("months", [0, -1, 13, 1200])
    def test_neither_less_nor_more(self, cast: Cast, months: int) -> None:
        with pytest.raises(Invalid):
            present(cast, draft(cast), months=months)

    @pytest.mark.parametrize("typed", [{"groups": []}, {"last_name": ""}, {"born_on": "?"}, {"theme": ""}])
    def test_a_form_with_a_fault(self, cast: Cast, typed: dict[str, Any]) -> None:
        with pytest.raises(Invalid) as refused:
            present(cast, draft(cast, **typed))
        assert set(typed) <= set(refused.value.fields)

    def test_an_organisation_that_does_not_exist(self, cast: Cast) -> None:
        case_id = draft(cast)
        with pytest.raises(Invalid), act(cast, "aline") as work:
            mandates.present(work, case_id, more=frozenset({new_id()}))

    def test_a_second_one_replaces_the_first(self, cast: Cast) -> None:
        case_id = draft(cast)
        first, second = present(cast, case_id), present(cast, case_id)
        assert (status(cast, first), status(cast, second)) == (
            MandateStatus.SUPERSEDED,
            MandateStatus.PRESENTED,
        )
        with pytest.raises(Conflict, match="Remplacé"):
            sign(cast, first)

    def test_again_after_the_first_has_expired(self, cast: Cast) -> None:
        case_id = draft(cast)
        first = present(cast, case_id)
        second = mandate(cast, case_id, at=TERM)
        assert status(cast, first, TERM) is MandateStatus.EXPIRED
        assert send(cast, case_id, at=TERM)
        assert status(cast, second, TERM) is MandateStatus.ACTIVE


class TestGiver:
    """Who decides for somebody gives their own name: the proof must say who agreed."""

    @pytest.mark.parametrize("capacity", [Capacity.PARENT, Capacity.GUARDIAN])
    @pytest.mark.parametrize("name", ["", " ", "x", "!!", "x" * 121])
    def test_for_somebody_else_not_without_a_name(self, capacity: Capacity, name: str) -> None:
        with pytest.raises(Invalid) as refused:
            Giver(capacity, name).read()
        assert set(refused.value.fields) == {"giver"}

    def test_for_oneself_no_other_name(self) -> None:
        assert Giver(Capacity.SELF, "Une autre").read() == ""
        assert Giver(Capacity.GUARDIAN, "  Paul  Durand ").read() == "Paul Durand"


class TestConsent:
    def test_a_drawing_is_kept_with_its_proof(self, cast: Cast) -> None:
        mandate_id = present(cast, draft(cast))
        sign(cast, mandate_id)
        proof = document(cast, "aline", mandate_id).proof
        assert proof is not None
        assert (proof.kind, proof.capacity, proof.name) == (ProofKind.DRAWN, Capacity.PARENT, "")
        assert proof.giver == "Nadia Kaddour"
        assert proof.image.startswith("<svg")
        assert mandate_row(mandate_id).consented_at == NOW
        with reading(ByNobody()) as work:
            kept = work.session.scalars(select(MandateProof)).one()
        canonical = json.dumps(kept.content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert kept.sha256 == proof.sha256 == hashlib.sha256(canonical.encode()).hexdigest()
        assert kept.content["strokes"] == SIGNATURE["strokes"]
        assert kept.content["shown"] == mandate_row(mandate_id).shown_sha256

    def test_a_name_declared_by_who_cannot_draw(self, cast: Cast) -> None:
        mandate_id = present(cast, draft(cast))
        with act(cast, "aline") as work:
            shown = mandate_row(mandate_id).shown_sha256
            mandates.declare(
                work, mandate_id, shown_sha256=shown, capacity=Capacity.SELF, name=" Samira  Kaddour\x00 "
            )
        proof = document(cast, "aline", mandate_id).proof
        assert proof is not None
        assert (proof.kind, proof.name, proof.image) == (ProofKind.DECLARED, "Samira Kaddour", "")

    def test_a_name_that_is_none(self, cast: Cast) -> None:
        mandate_id = present(cast, draft(cast))
        shown = mandate_row(mandate_id).shown_sha256
        names: tuple[Any, ...] = ("", " ", "S", "x" * 121, "\x00" * 3, None, {"x": 1}, 12)
        for name in names:
            with pytest.raises(Invalid) as refused, act(cast, "aline") as work:
                mandates.declare(work, mandate_id, shown_sha256=shown, capacity=Capacity.SELF, name=name)
            assert "name" in refused.value.fields
        assert status(cast, mandate_id) is MandateStatus.PRESENTED

    def test_a_drawing_that_is_none(self, cast: Cast) -> None:
        mandate_id = present(cast, draft(cast))
        before = row_counts()
        for drawing in BAD_DRAWINGS:
            with pytest.raises(Invalid) as refused:
                sign(cast, mandate_id, drawing)
            assert "signature" in refused.value.fields
        assert row_counts() == before
        assert status(cast, mandate_id) is MandateStatus.PRESENTED

    def test_on_a_text_that_changed(self, cast: Cast) -> None:
        mandate_id = present(cast, draft(cast))
        other = mandate_row(present(cast, draft(cast, last_name="Durand"))).shown_sha256
        for shown in ("0" * 64, "x", "é", other):
            with pytest.raises(Conflict, match="Le texte a changé"):
                sign(cast, mandate_id, shown=shown)
        assert status(cast, mandate_id) is MandateStatus.PRESENTED

    def test_not_twice_nor_after_a_refusal(self, cast: Cast) -> None:
        mandate_id = present(cast, draft(cast))
        sign(cast, mandate_id)
        with pytest.raises(Conflict, match="Accord donné"):
            sign(cast, mandate_id)
        refused = present(cast, draft(cast))
        with act(cast, "aline") as work:
            mandates.refuse(work, refused)
        assert (status(cast, refused), mandate_row(refused).ended_at) == (MandateStatus.REFUSED, NOW)
        with pytest.raises(Conflict, match="Refusé par la personne"):
            sign(cast, refused)

    def test_nothing_of_the_usager_is_stored_in_the_clear(self, cast: Cast) -> None:
        sign(cast, present(cast, draft(cast)))
        with reading(ByNobody()) as work:
            for query in ("SELECT holder FROM mandate", "SELECT shown_text FROM mandate",
                          "SELECT content FROM mandate_proof"):  # fmt: skip
                (raw,) = work.session.scalars(text(query))
                assert b"Kaddour" not in bytes(raw)
                assert b"strokes" not in bytes(raw)


class TestTerm:
    def test_it_holds_until_the_exact_instant(self, cast: Cast) -> None:
        case_id = draft(cast)
        mandate_id = mandate(cast, case_id)
        send(cast, case_id)
        assert status(cast, mandate_id, TERM - TICK) is MandateStatus.ACTIVE
        assert status(cast, mandate_id, TERM) is MandateStatus.EXPIRED
        say(cast, "bruno", case_id, at=TERM - TICK)
        with pytest.raises(Forbidden, match="n’est plus en vigueur"):
            say(cast, "bruno", case_id, at=TERM)
        with pytest.raises(Forbidden, match="n’est plus en vigueur"):
            say(cast, "aline", case_id, at=TERM)

    def test_consent_and_acceptance_come_before_it(self, cast: Cast) -> None:
        mandate_id = present(cast, draft(cast))
        with pytest.raises(Conflict, match="Expiré"):
            consent(cast, mandate_id, at=TERM)
        consent(cast, mandate_id, at=TERM - TICK)
        with pytest.raises(Conflict, match="Expiré"):
            accept(cast, mandate_id, at=TERM)
        accept(cast, mandate_id, at=TERM - TICK)

    def test_a_new_one_is_signed_once_the_old_one_has_expired(self, cast: Cast) -> None:
        case_id = draft(cast)
        old = mandate(cast, case_id)
        send(cast, case_id)
        new = mandate(cast, case_id, at=TERM + DAY)
        assert status(cast, old, TERM + DAY) is MandateStatus.EXPIRED
        with see(cast, "aline", TERM + DAY) as work:
            found = latest(work, case_id)
            assert found is not None
            assert found.id == new
            assert covered_organizations(work, case_id) == {cast.organizations["caf"]}
        say(cast, "bruno", case_id, at=TERM + DAY)

    def test_the_one_being_signed_is_shown_once_the_old_one_has_expired(self, cast: Cast) -> None:
        case_id = draft(cast)
        mandate(cast, case_id)
        waiting = present(cast, case_id, at=TERM)
        with see(cast, "aline", TERM) as work:
            found = latest(work, case_id)
        assert found is not None
        assert found.id == waiting


class TestRevocation:
    def revoked(self, cast: Cast) -> tuple[UUID, UUID]:
        case_id = draft(cast, (CAF,), ("cpam",))
        mandate_id = mandate(cast, case_id)
        send(cast, case_id)
        invite(cast, "bruno", case_id, "basile")
        revoke(cast, mandate_id, "adam", NOW + DAY)
        return case_id, mandate_id

    def test_it_is_told_and_dated(self, cast: Cast) -> None:
        heard: list[events.Signal] = []
        stop = events.listen(heard.append)
        case_id, mandate_id = self.revoked(cast)
        stop()
        row = mandate_row(mandate_id)
        assert (row.status, row.ended_at, row.end_reason) == (
            MandateStatus.REVOKED, NOW + DAY, "Demandé au guichet.",
        )  # fmt: skip
        assert entry_rows(case_id)[-1].event is EventKind.MANDATE_REVOKED
        told = next(one for one in reversed(heard) if isinstance(one, events.CaseChanged))
        assert {cast.groups[GUISE], cast.groups[CAF], cast.basile} <= told.holders

    @pytest.mark.parametrize("who", ["bruno", "marc", "basile"])
    def test_agents_are_frozen(self, cast: Cast, who: str) -> None:
        case_id, mandate_id = self.revoked(cast)
        with pytest.raises(Forbidden, match="n’est plus en vigueur : le partage est suspendu"):
            say(cast, who, case_id)
        with pytest.raises(NotFound):
            document(cast, who, mandate_id)

    def test_until_a_new_one_is_signed(self, cast: Cast) -> None:
        case_id, mandate_id = self.revoked(cast)
        assert document(cast, "adam", mandate_id).end_reason == "Demandé au guichet."
        mandate(cast, case_id, at=NOW + 2 * DAY)
        for who in ("aline", "bruno"):
            say(cast, who, case_id, at=NOW + 2 * DAY)

    def test_twice_is_once(self, cast: Cast) -> None:
        _, mandate_id = self.revoked(cast)
        before = row_counts()
        revoke(cast, mandate_id)
        assert row_counts() == before

    def test_a_reason_is_asked(self, cast: Cast) -> None:
        mandate_id = mandate(cast, draft(cast))
        reasons: tuple[Any, ...] = ("", " a ", "x" * 301, "\x00" * 3, None, {"x": "long"})
        for reason in reasons:
            with pytest.raises(Invalid), act(cast, "aline") as work:
                mandates.revoke(work, mandate_id, reason)
        assert status(cast, mandate_id) is MandateStatus.ACTIVE


def test_what_widens_a_mandate_is_taken_back_with_it(cast: Cast) -> None:
    """Consented to before, it could else be accepted after: against what the person said last."""
    case_id = draft(cast)
    first = mandate(cast, case_id)
    second = present(cast, case_id)
    consent(cast, second)
    revoke(cast, first)
    row = mandate_row(second)
    assert (row.status, row.end_reason) == (MandateStatus.REVOKED, "Demandé au guichet.")
    with pytest.raises(Conflict):
        accept(cast, second)


def test_a_number_that_was_asked_is_forgotten_when_the_consent_comes_otherwise(cast: Cast) -> None:
    """It may be a stranger's, typed with a wrong digit: no receipt, no STOP from there."""
    mandate_id = present(cast, draft(cast))
    ask(cast, mandate_id)
    assert mandate_row(mandate_id).phone_key is not None
    consent(cast, mandate_id)
    row = mandate_row(mandate_id)
    assert (row.contact, row.phone_key) == (None, None)
