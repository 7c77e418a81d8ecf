"""Writing in a thread: files by every way, ten seconds to cancel, nothing lost and nothing twice."""

from __future__ import annotations

import base64

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect

from app import messages
from app.demo.people import PASSWORD
from tests.app import scenes
from tests.browser import PHONE, SignIn, ready
from tests.journeys.screens import Line, box, press, said, thread, write
from tests.journeys.stage import Stage, stage

__all__ = ["stage"]

pytestmark = pytest.mark.browser

UNDO = "Annuler l’envoi"
SAVED = "Brouillon enregistré"
FOUND = "Texte retrouvé sur cet appareil"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
GIVE = """(place, [name, bytes, kind]) => {
    const data = new DataTransfer();
    const content = Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0));
    data.items.add(new File([content], name, { type: "image/png" }));
    const about = { bubbles: true, cancelable: true };
    if (kind === "paste") place.dispatchEvent(new ClipboardEvent("paste", { ...about, clipboardData: data }));
    else place.dispatchEvent(new DragEvent(kind, { ...about, dataTransfer: data }));
}"""


def give(page: Page, where: str, kind: str, name: str = "image.png") -> None:
    """Paste or drag a picture somewhere in the open case."""
    page.locator(where).first.evaluate(GIVE, [name, base64.b64encode(PNG).decode(), kind])


NOTE = """(log) => {
    window.seen = { files: 0, undo: 0 };
    new MutationObserver(() => {
        window.seen.files = Math.max(window.seen.files, log.querySelectorAll(".file").length);
        if (document.body.innerText.includes("Annuler l’envoi")) window.seen.undo += 1;
    }).observe(document.body, { childList: true, subtree: true });
}"""


def text_file(name: str) -> FilePayload:
    return {"name": name, "mimeType": "text/plain", "buffer": b"Quelques mots."}


def times(page: Page, words: str) -> int:
    """Return how often the thread says this."""
    return thread(page).locator(".message .text").get_by_text(words, exact=True).count()


def test_files_come_by_every_way_and_the_whole_can_be_cancelled(sign_in: SignIn, stage: Stage) -> None:
    case_id = stage.case(subject="Des fichiers de partout")
    bruno, aline = (sign_in(f"{name}@demo.example", f"/demandes/{case_id}") for name in ("bruno", "aline"))
    joined = bruno.get_by_role("list", name="Fichiers à joindre").get_by_role("listitem")
    box(bruno).fill("Voici tout.")
    give(bruno, ".composer textarea", "paste")
    expect(joined.first).to_contain_text("Image collée le")
    give(bruno, ".thread", "dragenter", "photo.jpg")
    expect(bruno.get_by_text("Déposez vos fichiers ici")).to_be_visible()
    give(bruno, ".thread", "drop", "photo.jpg")
    expect(bruno.get_by_text("Déposez vos fichiers ici")).to_have_count(0)
    expect(joined.nth(1)).to_contain_text("enregistré comme « photo.png »")
    picker = bruno.locator(".composer input[type=file]")
    picker.set_input_files([text_file(f"{n}.txt") for n in range(8)] + [text_file("de trop.txt")])
    expect(joined.filter(has_text="joint")).to_have_count(10)
    expect(joined.last).to_contain_text("Un message porte 10 fichiers au plus.")

    thread(aline).evaluate(NOTE)  # she notes by herself: ten seconds are short for many looks
    press(bruno, "Répondre et débloquer")
    expect(thread(aline)).to_contain_text("débloque la demande")
    expect(joined).to_have_count(0)
    box(bruno).fill("Je tapais déjà.")
    bruno.get_by_role("button", name=UNDO).focus()
    bruno.keyboard.press("Enter")
    for page in (bruno, aline):
        expect(thread(page)).to_contain_text("Bruno C. annule l’envoi de son message")
        expect(thread(page)).not_to_contain_text("Voici tout.")
        expect(thread(page)).not_to_contain_text("débloque la demande")
        expect(page.locator(".case-head .states")).to_contain_text("En cours")
    expect(box(bruno)).to_have_value("Voici tout.\n\nJe tapais déjà.")
    expect(joined.filter(has_text="joint")).to_have_count(10)
    expect(bruno.get_by_role("button", name=UNDO)).to_have_count(0)
    expect(bruno.get_by_text(SAVED)).to_be_visible()
    assert aline.evaluate("window.seen") == {"files": 10, "undo": 0}
    for page in (aline, bruno):
        page.reload()
        ready(page)
        expect(thread(page)).to_contain_text("Bruno C. annule l’envoi de son message")
    expect(box(bruno)).to_have_value("Voici tout.\n\nJe tapais déjà.")


