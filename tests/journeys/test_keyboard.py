"""Without a mouse: the day of an agent and of an aidant by keys alone; keys keep quiet while one types."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, TimeoutError, expect

from models.base import new_id
from tests.app.scenes import CAF
from tests.browser import PHONE, TABLET, SignIn
from tests.journeys.screens import box, press, row, thread
from tests.journeys.stage import Stage, stage

__all__ = ["stage"]

pytestmark = pytest.mark.browser

# The focus is seen when what has it, or the label that stands for it, has an outline; a heading is only read.
_SEEN = """() => {
    const one = document.activeElement;
    if (one === document.body) return "nothing";
    if (one.matches("h1, h2, [tabindex='-1']")) return "";
    const drawn = one.matches("[type=file]") ? document.querySelector(`label[for="${one.id}"]`) : one;
    const { outlineStyle, outlineWidth } = getComputedStyle(drawn);
    const isSeen = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
    return isSeen ? "" : `no outline on ${one.outerHTML.slice(0, 120)}`;
}"""


def keys(page: Page, *pressed: str) -> None:
    """Press keys one after the other; the focus must then be seen."""
    for key in pressed:
        page.keyboard.press(key)
    seen(page)


def seen(page: Page) -> None:
    """Wait until something has the focus, and shows it."""
    try:
        page.wait_for_function(f"({_SEEN})() === ''", timeout=5_000)
    except TimeoutError:
        pytest.fail(page.evaluate(_SEEN))


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until this has the focus, seen at each stop; a list of rows may stand between."""
    wanted = target.element_handle()
    for _ in range(120):
        page.keyboard.press("Tab")
        assert page.evaluate(_SEEN) in ("", "nothing")  # from the last control the browser itself comes next
        if page.evaluate("one => document.activeElement === one", wanted):
            return
    pytest.fail(f"not reached by Tab: {target}")


def button(page: Page, words: str) -> Locator:
    return page.get_by_role("button", name=words, exact=True)


def shortcuts(page: Page, *, on: bool) -> None:
    """Wait until single keys act, or not."""
    expect(page.locator("html")).to_have_class(re.compile("has-keys") if on else re.compile("^(?!.*has-keys)"))


def test_an_agent_answers(sign_in: SignIn, stage: Stage, tmp_path: Path) -> None:
    subject = f"Sans souris {new_id()}"
    for number in (1, 2):
        stage.case(CAF, subject=f"{subject} {number}")
    page = sign_in.anonymous()
    page.goto("/connexion")
    expect(page.get_by_label("Adresse e-mail")).to_be_focused()
    page.keyboard.type("bruno@demo.example")
    keys(page, "Tab")
    page.keyboard.type("demonstration")
    page.keyboard.press("Enter")
    page.wait_for_url("**/demandes?vue=a-faire")  # an agent begins with what waits for a gesture
    page.wait_for_function("window.did_handshake === true")
    shortcuts(page, on=True)

    keys(page, "/")
    page.keyboard.type(subject)
    expect(page.get_by_text(f"2 demandes contiennent «\u00a0{subject}\u00a0»")).to_be_visible()
    expect(page.locator(".case-row mark").first).to_have_text("Sans")
    page.keyboard.type("zzz")
    expect(page.locator(".list-empty")).to_contain_text(f"ne contient «\u00a0{subject}zzz\u00a0».")
    expect(page.get_by_role("button", name="Dans « À faire par moi » seulement")).to_be_visible()
    assert page.url.endswith("/demandes?vue=a-faire")  # people type names: they are in no address
    keys(page, "Escape")
    expect(page.locator(".case-row").first).to_be_visible()
    keys(page, "Escape")
    expect(page.locator(".case-row").first).to_be_focused()
    keys(page, "j", "j", "k", "ArrowDown", "k")
    expect(row(page, f"{subject} 1")).to_be_focused()
    assert page.url.endswith("/demandes?vue=a-faire")  # moving opens nothing
    keys(page, "Enter")
    expect(page.get_by_role("heading", level=1, name=f"{subject} 1")).to_be_focused()
    keys(page, "t")
    expect(thread(page)).to_contain_text("prend en charge")
    expect(page.get_by_role("region", name="Fil")).to_be_focused()  # the button is gone, the focus is not

    keys(page, "r")
    page.keyboard.type("jenr/?")
    expect(box(page)).to_have_value("jenr/?")
    expect(box(page)).to_be_focused()
    picker = page.locator(".composer input[type=file]")
    tab_to(page, picker)
    proof = tmp_path / "preuve.txt"
    proof.write_text("Attestation")
    page.locator(":focus").set_input_files(proof)
    expect(page.locator(".composer")).to_contain_text("joint")
    tab_to(page, button(page, "Répondre"))
    keys(page, "Enter")
    expect(thread(page)).to_contain_text("jenr/?")
    expect(thread(page).get_by_role("link", name="preuve.txt")).to_be_visible()
    expect(box(page)).to_be_focused()
    for words, gestures, event in (
        ("Quel est le numéro ?", ("Autres gestes", "Demander une précision"), "demande une précision"),
        ("C’est payé.", ("Répondre et débloquer",), "débloque"),
    ):
        page.keyboard.type(words)
        for gesture in gestures:
            tab_to(page, button(page, gesture))
            keys(page, "Enter")
        expect(thread(page)).to_contain_text(words)
        expect(thread(page)).to_contain_text(event)
    expect(row(page, f"{subject} 1")).to_have_count(0)  # nothing waits there any more
    keys(page, "Escape")
    expect(row(page, f"{subject} 2")).to_be_focused()  # one goes on with the queue


