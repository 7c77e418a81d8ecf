"""What goes wrong: a hurried finger, a stale page, a right that is lost."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from app import people
from models.base import new_id
from models.enums import Side
from pages.shell.late import TOO_LATE
from tests.app import scenes
from tests.app.scenes import CAF, CARSAT, CPAM
from tests.browser import SignIn, serve
from tests.conftest import Engines
from tests.engines import VAULT
from tests.journeys.screens import Line, beside, box, press, row, said, thread, write
from tests.journeys.stage import Stage, behind, stage
from tests.pages.guarded_server import eventually

__all__ = ["stage"]

pytestmark = pytest.mark.browser

GONE = "Cette page n’existe pas, ou vous n’y avez pas accès."
SECRET = "a secret of the tests, of 32 bytes and more"


def at_once(*buttons: Locator) -> None:
    """Press buttons of several pages at the same instant."""
    at = time.time() * 1000 + 500
    for button in buttons:
        button.evaluate("(button, at) => { setTimeout(() => button.click(), at - Date.now()) }", at)


def test_a_double_press_sends_once(sign_in: SignIn, stage: Stage) -> None:
    now, subject = datetime.now(UTC), f"Deux pressions {new_id()}"
    draft_id = scenes.draft(stage.cast, at=now, subject=subject, last_name="Pressé")
    scenes.mandate(stage.cast, draft_id, at=now)
    page = sign_in("aline@demo.example", f"/demandes/nouvelle?brouillon={draft_id}&etape=6")
    page.get_by_role("button", name="Transmettre la demande").evaluate(
        "button => { button.click(); button.click() }"
    )
    page.wait_for_url(f"**/demandes/{draft_id}")
    expect(thread(page).locator(".event")).to_have_count(1)
    expect(row(page, subject)).to_have_count(1)

    box(page).fill("Une seule fois.")
    page.get_by_role("button", name="Envoyer", exact=True).dblclick()
    expect(box(page)).to_have_value("")
    box(page).fill("Et une autre.")
    for _ in range(3):
        box(page).press("Control+Enter")
    expect(thread(page)).to_contain_text("Et une autre.")
    expect(box(page)).to_have_value("")
    page.reload()
    expect(thread(page).locator(".message")).to_have_count(3)
    expect(page.locator(".composer .error")).to_have_count(0)


def test_files_that_are_refused_say_why(sign_in: SignIn, stage: Stage, tmp_path: Path) -> None:
    page = sign_in("bruno@demo.example", f"/demandes/{stage.case(subject='Des fichiers refusés')}")
    box(page).fill("Ce que je tape reste.")
    picker, list_ = page.locator(".composer input[type=file]"), page.locator(".composer .upload")
    heavy, program = tmp_path / "lourd.pdf", tmp_path / "facture.pdf"
    heavy.write_bytes(b"%PDF-1.7\n" + bytes(20 * 1024 * 1024))
    program.write_bytes(b"MZ\x90\x00" + bytes(2000))
    picker.set_input_files(heavy)
    expect(list_).to_contain_text("Ce fichier dépasse 15 Mo. Joignez un fichier plus léger.")
    picker.set_input_files(program)
    expect(list_).to_contain_text("Ce fichier n’est pas d’un type accepté.")
    expect(box(page)).to_have_value("Ce que je tape reste.")
    press(page, "Répondre")
    expect(thread(page)).to_contain_text("Ce que je tape reste.")
    expect(thread(page).locator(".file")).to_have_count(0)


def test_two_agents_take_the_same_case_at_the_same_moment(sign_in: SignIn, stage: Stage) -> None:
    case_id = stage.case(subject="Deux agents à la fois")
    pages = [sign_in(f"{name}@demo.example", f"/demandes/{case_id}") for name in ("bruno", "marc")]
    for page in pages:
        expect(beside(page).get_by_label("Ont lu")).to_contain_text("Marc")
        expect(beside(page).get_by_label("Ont lu")).to_contain_text("Bruno")
    at_once(*(page.get_by_role("button", name="Je prends en charge") for page in pages))
    for page in pages:
        expect(thread(page).locator(".event", has_text="prend en charge")).to_have_count(1)
    refused = [said(page, "vient de prendre cette demande en charge. Rien n’a été changé.") for page in pages]
    eventually(lambda: sum(one.count() for one in refused), 1)


def test_a_stale_page_is_answered_in_words(sign_in: SignIn, stage: Stage) -> None:
    """Its line is held: it still shows an open case when it answers."""
    case_id = stage.case(subject="Une page en retard")
    bruno = sign_in("bruno@demo.example", "/compte")
    line = Line(bruno)
    bruno.goto(f"/demandes/{case_id}")
    box(bruno).fill("Ce que j’écris n’est pas perdu.")
    expect(bruno.get_by_text("Brouillon enregistré")).to_be_visible()
    line.hold()
    scenes.close(stage.cast, case_id, at=datetime.now(UTC))
    press(bruno, "Répondre")
    line.release("aplusSay")
    # Whether the press or what closed it comes first to the server's copy of the page: both are answered.
    refused = said(bruno, "Cette demande a été clôturée entre-temps").or_(said(bruno, TOO_LATE))
    expect(refused).to_be_visible()
    aline = sign_in("aline@demo.example", f"/demandes/{case_id}")
    expect(thread(aline)).not_to_contain_text("Ce que j’écris n’est pas perdu.")
    press(aline, "Rouvrir la demande")
    aline.get_by_label("Pourquoi la rouvrir ?").fill("Le problème revient.")
    press(aline.get_by_role("dialog"), "Rouvrir la demande")
    expect(thread(bruno)).to_contain_text("rouvre la demande")
    expect(box(bruno)).to_have_value("Ce que j’écris n’est pas perdu.")
    press(bruno, "Répondre")
    expect(thread(aline)).to_contain_text("Ce que j’écris n’est pas perdu.")


def test_a_lost_right_is_lost_at_the_next_press(sign_in: SignIn, stage: Stage) -> None:
    case_id = stage.case(CARSAT, subject="Un agent s’en va", theme="retraite")
    scenes.join(stage.cast, "pascal", CARSAT, Side.AGENT)  # where he has nothing to hand over
    page = sign_in("pascal@demo.example", f"/demandes/{case_id}")
    box(page).fill("Je ne suis déjà plus là.")
    expect(page.get_by_text("Brouillon enregistré")).to_be_visible()
    remove(stage, "pascal", CARSAT)
    press(page, "Répondre")
    expect(said(page, GONE)).to_be_visible()
    expect(box(page)).to_have_value("Je ne suis déjà plus là.")
    answer = page.goto(f"/demandes/{case_id}")
    assert answer is not None
    assert answer.status == 404


@pytest.mark.postgres
def test_a_lost_right_empties_the_open_page(browser: Browser, engines: Engines, tmp_path: Path) -> None:
    """Another process takes it away: PostgreSQL tells this one."""
    engine = engines.get("postgres")
    url = engine.create()
    with serve(tmp_path, database_url=url, secret_key=SECRET) as server, behind(url, VAULT) as stage:
        opened = SignIn(browser, server)
        case_id = stage.case(subject="Un agent s’en va")
        scenes.join(stage.cast, "bruno", CPAM, Side.AGENT)
        page = opened("bruno@demo.example", f"/demandes/{case_id}")
        stage.say("aline", case_id, "Vous êtes encore là ?")
        expect(thread(page)).to_contain_text("Vous êtes encore là ?")
        remove(stage, "bruno", CAF)
        expect(page.get_by_text(GONE)).to_be_visible()
        expect(page.get_by_text("Vous êtes encore là ?")).to_have_count(0)
        opened.close()
    engine.drop(url)


def remove(stage: Stage, who: str, group: str) -> None:
    """Take somebody out of a group, as an administrator does."""
    with scenes.act(stage.cast, "denis", datetime.now(UTC)) as work:
        people.remove_member(work, getattr(stage.cast, who), stage.cast.groups[group])


def test_not_yours_and_unknown_are_one_page(sign_in: SignIn, stage: Stage) -> None:
    theirs = stage.case(CPAM, subject="Pas pour la CAF")
    draft_id = scenes.draft(stage.cast, at=datetime.now(UTC))
    page = sign_in("bruno@demo.example")
    addresses = [
        f"/demandes/{theirs}", f"/demandes/{draft_id}", f"/demandes/{new_id()}", "/demandes/nimporte",
        f"/demandes/nouvelle?brouillon={draft_id}", f"/mandats/{new_id()}", f"/mandats/{new_id()}/signer",
    ]  # fmt: skip
    answers = {address: page.request.get(address) for address in addresses}
    assert {answer.status for answer in answers.values()} == {404}
    assert len({answer.text() for answer in answers.values()}) == 1
    for address in addresses[:-1]:
        visit(page, address)
        expect(page.get_by_role("heading", level=1, name="Page introuvable")).to_be_focused()
        expect(page.get_by_text(GONE)).to_have_count(1)
        expect(page).to_have_title("Page introuvable – Administration+")
        visit(page, "/demandes")
        expect(page.get_by_role("heading", level=1, name="Demandes")).to_be_focused()


def visit(page: Page, address: str) -> None:
    """Follow a link without loading the page."""
    page.evaluate(
        """href => {
            const link = Object.assign(document.createElement("a"), { href });
            document.body.append(link);
            link.click();
            link.remove();
        }""",
        address,
    )


def test_what_is_read_and_typed_stays_where_it_is(sign_in: SignIn, stage: Stage) -> None:
    case_id: UUID = stage.case(subject="Une longue conversation")
    stage.say("aline", case_id, *(f"Message {n}.\n\nAvec plusieurs lignes.\n\nEt une fin." for n in range(12)))
    bruno = sign_in("bruno@demo.example", f"/demandes/{case_id}")
    marc, aline = (sign_in(f"{name}@demo.example", f"/demandes/{case_id}") for name in ("marc", "aline"))
    place = bruno.get_by_role("region", name="Fil")
    expect(thread(bruno).locator(".message").first).to_be_in_viewport()  # nothing was read yet
    place.evaluate("place => { place.scrollTop = 40 }")
    box(bruno).fill("Je réponds bientôt.")
    box(bruno).evaluate("area => area.setSelectionRange(3, 3)")

    write(aline, "Une dernière précision.", "Envoyer")
    pill = bruno.get_by_role("button", name="1 nouveau message")
    expect(pill).to_be_visible()
    assert place.evaluate("place => place.scrollTop") == 40
    write(marc, "C’est réglé.", "Répondre et débloquer")
    expect(bruno.get_by_role("button", name="Autres gestes")).to_have_count(0)
    expect(bruno.get_by_role("button", name="nouveaux messages")).to_be_visible()
    assert place.evaluate("place => place.scrollTop") == 40
    expect(box(bruno)).to_be_focused()
    expect(box(bruno)).to_have_value("Je réponds bientôt.")
    assert box(bruno).evaluate("area => area.selectionStart") == 3

    bruno.get_by_role("button", name="nouveaux messages").click()
    expect(thread(bruno)).to_contain_text("C’est réglé.")
    expect(thread(bruno).locator(".event").last).to_be_in_viewport()
    expect(bruno.locator(".pill")).to_have_count(0)
