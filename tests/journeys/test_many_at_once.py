"""An agent takes several cases in charge at once, by keys alone; one that a colleague follows refuses."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests.app import scenes
from tests.app.scenes import CAF
from tests.browser import TABLET, SignIn, axe
from tests.journeys.screens import row
from tests.journeys.stage import Stage, stage
from tests.journeys.test_keyboard import button, keys, tab_to

__all__ = ["stage"]
pytestmark = pytest.mark.browser
ONE, THEIRS, OTHER = "Tournesol : la première", "Tournesol : celle de Marc", "Tournesol : la dernière"


def test_several_cases_by_keys(sign_in: SignIn, stage: Stage) -> None:
    for subject in (ONE, THEIRS, OTHER):
        case_id = stage.case(CAF, subject=subject)
        if subject == THEIRS:
            scenes.take(stage.cast, "marc", case_id, at=datetime.now(UTC))
    page = sign_in("bruno@demo.example", "/demandes?vue=toutes&tri=transmission", viewport=TABLET)
    page.get_by_label("Rechercher dans les demandes").fill("tournesol")
    expect(page.locator(".case-row")).to_have_count(3)
    row(page, ONE).focus()

    keys(page, "x")
    expect(page.get_by_text("1 demande choisie")).to_be_visible()
    keys(page, "k", "x", "k", "x")
    expect(page.get_by_text("3 demandes choisies")).to_be_visible()
    expect(page.get_by_label(f"Choisir : {THEIRS}")).to_be_checked()
    assert axe(page) == []
    tab_to(page, button(page, "Je prends en charge"))
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # once more: nothing is done twice

    report = page.get_by_role("dialog", name="Je prends en charge")
    expect(report).to_contain_text("2 demandes prises en charge.")
    expect(report.locator("li")).to_have_count(1)
    expect(report.locator("li")).to_contain_text(THEIRS)
    expect(report.locator("li")).to_contain_text("Marc Dubois suit déjà cette demande.")
    assert axe(page) == []
    page.keyboard.press("Escape")
    expect(row(page, OTHER)).to_be_focused()  # the last one chosen: one goes on from there
    expect(page.get_by_role("group", name="Demandes choisies")).to_be_hidden()
    for subject, who in ((ONE, "Bruno C."), (THEIRS, "Marc D."), (OTHER, "Bruno C.")):
        expect(row(page, subject)).to_contain_text(f"suivie par {who}")
