"""What somebody who changes the tables behind the service does to a mandate: it is named, with what is wrong.

The chain itself is left whole each time: what it tells is what the tables are held against.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select, text, update
from sqlmodel import col

from app import chain, chain_facts, receipts, sealing_later
from app.chain_facts import FactsReport
from app.work import ByNobody, Database, Work, acting, reading
from models.account import Account
from models.base import new_id
from models.chain import MandateEventDetail
from models.enums import Capacity, Channel, MandateStatus, MandateWay, ProofKind, SealLevel
from models.mandate import Mandate, MandateDocument, MandatePage, MandateProof, MandateScope
from models.organization import Organization
from tests.app.mandate_ways.giving import ask, code_of, existing, give, page, send
from tests.app.scenes import accept, act, close, draft, mandate, present, reopen, revoke, sent_case
from tests.app.test_sealing_later import Given, given
from tests.conftest import NOW, Cast

__all__ = ["given"]


def held() -> FactsReport:
    with reading(ByNobody()) as work:
        assert chain.verify(work).is_sound
        return chain_facts.verify(work)


@pytest.fixture
def sealed(database: Database, cast: Cast, given: Given) -> UUID:
    """Give a sealed mandate, older than another."""
    first = mandate(cast, draft(cast))
    assert sealing_later.run() == "1 sealed"
    mandate(cast, draft(cast))
    assert held() == FactsReport(2)
    return first


def test_every_life_is_as_the_chain_says(database: Database, cast: Cast, given: Given) -> None:
    case_id = sent_case(cast)
    close(cast, case_id)
    reopen(cast, case_id)
    present(cast, draft(cast))
    revoke(cast, mandate(cast, draft(cast)))
    shown = present(cast, draft(cast))
    page(shown)
    existing(cast, shown)
    accept(cast, shown)
    sealing_later.run()
    assert held() == FactsReport(4)


def _set(column: Any, value: object) -> Callable[[Work, UUID], None]:
    def change(work: Work, mandate_id: UUID) -> None:
        table = column.class_
        whose = col(Mandate.id) if table is Mandate else col(table.mandate_id)
        work.session.execute(update(table).where(whose == mandate_id).values({column: value}))

    return change


def _flip(column: Any) -> Callable[[Work, UUID], None]:
    def change(work: Work, mandate_id: UUID) -> None:
        table: Any = column.class_
        kept = work.session.scalars(select(column).where(col(table.mandate_id) == mandate_id)).one()
        flipped = kept[:-1] + bytes([kept[-1] ^ 1])
        work.session.execute(update(table).where(col(table.mandate_id) == mandate_id).values({column: flipped}))

    return change


def _name_another(work: Work, mandate_id: UUID) -> None:
    named = select(col(MandateScope.organization_id)).where(col(MandateScope.mandate_id) == mandate_id)
    other = select(col(Organization.id)).where(col(Organization.id).not_in(named)).limit(1)
    work.session.add(MandateScope(mandate_id=mandate_id, organization_id=work.session.scalars(other).one()))


def _move(work: Work, mandate_id: UUID) -> None:
    mandate_ = work.session.get_one(Mandate, mandate_id)
    other = select(col(Mandate.case_id)).where(col(Mandate.case_id) != mandate_.case_id).limit(1)
    mandate_.case_id = work.session.scalars(other).one()


def _present_by_another(work: Work, mandate_id: UUID) -> None:
    mandate_ = work.session.get_one(Mandate, mandate_id)
    other = select(col(Account.id)).where(col(Account.id) != mandate_.author_id).limit(1)
    mandate_.author_id = work.session.scalars(other).one()


def _remove(table: Any) -> Callable[[Work, UUID], None]:
    def change(work: Work, mandate_id: UUID) -> None:
        work.session.execute(delete(table).where(col(table.mandate_id) == mandate_id))

    return change


def _forget(work: Work, mandate_id: UUID) -> None:
    chain.erase_details(work, mandate_id)


CHANGES: dict[str, tuple[Callable[[Work, UUID], None], str]] = {
    "the state": (_set(Mandate.status, MandateStatus.REVOKED), "its state is not the one of its last event"),
    "a date": (_set(Mandate.consented_at, NOW - timedelta(days=3)), "one of its dates is another"),
    "when it ended": (_set(Mandate.ended_at, NOW), "it ended at another moment"),
    "why it ended": (_set(Mandate.end_reason, "Autre"), "the reason of its end is another"),
    "who presented it": (_present_by_another, "somebody else presented it"),
    "what it is about": (_set(Mandate.theme_label, "Santé"), "it is about something else"),
    "its way": (_set(Mandate.way, MandateWay.PAPER), "its proof is of another kind"),
    "the day to confirm it": (_set(Mandate.confirm_by, NOW), "the day of its confirmation is another"),
    "its short code": (_set(Mandate.short_code, "0" * 8), "its code is another"),
    "whose phone stops it": (_set(Mandate.phone_key, b"x" * 32), "the phone that can stop it is another"),
    "when it was sealed": (_set(MandateDocument.sealed_at, NOW), "what is said of its seal was changed"),
    "what it was sealed by": (
        _set(MandateDocument.seal_level, SealLevel.TRIAL), "what is said of its seal was changed",
    ),
    "its case": (_move, "it stands in another case"),
    "whose it is": (_set(Mandate.holder, {"name": "M. Paul Durand"}), "it is somebody else's"),
    "who accepted it": (_set(Mandate.accepted_by_id, None), "somebody else accepted it"),
    "its code": (_set(Mandate.code, "0" * 16), "its code is another"),
    "the kind of its proof": (_set(MandateProof.kind, ProofKind.PAPER), "its proof is of another kind"),
    "in which capacity": (_set(MandateProof.capacity, Capacity.GUARDIAN), "its proof is of another kind"),
    "the term": (_set(Mandate.expires_at, NOW + timedelta(days=3_000)), "its term is another"),
    "the text": (_set(Mandate.shown_text, {"plain": ["Autre."], "full": ["Autre."]}), "its text is another"),
    "the text's hash": (_set(Mandate.shown_sha256, "0" * 64), "its text is another"),
    "one organisation more": (_name_another, "its organisations are others"),
    "the proof": (_set(MandateProof.content, {"name": "Une autre"}), "its proof was changed"),
    "no proof": (_remove(MandateProof), "its proof is missing"),
    "no papers": (_remove(MandateDocument), "its document is missing"),
    "the document": (_flip(MandateDocument.pdf), "its document or its evidence was changed"),
    "the evidence": (_flip(MandateDocument.evidence), "its document or its evidence was changed"),
    "the document's hash": (_set(MandateDocument.pdf_sha256, "0" * 64), "the hash of its document was changed"),
    "no seal": (_set(MandateDocument.sealed_pdf, None), "its seal was added or removed"),
    "the sealed document": (
        _flip(MandateDocument.sealed_pdf), "its sealed document or evidence was changed",
    ),
    "the sealed evidence": (
        _flip(MandateDocument.sealed_evidence), "its sealed document or evidence was changed",
    ),
    "the sealed document's hash": (
        _set(MandateDocument.sealed_sha256, "0" * 64), "the hash of its sealed document was changed",
    ),
    "what was said": (_forget, "what one of its events said is gone"),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_a_fact_changed_behind_the_service(sealed: UUID, what: str) -> None:
    change, reason = CHANGES[what]
    with acting(ByNobody()) as work:
        change(work, sealed)
    assert held() == FactsReport(0, sealed, reason)


def test_a_mandate_removed(sealed: UUID) -> None:
    with acting(ByNobody()) as work:
        for table in (MandateDocument, MandateProof, MandateScope):
            _remove(table)(work, sealed)
        chain.erase_details(work, sealed)
        work.session.execute(delete(Mandate).where(col(Mandate.id) == sealed))
    assert held() == FactsReport(0, sealed, "it was given and is no longer there")


def test_a_mandate_made_up(sealed: UUID) -> None:
    """A row like another, in force, that nobody gave, dated before the chain began."""
    with acting(ByNobody()) as work:
        copied = work.session.get_one(Mandate, sealed).model_dump() | {"code": None, "short_code": None}
        copied["id"] = invented = new_id()
        copied["created_at"] = NOW - timedelta(days=3_000)
        work.session.add(Mandate(**copied))
    assert held() == FactsReport(2, invented, "the chain says nothing of it")


def test_the_phone_of_a_receipt_is_the_one_that_stops(database: Database, cast: Cast) -> None:
    mandate_id = mandate(cast, draft(cast))
    with act(cast, "aline") as work:
        receipts.send_receipt(work, mandate_id, Channel.SMS, "06 12 34 56 78")
    assert held() == FactsReport(1)
    for other in (None, b"x" * 32):
        with acting(ByNobody()) as work:
            _set(Mandate.phone_key, other)(work, mandate_id)
        assert held() == FactsReport(0, mandate_id, "the phone that can stop it is another")


@pytest.mark.parametrize("way", ["reply", "code", "asked"])
def test_the_phone_that_answered_is_the_one_that_stops(database: Database, cast: Cast, way: str) -> None:
    mandate_id = present(cast, draft(cast))
    if way == "code":
        send(cast, mandate_id)
        give(cast, mandate_id, code_of(mandate_id))
    else:
        ask(cast, mandate_id)
    assert held() == FactsReport(1)
    with acting(ByNobody()) as work:
        _set(Mandate.phone_key, None)(work, mandate_id)
    assert held() == FactsReport(0, mandate_id, "the phone that can stop it is another")


def test_what_an_event_of_before_does_not_say_is_not_held_against_it(sealed: UUID) -> None:
    """A word cannot be taken out of an event: the commitment would say so."""
    words = ("case", "structure", "holder", "theme", "amends", "scope", "until", "kind", "level", "short_code")
    with acting(ByNobody()) as work:
        for row in work.session.scalars(select(MandateEventDetail)):
            row.details = {name: value for name, value in row.details.items() if name not in words}
    with reading(ByNobody()) as work:
        assert not chain.verify(work).is_sound
        assert chain_facts.verify(work) == FactsReport(2)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("mandate.shown_text", "X'00'"), ("mandate.expires_at", "'garbage'"),
        ("mandate_proof.content", "X'00'"),
        ("mandate_document.pdf", "X'00'"), ("mandate_document.sealed_pdf", "X'00'"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_bit_that_cannot_be_read_names_its_mandate(sealed: UUID, column: str, value: str) -> None:
    table, name = column.split(".")
    key = "id" if table == "mandate" else "mandate_id"
    with acting(ByNobody()) as work:
        work.session.execute(
            text(f"UPDATE {table} SET {name} = {value} WHERE {key} = :id"), {"id": sealed.hex}
        )  # fmt: skip
    with reading(ByNobody()) as work:
        assert chain_facts.verify(work) == FactsReport(0, sealed, "one of its values cannot be read")


def test_a_page_changed_or_added(database: Database, cast: Cast) -> None:
    shown = present(cast, draft(cast))
    page(shown)
    existing(cast, shown)
    accept(cast, shown)
    assert held() == FactsReport(1)
    with acting(ByNobody()) as work:
        _flip(MandatePage.content)(work, shown)
    assert held() == FactsReport(0, shown, "one of its pages was changed")
    with acting(ByNobody()) as work:
        _remove(MandatePage)(work, shown)
    assert held() == FactsReport(0, shown, "its pages are others")
