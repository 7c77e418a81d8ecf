"""The screen given to the person, and taken back: what each journey that signs on the screen does."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.screens import press

WAY_BACK = "Je suis le conseiller : reprendre l’écran"


def code_of(page: Page) -> str:
    """Return the code that the aidant reads before giving the screen away."""
    found = re.search(r"\d{4}", page.locator(".code strong").inner_text())
    assert found is not None
    return found[0]


def hand_over(page: Page) -> str:
    """Give the screen to the person; return the code that takes it back."""
    code = code_of(page)
    press(page, "Remettre l’écran à la personne")
    expect(page.get_by_role("heading", name="Votre accord")).to_be_visible()
    return code


def ask_back(page: Page, typed: str, *, by: str = "Votre code") -> None:
    """Ask for the screen with a code, or with a password; right or wrong."""
    if page.get_by_role("dialog").count() == 0:
        press(page, WAY_BACK)
    page.get_by_role("dialog").get_by_label(by).fill(typed)
    press(page.get_by_role("dialog"), "Reprendre l’écran")


def take_back(page: Page, code: str) -> None:
    """Take the screen back, to where the aidant was."""
    ask_back(page, code)
    page.wait_for_url(lambda url: "/signer" not in url)
