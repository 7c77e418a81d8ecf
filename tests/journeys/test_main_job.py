"""The main job, end to end: three people at once, each in a browser of their own, nobody ever reloads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.demo.people import PASSWORD
from tests.browser import TABLET, Server, SignIn, ready
from tests.journeys.raising import SUBJECT, WORDS, raise_a_case
from tests.journeys.screens import (
    beside,
    box,
    count,
    field_error,
    follow,
    frames,
    organization,
    other_gesture,
    press,
    put_away,
    row,
    thread,
    write,
)  # fmt: skip

pytestmark = pytest.mark.browser

MARKUP = "Bonjour, je regarde <b>tout de suite</b> <img src=x onerror=document.title='pris'>."
NOTE = "Entre nous : le compte bancaire a été rejeté."
PDF = (
    b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"
)


@dataclass
class Three:
    """Who works on the case, each in their own browser; ``heard`` is all that Aline's page received."""

    aline: Page
    bruno: Page
    basile: Page
    heard: list[str]


def test_from_the_counter_to_the_answer(sign_in: SignIn, tmp_path: Path) -> None:
    aline = sign_in.anonymous()
    heard = frames(aline)
    enter_by_the_form(aline)
    three = Three(
        aline, as_on_a_tablet(sign_in, "bruno"), as_on_a_tablet(sign_in, "basile"), heard,
    )  # fmt: skip
    raise_a_case(three.aline, sign_in)
    read_it_again_and_send(three)
    take_in_charge(three)
    talk(three, tmp_path)
    bring_in_a_colleague(three)
    ask_and_unblock(three)
    close_and_reopen(three)
    revoke(three)
    leave_by_another_tab(three.aline)


def as_on_a_tablet(sign_in: SignIn, name: str) -> Page:
    """Open the list on a tablet, with a finger."""
    return sign_in(f"{name}@demo.example", viewport=TABLET)


def enter_by_the_form(page: Page) -> None:
    """A wrong password is said in words; the page that was asked for comes after the right one."""
    page.goto("/demandes?vue=a-faire")
    expect(page).to_have_url(re.compile("/connexion"))
    page.get_by_label("Adresse e-mail").fill("aline@demo.example")
    page.get_by_label("Mot de passe").fill("autre chose")
    press(page, "Se connecter")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("L’adresse e-mail ou le mot de passe ne convient pas.")
    expect(page.get_by_label("Adresse e-mail")).to_have_value("aline@demo.example")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    press(page, "Se connecter")
    page.wait_for_url("**/demandes?vue=a-faire")
    ready(page)
    expect(page.get_by_role("link", name="À faire par moi")).to_have_attribute("aria-current", "page")


def read_it_again_and_send(three: Three) -> None:
    """It is read as the agent will read it; it arrives by itself in both lists, and says the same words."""
    aline, bruno, basile = three.aline, three.bruno, three.basile
    recap = aline.locator(".recap")
    expect(recap).to_contain_text(SUBJECT)
    for group in ("CAF – Aisne", "CPAM – Aisne"):
        expect(recap.get_by_label("Organismes", exact=True)).to_contain_text(group)
    expect(recap).to_contain_text("Expulsion prononcée pour le 30")
    expect(recap.get_by_text(WORDS)).to_be_visible()
    before = {page: count(page, "Non lues") for page in (bruno, basile)}
    press(aline, "Transmettre la demande")
    aline.wait_for_url(re.compile(r"/demandes/[0-9a-f-]{36}"))
    expect(aline.get_by_role("heading", name=SUBJECT)).to_be_visible()
    for page in (bruno, basile):
        first = page.locator(".case-row").first
        expect(first).to_contain_text(SUBJECT)
        expect(first).to_contain_text("CAF : transmise")
        expect(first).to_contain_text("CPAM : transmise")
        expect(first).to_contain_text("Urgent")
        expect(first).to_contain_text("Mme T.")
        expect(page.get_by_role("link", name="Non lues").locator(".count")).to_contain_text(
            str(before[page] + 1)
        )
        first.tap() if page is bruno else first.click()
        expect(thread(page).locator(".message .text")).to_have_text(WORDS, use_inner_text=True)
        expect(thread(page)).to_contain_text("Aline L. (France Services de Guise) transmet la demande à CAF")
        expect(page.get_by_role("heading", name=SUBJECT)).to_be_visible()
        expect(page).to_have_title(f"{SUBJECT} – Administration+")
    expect(aline.get_by_label("Ont lu")).to_contain_text("Bruno")
    expect(aline.get_by_label("Ont lu")).to_contain_text("Basile")


