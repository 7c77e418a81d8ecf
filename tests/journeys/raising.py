"""Raising a case as an Aidant+ does: five steps, each refusing what is wrong, and the mandate on a tablet."""

from __future__ import annotations

from secrets import token_hex

from playwright.sync_api import Page, expect

from app.mandate_document.check import verify_files
from tests.browser import TABLET, SignIn, ready
from tests.journeys.handing import hand_over
from tests.journeys.screens import field_error, follow, press, said, touch, wave

NAME = f"Testard-{token_hex(3)}"
SUBJECT = "APL jamais versée depuis deux mois"
WORDS = "La personne n’a rien reçu depuis deux mois, malgré trois appels.\nNous demandons le <b>versement</b>."


def raise_a_case(aline: Page, sign_in: SignIn) -> None:
    """Five steps, each refusing what is wrong in words and keeping what was typed."""
    follow(aline.get_by_role("link", name="Nouvelle demande"))
    press(aline, "Continuer")
    expect(field_error(aline, "Thème")).to_have_text("Choisissez le thème du problème.")
    aline.get_by_label("Thème").select_option(label="Logement")
    aline.get_by_label("Ce qui bloque").select_option(label="Absence de paiement")
    aline.get_by_label("Démarche concernée").select_option(label="APL")
    expect(aline.get_by_label("Pourquoi est-ce urgent ?")).to_be_hidden()
    aline.get_by_label("Oui", exact=True).check()
    press(aline, "Continuer")
    expect(field_error(aline, "Pourquoi est-ce urgent ?")).to_be_visible()
    expect(aline.get_by_label("Thème")).to_have_value("logement")
    expect(aline.get_by_label("Pourquoi est-ce urgent ?")).to_be_focused()
    aline.get_by_label("Pourquoi est-ce urgent ?").fill("Expulsion prononcée pour le 30")
    go_on(aline, "La personne")
    aline.get_by_label("Mme", exact=True).check()
    aline.get_by_label("Prénom").fill("Zoé")
    aline.get_by_label("Nom", exact=True).fill(NAME)
    aline.get_by_label("Date de naissance").fill("31/02/1987")
    press(aline, "Continuer")
    expect(field_error(aline, "Date de naissance")).to_have_text(
        "Écrivez la date de naissance comme 03/07/1987."
    )
    expect(aline.get_by_label("Date de naissance")).to_have_value("31/02/1987")

    tablet = resume_on_a_tablet(sign_in)
    aline.get_by_label("Date de naissance").fill("3/7/87")
    expect(aline.locator(".said-back")).to_contain_text("vendredi 3 juillet 1987", use_inner_text=True)
    go_on(aline, "Les organismes")
    expect(aline.get_by_label("CAF – Aisne")).to_be_checked()
    aline.get_by_label("CAF – Aisne").uncheck()
    press(aline, "Continuer")
    expect(field_error(aline, "Qui doit répondre ?")).to_have_text("Choisissez au moins un organisme.")
    aline.get_by_label("CAF – Aisne").check()
    aline.get_by_label("CPAM – Aisne").check()
    aline.get_by_label("MSA", exact=True).check()
    go_on(aline, "La demande")
    aline.get_by_label("Objet").fill(f"APL de Zoé {NAME}")
    aline.get_by_label("Explication").fill("Trop court.")
    press(aline, "Continuer")
    expect(field_error(aline, "Objet")).to_contain_text("retirez ce qui désigne la personne")
    expect(field_error(aline, "Explication")).to_contain_text("Expliquez la situation")
    expect(aline.get_by_label("Explication")).to_have_value("Trop court.")
    aline.get_by_label("Objet").fill(SUBJECT)
    aline.get_by_label("Explication").fill(WORDS)
    go_on(aline, "Le mandat")
    to_step(aline, 6, "Relire")
    expect(aline.get_by_text("Il manque un mandat en vigueur")).to_be_visible()
    press(aline, "Transmettre la demande")
    expect(said(aline, "Sans mandat en vigueur")).to_be_visible()
    to_step(aline, 5, "Le mandat")
    sign(aline, tablet)


def go_on(page: Page, step: str) -> None:
    """Leave a step that is right for the next one."""
    press(page, "Continuer")
    expect(page.get_by_role("heading", name=step, exact=True)).to_be_visible()


def to_step(page: Page, number: int, step: str) -> None:
    """Go to a step by its number in the line of steps."""
    page.get_by_role("list", name="Étapes").get_by_role("button").nth(number - 1).click()
    expect(page.get_by_role("heading", name=step, exact=True)).to_be_visible()
    page.wait_for_url(f"**etape={number}")


def resume_on_a_tablet(sign_in: SignIn) -> Page:
    """What is typed is on the server: another browser, signed in anew, finds all of it."""
    tablet = sign_in("aline@demo.example", "/demandes/nouvelle", viewport=TABLET, fresh=True)
    draft = tablet.get_by_role("listitem").filter(has_text=f"Zoé {NAME}")
    follow(draft.get_by_role("link", name="Reprendre"))
    expect(tablet.get_by_label("Prénom")).to_have_value("Zoé")
    expect(tablet.get_by_label("Date de naissance")).to_have_value("31/02/1987")
    return tablet


def sign(aline: Page, tablet: Page) -> None:
    """The tablet is handed over, signed with a finger; the desktop follows, and the structure accepts."""
    press(aline, "Faire signer sur cet écran")
    aline.wait_for_url("**/signer")
    address = aline.url
    aline.go_back()
    ready(aline)
    tablet.goto(address)
    ready(tablet)
    hand_over(tablet)
    press(tablet, "Je donne mon accord")
    expect(tablet.get_by_role("alert")).to_have_text("Signez d’abord dans le cadre.")
    canvas = tablet.locator("canvas")
    canvas.scroll_into_view_if_needed()
    touch(tablet, wave(canvas, 40), wave(canvas, 220))
    press(tablet, "Annuler le dernier trait")
    touch(tablet, wave(canvas, 400))
    press(tablet, "Je donne mon accord")
    expect(tablet.get_by_role("heading", name="Votre accord est enregistré.")).to_be_visible()
    expect(aline.get_by_text("Accord donné")).to_be_visible()
    press(aline, "Accepter au nom de France Services de Guise")
    expect(aline.get_by_role("heading", name="Relire", exact=True)).to_be_visible()
    expect(aline.get_by_text("En vigueur", exact=True)).to_be_visible()
    mandate = address.removesuffix("/").removesuffix("/signer")
    pdf, evidence = (aline.request.get(f"{mandate}/{paper}") for paper in ("mandat.pdf", "preuve.json"))
    assert verify_files(pdf.body(), evidence.body()).is_whole
    assert pdf.headers["content-disposition"] == 'attachment; filename="mandat.pdf"'
    assert pdf.headers["cache-control"] == "no-store"
    image = aline.request.get(f"{mandate}/signature.svg").text()
    assert image.count("<path") == 2
