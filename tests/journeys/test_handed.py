"""The screen in the person's hands: nothing leads out of it but a code or a password; in their own language."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import UUID

import pytest
from playwright.sync_api import expect

from app.demo.people import PASSWORD
from tests.app import scenes
from tests.browser import TABLET, SignIn, ready
from tests.journeys.handing import ask_back, hand_over, take_back
from tests.journeys.screens import press, touch, wave
from tests.journeys.stage import Stage, stage

__all__ = ["stage"]

pytestmark = pytest.mark.browser

ALINE = "aline@demo.example"
# What is asked of the browser's speech is noted; whether it has a voice is the machine's affair.
_SPY = """
window.asked = [];
const speak = speechSynthesis.speak.bind(speechSynthesis);
speechSynthesis.speak = (said) => { window.asked.push([said.lang, said.text]); speak(said); };
"""


def presented(stage: Stage) -> tuple[UUID, UUID]:
    """A draft, and its mandate that waits for an answer."""
    now = datetime.now(UTC)
    draft = scenes.draft(stage.cast, at=now)
    return draft, scenes.present(stage.cast, draft, at=now)


def wrong(code: str) -> str:
    """Another code."""
    return "0000" if code != "0000" else "1111"


def test_every_tab_and_address_leads_back_to_the_person_s_page(sign_in: SignIn, stage: Stage) -> None:
    draft, mandate = presented(stage)
    page = sign_in(ALINE, f"/mandats/{mandate}", viewport=TABLET, fresh=True)
    other = page.context.new_page()
    other.goto("/demandes")
    ready(other)
    elsewhere = sign_in(ALINE, "/demandes", fresh=True)
    press(page, "Faire signer sur cet écran")
    page.wait_for_url("**/signer")
    ready(page)
    place = page.url
    code = hand_over(page)
    other.wait_for_url(place)  # live, without being touched
    ready(other)
    expect(other.get_by_role("button", name="Je donne mon accord")).to_be_visible()
    expect(other.get_by_text(code)).to_have_count(0)
    for address in (
        "/demandes",
        f"/demandes/nouvelle?brouillon={draft}",
        "/compte",
        "/",
        f"/mandats/{mandate}",
    ):
        other.goto(address)
        assert other.url == place, address
    script = page.request.get(f"/mandats/{mandate}/mandat.pdf", headers={"Accept": "application/json"})
    assert script.status == 403
    assert "remis à la personne" in script.json()["erreur"]
    assert page.request.get("/session").headers["x-aplus-handed"] in place
    elsewhere.reload()  # another device of the same account
    expect(elsewhere.locator(".case-row").first).to_be_visible()

    ask_back(page, wrong(code))
    expect(page.get_by_role("dialog").get_by_text("Encore 4 essais.")).to_be_visible()
    press(page, "Utiliser mon mot de passe")
    ask_back(page, "autre chose", by="Votre mot de passe")
    expect(page.get_by_role("dialog").get_by_text("Ce mot de passe ne convient pas.")).to_be_visible()
    ask_back(page, PASSWORD, by="Votre mot de passe")
    back = re.compile(f"brouillon={draft}&etape=5")
    page.wait_for_url(back)
    other.wait_for_url(back)  # the other tab comes back too
    page.goto("/demandes")
    ready(page)
    expect(page.locator(".case-row").first).to_be_visible()


def test_in_arabic_read_aloud_and_signed_with_a_finger(sign_in: SignIn, stage: Stage) -> None:
    draft, mandate = presented(stage)
    page = sign_in(ALINE, f"/mandats/{mandate}/signer", viewport=TABLET, fresh=True)
    page.context.add_init_script(_SPY)
    page.reload()
    ready(page)
    code = hand_over(page)
    page.get_by_role("button", name="العربية").click()
    own = page.locator("section[lang=ar]")
    expect(own).to_have_attribute("dir", "rtl")
    expect(own.locator("strong").first).to_have_attribute("dir", "auto")
    expect(own).to_contain_text("السكن")
    expect(own).to_contain_text("النص الفرنسي وحده هو الملزم")
    expect(page.locator("section[lang=fr]")).to_contain_text("Logement")  # the binding text stays beside
    expect(page.get_by_role("button", name="العربية")).to_have_attribute("aria-pressed", "true")

    own.get_by_role("button", name="استماع").click()
    page.wait_for_function("window.asked.length > 0")
    asked = page.evaluate("window.asked")
    assert {language for language, _ in asked} == {"ar"}
    assert "السكن" in " ".join(text for _, text in asked)
    assert not any("Je m’appelle" in text for _, text in asked)

    agree = page.get_by_role("button", name="Je donne mon accord أوافق")
    agree.click()
    expect(page.get_by_role("alert")).to_have_text("Signez d’abord dans le cadre.")
    expect(page.get_by_text("وقّعوا داخل الإطار قبل إعطاء موافقتكم.")).to_be_visible()
    canvas = page.locator("canvas")
    canvas.scroll_into_view_if_needed()
    touch(page, wave(canvas, 60), wave(canvas, 260))
    expect(page.get_by_role("img", name="Cadre de signature, signé")).to_be_visible()
    # A mother signs for her son: whose signature it is must be known.
    page.get_by_label("Je signe").select_option("parent")
    agree.click()
    expect(page.get_by_role("alert")).to_have_text("Écrivez votre prénom et votre nom.")
    expect(page.get_by_label("Écrivez votre prénom et votre nom")).to_be_focused()
    page.get_by_label("Écrivez votre prénom et votre nom").fill("Nadia Kaddour")
    agree.click()
    expect(page.get_by_role("heading", name="Votre accord est enregistré.")).to_be_visible()
    expect(page.get_by_text("تم تسجيل موافقتكم.")).to_be_visible()
    page.reload()  # signed, and still in the person's hands
    ready(page)
    expect(page.get_by_text("Il n’y a plus rien à signer.")).to_be_visible()
    take_back(page, code)
    expect(page).to_have_url(re.compile(f"brouillon={draft}&etape=5"))
    ready(page)
    press(page, "Accepter au nom de France Services de Guise")
    expect(page.get_by_role("heading", name="Relire", exact=True)).to_be_visible()
    evidence = page.request.get(f"/mandats/{mandate}/preuve.json").json()
    assert evidence["proof"]["beside"]["language"] == "ar"
    assert (evidence["proof"]["capacity"], evidence["proof"]["giver"]) == ("parent", "Nadia Kaddour")


def test_five_wrong_codes_leave_the_password_or_the_way_out(sign_in: SignIn, stage: Stage) -> None:
    _, mandate = presented(stage)
    page = sign_in(ALINE, f"/mandats/{mandate}/signer", viewport=TABLET, fresh=True)
    code = hand_over(page)
    for left in ("4 essais", "3 essais", "2 essais", "1 essai"):
        ask_back(page, wrong(code))
        expect(page.get_by_role("dialog").get_by_text(f"Encore {left}.")).to_be_visible()
    ask_back(page, wrong(code))
    expect(page.get_by_role("dialog").get_by_text("Après cinq essais")).to_be_visible()
    ask_back(page, code)
    expect(page.get_by_role("dialog").get_by_text("Après cinq essais")).to_be_visible()
    press(page, "Me déconnecter")
    page.wait_for_url("**/connexion**")
    page.goto("/demandes")
    assert "/connexion" in page.url
