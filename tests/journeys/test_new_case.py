"""A new case as it is made at a counter: steps and history, guesses, drafts, and the tablet handed over."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.app import scenes
from tests.browser import PHONE, TABLET, SignIn, ready
from tests.journeys.counting import Counted
from tests.journeys.handing import WAY_BACK, code_of, hand_over, take_back
from tests.journeys.raising import go_on, to_step
from tests.journeys.screens import field_error, follow, press, resize, said, touch, wave
from tests.journeys.stage import Stage, stage

__all__ = ["stage"]

pytestmark = pytest.mark.browser

ALINE = "aline@demo.example"


def heading(page: Page, words: str) -> None:
    """Wait for the title of a step."""
    expect(page.get_by_role("heading", name=words, exact=True)).to_be_visible()


def saved(page: Page) -> None:
    """Wait until the form says that it is saved."""
    expect(page.locator(".saved")).to_have_text(re.compile(r"^Enregistré à \d+\sh\s\d\d$"))


def draft(stage: Stage, **typed: Any) -> str:
    """Return the address of a draft of Aline's."""
    case_id = scenes.draft(stage.cast, at=datetime.now(UTC), **typed)
    return f"/demandes/nouvelle?brouillon={case_id}"


def test_back_and_forward_move_between_steps(sign_in: SignIn) -> None:
    page = sign_in(ALINE)
    follow(page.get_by_role("link", name="Nouvelle", exact=True))
    page.get_by_label("Thème").select_option(label="Logement")
    page.get_by_label("Ce qui bloque").select_option(label="Absence de paiement")
    page.get_by_label("Démarche concernée").select_option(label="APL")
    saved(page)
    go_on(page, "La personne")
    expect(page).to_have_url(re.compile("etape=2"))
    expect(page.get_by_role("button", name="1. Problème fait")).to_be_visible()
    page.get_by_label("Prénom").fill("Zoé")
    to_step(page, 4, "La demande")
    expect(page.get_by_role("button", name="2. Personne à corriger")).to_be_visible()
    page.go_back()
    heading(page, "La personne")
    expect(page.get_by_label("Prénom")).to_have_value("Zoé")
    page.reload()
    heading(page, "La personne")
    page.go_back()
    heading(page, "Le problème")
    expect(page.get_by_label("Thème")).to_have_value("logement")
    page.go_forward()
    heading(page, "La personne")
    page.go_back()
    heading(page, "Le problème")
    page.go_back()
    expect(page).to_have_url(re.compile(r"/demandes\?vue=toutes$"))
    expect(page.locator(".case-row").first).to_be_visible()


def test_errors_are_summed_up_with_the_way_to_each(sign_in: SignIn, stage: Stage) -> None:
    page = sign_in(ALINE, draft(stage, theme="", born_on="31/02/87", last_name="") + "&etape=2")
    press(page, "Continuer")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("3 réponses à corriger.")
    expect(page.get_by_label("Nom", exact=True)).to_be_focused()
    press(alert, "Écrivez la date de naissance comme 03/07/1987.")
    expect(page.get_by_label("Date de naissance")).to_be_focused()
    page.get_by_label("Date de naissance").fill("3 juil. 87")
    expect(page.locator(".said-back").first).to_contain_text("39")
    expect(field_error(page, "Date de naissance")).to_have_count(0)
    press(alert, "Étape 1, le problème")
    heading(page, "Le problème")
    expect(page.get_by_label("Date de naissance")).to_have_count(0)


def test_the_commune_tells_the_departement(sign_in: SignIn, stage: Stage) -> None:
    page = sign_in(
        ALINE, draft(stage, last_name=f"Nouvelle-{token_hex(3)}", commune="", departement="02") + "&etape=2"
    )
    commune, departement = page.get_by_label("Commune"), page.get_by_label("Département")
    commune.press_sequentially("st denis")
    option = page.get_by_role("option", name=re.compile("Saint-Denis .*974"))
    expect(option).to_be_visible()
    option.click()
    expect(commune).to_have_value("Saint-Denis")
    expect(departement).to_have_value("974")
    commune.fill("")
    commune.press_sequentially("GUI")
    expect(page.get_by_role("option", name="Guise Aisne")).to_be_visible()
    while commune.get_attribute("aria-activedescendant") is None or "Guise" not in chosen(page):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(commune).to_have_value("Guise")
    expect(departement).to_have_value("02")
    departement.select_option("59")
    commune.fill("Nulle-Part-les-Bains")
    expect(page.get_by_role("listbox", name="Propositions").get_by_role("option")).to_have_count(0)
    go_on_refused_by_nothing(page)


