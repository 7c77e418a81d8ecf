"""Moving between cases: the row answers the click, a wait is said when it is one, the newest wins."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from playwright.sync_api import Locator, Page, expect

from app.security.vault import Vault
from tests.browser import Server, SignIn, ready
from tests.journeys.screens import Line, row
from tests.journeys.stage import behind, database_of

pytestmark = pytest.mark.browser

FIRST, SECOND = "Un premier déplacement", "Un second déplacement"


@pytest.fixture(scope="module")
def cases(server: Server) -> dict[str, UUID]:
    settings = database_of(server)
    with behind(settings.url, Vault(settings.secret)) as staged:
        return {subject: staged.case(subject=subject) for subject in (FIRST, SECOND)}


def test_a_wait_is_said_and_the_newest_wins(sign_in: SignIn, cases: dict[str, UUID]) -> None:
    page, line = listening(sign_in)
    row(page, FIRST).click()
    expect(heading(page, FIRST)).to_be_focused()

    line.hold()
    row(page, SECOND).click()
    expect(row(page, SECOND)).to_have_attribute("aria-current", "true")
    expect(row(page, FIRST)).not_to_have_attribute("aria-current", "true")
    expect(page).to_have_url(re.compile(str(cases[SECOND])))
    expect(heading(page, FIRST)).to_be_visible()
    expect(page.locator(".case-pane").get_by_role("status").get_by_text("Chargement…")).to_be_visible()
    page.go_back()
    expect(row(page, FIRST)).to_have_attribute("aria-current", "true")
    row(page, SECOND).click()
    row(page, FIRST).click()
    row(page, SECOND).click()
    line.release(f"/demandes/{cases[SECOND]}")
    expect(heading(page, SECOND)).to_be_focused()
    expect(page).to_have_url(re.compile(str(cases[SECOND])))
    expect(page.get_by_text("Chargement…")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_text([SECOND])


def test_back_while_it_loads(sign_in: SignIn, cases: dict[str, UUID]) -> None:
    page, line = listening(sign_in)
    row(page, FIRST).click()
    expect(heading(page, FIRST)).to_be_focused()
    line.hold()
    row(page, SECOND).click()
    expect(page.get_by_text("Chargement…")).to_be_visible()
    page.go_back()
    line.release(f"/demandes/{cases[FIRST]}")
    expect(heading(page, FIRST)).to_be_focused()
    expect(page).to_have_url(re.compile(str(cases[FIRST])))
    expect(page.get_by_text("Chargement…")).to_have_count(0)
    page.go_forward()
    expect(heading(page, SECOND)).to_be_focused()


def listening(sign_in: SignIn) -> tuple[Page, Line]:
    """Open the list as an agent, on a line that can be held."""
    page = sign_in("bruno@demo.example", "/compte")
    line = Line(page)
    page.goto("/demandes")
    ready(page)
    return page, line


def heading(page: Page, words: str) -> Locator:
    """Find the screen's own title."""
    return page.get_by_role("heading", level=1, name=words)


def test_markup_neither_runs_nor_leads_elsewhere(sign_in: SignIn) -> None:
    """What is typed is escaped before; were it not, the browser would still show what is harmless only."""
    page = sign_in("aline@demo.example")
    hostile = (
        "<p>Resté</p><meta http-equiv=refresh content='0;url=/compte'>"
        "<link rel=stylesheet href=/x.css><iframe></iframe>"
        "<a href='javascript:void 0'>lien</a>"
    )
    shown = page.evaluate(
        """html => {
          const place = document.body.appendChild(document.createElement("div"));
          place.setHTML(html);
          return place.innerHTML;
        }""",
        hostile,
    )
    assert shown == "<p>Resté</p><a>lien</a>"
