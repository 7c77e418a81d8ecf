"""A case on paper: who may have it, with the notes between agents or without, and what the PDF says."""

from __future__ import annotations

import io
from uuid import UUID

import pikepdf
import pypdfium2
import pytest
from sqlalchemy import select
from sqlmodel import col

from app import messages
from app.case_identifiers import identify
from app.case_paper import printing
from app.case_paper.pdf import render
from app.case_paper.printing import take
from app.case_paper.sheet import NOTE, WITH_NOTES, Sheet
from app.errors import Forbidden, NotFound
from app.references import reference
from app.work import ByNobody, reading
from models.enums import Side
from models.journal import JournalEntry
from tests.app import scenes
from tests.app.scenes import CAF, CPAM, act
from tests.conftest import Cast

pytestmark = pytest.mark.usefixtures("database")
SECRET = "Entre nous : compte rejeté, tamarin."
HOSTILE = '#panic("pris") $x$ *gras* _i_ `c` @ref <lab> \\n #import "x" // rien <b>gras</b>'


@pytest.fixture
def case_id(cast: Cast) -> UUID:
    """A case with a message, a note and gestures."""
    made = scenes.sent_case(cast, (CAF, CPAM))
    scenes.take(cast, "bruno", made)
    scenes.say(cast, "bruno", made, "Je regarde : où en est le bail ?")
    scenes.note(cast, "bruno", made, SECRET)
    return made


def sheet_of(cast: Cast, who: str, case_id: UUID, *, notes: bool = False) -> Sheet:
    with act(cast, who) as work:
        return take(work, case_id, with_notes=notes)


def words(sheet: Sheet) -> str:
    """All that the PDF says, page after page, its lines joined."""
    with pypdfium2.PdfDocument(render(sheet)) as pdf:
        pages = [page.get_textpage().get_text_range() for page in pdf]
    return " ".join(" ".join(pages).replace("\u200b", "").split())