def chosen(page: Page) -> str:
    """Return the words of the option that the keys are on."""
    return page.locator("[role=option][aria-selected=true]").inner_text()


def go_on_refused_by_nothing(page: Page) -> None:
    """A commune that no list knows, in a département chosen by hand, is as good as another."""
    go_on(page, "Les organismes")
    expect(page.get_by_text("Aucun organisme n’est encore présent dans ce département")).to_be_visible()


def test_what_is_known_of_a_person_is_taken_over(sign_in: SignIn, stage: Stage) -> None:
    name = f"Connue-{token_hex(3)}"
    stage.case(subject="Une première demande", last_name=name, phone="0612345678", commune="Hirson")
    address = draft(stage, first_name="", last_name="", civility="", born_on="", phone="", commune="")
    page = sign_in(ALINE, address + "&etape=2")
    page.get_by_label("Prénom").fill("samira")
    page.get_by_label("Nom", exact=True).fill(name.upper())
    expect(page.get_by_text("Samira", exact=True)).to_be_visible()  # how it will be written
    expect(page.get_by_text("Reprendre les informations de Mme C. ?")).to_be_visible()
    press(page, "Reprendre")
    expect(page.get_by_label("Nom", exact=True)).to_have_value(name)
    expect(page.get_by_label("Mme", exact=True)).to_be_checked()
    expect(page.get_by_label("Date de naissance")).to_have_value("03/07/1987")
    expect(page.get_by_label("Commune")).to_have_value("Hirson")
    expect(page.get_by_label("Téléphone")).to_have_value("06 12 34 56 78")


def test_it_says_truly_whether_it_is_saved(sign_in: SignIn, stage: Stage) -> None:
    address = draft(stage) + "&etape=4"
    page = sign_in(ALINE, address)
    page.context.set_offline(True)
    page.get_by_label("Explication").fill("Écrit sans connexion, dans un tunnel.")
    expect(page.locator(".saved")).to_contain_text("Pas encore enregistré")
    page.context.set_offline(False)
    page.evaluate("window.socket.disconnect(); window.socket.connect()")
    saved(page)
    elsewhere = sign_in(ALINE, address, viewport=PHONE, fresh=True)
    expect(elsewhere.get_by_label("Explication")).to_have_value("Écrit sans connexion, dans un tunnel.")


def test_a_double_click_is_one(sign_in: SignIn, stage: Stage) -> None:
    page = sign_in(ALINE, draft(stage, born_on="") + "&etape=1")
    page.get_by_role("button", name="Continuer").dblclick()
    heading(page, "La personne")
    expect(page.locator(".field.wrong")).to_have_count(0)


def test_nothing_leads_out_of_a_screen_handed_over(sign_in: SignIn, stage: Stage) -> None:
    address = draft(stage) + "&etape=5"
    page = sign_in(ALINE, address, viewport=TABLET, fresh=True)
    press(page, "Faire signer sur cet écran")
    page.wait_for_url("**/signer")
    ready(page)
    signer = page.url
    code = hand_over(page)
    expect(page.get_by_role("heading", name="Votre accord")).to_be_focused()
    assert page.evaluate("document.fullscreenElement !== null")
    assert page.locator("a[href]").count() == 0
    reached = everything_by_tab(page)
    assert WAY_BACK in reached
    assert {"Je donne mon accord", "Je refuse", "Je ne peux pas signer", "A+"} <= reached
    assert not reached & {"Demandes", "Nouvelle", "Compte", "Précédent", "Aller au contenu"}
    for key in ("n", "?", "/", "g", "d", "Escape"):
        page.keyboard.press(key)
    for _ in range(3):
        page.evaluate("history.back()")
        page.wait_for_timeout(50)
        expect(page.get_by_role("heading", name="Votre accord")).to_be_visible()
        assert page.url == signer
    page.goto("/demandes")  # as by an address typed, or going back further than the trap
    page.wait_for_url(signer)
    ready(page)
    expect(page.locator(".case-row")).to_have_count(0)
    press(page, WAY_BACK)
    press(page, "Rester sur cette page")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.url == signer
    take_back(page, code)
    page.wait_for_url("**/demandes/nouvelle?**")
    ready(page)
    page.goto("/demandes")
    expect(page.locator(".case-row").first).to_be_visible()


