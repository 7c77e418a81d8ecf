"""Ready answers and mentions by keys alone: what one types stays, and no key waits for the server."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from app import ready_answers
from models.base import new_id
from tests.app import scenes
from tests.app.scenes import act
from tests.browser import SignIn
from tests.journeys.screens import Line, box, thread
from tests.journeys.stage import Stage, stage
from tests.journeys.test_keyboard import keys

__all__ = ["stage"]

pytestmark = pytest.mark.browser


def test_an_agent_writes_with_what_is_at_hand(sign_in: SignIn, stage: Stage) -> None:
    case_id = stage.case(subject=f"Sous la main {new_id()}")
    scenes.ask(stage.cast, "bruno", case_id, at=datetime.now(UTC))  # his clock is stopped: there is no due date
    with act(stage.cast, "bruno") as work:
        ready_answers.add(work, None, "Pièce à fournir", "Bonjour {aidant}, avant le {échéance}.")
        ready_answers.add(work, None, "Reçu", "Bien reçu.")
    page = sign_in("bruno@demo.example", "/compte")
    line = Line(page)
    page.goto(f"/demandes/{case_id}")
    keys(page, "r")
    offered = page.get_by_role("listbox", name="Réponses prêtes")
    options = offered.get_by_role("option")
    page.keyboard.type("/")
    expect(options.filter(has_text="Pièce à fournir")).to_be_visible()
    line.hold()  # from here on nothing comes from the server
    page.keyboard.type("fourn piec")
    expect(options).to_have_count(
        2
    )  # accents and the order of the words do not matter; then the way to keep them
    expect(page.locator(".at-hand [role=status]")).to_have_text("1\u00a0réponse prête")
    chosen = page.get_by_role("option", selected=True)
    expect(chosen).to_contain_text("Pièce à fournir")
    expect(box(page)).to_have_attribute("aria-activedescendant", str(chosen.get_attribute("id")))
    keys(page, "Escape")
    expect(offered).to_be_hidden()
    expect(box(page)).to_have_value("/fourn piec")
    keys(page, "Control+a", "Backspace")
    page.keyboard.type("Un mot.\n/")
    expect(options.first).to_be_visible()
    page.keyboard.type("recu")
    keys(page, "Tab")
    expect(box(page)).to_have_value("Un mot.\nBien reçu.")
    keys(page, "Control+z")
    expect(box(page)).to_have_value("Un mot.\n/recu")
    line.release("kept")
    keys(page, "Control+a", "Backspace")
    page.keyboard.type("/fournir")
    keys(page, "Enter")
    expect(box(page)).to_have_value("Bonjour Aline Lefèvre, avant le [échéance\u00a0?].")

    page.keyboard.type("lundi")  # the hole is chosen already
    keys(page, "Control+End")
    page.keyboard.type(" @beNal")
    expect(page.get_by_role("option", selected=True)).to_contain_text("Adam Benali")
    keys(page, "Enter")
    page.keyboard.type("suit.")
    expect(box(page)).to_have_value("Bonjour Aline Lefèvre, avant le lundi. @Adam Benali suit.")
    adam, aline = (sign_in(f"{name}@demo.example", f"/demandes/{case_id}") for name in ("adam", "aline"))
    keys(page, "Control+Enter")
    for reader, look in ((adam, "mention own"), (aline, "mention")):
        expect(thread(reader).get_by_text("@Adam Benali", exact=True)).to_have_class(look)
    expect(box(page)).to_have_value("")