def test_an_aidant_raises_and_closes(sign_in: SignIn, stage: Stage) -> None:
    case_id = stage.case(CAF, subject=f"À clore {new_id()}")
    page = sign_in("aline@demo.example", f"/demandes/{case_id}")
    shortcuts(page, on=True)
    tab_to(page, button(page, "Ajouter un numéro"))
    page.keyboard.press("Enter")
    expect(page.get_by_label("Numéro d’allocataire CAF")).to_be_focused()
    page.keyboard.type("12")
    page.keyboard.press("Enter")  # in a field of one line, as in any form
    expect(page.get_by_text("Un numéro d’allocataire a 7 chiffres.")).to_be_visible()
    page.keyboard.type("34567")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1234567")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("e")
    dialog = page.get_by_role("dialog", name="Clôturer la demande")
    expect(dialog.get_by_role("radio").first).to_be_focused()
    keys(page, "j", "?", "n", "Escape")  # over a dialog no key acts but its own
    expect(dialog).to_have_count(0)
    expect(button(page, "Clôturer")).to_be_focused()
    keys(page, "e")
    expect(dialog.get_by_role("radio").first).to_be_focused()
    keys(page, "Space", "Tab", "Space")
    tab_to(page, dialog.get_by_role("button", name="Clôturer la demande"))
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(page.get_by_text("Cette demande est clôturée.")).to_be_visible()
    seen(page)  # its button is gone with the dialog, the focus is not

    keys(page, "n")
    expect(page.get_by_role("heading", level=1, name="Nouvelle demande")).to_be_focused()
    raise_a_case(page)
    keys(page, "g", "d")
    expect(page.get_by_role("heading", level=1, name="Demandes")).to_be_focused()
    keys(page, "g", "c")
    expect(page.get_by_role("heading", level=1, name="Mon compte")).to_be_focused()


def raise_a_case(page: Page) -> None:
    """Fill in a new case as far as the mandate."""
    for label, typed in (("Thème", "Log"), ("Ce qui bloque", "Absence de p"), ("Démarche concernée", "APL")):
        tab_to(page, page.get_by_label(label))
        page.keyboard.type(typed)
    tab_to(page, page.get_by_label("Non", exact=True))
    keys(page, "Space")
    go_on(page, "La personne")
    for label, typed in (("Prénom", "Jeanne"), ("Nom", "Ferrand")):
        tab_to(page, page.get_by_label(label, exact=True))
        page.keyboard.type(typed)
    tab_to(page, page.get_by_label("Mme", exact=True))
    keys(page, "Space")
    for label, typed in (("Date de naissance", "3/7/87"), ("Commune", "Guise"), ("Département", "02")):
        tab_to(page, page.get_by_label(label, exact=True))
        page.keyboard.type(typed)
    go_on(page, "Les organismes")
    choice = page.get_by_label("CAF – Aisne")
    tab_to(page, choice)
    if not choice.is_checked():
        keys(page, "Space")
    go_on(page, "La demande")
    for label, typed in (
        ("Objet", "APL jamais versée"),
        ("Explication", "Aucun versement depuis mai, deux appels."),
    ):
        tab_to(page, page.get_by_label(label))
        page.keyboard.type(typed)
    go_on(page, "Le mandat")


