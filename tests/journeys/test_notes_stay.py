"""Notes between agents reach no aidant: a whole case in real browsers, and all that an aidant is sent."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from uuid import UUID

import pypdfium2
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import or_, select
from sqlmodel import col

from app.work import ByNobody, reading
from models.base import new_id
from models.enums import EntryKind
from models.notice import Notice
from models.outbox import Outgoing
from models.thread import Attachment, Entry
from tests.app.scenes import CAF, CPAM, GUISE
from tests.browser import TABLET, SignIn
from tests.journeys.screens import beside, box, frames, press, row, thread, write
from tests.journeys.stage import Stage, stage

__all__ = ["stage"]
pytestmark = pytest.mark.browser

# Words that stand nowhere but in notes: said, with a file, taken back, being written, with a mention.
SECRETS = ("tamarinier", "baobab", "girouette", "cachalot", "belvédère")
SAID = "Le versement part demain."


def test_what_agents_note_reaches_no_aidant(sign_in: SignIn, stage: Stage, tmp_path: Path) -> None:
    subject = f"Ce qui se note reste {new_id()}"
    case_id = stage.case(CAF, CPAM, subject=subject)
    aline = sign_in("aline@demo.example", "/compte")
    heard = frames(aline)
    aline.goto(f"/demandes/{case_id}?vue=toutes")
    bruno, basile = (sign_in(f"{name}@demo.example", f"/demandes/{case_id}", viewport=TABLET)
                     for name in ("bruno", "basile"))  # fmt: skip
    press(bruno, "Je prends en charge")
    expect(thread(aline)).to_contain_text("prend en charge")
    expect(aline.locator(".presence")).to_contain_text("Basile")

    before, noticed = settled(aline), notices(stage, case_id)
    note(bruno, basile, tmp_path)
    assert looks(aline) == before, "not a count, a row, a reader nor a delay has moved"
    assert notices(stage, case_id) == noticed

    bruno.get_by_label("Visible par l’Aidant+ et les organismes").check()
    write(bruno, SAID, "Répondre et débloquer")
    expect(thread(aline)).to_contain_text(SAID)
    close_and_reopen(aline)
    expect(thread(bruno)).to_contain_text("rouvre la demande")
    given = {**sent_to(aline, case_id, subject), **left_for_all(), "frames": "".join(heard)}
    assert all(SAID in given[place] for place in ("frames", "screen", "print", "PDF")), "they are looked at"
    for place, words in given.items():
        assert [secret for secret in SECRETS if secret in words.casefold()] == [], place
        assert "Note entre Agents+" not in words, place
    told = len(heard)
    look_for(aline, subject, subject, found=1)
    look_for(aline, "tamarinier", subject, found=0)
    assert "est rejeté" not in "".join(heard[told:]) + aline.content()


def note(bruno: Page, basile: Page, folder: Path) -> None:
    """Note one, with a file; note another and take it back; begin a third one."""
    for page in (bruno, basile):
        page.get_by_label("Entre Agents+ seulement").check()
    (folder / "baobab.pdf").write_bytes(b"%PDF-1.7\n%%EOF\n")
    bruno.locator(".composer input[type=file]").set_input_files(folder / "baobab.pdf")
    expect(bruno.locator(".composer .upload")).to_contain_text("joint")
    write(bruno, "@Basile Thomas, le tamarinier du belvédère est rejeté.", "Ajouter la note")
    expect(basile.locator(".message.note")).to_contain_text("tamarinier")
    expect(basile.locator(".message.note")).to_contain_text("baobab.pdf")
    expect(basile.locator(".message.note .mention")).to_have_text("@Basile Thomas")
    write(basile, "Une girouette de trop.", "Ajouter la note")
    expect(bruno.locator(".message.note").last).to_contain_text("girouette")
    press(basile, "Annuler l’envoi")
    expect(thread(bruno)).to_contain_text("annule l’envoi de sa note")
    box(basile).fill("Un cachalot en cours")
    expect(bruno.locator(".presence")).to_contain_text("Basile T. écrit")
    expect(basile.get_by_text("Brouillon enregistré")).to_be_visible()


def looks(page: Page) -> list[str]:
    """What the aidant's dashboard says, but for how long ago."""
    parts = [
        page.locator(part).inner_text() for part in (".rail", ".views", ".case-head", ".thread", ".presence")
    ]
    return [
        *parts,
        beside(page).inner_text(),
        *page.locator(".case-row h3, .case-row .subject").all_inner_texts(),
    ]


