"""Everybody can use it: axe-core on each screen, names and headings, keyboard alone, no sideways scrolling."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from models.base import new_id
from tests.app import scenes
from tests.app.scenes import CAF, CPAM
from tests.browser import DESKTOP, PHONE, TABLET, SignIn, axe
from tests.journeys.handing import ask_back, hand_over
from tests.journeys.screens import NARROW, beside, box, follow, organization, press, resize, thread
from tests.journeys.stage import Stage, stage

__all__ = ["stage"]

pytestmark = pytest.mark.browser

SUBJECT = f"Un accès pour tous {new_id()}"
# What scrolls sideways but for the views, which stand in one line on small screens.
SIDEWAYS = """() => [document.documentElement, ...document.querySelectorAll("body *")]
    .filter(one => one.scrollWidth > one.clientWidth + 1 && !one.closest(".views"))
    .filter(one => one === document.documentElement || /auto|scroll/.test(getComputedStyle(one).overflowX))
    .map(one => `${one.tagName}.${one.className} holds ${one.scrollWidth} px in ${one.clientWidth}`)"""
_SMALL = """() => [...document.querySelectorAll(".button, .case-row, .views a, .rail a, select, textarea")]
    .filter(one => one.checkVisibility({ visibilityProperty: true }))
    .map(one => [one, one.getBoundingClientRect()])
    .filter(([one, box]) => box.width > 1 && box.height < 44)
    .map(([one, box]) => `${one.className} «${one.textContent.trim().slice(0, 30)}»: ${box.height} px`)"""


class Staged(NamedTuple):
    """What the screens show: an open case, a draft with faults, one ready to be sent, a mandate to sign."""

    open: UUID
    draft: UUID
    ready: UUID
    presented: UUID


@pytest.fixture
def staged(stage: Stage) -> Staged:
    """Make one of each."""
    now = datetime.now(UTC)
    open_ = stage.case(CAF, CPAM, also=("msa",), subject=SUBJECT)
    scenes.note(stage.cast, "bruno", open_, at=now)
    scenes.ask(stage.cast, "bruno", open_, at=now)
    draft = scenes.draft(stage.cast, at=now, subject="x", born_on="hier")
    ready, other = (scenes.draft(stage.cast, (CAF, CPAM), at=now) for _ in range(2))
    scenes.mandate(stage.cast, ready, at=now)
    return Staged(open_, draft, ready, scenes.present(stage.cast, other, at=now))


class Look:
    """What is wrong with the screens that were looked at, a sentence each."""

    def __init__(self) -> None:
        self.wrong: list[str] = []

    def at(self, page: Page, title: str, *, widths: bool = True) -> None:
        """Look at a screen: axe-core, its title and heading, then its width and its targets."""
        expect(page).to_have_title(re.compile(re.escape(title)))
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
        found = axe(page)
        headings = page.locator("h1:visible").count()
        found += [f"{headings} h1"] * (headings != 1)
        found += ["not in French"] * (page.locator("html").get_attribute("lang") != "fr")
        if widths:
            resize(page, TABLET)
            found += page.evaluate(_SMALL)
            for size in (PHONE, NARROW):
                resize(page, size)
                found += [f"at {size['width']} px: {one}" for one in page.evaluate(SIDEWAYS)]
            resize(page, DESKTOP)
        self.wrong += [f"{title}, {page.url.split('/', 3)[3][:60]}: {one}" for one in found]


@pytest.fixture
def look() -> Iterator[Look]:
    """Give what looks at screens, and at the end say all that is wrong with them."""
    looking = Look()
    yield looking
    assert not looking.wrong, "\n".join(["", *looking.wrong])


def test_before_signing_in(sign_in: SignIn, look: Look) -> None:
    page = sign_in.anonymous()
    page.goto("/connexion")
    look.at(page, "Se connecter – Administration+")
    press(page, "Se connecter")
    look.at(page, "Se connecter")
    page.goto("/statique/rien")
    look.at(page, "Page introuvable")


def test_the_screens_of_an_aidant(sign_in: SignIn, staged: Staged, look: Look) -> None:
    page = sign_in("aline@demo.example")
    look.at(page, "Demandes – Administration+")
    page.goto(f"/demandes/{staged.open}")
    look.at(page, SUBJECT)
    for gesture, title in (
        ("Clôturer", "Clôturer la demande"),
        ("Associer un organisme ou un Agent+", "Associer à la demande"),
    ):
        page.get_by_role("button", name=gesture, exact=True).click()
        press(page.get_by_role("dialog"), title)
        expect(page.get_by_role("dialog").locator(".field.wrong").first).to_be_visible()
        look.at(page, SUBJECT)
        press(page.get_by_role("dialog"), "Annuler")
        expect(page.get_by_role("dialog")).to_have_count(0)
    follow(page.get_by_role("link", name="Voir le mandat"))
    look.at(page, "Mandat")
    page.goto("/compte")
    look.at(page, "Mon compte")
    page.goto("/reponses")
    press(page, "Ajouter une réponse prête")
    page.get_by_label("Texte").press_sequentially("{")
    expect(page.get_by_role("listbox", name="Variables")).to_be_visible()
    look.at(page, "Réponses prêtes")
    page.goto(f"/demandes/{new_id()}")
    look.at(page, "Page introuvable")


def test_the_screens_of_an_administrator(sign_in: SignIn, staged: Staged, look: Look) -> None:
    page = sign_in("denis@demo.example")
    for place, title in (
        ("", "Administration"),
        ("/qualification", "Qualification"),
        ("/qualification/themes/logement", "Organismes proposés"),
        ("/groupes", "Groupes"),
        ("/organismes", "Organismes"),
    ):
        page.goto(f"/administration{place}")
        look.at(page, title)
    page.get_by_role("button", name="Demander le NIR CPAM", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    look.at(page, "Organismes")


def test_a_new_case(sign_in: SignIn, staged: Staged, look: Look) -> None:
    page = sign_in("aline@demo.example", "/demandes/nouvelle")
    look.at(page, "Nouvelle demande")
    press(page, "Continuer")
    expect(page.locator(".field.wrong")).to_have_count(3)
    look.at(page, "Nouvelle demande")
    for step in (2, 3, 4, 5):
        page.goto(f"/demandes/nouvelle?brouillon={staged.draft}&etape={step}")
        if step in (2, 4):
            press(page, "Continuer")
            expect(page.locator(".field.wrong").first).to_be_visible()
        look.at(page, "Nouvelle demande")
    for step in (5, 6):
        page.goto(f"/demandes/nouvelle?brouillon={staged.ready}&etape={step}")
        expect(page.get_by_text("En vigueur", exact=True)).to_be_visible()
        look.at(page, "Nouvelle demande")


def test_the_tablet_in_the_usagers_hands(sign_in: SignIn, staged: Staged, look: Look) -> None:
    """To the end without drawing: the name is typed, before the aidant."""
    page = sign_in("aline@demo.example", f"/mandats/{staged.presented}/signer", fresh=True)
    look.at(page, "Votre accord")
    code = hand_over(page)
    ask_back(page, "0000" if code != "0000" else "1111")
    expect(page.locator(".field.wrong")).to_be_visible()
    look.at(page, "Votre accord", widths=False)
    press(page.get_by_role("dialog"), "Rester sur cette page")
    page.get_by_role("button", name="العربية").click()
    expect(page.locator("section[dir=rtl]")).to_be_visible()
    look.at(page, "Votre accord")
    page.get_by_role("button", name="Français").click()
    press(page, "Agrandir le texte")
    press(page, "Je donne mon accord")
    expect(page.get_by_role("alert")).to_be_visible()
    look.at(page, "Votre accord")
    press(page, "Je ne peux pas signer")
    expect(page.get_by_label("Écrivez votre prénom et votre nom")).to_be_visible()
    press(page, "Je donne mon accord")
    expect(page.locator(".field.wrong")).to_be_visible()
    look.at(page, "Votre accord")
    page.get_by_label("Écrivez votre prénom et votre nom").fill("Samira Kaddour")
    press(page, "Je donne mon accord")
    expect(page.get_by_role("heading", name="Votre accord est enregistré.")).to_be_visible()
    look.at(page, "Votre accord")
    page.reload()
    expect(page.get_by_text("Il n’y a plus rien à signer.")).to_be_visible()
    look.at(page, "Votre accord")


def test_the_screens_of_an_agent(sign_in: SignIn, staged: Staged, look: Look) -> None:
    page = sign_in("bruno@demo.example")
    look.at(page, "Demandes – Administration+")
    page.goto(f"/demandes/{staged.open}")
    expect(thread(page).locator(".message.note")).to_be_visible()
    look.at(page, SUBJECT)
    press(organization(page, CAF), "Mon organisme n’est pas compétent")
    look.at(page, SUBJECT)
    press(page.get_by_role("dialog"), "Annuler")
    resize(page, TABLET)
    beside(page)
    look.at(page, SUBJECT, widths=False)
    page.goto(f"/demandes/{staged.open}/imprimer?notes=oui")
    expect(page.get_by_role("button", name="Imprimer")).to_be_visible()
    look.at(page, SUBJECT)


def test_who_sees_no_case_is_told_why(sign_in: SignIn, look: Look) -> None:
    page = sign_in("colette@demo.example")
    expect(page.get_by_text("Votre rôle ne donne pas accès aux demandes")).to_be_visible()
    look.at(page, "Demandes – Administration+")


def test_the_keyboard_is_enough(sign_in: SignIn, staged: Staged) -> None:
    """From the skip link to the list, into a case, to its composer, and a message is sent."""
    page = sign_in("bruno@demo.example", "/demandes?vue=toutes")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#contenu")).to_be_focused()
    expect(page.locator(".rail [aria-current=page]")).to_have_text("Demandes")
    tab_until(page, "document.activeElement.matches('.case-row')")
    expect(page.locator(":focus")).to_contain_text(SUBJECT)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name=SUBJECT)).to_be_focused()
    tab_until(page, "document.activeElement.matches('.composer textarea')")
    page.keyboard.type("Au clavier seulement.")
    page.keyboard.press("Control+Enter")
    expect(thread(page)).to_contain_text("Au clavier seulement.")
    expect(box(page)).to_be_focused()


def tab_until(page: Page, condition: str) -> None:
    """Press Tab until this has the focus; more than thirty times is too many."""
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate(condition):
            return
    pytest.fail(f"not reached by Tab: {condition}")