def everything_by_tab(page: Page) -> set[str]:
    """Return the words of all that Tab reaches, round to where it began."""
    reached: list[str] = []
    for _ in range(30):
        page.keyboard.press("Tab")
        words = page.evaluate("(document.activeElement.innerText || document.activeElement.tagName).trim()")
        if reached and words == reached[0]:
            break
        reached.append(words)
    return set(reached)


def test_turning_the_tablet_loses_no_stroke(sign_in: SignIn, stage: Stage) -> None:
    case_id = scenes.draft(stage.cast, at=datetime.now(UTC))
    mandate = scenes.present(stage.cast, case_id, at=datetime.now(UTC))
    page = sign_in(ALINE, f"/mandats/{mandate}/signer", viewport=TABLET, fresh=True)
    code = hand_over(page)
    canvas = page.locator("canvas")
    touch(page, wave(canvas, 500))
    resize(page, {"width": 768, "height": 1024})
    expect(page.get_by_role("img", name="Cadre de signature, signé")).to_be_visible()
    touch(page, wave(canvas, 40))
    press(page, "Agrandir le texte")
    press(page, "Je donne mon accord")
    heading(page, "Votre accord est enregistré.")
    take_back(page, code)
    image = page.request.get(f"/mandats/{mandate}/signature.svg").text()
    assert image.count("<path") == 2
    width, height = map(int, re.search(r'viewBox="0 0 (\d+) (\d+)"', image).groups())  # type: ignore[union-attr]
    paths = re.findall(r'd="M([^"]+)"', image)
    points = [tuple(map(int, point.split())) for path in paths for point in path.split("L")]
    assert all(0 <= x <= width and 0 <= y <= height for x, y in points)
    assert 0 < min(y for _, y in points) < max(y for _, y in points) < height


def test_a_whole_case_counted(sign_in: SignIn) -> None:
    """From the list to the case sent, the mandate signed with a finger: what it takes."""
    page = sign_in(ALINE, viewport=TABLET, fresh=True)
    counted = Counted(page)
    counted.click(page.get_by_role("link", name="Nouvelle", exact=True))
    for label, choice in (("Thème", "Logement"), ("Ce qui bloque", "Absence de paiement"), ("Démarche", "APL")):
        counted.choose(page.get_by_label(label), choice)
    counted.click(page.get_by_role("button", name="Continuer"))
    heading(page, "La personne")
    counted.click(page.get_by_label("Prénom"))
    counted.type("Lola")
    counted.key("Enter")
    counted.type("Martin")
    counted.click(page.get_by_label("Mme", exact=True))
    counted.click(page.get_by_label("Date de naissance"))
    counted.type("030787")
    counted.click(page.get_by_role("button", name="Continuer"))
    heading(page, "Les organismes")
    expect(page.get_by_label("CAF – Aisne")).to_be_checked()
    counted.click(page.get_by_role("button", name="Continuer"))
    heading(page, "La demande")
    counted.click(page.get_by_label("Objet"))
    counted.type("APL jamais versée")
    counted.key("Enter")
    counted.type("Rien reçu depuis deux mois malgré trois appels. Merci de verser.")
    counted.click(page.get_by_role("button", name="Continuer"))
    heading(page, "Le mandat")
    counted.click(page.get_by_role("button", name="Faire signer sur cet écran"))
    page.wait_for_url("**/signer")
    ready(page)
    code = code_of(page)
    counted.click(page.get_by_role("button", name="Remettre l’écran à la personne"))
    heading(page, "Votre accord")
    counted.sign(page.locator("canvas"))
    counted.click(page.get_by_role("button", name="Je donne mon accord"))
    heading(page, "Votre accord est enregistré.")
    counted.click(page.get_by_role("button", name=WAY_BACK))
    expect(page.get_by_label("Votre code")).to_be_focused()
    for key in (*code, "Enter"):  # no question of the case
        counted.key(key)
    page.wait_for_url("**/demandes/nouvelle?**")
    ready(page)
    counted.click(page.get_by_role("button", name=re.compile("Accepter au nom")))
    heading(page, "Relire")
    counted.click(page.get_by_role("button", name="Transmettre la demande"))
    expect(said(page, "La demande est transmise.")).to_be_visible()
    print(counted.words)
    assert (counted.questions, counted.clicks) <= (10, 25), counted.words
    assert counted.typed < 120, counted.words
