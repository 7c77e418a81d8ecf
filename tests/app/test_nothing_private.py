"""A whole case with marks in its subject, its words and its thread: nothing that proves its mandate, leaves the
service or is logged holds one of them."""

from __future__ import annotations

import logging
from io import BytesIO
from uuid import UUID

import pikepdf
import pypdfium2
import pytest
import time_machine
from sqlalchemy import select
from sqlmodel import SQLModel

from app import case_identifiers, receipts, reminders, usager_control
from app.mandate_steps import in_force
from app.personal_data import in_text
from app.work import ByNobody, ByUsager, acting, reading
from models.chain import MandateEventDetail
from models.enums import Channel
from models.journal import JournalEntry
from models.mandate import Mandate, MandateDocument, MandateProof
from models.outbox import Outgoing
from models.thread import Entry
from tests.app.scenes import act, mandate, say, sent_case
from tests.conftest import NOW, Cast

pytestmark = pytest.mark.usefixtures("database")
NIR = "2 87 07 02 361 002 92"
MARKS = (
    "Zwinglebach",
    "Quartefourche",
    "Plombinoire",
    "Brindezingue",
    "2 87 07 02 361",
    "2870702361002",
    "7654321",
    "7654320",
)


def rows(*tables: type[SQLModel]) -> list[SQLModel]:
    with reading(ByNobody()) as work:
        return [row for table in tables for row in work.session.scalars(select(table))]


def words_of(pdf: bytes) -> str:
    """The text of a PDF as it is shown, and its metadata."""
    document = pypdfium2.PdfDocument(pdf)
    shown = "".join(page.get_textpage().get_text_range() for page in document)
    assert "Kaddour" in shown  # what it is about is read
    return shown + str(document.get_metadata_dict())


def test_marks_stand_nowhere(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    assert in_text(NIR), "it is one for the service too"
    case_id = sent_case(
        cast, subject="APL Zwinglebach bloquée", description=f"Quartefourche et rien depuis. NIR {NIR}.",
        urgent="oui", urgency_reason="Plombinoire demain", allocataire="7654 320",
    )  # fmt: skip
    with act(cast, "aline") as work:
        case_identifiers.identify(work, case_id, {"allocataire": "7654321"}, seen={"allocataire": "7654320"})
    say(cast, "aline", case_id, f"Brindezingue, encore {NIR}.")
    with reading(ByNobody(), at=NOW) as work:
        first = in_force(work, case_id)[0].id
    with act(cast, "aline") as work:
        receipts.send_receipt(work, first, Channel.SMS, "06 12 34 56 78")
        receipts.send_receipt(work, first, Channel.MAIL, "samira@exemple.fr")
        receipts.print_receipt(work, first)
    mandate_id = mandate(cast, case_id, more=("msa",))
    with reading(ByNobody()) as work:
        row = work.session.get_one(Mandate, mandate_id)
    with acting(ByNobody(), at=NOW) as work:
        work.session.get_one(Mandate, mandate_id).confirm_by = row.expires_at
    with time_machine.travel(row.expires_at - reminders.CONFIRM_BEFORE, tick=False):
        assert reminders.run() == "0 expired, 1 reminded, 1 chased"
    with acting(ByUsager(mandate_id), at=NOW) as work:
        usager_control.take_back(work, mandate_id)

    with reading(ByNobody()) as work:
        papers = list(work.session.scalars(select(MandateDocument)))
        assert len(papers) == 2
    held: dict[str, str] = {
        "log": "".join(caplog.handler.format(record) for record in caplog.records),
        "page": page_of(mandate_id),
        **{f"evidence {n}": paper.evidence.decode() for n, paper in enumerate(papers)},
        **{f"text {n}": words_of(paper.pdf) for n, paper in enumerate(papers)},
        **{f"inside {n}": inside(paper.pdf) for n, paper in enumerate(papers)},
    }
    for row_ in rows(Outgoing, JournalEntry, MandateEventDetail, Mandate, MandateProof):
        held[f"{type(row_).__name__} {id(row_)}"] = str(row_.model_dump())
    outgoing = [one for one in rows(Outgoing) if isinstance(one, Outgoing)]
    assert {one.template for one in outgoing} == {
        "mandate-receipt-sms", "mandate-receipt-mail", "mandate-ends", "mandate-ends-usager", "mandate-confirm",
    }  # fmt: skip
    found = [(where, mark) for where, text in held.items() for mark in MARKS if mark.lower() in text.lower()]
    assert found == []


def page_of(mandate_id: UUID) -> str:
    """What the usager's page shows."""
    with reading(ByUsager(mandate_id), at=NOW) as work:
        return str(usager_control.own_mandate(work, mandate_id))


def inside(pdf: bytes) -> str:
    """Every stream of a PDF, unpacked, and its XMP: what is attached or hidden there too."""
    with pikepdf.open(BytesIO(pdf)) as document:
        streams = [one for one in document.objects if isinstance(one, pikepdf.Stream)]
        return "".join(one.read_bytes(pikepdf.StreamDecodeLevel.all).decode("latin-1") for one in streams)


def test_a_mark_that_stands_somewhere_is_found(cast: Cast) -> None:
    """The thread holds them: what looks for them finds them where they may stand."""
    case_id = sent_case(cast)
    say(cast, "aline", case_id, "Brindezingue.")
    assert any("Brindezingue" in str(row.model_dump()) for row in rows(Entry))