def take_in_charge(three: Three) -> None:
    """One taps, the others see it: in the thread, beside it, and in the list."""
    press(three.bruno, "Je prends en charge")
    for page in (three.aline, three.bruno, three.basile):
        expect(thread(page)).to_contain_text("Bruno C. (CAF – Aisne) prend en charge")
        expect(organization(page, "CAF – Aisne")).to_contain_text("En cours")
        expect(organization(page, "CAF – Aisne")).to_contain_text("Bruno C.")
        expect(organization(page, "CPAM – Aisne")).to_contain_text("Transmise")
    put_away(three.bruno)
    expect(row(three.basile, SUBJECT).first).to_contain_text("CAF : en cours")


def talk(three: Three, folder: Path) -> None:
    """Markup is text, a note stays between agents, a file comes out as it went in."""
    write(three.bruno, MARKUP, "Répondre")
    for page in (three.aline, three.basile):
        expect(thread(page).locator(".message .text").last).to_have_text(MARKUP)
        assert thread(page).locator(".message .text").locator("b, img").count() == 0
        assert "pris" not in page.title()
    expect(box(three.bruno)).to_have_value("")

    three.bruno.get_by_label("Entre Agents+ seulement").check()
    write(three.bruno, NOTE, "Ajouter la note")
    expect(three.basile.locator(".message.note")).to_contain_text(NOTE)
    three.bruno.get_by_label("Visible par l’Aidant+ et les organismes").check()
    (folder / "Relevé d’août.pdf").write_bytes(PDF)
    three.bruno.locator(".composer input[type=file]").set_input_files(folder / "Relevé d’août.pdf")
    expect(three.bruno.locator(".composer .upload")).to_contain_text("joint")
    write(three.bruno, "Voici le relevé.", "Répondre")
    with three.aline.expect_download() as coming:
        thread(three.aline).get_by_role("link", name="Relevé d’août.pdf").click()
    assert coming.value.suggested_filename == "Relevé d’août.pdf"
    assert coming.value.path().read_bytes() == PDF
    expect(thread(three.basile).get_by_role("link", name="Relevé d’août.pdf")).to_be_visible()

    assert "Voici le relevé." in "".join(three.heard), "what Aline's page receives is looked at"
    assert NOTE not in "".join(three.heard)
    assert NOTE not in three.aline.content()
    expect(three.aline.get_by_text("Entre Agents+")).to_have_count(0)


def bring_in_a_colleague(three: Three) -> None:
    """Only what the mandate names can be associated; who is not competent says who is."""
    press(beside(three.bruno), "Associer un organisme ou un Agent+")
    dialog = three.bruno.get_by_role("dialog", name="Associer un organisme ou un Agent+")
    expect(dialog.get_by_label("MSA Picardie – Aisne").first).to_be_visible()
    expect(dialog.locator(".choice", has_text="CARSAT")).to_contain_text("Hors du mandat")
    dialog.get_by_label("MSA Picardie – Aisne").first.check()
    press(dialog, "Associer à la demande")
    expect(dialog).to_have_count(0)
    put_away(three.bruno)
    for page in (three.aline, three.basile):
        expect(thread(page)).to_contain_text("Bruno C. (CAF – Aisne) associe MSA Picardie – Aisne")
        expect(organization(page, "MSA Picardie – Aisne")).to_contain_text("Transmise")

    press(beside(three.basile), "Mon organisme n’est pas compétent")
    dialog = three.basile.get_by_role("dialog", name="Mon organisme n’est pas compétent")
    dialog.get_by_label("Organisme mieux placé").select_option(label="MSA")
    dialog.get_by_label("Explication pour l’aidant").fill("La personne relève du régime agricole.")
    press(dialog, "Mon organisme n’est pas compétent")
    put_away(three.basile)
    for page in (three.aline, three.bruno):
        expect(thread(page)).to_contain_text("n’est pas compétent et propose MSA")
        expect(thread(page)).to_contain_text("La personne relève du régime agricole.")
        expect(organization(page, "CPAM – Aisne")).to_contain_text("Pas compétent")


