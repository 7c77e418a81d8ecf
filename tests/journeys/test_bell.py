"""The bell, in a browser: it rises on an open page when somebody writes, and falls when the case is opened."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from models.base import new_id
from tests.browser import SignIn
from tests.journeys.screens import arrived, write
from tests.journeys.stage import Stage, stage
from tests.journeys.test_accessibility import Look, look

__all__ = ["look", "stage"]
pytestmark = pytest.mark.browser


def unread(page: Page) -> int:
    """How much the bell says is unread."""
    return int(page.locator(".rail .bell").get_attribute("data-count") or 0)


def test_it_rises_live_and_falls_when_the_case_is_opened(sign_in: SignIn, stage: Stage, look: Look) -> None:
    subject = f"Une cloche {new_id()}"
    case_id = stage.case(subject=subject)
    bruno = sign_in("bruno@demo.example", "/notifications")
    bell = bruno.locator(".rail .bell")
    before = unread(bruno)
    assert before
    aline = sign_in("aline@demo.example", f"/demandes/{case_id}")
    write(aline, "Le loyer est dû vendredi.", "Envoyer")
    expect(bell).to_have_attribute("data-count", str(before + 1))
    expect(bell).to_have_accessible_name(re.compile(rf"^Notifications ?, {before + 1}\s?non lues"))
    told = bruno.locator(".told > li", has_text=subject)
    expect(told.get_by_role("link", name="Un nouveau message")).to_be_visible()
    look.at(bruno, "Notifications")
    told.get_by_role("link", name="Un nouveau message").click()
    arrived(bruno)
    expect(bell).to_have_attribute("data-count", str(before - 1))
    bruno.keyboard.press("g")
    bruno.keyboard.press("b")
    expect(bruno.get_by_role("heading", name="Notifications", level=1)).to_be_focused()
    expect(told.get_by_role("button")).to_have_count(0)