def test_a_message_never_leaves_without_a_file_unsaid(sign_in: SignIn, stage: Stage) -> None:
    case_id = stage.case(subject="Un fichier qui monte")
    page = sign_in("bruno@demo.example", f"/demandes/{case_id}")
    waiting: list[Route] = []
    page.route("**/fichiers", lambda route: waiting.append(route))
    box(page).fill("Avec sa pièce.")
    page.locator(".composer input[type=file]").set_input_files([text_file("relevé.txt")])
    expect(page.get_by_role("progressbar", name="Envoi de relevé.txt")).to_be_visible()
    press(page, "Répondre")
    expect(page.get_by_text("Le message partira dès que les fichiers seront joints.")).to_be_visible()
    waiting.pop().abort()
    expect(page.locator(".composer .error")).to_contain_text("votre message n’est pas parti")
    assert times(page, "Avec sa pièce.") == 0
    page.get_by_role("button", name="Réessayer").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    press(page, "Répondre")
    waiting.pop().continue_()
    expect(thread(page).locator(".message").last.locator(".file")).to_contain_text("relevé.txt")
    assert times(page, "Avec sa pièce.") == 1


def test_what_is_typed_while_the_answer_is_on_its_way_stays(sign_in: SignIn, stage: Stage) -> None:
    case_id = stage.case(subject="Une réponse qui tarde")
    page = sign_in("bruno@demo.example", "/compte")
    line = Line(page)
    page.goto(f"/demandes/{case_id}")
    box(page).fill("Ceci part.")
    expect(page.get_by_text(SAVED)).to_be_visible()
    line.hold()
    press(page, "Répondre")
    box(page).press_sequentially(" Ceci reste.")
    line.release("leave")
    expect(box(page)).to_have_value("Ceci reste.")
    expect(thread(page)).to_contain_text("Ceci part.")
    expect(page.get_by_text(SAVED)).to_be_visible()
    elsewhere = sign_in("bruno@demo.example", f"/demandes/{case_id}", viewport=PHONE)
    expect(box(elsewhere)).to_have_value("Ceci reste.")


def test_two_presses_two_ways_two_tabs_send_once(sign_in: SignIn, stage: Stage) -> None:
    case_id = stage.case(subject="Envoyer deux fois")
    one = sign_in("bruno@demo.example", f"/demandes/{case_id}")
    box(one).fill("Une seule fois.")
    expect(one.get_by_text(SAVED)).to_be_visible()
    other = sign_in("bruno@demo.example", f"/demandes/{case_id}")
    expect(box(other)).to_have_value("Une seule fois.")
    one.get_by_role("button", name="Répondre", exact=True).evaluate(
        """button => {
            const area = document.querySelector(".composer textarea");
            area.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", ctrlKey: true, bubbles: true }));
            button.click();
            button.click();
        }"""
    )
    press(other, "Répondre")
    for page in (one, other):
        expect(box(page)).to_have_value("")
        expect(page.locator(".composer .error")).to_have_count(0)
    one.reload()
    expect(thread(one).locator(".message")).to_have_count(2)
    expect(box(one)).to_have_value("")


