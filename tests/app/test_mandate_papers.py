"""The papers of a mandate: made once at the acceptance, kept encrypted, given to who may see the mandate."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlmodel import col

from app import mandate_papers, mandates
from app.errors import NotFound
from app.mandate_document.check import verify_files
from app.queries.mandates import document, in_force
from app.work import ByNobody, Database, reading
from models.base import new_id
from models.enums import Capacity
from models.journal import JournalEntry
from tests.app.scenes import accept, act, consent, draft, mandate, mandate_row, present, revoke, see, sent_case
from tests.conftest import Cast

pytestmark = pytest.mark.usefixtures("database")


def papers(cast: Cast, who: str, mandate_id: UUID) -> tuple[bytes, bytes]:
    with act(cast, who) as work:
        return (
            mandate_papers.pdf(work, mandate_id).content,
            mandate_papers.evidence(work, mandate_id).content,
        )


def refused(cast: Cast, who: str, mandate_id: UUID, paper: str) -> bool:
    try:
        with act(cast, who) as work:
            getattr(mandate_papers, paper)(work, mandate_id)
    except NotFound:
        return True
    return False


def test_they_are_made_once_and_go_together(cast: Cast) -> None:
    mandate_id = mandate(cast, draft(cast))
    pdf, evidence = papers(cast, "aline", mandate_id)
    assert verify_files(pdf, evidence).is_whole
    with act(cast, "aline") as work:
        mandates.accept(work, mandate_id)  # pressed again
    assert papers(cast, "aline", mandate_id) == (pdf, evidence)
    assert not verify_files(papers(cast, "aline", mandate(cast, draft(cast)))[0], evidence).is_whole


def test_a_declared_name_is_said_to_prove_less(cast: Cast) -> None:
    mandate_id = present(cast, draft(cast))
    with act(cast, "aline") as work:
        mandates.declare(
            work, mandate_id, shown_sha256=mandate_row(mandate_id).shown_sha256,
            capacity=Capacity.SELF, name="Samira Kaddour",
        )  # fmt: skip
        mandates.accept(work, mandate_id)
    pdf, evidence = papers(cast, "aline", mandate_id)
    assert verify_files(pdf, evidence).is_whole
    assert b"Samira Kaddour" in evidence


def test_there_are_none_before_the_acceptance(cast: Cast) -> None:
    mandate_id = present(cast, draft(cast))
    consent(cast, mandate_id)
    with see(cast, "aline") as work:
        assert not document(work, mandate_id).has_document
    assert refused(cast, "aline", mandate_id, "pdf")
    accept(cast, mandate_id)
    with see(cast, "aline") as work:
        assert document(work, mandate_id).has_document


def test_who_gets_them(cast: Cast) -> None:
    case_id = sent_case(cast)
    with see(cast, "aline") as work:
        held = in_force(work, case_id)
    assert held is not None
    mandate_id = held.id
    who = ("aline", "adam", "bruno", "chloe", "colette", "olivier", "denis")
    assert [name for name in who if not refused(cast, name, mandate_id, "pdf")] == ["aline", "adam", "bruno"]
    assert [name for name in who if not refused(cast, name, mandate_id, "evidence")] == ["aline", "adam"]
    assert refused(cast, "aline", new_id(), "pdf")
    revoke(cast, mandate_id)
    assert [name for name in who if not refused(cast, name, mandate_id, "pdf")] == ["aline", "adam"]


def test_a_download_is_journaled_and_nothing_is_in_clear(database: Database, cast: Cast) -> None:
    mandate_id = mandate(cast, draft(cast))
    papers(cast, "aline", mandate_id)
    with reading(ByNobody()) as work:
        taken = work.session.scalars(
            select(JournalEntry).where(col(JournalEntry.action) == "mandate.downloaded")
        ).all()
        assert [one.details for one in taken] == [{"mandate": str(mandate_id)}] * 2
        kept = work.session.execute(text("SELECT pdf, evidence FROM mandate_document")).one()
        assert not any(word in bytes(column) for column in kept for word in (b"%PDF", b"Kaddour"))
