"""A mandate given in another way than by signing the screen: with a code, or before a witness."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from tests.app import scenes
from tests.app.mandate_ways.giving import code_of, wrong_code
from tests.browser import DESKTOP, PHONE, TABLET, SignIn, axe, ready
from tests.journeys.handing import ask_back
from tests.journeys.handing import code_of as code_of_screen
from tests.journeys.screens import arrived, field_error, press, touch, wave
from tests.journeys.stage import Stage, stage
from tests.journeys.test_touch import Fingers, fingers

__all__ = ["fingers", "stage"]

pytestmark = pytest.mark.browser

ALINE = "aline@demo.example"
ACCEPT = "Accepter au nom de France Services de Guise"


def fifth_step(stage: Stage, phone: str = "") -> str:
    """Return the address of the fifth step of a draft of Aline's."""
    case_id = scenes.draft(stage.cast, at=datetime.now(UTC), phone=phone)
    return f"/demandes/nouvelle?brouillon={case_id}&etape=5"


def choose(page: Page, way: str) -> None:
    """Press a way, known by its name."""
    page.get_by_role("button", name=re.compile(f"^{way}")).click()


def mandate_of(page: Page) -> UUID:
    """Return the mandate in the address."""
    found = re.search(r"/mandats/([0-9a-f-]{36})/", page.url)
    assert found is not None
    return UUID(found[1])


def test_a_code_typed_at_the_counter(sign_in: SignIn, stage: Stage) -> None:
    step = fifth_step(stage, "06 12 00 45 17")
    page = sign_in(ALINE, step)
    choose(page, "Code reçu par SMS")
    page.wait_for_url("**/sms?facon=code")
    arrived(page)
    mandate_id = mandate_of(page)
    phone = page.get_by_label("Numéro de téléphone portable")
    expect(phone).to_have_value("06 12 00 45 17")
    phone.fill("03 23 45 67 89")
    press(page, "Envoyer le code")
    expect(field_error(page, "Numéro de téléphone portable")).to_contain_text("téléphone portable français")
    phone.fill("06 12 00 45 17")
    press(page, "Envoyer le code")
    code = page.get_by_label("Code reçu par la personne")
    expect(code).to_be_focused()
    assert (code.get_attribute("autocomplete"), code.get_attribute("inputmode")) == ("one-time-code", "numeric")
    expect(page.get_by_text("+33\u00a06\u00a012\u00a000\u00a045\u00a017")).to_be_visible()
    code.fill(wrong_code(mandate_id))
    press(page, "Enregistrer l’accord")
    expect(field_error(page, "Code reçu par la personne")).to_contain_text("Il reste 4")
    code.fill(code_of(mandate_id))
    code.press("Enter")
    page.wait_for_url("**/demandes/nouvelle?**")
    expect(page.get_by_text("Accord donné")).to_be_visible()
    press(page, ACCEPT)
    expect(page.get_by_role("heading", name="Relire", exact=True)).to_be_visible()
    page.goto(step)
    expect(page.get_by_role("button", name="Remettre un reçu à la personne")).to_be_visible()
    page.goto(f"/mandats/{mandate_id}")
    expect(page.get_by_text("Bonne preuve")).to_be_visible()
    expect(page.locator(".document").first).to_contain_text("+33 6 •• •• •• 17")


def test_by_word_of_mouth_before_a_witness(sign_in: SignIn, stage: Stage) -> None:
    page = sign_in(ALINE, fifth_step(stage), viewport=TABLET, fresh=True)
    choose(page, "Accord oral avec témoin")
    page.wait_for_url("**/temoin")
    ready(page)
    mandate_id = mandate_of(page)
    press(page, "Remettre l’écran au témoin")
    expect(field_error(page, "Pourquoi la personne")).to_be_visible()
    page.get_by_label("Pourquoi la personne ne donne-t-elle pas").select_option("reading")
    page.get_by_label("Dans quelle langue avez-vous lu le texte ?").select_option("ar")
    expect(page.locator('section[lang="ar"][dir="rtl"]')).to_be_visible()  # to read aloud from
    page.get_by_label("Prénom du témoin").fill("Adam")
    page.get_by_label("Nom du témoin", exact=True).fill(colleague(stage))
    page.get_by_label("Qui est le témoin pour la personne ?").fill("sa voisine")
    for box in page.get_by_role("checkbox").all():
        box.check()
    press(page, "Remettre l’écran au témoin")
    expect(field_error(page, "Nom du témoin")).to_contain_text("votre structure")
    page.get_by_label("Prénom du témoin").fill("Odile")
    page.get_by_label("Nom du témoin", exact=True).fill("Vasseur")
    code = code_of_screen(page)
    press(page, "Remettre l’écran au témoin")
    expect(page.get_by_role("heading", name="Vous êtes témoin")).to_be_focused()
    expect(page.locator('section[lang="ar"]')).to_be_visible()
    assert page.locator("a[href]").count() == 0
    press(page, "Je signe comme témoin")
    expect(page.get_by_role("alert")).to_contain_text("Signez d’abord dans le cadre")
    canvas = page.locator("canvas")
    canvas.scroll_into_view_if_needed()
    touch(page, wave(canvas, 60), wave(canvas, 240))
    press(page, "Je signe comme témoin")
    expect(page.get_by_role("heading", name="Votre signature est enregistrée.")).to_be_visible()
    ask_back(page, code)
    page.wait_for_url("**/demandes/nouvelle?**")
    ready(page)
    press(page, ACCEPT)
    expect(page.get_by_role("heading", name="Relire", exact=True)).to_be_visible()
    page.goto(f"/mandats/{mandate_id}")
    ready(page)
    expect(page.get_by_role("heading", name="Confirmer par écrit")).to_be_visible()
    expect(page.locator(".document").first).to_contain_text("Odile Vasseur, sa voisine")
    assert page.request.get(f"/mandats/{mandate_id}/signature.svg").text().count("<path") == 2


def colleague(stage: Stage) -> str:
    """Return the last name of Adam, who works with Aline."""
    with scenes.see(stage.cast, "adam", datetime.now(UTC)) as work:
        return work.actor.name.removeprefix("Adam ")


def test_for_everybody_and_for_fingers(sign_in: SignIn, stage: Stage, fingers: Fingers) -> None:
    step = fifth_step(stage, "06 12 00 45 18")
    case_id = UUID(step.partition("brouillon=")[2].partition("&")[0])
    mandate = scenes.present(stage.cast, case_id, at=datetime.now(UTC))
    page = sign_in(ALINE, step)
    wrong = []
    for address in (
        step, f"/mandats/{mandate}", f"/mandats/{mandate}/sms?facon=code",
        f"/mandats/{mandate}/sms?facon=reponse",
        f"/mandats/{mandate}/temoin", f"/mandats/{mandate}/existant",
    ):  # fmt: skip
        page.set_viewport_size(DESKTOP)
        page.goto(address)
        ready(page)
        wrong += [f"{address}: {one}" for one in axe(page)]
        for size in (TABLET, PHONE):
            fingers.at(page, only=size)
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            wrong += [f"{address} scrolls sideways by {wide} px"] if wide > 1 else []
    assert wrong == [], "\n".join(["", *wrong])