def test_a_cut_line_says_so_and_sends_once_when_it_is_back(sign_in: SignIn, stage: Stage) -> None:
    case_id = stage.case(subject="Une ligne coupée")
    page = sign_in("bruno@demo.example", "/compte")
    line = Line(page)
    page.goto(f"/demandes/{case_id}")
    ready(page)
    line.cut()
    page.get_by_label("Entre Agents+ seulement").check()
    write(page, "Écrit sous le tunnel.", "Ajouter la note")
    expect(said(page, "Connexion perdue")).to_be_visible()
    line.mend()
    expect(thread(page).locator(".message.note")).to_contain_text("Écrit sous le tunnel.")
    expect(box(page)).to_have_value("")

    line.die()  # nobody knows yet that it is cut
    write(page, "Perdu en chemin.", "Ajouter la note")
    line.cut()
    line.mend()
    expect(thread(page).locator(".message.note")).to_have_count(2)
    expect(box(page)).to_have_value("")
    line.hold()  # it is heard, and the answer is lost
    write(page, "Entendu sans réponse.", "Ajouter la note")
    line.wait_for("leave")
    line.cut()
    line.mend()
    expect(thread(page).locator(".message.note")).to_have_count(3)
    expect(box(page)).to_have_value("")
    expect(page.locator(".composer [aria-busy=true]")).to_have_count(0)
    expect(page.locator(".composer .error")).to_have_count(0)
    page.reload()
    ready(page)
    for words in ("Écrit sous le tunnel.", "Perdu en chemin.", "Entendu sans réponse."):
        assert times(page, words) == 1, words


def test_what_the_server_has_not_saved_outlives_the_page_and_the_session(sign_in: SignIn, stage: Stage) -> None:
    case_id = stage.case(subject="Une tablette qui s’endort")
    page = sign_in("marc@demo.example", "/compte", fresh=True)
    line = Line(page)
    page.goto(f"/demandes/{case_id}")
    ready(page)
    box(page).fill("Enregistré,")
    expect(page.get_by_text(SAVED)).to_be_visible()
    line.die()
    box(page).press_sequentially(" et plus.")
    line.cut()
    line.mend()
    expect(page.get_by_text(FOUND)).to_have_count(0)  # the page was never away
    line.die()
    box(page).press_sequentially(" Et la fin.")
    page.context.clear_cookies()
    line.revive()
    page.goto(f"/demandes/{case_id}")
    enter(page, "marc")
    expect(box(page)).to_have_value("Enregistré, et plus. Et la fin.")
    expect(page.get_by_text(FOUND)).to_be_visible()
    expect(page.get_by_text(SAVED)).to_be_visible()
    expect_kept(page, 0)
    with scenes.see(stage.cast, "marc") as work:
        typed = messages.typed(work, case_id)
    assert typed is not None
    assert typed.text == "Enregistré, et plus. Et la fin."


def test_nothing_typed_is_left_to_the_next_person(sign_in: SignIn, stage: Stage) -> None:
    case_id = stage.case(subject="Une tablette partagée")
    page = sign_in("marc@demo.example", "/compte", fresh=True)
    line = Line(page)
    for leaves in ("session", "sign-out"):
        page.goto(f"/demandes/{case_id}")
        ready(page)
        line.die()
        box(page).fill("Ceci est à Marc.")
        expect_kept(page, 1)
        line.revive()
        if leaves == "session":
            page.context.clear_cookies()
            page.goto(f"/demandes/{case_id}")
            enter(page, "bruno")
        else:
            page.goto("/compte")
            press(page, "Se déconnecter")
            page.wait_for_url("**/connexion")
        expect_kept(page, 0)


def expect_kept(page: Page, count: int) -> None:
    """Wait until the tab keeps so many texts."""
    page.wait_for_function(
        "n => Object.keys(sessionStorage).filter((name) => name.startsWith('aplus:')).length === n", arg=count
    )


def enter(page: Page, name: str) -> None:
    """Sign in by the form that stands in the way."""
    page.get_by_label("Adresse e-mail").fill(f"{name}@demo.example")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    press(page, "Se connecter")
    page.wait_for_url(lambda url: "/connexion" not in url)
    ready(page)
