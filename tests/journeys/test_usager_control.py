"""The usager in control, in real browsers: their link freezes two open pages at once; what is outside the
mandate is refused and asked for; a receipt on paper leads where it says."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from app.mandate_steps import in_force
from app.receipts import link_of
from app.work import ByNobody, reading
from tests.browser import SignIn, axe
from tests.journeys.screens import NARROW, beside, box, press, thread, write
from tests.journeys.stage import Stage, stage
from tests.journeys.test_main_job import PDF

__all__ = ["stage"]

pytestmark = pytest.mark.browser


def link_to(case_id: UUID) -> str:
    """The path of the usager's link to the mandate in force of a case."""
    with reading(ByNobody()) as work:
        return re.sub("^https?://[^/]+", "", link_of(work, in_force(work, case_id)[0]))


def is_within(page: Page) -> bool:
    """Whether nothing is wider than the screen."""
    found: bool = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return found


def test_three_at_once(sign_in: SignIn, stage: Stage, tmp_path: Path) -> None:
    case_id = stage.case(subject="Aide au logement suspendue")
    aline, bruno = (sign_in(f"{who}@demo.example", f"/demandes/{case_id}") for who in ("aline", "bruno"))
    (tmp_path / "Relevé.pdf").write_bytes(PDF)
    bruno.locator(".composer input[type=file]").set_input_files(tmp_path / "Relevé.pdf")
    expect(bruno.locator(".composer .upload")).to_contain_text("joint")
    write(bruno, "Voici le relevé.", "Répondre")
    file = thread(bruno).get_by_role("link", name="Relevé.pdf")
    expect(file).to_be_visible()
    address = file.get_attribute("href") or ""
    assert bruno.request.get(address).status == 200

    usager = sign_in.anonymous(viewport=NARROW)
    usager.goto(link_to(case_id))
    expect(usager.get_by_text("Vous avez donné votre accord. Il est en cours.")).to_be_visible()
    expect(usager.get_by_text("Comptes d’essai")).to_have_count(0)  # they are none of the person's business
    assert is_within(usager)
    assert axe(usager) == []
    usager.get_by_role("link", name="J’annule mon accord").click()
    expect(usager.get_by_role("heading", name="Annuler votre accord")).to_be_visible()
    assert is_within(usager)
    for page in (aline, bruno):
        expect(box(page)).to_be_visible()  # looking changes nothing
    press(usager, "J’annule mon accord")
    expect(usager.get_by_role("heading", name="Votre accord est annulé")).to_be_visible()
    for page in (aline, bruno):
        expect(thread(page)).to_contain_text("La personne a annulé son accord")
        expect(box(page)).to_have_count(0)
        expect(page.get_by_text("Le mandat n’est plus en vigueur").first).to_be_visible()
    assert bruno.request.get(address).status == 403
    assert axe(usager) == []


def test_outside_the_mandate(sign_in: SignIn, stage: Stage) -> None:
    case_id = stage.case(subject="Retraite sans réponse")
    bruno = sign_in("bruno@demo.example", f"/demandes/{case_id}")
    choose_outside(bruno)
    press(bruno.get_by_role("dialog"), "Demander à l’aidant de faire nommer CARSAT")
    expect(thread(bruno)).to_contain_text("CARSAT devrait être associé")

    aline = sign_in("aline@demo.example", f"/demandes/{case_id}")
    choose_outside(aline)
    press(aline.get_by_role("dialog"), "Demander l’accord de la personne pour CARSAT")
    aline.wait_for_url("**/mandats/*")
    expect(aline.get_by_text("Ce mandat remplacera celui du")).to_contain_text("et ajoute : CARSAT")
    with reading(ByNobody()) as work:
        before = in_force(work, case_id)[0].id
    aline.goto(f"/mandats/{before}")
    expect(aline.get_by_text("En vigueur", exact=True)).to_be_visible()  # until the person has answered

    press(aline, "Remettre un reçu à la personne")
    aline.get_by_role("dialog").get_by_label("Numéro de portable ou adresse e-mail").fill("samira@exemple")
    press(aline.get_by_role("dialog"), "Remettre le reçu")
    expect(aline.get_by_role("dialog")).to_contain_text("Écrivez l’adresse e-mail comme nom@exemple.fr.")
    aline.get_by_role("dialog").get_by_role("link", name="Imprimer le reçu").click()
    aline.wait_for_url("**/recu")
    code = aline.get_by_role("img", name="Code qui ouvre l’adresse")
    expect(code).to_be_visible()
    code.scroll_into_view_if_needed()
    (read,) = zxingcpp.read_barcodes(Image.open(BytesIO(code.screenshot())))
    assert read.text.endswith(link_to(case_id))
    expect(aline.locator(".document code")).to_have_text(read.text)


def choose_outside(page: Page) -> None:
    """Choose, among whom to associate, somebody whom the mandate does not name."""
    press(beside(page), "Associer un organisme ou un Agent+")
    dialog = page.get_by_role("dialog", name="Associer un organisme ou un Agent+")
    dialog.locator(".choice", has_text="CARSAT – Aisne").get_by_role("radio").check()
    press(dialog, "Associer à la demande")
    expect(page.get_by_role("dialog", name="Demander l’accord de la personne")).to_contain_text(
        "Le mandat ne nomme pas CARSAT."
    )
