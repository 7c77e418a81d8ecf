"""For fingers: whatever can be pressed is 44 px high and wide on tablets and phones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from models.base import new_id
from tests.app import scenes
from tests.app.scenes import CAF, CPAM
from tests.browser import PHONE, TABLET, SignIn, ready
from tests.journeys.screens import beside, press, put_away, row
from tests.journeys.stage import Stage, stage

__all__ = ["stage"]

pytestmark = pytest.mark.browser

SIZES = (TABLET, ViewportSize(width=768, height=1024), ViewportSize(width=820, height=1180), PHONE)
# What a finger presses: for a choice its whole label. Links within a sentence are let be.
_SMALL = """() => [...document.querySelectorAll("a[href],button,summary,input,select,textarea,label.button")]
    .map(one => one.matches("[type=radio], [type=checkbox]") ? one.closest("label") : one)
    .filter(one => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .filter(one => !one.matches("a, .link") || one.parentElement.textContent.trim() === one.textContent.trim()
        || !getComputedStyle(one).display.startsWith("inline"))
    .filter(one => !document.querySelector("dialog[open]") || one.closest("dialog[open]"))
    .map(one => [one, one.getBoundingClientRect()])
    .filter(([one, box]) => box.width > 1 && box.bottom > 0 && (box.width < 43.9 || box.height < 43.9))
    .map(([one, box]) => `${one.tagName}.${one.className} «${one.textContent.trim().slice(0, 30)}»: `
        + `${Math.round(box.width)} × ${Math.round(box.height)} px`)"""


class Fingers:
    """What is too small on the screens that were looked at, a sentence each."""

    def __init__(self) -> None:
        self.wrong: list[str] = []

    def at(self, page: Page, *, only: ViewportSize | None = None) -> None:
        """Measure a screen at each size, or at the size it has now."""
        for size in (only,) if only else SIZES:
            page.set_viewport_size(size)
            found = page.evaluate(_SMALL)
            where = f"{size['width']}×{size['height']} {page.url.split('/', 3)[3][:40]}"
            self.wrong += [f"{where}: {one}" for one in found]


@pytest.fixture
def fingers() -> Iterator[Fingers]:
    """Give what measures, and at the end say all that is too small."""
    measuring = Fingers()
    yield measuring
    assert not measuring.wrong, "\n".join(["", *dict.fromkeys(measuring.wrong)])


def test_an_agents_screens(sign_in: SignIn, stage: Stage, fingers: Fingers) -> None:
    subject = f"Au doigt {new_id()}"
    case_id = stage.case(CAF, CPAM, subject=subject)
    scenes.note(stage.cast, "bruno", case_id, at=datetime.now(UTC))
    page = sign_in("bruno@demo.example", viewport=TABLET)
    page.get_by_text("Filtrer", exact=True).tap()
    page.get_by_label("Urgence").select_option("oui")
    expect(page.locator(".chosen a")).to_have_text("Retirer le filtre : Urgentes")
    fingers.at(page)
    page.locator(".chosen a").tap()
    expect(page.locator(".chosen a")).to_have_count(0)
    page.get_by_label("Rechercher dans les demandes").fill(subject)
    expect(page.locator(".found")).to_contain_text("1 demande")
    fingers.at(page)
    row(page, subject).tap()
    expect(page.get_by_role("heading", level=1, name=subject)).to_be_visible()
    fingers.at(page)
    for size in (TABLET, PHONE):
        page.set_viewport_size(size)
        press(beside(page), "Mon organisme n’est pas compétent")
        fingers.at(page, only=size)
        press(page.get_by_role("dialog").last, "Annuler")
        fingers.at(page, only=size)
        put_away(page)


def test_an_aidants_screens(sign_in: SignIn, stage: Stage, fingers: Fingers) -> None:
    now = datetime.now(UTC)
    case_id = stage.case(CAF, subject="Au doigt aussi")
    draft = scenes.draft(stage.cast, (CAF, CPAM), at=now)
    mandate = scenes.present(stage.cast, draft, at=now)
    page = sign_in("aline@demo.example", f"/demandes/{case_id}", viewport=TABLET)
    fingers.at(page)
    page.get_by_role("link", name="Nouvelle", exact=True).tap()
    expect(page.get_by_role("heading", level=1, name="Nouvelle demande")).to_be_visible()
    fingers.at(page)
    for address in (
        *(f"/demandes/nouvelle?brouillon={draft}&etape={step}" for step in range(1, 7)),
        f"/mandats/{mandate}", f"/mandats/{mandate}/signer", "/compte",
    ):  # fmt: skip
        page.goto(address)
        ready(page)
        fingers.at(page)
        expect(page.locator("dialog.keys")).to_have_count(0 if address.endswith("signer") else 1)  # none there
    page.get_by_role("button", name="Voir les raccourcis").tap()
    fingers.at(page)
