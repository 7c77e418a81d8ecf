"""A case on paper over HTTP: who may have it, with which notes, and that nothing of it is kept on the way."""

from __future__ import annotations

import io
import threading
from types import SimpleNamespace
from uuid import UUID

import pypdfium2
import pytest
from fastapi import FastAPI

from app.case_paper.sheet import NOTE, WITH_NOTES, Sheet
from models.base import new_id
from pages import case_paper
from tests.app import scenes
from tests.conftest import Cast
from tests.pages.test_files_endpoint import Browse, browse

__all__ = ["browse"]

pytestmark = [
    pytest.mark.usefixtures("database", "clock"), pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
]  # fmt: skip
SECRET = "Entre nous, tamarin."
MARKUP = "<script>alert(1)</script> <b>gras</b>"


@pytest.fixture
def case_id(cast: Cast) -> UUID:
    made = scenes.sent_case(cast)
    scenes.say(cast, "bruno", made, MARKUP)
    scenes.note(cast, "bruno", made, SECRET)
    return made


async def ask(browse: Browse, who: str, case_id: object, name: str, notes: str = "") -> SimpleNamespace:
    site = FastAPI()
    case_paper.mount(site)
    browser = browse(who)._replace(site=site)
    return await browser.ask("GET", f"/demandes/{case_id}/{name}?{notes}")


def said(answer: SimpleNamespace) -> str:
    """All the words of an answer: of its page, or of its PDF."""
    if answer.headers["content-type"] != "application/pdf":
        return str(answer.start.decode())
    with pypdfium2.PdfDocument(io.BytesIO(answer.start)) as pdf:
        return " ".join(page.get_textpage().get_text_range() for page in pdf)


@pytest.mark.parametrize("name", ["imprimer", "demande.pdf"])
async def test_each_gets_what_they_may_read(browse: Browse, case_id: UUID, name: str) -> None:
    for who, notes, status, has_notes in (
        ("aline", "", 200, False), ("aline", "notes=oui", 403, False), ("bruno", "", 200, False),
        ("bruno", "notes=oui", 200, True), ("bruno", "notes=1", 200, False), ("chloe", "", 404, False),
        ("chloe", "notes=oui", 404, False), ("colette", "", 404, False), ("olivier", "", 404, False),
        ("denis", "notes=oui", 404, False), ("", "", 401, False),
    ):  # fmt: skip
        answer = await ask(browse, who, case_id, name, notes)
        assert answer.status == status, (who, notes)
        assert answer.headers["cache-control"] == "no-store"
        words = said(answer)
        assert (SECRET in words, NOTE in words, WITH_NOTES in words) == (has_notes,) * 3
        assert ("Samira Kaddour" in words) is (status == 200)
    for unknown in (new_id(), "rien"):
        assert (await ask(browse, "aline", unknown, name)).status == 404


async def test_the_page_offers_notes_to_agents_only_and_holds_no_markup_of_others(
    browse: Browse, case_id: UUID
) -> None:
    aline, bruno = [said(await ask(browse, who, case_id, "imprimer")) for who in ("aline", "bruno")]
    assert ("notes entre Agents+" in aline, "Avec les notes entre Agents+" in bruno) == (False, True)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &lt;b&gt;gras" in aline
    assert aline.count("<script") == 1
    policy = (await ask(browse, "aline", case_id, "imprimer")).headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


async def test_the_pdf_is_a_file_whose_name_says_nobody(browse: Browse, case_id: UUID) -> None:
    headers = (await ask(browse, "aline", case_id, "demande.pdf")).headers
    assert headers["content-disposition"].startswith('attachment; filename="demande-')
    assert headers["content-security-policy"] == "sandbox; default-src 'none'"


async def test_it_is_rendered_aside_and_in_no_transaction(
    browse: Browse, case_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def render(sheet: Sheet) -> bytes:
        seen.append(threading.current_thread().name)
        return sheet.reference.encode()

    monkeypatch.setattr(case_paper, "render", render)
    await ask(browse, "aline", case_id, "demande.pdf")
    assert [name.rpartition("_")[0] for name in seen] == ["pictures"]