def ask_and_unblock(three: Three) -> None:
    """A question stops the clock, the answer starts it; «débloquée» reaches the aidant at once."""
    caf = organization(three.aline, "CAF – Aisne")
    expect(caf).to_contain_text("prochain geste avant le")
    box(three.bruno).fill("De quel mois s’agit-il ?")
    other_gesture(three.bruno, "Demander une précision")
    expect(thread(three.aline)).to_contain_text("demande une précision : le délai est suspendu")
    expect(caf).to_contain_text("Précision attendue")
    expect(caf).not_to_contain_text("prochain geste")
    write(three.aline, "De septembre.", "Envoyer")
    expect(thread(three.bruno)).to_contain_text("De septembre.")
    expect(caf).to_contain_text("prochain geste avant le")
    expect(organization(three.bruno, "CAF – Aisne")).not_to_contain_text("Précision attendue")

    write(three.bruno, "Le versement part demain.", "Répondre et débloquer")
    expect(caf).to_contain_text("Débloquée")
    expect(thread(three.aline)).to_contain_text("Bruno C. (CAF – Aisne) débloque la demande")
    press(organization(three.aline, "MSA Picardie – Aisne"), "Retirer la demande")
    press(three.aline.get_by_role("dialog"), "Retirer la demande")
    for page in (three.aline, three.bruno, three.basile):
        expect(page.locator(".case-head .states")).to_contain_text("Débloquée")


def close_and_reopen(three: Three) -> None:
    """Closing asks what came of it; what Bruno was typing is there again when the case is reopened."""
    box(three.bruno).fill("J’ajoute une chose.")
    expect(three.bruno.get_by_text("Brouillon enregistré")).to_be_visible()
    press(three.aline, "Clôturer")
    dialog = three.aline.get_by_role("dialog")
    press(dialog, "Clôturer la demande")
    expect(field_error(dialog, "Où en est la demande ?")).to_be_visible()
    expect(field_error(dialog, "Administration+ a-t-il été utile ?")).to_be_visible()
    dialog.get_by_label("Débloquée", exact=True).check()
    dialog.get_by_label("Très utile").check()
    press(dialog, "Clôturer la demande")
    for page in (three.aline, three.bruno, three.basile):
        expect(thread(page)).to_contain_text("clôture la demande : débloquée")
        expect(page.locator(".case-head .states")).to_contain_text("Clôturée")
        expect(box(page)).to_have_count(0)
    expect(three.bruno.get_by_text("Cette demande est clôturée.")).to_be_visible()

    press(three.aline, "Rouvrir la demande")
    dialog = three.aline.get_by_role("dialog")
    press(dialog, "Rouvrir la demande")
    expect(field_error(dialog, "Pourquoi la rouvrir ?")).to_be_visible()
    dialog.get_by_label("Pourquoi la rouvrir ?").fill("Le versement n’est pas arrivé.")
    press(dialog, "Rouvrir la demande")
    for page in (three.aline, three.bruno, three.basile):
        expect(thread(page)).to_contain_text("rouvre la demande : Le versement n’est pas arrivé.")
    expect(box(three.bruno)).to_have_value("J’ajoute une chose.")


def revoke(three: Three) -> None:
    """The usager takes the mandate back: the agents' pages freeze where they are."""
    follow(three.aline.get_by_role("link", name="Voir le mandat"))
    press(three.aline, "Enregistrer la révocation")
    dialog = three.aline.get_by_role("dialog")
    dialog.get_by_label("Comment la personne vous l’a-t-elle demandé ?").fill("Au guichet, ce matin.")
    press(dialog, "Enregistrer la révocation")
    expect(three.aline.get_by_text("Révoqué")).to_be_visible()
    for page in (three.bruno, three.basile):
        expect(page.get_by_text("Le mandat n’est plus en vigueur")).to_be_visible()
        expect(box(page)).to_have_count(0)
        expect(thread(page)).to_contain_text("le partage est suspendu")


def leave_by_another_tab(page: Page) -> None:
    """Signing out in one tab ends the pages of that session in the others."""
    other = page.context.new_page()
    other.goto("/compte")
    press(other, "Se déconnecter")
    expect(other).to_have_url(re.compile("/connexion"))
    expect(page).to_have_url(re.compile("/connexion"))


def test_signing_in_needs_no_script(browser: Browser, server: Server) -> None:
    context = browser.new_context(base_url=server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/compte")
    page.get_by_label("Adresse e-mail").fill("chloe@demo.example")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    press(page, "Se connecter")
    page.wait_for_url("**/compte")
    (cookie,) = context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
    context.close()
