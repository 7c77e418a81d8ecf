"""Screens in every state a person may ask for: dark, more contrast, their own colours, 200 % zoom, 320 px,
paper; the panes that are resized; the components, all of them shown."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from pages.demonstration.components import PARTS
from tests.app import scenes
from tests.app.scenes import CAF, CPAM
from tests.browser import DESKTOP, ROOT, TABLET, SignIn, axe, ready
from tests.journeys.screens import NARROW, beside, press, row, thread
from tests.journeys.stage import Stage, stage
from tests.journeys.test_accessibility import SIDEWAYS

__all__ = ["stage"]

pytestmark = pytest.mark.browser

AS_IT_IS: dict[str, Any] = {"color_scheme": "light", "contrast": "no-preference", "forced_colors": "none"}
MODES: dict[str, dict[str, Any]] = {
    "dark": {"color_scheme": "dark"},
    "more contrast": {"contrast": "more"},
    "forced colours": {"forced_colors": "active"},
}
# What the room there is may break; the other rules have looked at the same markup already.
ROOM = [
    "color-contrast",
    "scrollable-region-focusable",
    "target-size",
    "aria-hidden-focus",
    "page-has-heading-one",
]
SIZES: dict[str, ViewportSize] = {"200 %": ViewportSize(width=720, height=450), "320 px": NARROW}
# What a reader sees one upon the other, or cut at the right, in rows of a list.
OVERLAPS = """() => [...document.querySelectorAll(".case-row")].flatMap(row => {
    const edge = row.getBoundingClientRect();
    const all = row.querySelectorAll(".subject, .when, .who, .state");
    const parts = [...all].map(one => one.getBoundingClientRect());
    const over = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
        && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
    const wrong = parts.some((a, i) => parts.slice(i + 1).some(b => over(a, b)));
    const out = parts.some(one => one.right > edge.right + 1);
    return wrong || out ? [`${row.textContent.slice(0, 40)}: ${wrong ? "overlaps" : "sticks out"}`] : [];
})"""


def everywhere(page: Page, name: str, *, sizes: bool = True) -> list[str]:
    """Look at one screen as it is, in each mode, then at each size, without loading it again."""
    expect(page.locator("h1:visible")).to_have_count(1)  # a late screen comes after its frame
    page.emulate_media(**AS_IT_IS)
    found = [f"as it is: {one}" for one in axe(page)]
    for mode, asked in MODES.items():
        page.emulate_media(**(AS_IT_IS | asked))
        found += [f"{mode}: {one}" for one in axe(page, rules=["color-contrast"])]
    page.emulate_media(**AS_IT_IS)
    for size, viewport in SIZES.items() if sizes else ():
        page.set_viewport_size(viewport)
        wrong = axe(page, rules=ROOM) + page.evaluate(SIDEWAYS) + page.evaluate(OVERLAPS)
        found += [f"{size}: {one}" for one in wrong]
    page.set_viewport_size(DESKTOP)
    return [f"{name}, {one}" for one in found]


def test_screens_hold_in_every_state(sign_in: SignIn, stage: Stage) -> None:
    now = datetime.now(UTC)
    open_ = stage.case(CAF, CPAM, also=("msa",), subject="Une demande vue de toutes les manières")
    scenes.note(stage.cast, "bruno", open_, at=now)
    draft, other = (scenes.draft(stage.cast, (CAF, CPAM), at=now) for _ in range(2))
    presented = scenes.present(stage.cast, other, at=now)
    scenes.mandate(stage.cast, draft, at=now)
    page = sign_in.anonymous()
    page.goto("/connexion")
    press(page, "Se connecter")
    wrong = everywhere(page, "sign-in, refused")
    page = sign_in("bruno@demo.example", f"/demandes/{open_}?vue=toutes")
    expect(thread(page).locator(".message.note")).to_be_visible()
    wrong += everywhere(page, "case of an agent")
    page.set_viewport_size(TABLET)
    beside(page)
    wrong += everywhere(page, "sheet open", sizes=False)
    page = sign_in("aline@demo.example", "/demandes?vue=toutes")
    wrong += everywhere(page, "list")
    page.goto("/demandes?vue=toutes&urgent=oui&theme=retraite&organisme=caf")
    wrong += everywhere(page, "empty list", sizes=False)
    for step in (1, 6):
        page.goto(f"/demandes/nouvelle?brouillon={draft}&etape={step}")
        ready(page)
        wrong += everywhere(page, f"new case, step {step}", sizes=step == 6)
    for path in ("/compte", f"/mandats/{presented}", f"/mandats/{presented}/signer"):
        page.goto(path)
        ready(page)
        wrong += everywhere(page, path[:9])
    assert not wrong, "\n".join(["", *wrong])


def test_every_component_is_shown_and_holds_in_every_state(sign_in: SignIn) -> None:
    page = sign_in("aline@demo.example", "/demonstration/composants")
    expect(page.locator(".parts .case-row")).to_have_count(14)  # seven states, four found, three to choose
    expect(page.locator(".button.as-hover").first).to_be_visible()
    wrong = everywhere(page, "components")
    press(page, "Ouvrir la question")
    press(page.get_by_role("dialog"), "Clôturer la demande")
    expect(page.get_by_role("dialog").locator(".field.wrong")).to_be_visible()
    wrong += everywhere(page, "dialog with an error", sizes=False)
    press(page.get_by_role("dialog"), "Annuler")
    press(page, "C’est refusé")
    expect(page.locator("#dits .refused")).to_be_visible()
    assert not wrong, "\n".join(["", *wrong])


# What draws nothing by itself, or stands in every screen around the page.
_UNSEEN = {"__init__", "forms", "fragment", "once", "words"}


def test_no_component_is_left_out_of_the_page() -> None:
    shown = {Path(part.source).stem for part in PARTS if part.source.startswith("pages/components/")}
    there = {path.stem for path in (ROOT / "pages" / "components").glob("*.py")}
    assert there - shown - _UNSEEN == set()
    assert all((ROOT / part.source).is_file() for part in PARTS)


def test_late_and_urgent_are_told_by_signs_and_words(sign_in: SignIn) -> None:
    page = sign_in("aline@demo.example", "/demonstration/composants")
    late = row(page, "APL suspendue depuis deux mois")
    expect(late.locator(".state.late svg + span")).to_contain_text("en souffrance")
    expect(late.locator(".urgent svg")).to_be_visible()
    expect(late.locator(".urgent")).to_contain_text("Urgent")
    expect(late.locator(".when")).to_contain_text("depuis")
    page.emulate_media(forced_colors="active")
    chip, button = late.locator(".state").first, page.get_by_role("button", name="Demander une précision").first
    for one in (chip, button):
        assert style(one, "borderTopWidth") != "0px"  # tints are gone: a line holds it together
    opened, other = row(page, "Retraite").first, row(page, "Chèque énergie")
    assert style(opened, "borderLeftWidth") != style(other, "borderLeftWidth")


def test_panes_are_resized_by_pointer_and_keys_and_kept_before_the_first_paint(sign_in: SignIn) -> None:
    page = sign_in("chloe@demo.example", "/demandes?vue=toutes")
    line, pane = page.get_by_role("separator", name="Largeur de la liste"), page.locator(".list-pane")
    expect(line).to_have_attribute("aria-valuenow", "372")
    line.focus()
    page.keyboard.press("ArrowRight")
    expect(line).to_have_attribute("aria-valuenow", "388")
    page.keyboard.press("Home")
    expect(line).to_have_attribute("aria-valuenow", line.get_attribute("aria-valuemin") or "")
    page.keyboard.press("End")
    assert width(pane) <= DESKTOP["width"] * 0.42 + 1
    box = line.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 6, 400)
    page.mouse.down()
    page.mouse.move(660, 400, steps=4)
    page.mouse.up()
    dragged = width(pane)
    assert 300 < dragged < 400
    page.add_init_script(
        "addEventListener('DOMContentLoaded', () => {"
        "  window.atFirst = getComputedStyle(document.documentElement).getPropertyValue('--pane-list') })"
    )
    page.reload()
    ready(page)
    assert page.evaluate("window.atFirst") == f"{round(dragged)}px"
    assert width(pane) == dragged
    page.set_viewport_size(TABLET)
    expect(line).to_be_hidden()
    assert width(pane) != dragged
    page.set_viewport_size(DESKTOP)
    line.dblclick()
    expect(line).to_have_attribute("aria-valuenow", "372")
    assert width(pane) == 372


def test_the_screens_are_dark_where_the_device_is_and_paper_is_white(sign_in: SignIn, stage: Stage) -> None:
    case_id = stage.case(CAF, subject="Une demande sur le papier")
    stage.say("aline", case_id, "Tout est dans le fil.")
    page = sign_in("aline@demo.example", f"/demandes/{case_id}")
    body, ink = page.locator("body"), "color"
    light = style(body, ink)
    page.emulate_media(color_scheme="dark")
    assert style(body, ink) != light
    assert style(page.locator("html"), "colorScheme") == "dark"
    page.emulate_media(color_scheme="dark", media="print")
    assert style(body, ink) == light
    expect(page.get_by_text("Tout est dans le fil.")).to_be_visible()
    expect(page.get_by_role("heading", name="Une demande sur le papier")).to_be_visible()
    assert page.locator("button:visible, textarea:visible, .rail:visible, .list-pane:visible").count() == 0
    words, facts = thread(page).bounding_box(), page.locator("aside.facts").bounding_box()
    assert words is not None
    assert facts is not None
    assert facts["y"] >= words["y"] + words["height"]


def style(place: Locator, name: str) -> str:
    """Return a computed style."""
    found: str = place.evaluate("(one, name) => getComputedStyle(one)[name]", name)
    return found


def width(place: Locator) -> float:
    """Return how wide something is."""
    found = place.bounding_box()
    assert found is not None
    return found["width"]