def go_on(page: Page, step: str) -> None:
    tab_to(page, button(page, "Continuer"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=step, exact=True)).to_be_focused()


def test_a_sheet_lives_and_gives_the_focus_back(sign_in: SignIn, stage: Stage) -> None:
    case_id = stage.case(CAF, subject=f"En volet {new_id()}")
    page = sign_in("bruno@demo.example", f"/demandes/{case_id}", viewport=TABLET)
    opener = page.locator("[data-sheet=organismes]")
    tab_to(page, opener)
    keys(page, "Enter")
    sheet = page.get_by_role("dialog", name="Informations")
    expect(sheet.get_by_role("heading", name="Organismes")).to_be_focused()
    keys(page, "j", "r", "/")
    expect(sheet.get_by_role("heading", name="Organismes")).to_be_focused()
    press(sign_in("marc@demo.example", f"/demandes/{case_id}"), "Je prends en charge")
    expect(sheet).to_contain_text("Marc D")
    keys(page, "Escape")
    expect(opener).to_contain_text("En cours")
    expect(opener).to_be_focused()
    keys(page, "Enter")
    page.go_back()
    expect(sheet).to_have_count(0)


def test_the_keys_are_listed_and_can_be_switched_off_everywhere(sign_in: SignIn) -> None:
    page, other = (sign_in("marc@demo.example", fresh=True) for _ in range(2))
    shortcuts(page, on=True)
    expect(page.get_by_text("pour les raccourcis clavier")).to_be_visible()
    keys(page, "?")
    expect(page.get_by_role("dialog", name="Raccourcis clavier")).to_contain_text(
        "Demande suivante, précédente"
    )
    keys(page, "Tab", "Space")
    for one in (page, other):
        shortcuts(one, on=False)
    page.keyboard.press("Escape")
    for key in ("j", "/", "?", "g", "c"):
        page.keyboard.press(key)
        other.keyboard.press(key)
    for one in (page, other):
        assert one.evaluate("document.activeElement === document.body || document.activeElement.matches('h1')")
        assert one.url.endswith("/demandes?vue=a-faire")
        expect(one.locator("[aria-keyshortcuts]")).to_have_count(0)
    other.goto("/compte")
    other.wait_for_function("window.did_handshake === true")
    choice = other.get_by_label("Utiliser les raccourcis clavier")
    expect(choice).not_to_be_checked()
    tab_to(other, choice)
    keys(other, "Space")
    shortcuts(page, on=True)
    keys(page, "j")
    expect(page.locator(".case-row").first).to_be_focused()
    tab_to(other, other.get_by_label("Comme mon appareil"))
    keys(other, "ArrowUp")
    for one in (page, other):
        expect(one.locator("html")).to_have_attribute("data-appearance", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-appearance", "dark")
    keys(other, "ArrowDown")
    expect(page.locator("html")).to_have_attribute("data-appearance", "auto")


def test_going_back_finds_the_row_again_on_a_phone(sign_in: SignIn, stage: Stage) -> None:
    page = sign_in("bruno@demo.example", "/demandes?vue=toutes", viewport=PHONE)
    rows = page.locator(".case-row")
    keys(page, *"jjjjjjjjj")
    expect(rows.nth(8)).to_be_focused()
    top = page.evaluate("document.querySelector('.rows').scrollTop")
    assert top > 0
    keys(page, "Enter")
    expect(page.locator(".case h1")).to_be_focused()
    keys(page, "Escape")
    expect(rows.nth(8)).to_be_focused()
    assert page.evaluate("document.querySelector('.rows').scrollTop") == top
    keys(page, "Enter")
    expect(page.locator(".case h1")).to_be_focused()
    page.go_back()
    expect(rows.nth(8)).to_be_focused()