def settled(page: Page) -> list[str]:
    """The same, once who has read is known: marks come a little after the lines."""
    for name in ("Bruno", "Basile"):
        expect(page.get_by_label("Ont lu")).to_contain_text(name)
    before = looks(page)
    while True:
        page.wait_for_timeout(800)
        if (now := looks(page)) == before:
            return now
        before = now


def notices(stage: Stage, case_id: UUID) -> list[UUID]:
    """What the structure is told of the case: its people, and its mailbox."""
    theirs = or_(
        col(Notice.account_id).in_((stage.cast.aline, stage.cast.adam)),
        col(Notice.group_id) == stage.cast.groups[GUISE],
    )
    query = select(col(Notice.id)).where(col(Notice.case_id) == case_id, theirs).order_by(col(Notice.id))
    with reading(ByNobody()) as work:
        return list(work.session.scalars(query))


def close_and_reopen(aline: Page) -> None:
    press(aline, "Clôturer")
    dialog = aline.get_by_role("dialog")
    dialog.get_by_label("Débloquée", exact=True).check()
    dialog.get_by_label("Très utile").check()
    press(dialog, "Clôturer la demande")
    press(aline, "Rouvrir la demande")
    dialog.get_by_label("Pourquoi la rouvrir ?").fill("Rien n’est arrivé.")
    press(dialog, "Rouvrir la demande")
    expect(thread(aline)).to_contain_text("rouvre la demande")


def sent_to(aline: Page, case_id: UUID, subject: str) -> dict[str, str]:
    """All that the aidant can be sent: her pages, what she looks for, her exports, her papers, a file."""
    given = {"screen": aline.content()}
    for path in (
        "/demandes?vue=toutes",
        "/notifications",
        "/demonstration/boite",
        f"/demandes/{case_id}",
        f"/demandes/{case_id}/imprimer",
    ):
        given[path] = aline.request.get(path).text()
    given["print"] = given[f"/demandes/{case_id}/imprimer"]
    with pypdfium2.PdfDocument(aline.request.get(f"/demandes/{case_id}/demande.pdf").body()) as pdf:
        given["PDF"] = " ".join(page.get_textpage().get_text_range() for page in pdf)
    for path in (f"/demandes/{case_id}/imprimer", f"/demandes/{case_id}/demande.pdf"):
        refused = aline.request.get(f"{path}?notes=oui")
        assert refused.status == 403, path
        given[f"{path} with notes"] = refused.text()
    with reading(ByNobody()) as work:
        query = select(col(Attachment.id)).join(Entry, col(Entry.id) == col(Attachment.entry_id))
        noted = work.session.scalars(
            query.where(col(Entry.case_id) == case_id, col(Entry.kind) == EntryKind.NOTE)
        )
        pieces = [str(one) for one in noted]
    assert len(pieces) == 1
    assert [aline.request.get(f"/pieces/{piece}").status for piece in pieces] == [404]
    for kind in ("CSV", "XLSX"):
        aline.locator(".list-more").click()
        with aline.expect_download() as coming:
            press(aline.get_by_role("dialog"), f"Exporter en {kind}")
        given[kind] = read_of(coming.value.path())
        assert subject in given[kind]
        aline.keyboard.press("Escape")
    return given


def look_for(aline: Page, words: str, subject: str, *, found: int) -> None:
    """Look for words in the list: the case is found, or not."""
    aline.get_by_label("Rechercher dans les demandes").fill(words)
    expect(row(aline, subject)).to_have_count(found)


def read_of(path: Path) -> str:
    """All the words of a file that was exported."""
    content = path.read_bytes()
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content.decode("utf-8-sig")
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return " ".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml"))


def left_for_all() -> dict[str, str]:
    """Every message that leaves, to whomever: an e-mail to an agent or a mailbox holds no note either."""
    with reading(ByNobody()) as work:
        messages = [str(one.content) for one in work.session.scalars(select(Outgoing))]
        told = [f"{one.kind} {one.details}" for one in work.session.scalars(select(Notice))]
    return {"e-mails and SMS": " ".join(messages), "notices": " ".join(told)}
