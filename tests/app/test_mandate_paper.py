"""The mandate given on paper: the sheet that is signed, and the second look that makes the consent."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any
from uuid import UUID

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from sqlalchemy import select
from sqlmodel import col

from app import mandate_pages, mandate_paper, mandates
from app.errors import Conflict, Invalid, NotFound
from app.mandate_document.evidence import sha256_as_kept
from app.mandate_paper import CHECKS
from app.mandate_steps import Giver
from app.references import reference
from app.work import ByNobody, reading
from models.base import new_id
from models.enums import Capacity, MandateStatus, MandateWay, ProofKind
from models.journal import JournalEntry
from models.mandate import MandatePage, MandateProof
from tests.app.scenes import CAF, act, draft, mandate_row, revoke, see, send
from tests.app.test_mandate_pages import add, kept, presented
from tests.conftest import NOW, Cast

pytestmark = pytest.mark.usefixtures("database")
DAY = timedelta(days=1)
ALL = frozenset(CHECKS)
URL = "https://aplus.example"


def confirm(cast: Cast, mandate_id: UUID, who: str = "aline", at: Any = NOW, **other: Any) -> None:
    said: dict[str, Any] = {
        "shown_sha256": mandate_row(mandate_id).shown_sha256, "giver": Giver(Capacity.GUARDIAN, "Paul Durand"),
        "signed_on": "23/11/2026", "pages": tuple(one.sha256 for one in kept(cast, mandate_id)), "checked": ALL,
    }  # fmt: skip
    with act(cast, who, at) as work:
        mandate_paper.confirm(work, mandate_id, **said | other)


def test_a_second_look_makes_the_consent(cast: Cast) -> None:
    case_id = draft(cast)
    mandate_id = presented(cast, case_id=case_id)
    add(cast, mandate_id, "A", "B")
    pages = [one.sha256 for one in kept(cast, mandate_id)]
    confirm(cast, mandate_id)
    assert mandate_row(mandate_id).status is MandateStatus.CONSENTED
    with reading(ByNobody()) as work:
        proof = work.session.scalars(select(MandateProof)).one()
        rows = work.session.scalars(select(MandatePage)).all()
    assert (proof.kind, proof.capacity) == (ProofKind.PAPER, Capacity.GUARDIAN)
    assert proof.content == {
        "pages": pages, "signed_on": "2026-11-23", "reference": reference(mandate_id),
        "checked": ["legible", "reference", "names", "signature"], "at": NOW.isoformat(),
        "shown": mandate_row(mandate_id).shown_sha256, "capacity": "guardian", "giver": "Paul Durand",
    }  # fmt: skip
    assert proof.sha256 == sha256_as_kept(proof.content)
    assert [(row.confirmed_at, row.source, row.framing) for row in rows] == [(NOW, None, None)] * 2
    with act(cast, "aline") as work:
        mandates.accept(work, mandate_id)
    send(cast, case_id)
    page = kept(cast, mandate_id)[0].id
    for who in ("aline", "adam", "bruno"):  # as the mandate's document
        with see(cast, who) as work:
            assert mandate_pages.page(work, mandate_id, page).content
            with pytest.raises(NotFound):
                mandate_pages.page(work, mandate_id, page, whole=True)
    revoke(cast, mandate_id)
    with see(cast, "bruno") as work, pytest.raises(NotFound):
        mandate_pages.page(work, mandate_id, page)


@pytest.mark.parametrize("missing", [*CHECKS, "page", "order", "all"])
def test_every_line_is_checked(cast: Cast, missing: str) -> None:
    mandate_id = presented(cast)
    add(cast, mandate_id, "A", "B")
    pages = tuple(one.sha256 for one in kept(cast, mandate_id))
    other: dict[str, dict[str, Any]] = {
        "page": {"pages": pages[:1]},
        "order": {"pages": pages[::-1]},
        "all": {"checked": frozenset()},
    }
    with pytest.raises(Invalid) as refused:
        confirm(cast, mandate_id, **other.get(missing, {"checked": ALL - {missing}}))
    assert list(refused.value.fields) == ["checks"]
    assert mandate_row(mandate_id).status is MandateStatus.PRESENTED


@pytest.mark.parametrize(
    ("typed", "days", "is_right"),
    [
        ("23/11/2026", 0, True), ("24/11/2026", 0, False), ("22/11/2026", 0, False), ("25112026", 2, True),
        ("24 novembre 2026", 2, True), ("26/11/26", 2, False), ("", 0, False), ("hier", 0, False),
    ],
)  # fmt: skip
def test_the_date_on_the_paper(cast: Cast, typed: str, days: int, is_right: bool) -> None:
    mandate_id = presented(cast)
    add(cast, mandate_id, "A")
    if is_right:
        confirm(cast, mandate_id, at=NOW + days * DAY, signed_on=typed)
        return
    with pytest.raises(Invalid) as refused:
        confirm(cast, mandate_id, at=NOW + days * DAY, signed_on=typed)
    assert list(refused.value.fields) == ["signed_on"]


def test_no_page_or_another_one_or_no_paper(cast: Cast) -> None:
    mandate_id = presented(cast)
    with pytest.raises(Invalid):
        confirm(cast, mandate_id)
    (page,) = add(cast, mandate_id, "A")
    with pytest.raises(Conflict):
        confirm(cast, mandate_id, pages=("0" * 64,))
    seen = tuple(one.sha256 for one in kept(cast, mandate_id))
    with see(cast, "aline") as work:
        uncut = mandate_pages.to_cut(work, mandate_id, page, turns=1)
    made = mandate_pages.cut(uncut)
    with act(cast, "aline") as work:
        mandate_pages.keep_cut(work, mandate_id, made)
    with pytest.raises(Conflict):
        confirm(cast, mandate_id, pages=seen)
    with pytest.raises(Conflict, match="texte a changé"):
        confirm(cast, mandate_id, shown_sha256="0" * 64)
    confirm(cast, mandate_id)
    with pytest.raises(Conflict):
        confirm(cast, mandate_id)
    existing = presented(cast, MandateWay.EXISTING)
    add(cast, existing, "A")
    with pytest.raises(Conflict):
        confirm(cast, existing)


def test_nobody_else_confirms(cast: Cast) -> None:
    mandate_id = presented(cast)
    add(cast, mandate_id, "A")
    for who in ("adam", "bruno", "denis"):
        with pytest.raises(NotFound):
            confirm(cast, mandate_id, who=who)


def test_the_sheet_leads_back_to_its_mandate(cast: Cast) -> None:
    mandate_id = presented(cast, case_id=draft(cast, (CAF,), ("msa",), last_name="Kaddour 🐻"))
    with act(cast, "aline") as work:
        made = mandate_paper.sheet(work, mandate_id, URL)
        again = mandate_paper.sheet(work, mandate_id, URL)
        query = select(JournalEntry).where(col(JournalEntry.action) == "mandate.printed")
        assert len(work.session.scalars(query).all()) == 2
    assert (made.name, made.media_type) == ("mandat-a-signer.pdf", "application/pdf")
    assert made.content == again.content
    drawn = pypdfium2.PdfDocument(made.content)
    (read,) = zxingcpp.read_barcodes(drawn[0].render(scale=2).to_pil())
    assert read.text == f"{URL}/mandats/{mandate_id}/papier"
    words = " ".join(page.get_textpage().get_text_bounded() for page in drawn)
    mine = reference(mandate_id)
    assert words.count(mine) >= 1 + len(drawn)
    row = mandate_row(mandate_id)
    for said in ("Kaddour", "Signature", "Date", "Lieu", row.shown_sha256, *(one.label for one in Capacity)):
        assert said.replace("\u00a0", " ") in words.replace("\r\n", " ").replace("\u00a0", " "), said
    with pikepdf.open(io.BytesIO(made.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang).startswith("fr")
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert mine in metadata["dc:title"]


def test_the_sheet_is_for_who_handles_a_mandate_that_waits(cast: Cast) -> None:
    mandate_id = presented(cast)
    for who in ("adam", "bruno", "denis"):
        with act(cast, who) as work, pytest.raises(NotFound):
            mandate_paper.sheet(work, mandate_id, URL)
    with act(cast, "aline") as work:
        mandates.renounce(work, mandate_id)
    with act(cast, "aline") as work, pytest.raises(NotFound):
        mandate_paper.sheet(work, mandate_id, URL)


def test_references_are_short_and_tell_mandates_apart() -> None:
    found = {reference(new_id()) for _ in range(2000)}
    assert len(found) == 2000
    assert all(len(one) == 9 and one[4] == "-" and not set(one) & set("ILOU") for one in found)