def test_it_claims_its_standard_and_is_tagged_titled_and_french(cast: Cast, case_id: UUID) -> None:
    with pikepdf.open(io.BytesIO(render(sheet_of(cast, "aline", case_id)))) as pdf:
        assert "<pdfuaid:part>1<" in pdf.Root.Metadata.read_bytes().decode()
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.Root.Lang).startswith("fr")
        title = str(pdf.docinfo["/Title"])
        assert title == f"Demande {reference(case_id)}\u00a0: APL non versée depuis août"
        kinds = [str(one.S) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/S" in one]
        assert {"/H1", "/H2", "/H3", "/Table", "/TH"} <= set(kinds)


def test_all_that_stands_on_the_screen_stands_on_paper(cast: Cast, case_id: UUID) -> None:
    said = words(sheet_of(cast, "aline", case_id))
    for expected in (
        "Samira Kaddour, née le 3 juillet 1987", "Guise (02)", "06 12 34 56 78", "France Services de Guise",
        "Logement", "APL", "En vigueur jusqu’au", "CAF – Aisne En cours Bruno C. avant le",
        "CPAM – Aisne Transmise", "transmet la demande à CAF – Aisne, CPAM – Aisne · 23 novembre 2026 à",
        "Bruno C. (CAF – Aisne) prend en charge", " ".join(scenes.DESCRIPTION.split()),
        "Je regarde : où en est le bail ?",
        "Imprimé le 23 novembre 2026 à", "par Aline L., France Services de Guise", "page 1 sur 1",
    ):  # fmt: skip
        assert expected in said


def test_notes_are_only_for_an_agent_who_asks_for_them(cast: Cast, case_id: UUID) -> None:
    for who in ("aline", "adam", "bruno", "basile"):
        sheet = sheet_of(cast, who, case_id)
        assert (sheet.warning, SECRET in repr(sheet), SECRET in words(sheet)) == ("", False, False)
        assert sheet.may_have_notes is (who in ("bruno", "basile"))
    sheet = sheet_of(cast, "basile", case_id, notes=True)
    said = words(sheet)
    assert SECRET in said
    assert said.count(NOTE) == 1
    assert said.count(WITH_NOTES) == said.count("page ")
    for who in ("aline", "adam"):
        with pytest.raises(Forbidden):
            sheet_of(cast, who, case_id, notes=True)


def test_notes_asked_for_where_there_is_none_are_not_announced(cast: Cast) -> None:
    sheet = sheet_of(cast, "bruno", scenes.sent_case(cast), notes=True)
    assert (sheet.with_notes, sheet.warning, WITH_NOTES in words(sheet)) == (True, "", False)


@pytest.mark.parametrize("notes", [False, True])
def test_others_do_not_learn_that_it_exists(cast: Cast, case_id: UUID, notes: bool) -> None:
    for who in ("chloe", "colette", "olivier", "denis"):
        with pytest.raises(NotFound):
            sheet_of(cast, who, case_id, notes=notes)
    with pytest.raises(NotFound):
        sheet_of(cast, "aline", scenes.draft(cast))


def test_somebody_on_both_sides_prints_as_an_aidant(cast: Cast, case_id: UUID) -> None:
    scenes.join(cast, "bruno", scenes.GUISE, Side.AIDANT)
    assert SECRET not in repr(sheet_of(cast, "bruno", case_id))
    with pytest.raises(Forbidden):
        sheet_of(cast, "bruno", case_id, notes=True)


def test_numbers_are_on_the_paper_of_those_who_may_see_them(cast: Cast, case_id: UUID) -> None:
    with act(cast, "aline") as work:
        identify(work, case_id, {"allocataire": "1234567"}, seen={})
    found = {who: "1234567" in words(sheet_of(cast, who, case_id)) for who in ("aline", "bruno", "basile")}
    assert found == {"aline": True, "bruno": True, "basile": False}


def test_a_closed_case_is_printed_by_those_who_still_read_it(cast: Cast, case_id: UUID) -> None:
    scenes.close(cast, case_id)
    for who, notes in (("aline", False), ("bruno", True)):
        assert ("Résultat", "Débloquée") in sheet_of(cast, who, case_id, notes=notes).facts


def test_what_was_taken_back_is_said_without_its_words(cast: Cast, case_id: UUID) -> None:
    gone = scenes.say(cast, "bruno", case_id, "Un mot de trop.")
    noted = scenes.note(cast, "bruno", case_id, "Une note de trop.")
    with act(cast, "bruno") as work:
        messages.take_back(work, case_id, noted)
        messages.take_back(work, case_id, gone)
    aline, bruno = words(sheet_of(cast, "aline", case_id)), words(sheet_of(cast, "bruno", case_id, notes=True))
    assert "Bruno C. annule l’envoi de son message · 23 novembre 2026" in aline
    assert "Bruno C. annule l’envoi de sa note · 23 novembre 2026" in bruno
    assert "sa note" not in aline
    assert "de trop" not in aline + bruno


def test_each_print_is_journaled_with_what_was_taken(cast: Cast, case_id: UUID) -> None:
    sheet_of(cast, "aline", case_id)
    with act(cast, "bruno") as work:
        take(work, case_id, with_notes=True, as_pdf=True)
    query = (
        select(JournalEntry).where(col(JournalEntry.action) == "case.printed").order_by(col(JournalEntry.id))
    )
    with reading(ByNobody()) as work:
        kept = [(one.actor_id, one.case_id, one.details) for one in work.session.scalars(query)]
    assert kept == [
        (cast.aline, case_id, {"kind": "page", "notes": "without"}),
        (cast.bruno, case_id, {"kind": "pdf", "notes": "with"}),
    ]


def test_whom_a_text_names_stands_out(cast: Cast, case_id: UUID) -> None:
    scenes.say(cast, "bruno", case_id, "Merci @Aline Lefèvre.\n\nEt @Adam Benali, *aussi*.")
    sheet = sheet_of(cast, "aline", case_id)
    named = [text for text, is_named in sheet.lines[-1].parts if is_named]
    assert named == ["@Aline Lefèvre", "@Adam Benali"]
    assert "Merci @Aline Lefèvre. Et @Adam Benali, *aussi*." in words(sheet)


def test_what_is_typed_is_never_markup_and_never_stops_the_document(cast: Cast) -> None:
    odd = "émoji 😀 مرحبا 中 \u200d\ufe0f"
    made = scenes.sent_case(cast, subject='#panic() $x$ "APL"', description=f"{HOSTILE}\n\n{odd}")
    said = words(sheet_of(cast, "aline", made))
    assert HOSTILE in said
    for expected in ("émoji [U+1F600]", "مرحبا", "U+4E2D"):
        assert expected in said
    assert '#panic() $x$ "APL"' in said


def test_long_things_stay_on_the_page(cast: Cast) -> None:
    """A word of a thousand letters goes on in the next line, a long message in the next page."""
    made = scenes.sent_case(cast, description="Voici : " + "x" * 1_000)
    scenes.say(cast, "bruno", made, "Une phrase après l’autre. " * 380)
    with pypdfium2.PdfDocument(render(sheet_of(cast, "aline", made))) as pdf:
        assert len(pdf) > 1
        for page in pdf:
            text = page.get_textpage()
            rights = [text.get_charbox(n)[2] for n in range(text.count_chars())]
            assert max(rights) <= page.get_width() - 20 * 72 / 25.4 + 1


def test_a_document_is_bounded_and_says_so(cast: Cast, case_id: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "MOST_LINES", 2)
    sheet = sheet_of(cast, "aline", case_id)
    assert [line.text for line in sheet.lines][-1] == "Je regarde\u00a0: où en est le bail\u00a0?"
    assert (len(sheet.lines), "Les 2 dernières lignes" in sheet.left_out) == (2, True)
    monkeypatch.setattr(printing, "MOST_CHARACTERS", 10)
    assert len(sheet_of(cast, "aline", case_id).lines) == 1
