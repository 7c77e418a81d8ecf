"""The mandate on paper, on a tablet: photographed, cut, read again, kept; by camera, files and keys."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from app import mandate_pages, mandates
from app.deadlines import PARIS
from app.paper_images import prepare
from models.enums import MandateWay
from tests.app import scenes
from tests.app.papers import exif, photograph, saved
from tests.browser import DESKTOP, PHONE, TABLET, SignIn, axe, chromium
from tests.journeys.screens import NARROW, arrived, field_error, press
from tests.journeys.stage import Stage, stage
from tests.journeys.test_accessibility import SIDEWAYS

__all__ = ["stage"]

pytestmark = pytest.mark.browser

ALINE = "aline@demo.example"
NBSP = "\u00a0"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium with a camera of its own making, which it lets every page use."""
    with chromium("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream") as launched:
        yield launched


def presented(stage: Stage) -> UUID:
    """Return a mandate that waits for its paper."""
    now = datetime.now(UTC)
    case_id = scenes.draft(stage.cast, at=now)
    with scenes.act(stage.cast, "aline", now) as work:
        return mandates.present(work, case_id, way=MandateWay.PAPER)


def pages(page: Page) -> Locator:
    return page.get_by_role("list", name="Pages", exact=True).get_by_role("listitem")


def gesture(page: Page, words: str, number: int) -> Locator:
    return page.get_by_role("button", name=f"{words}{NBSP}: page{NBSP}{number}", exact=True)


def all_seen(page: Page) -> None:
    """Wait until every picture is shown."""
    page.wait_for_function("[...document.querySelectorAll('.screen img')].every((one) => one.naturalWidth > 0)")


def read_again(page: Page) -> None:
    """The second look, refused until every line is checked."""
    page.get_by_role("link", name="Relire les pages").click()
    arrived(page)
    expect(page.get_by_role("heading", name="Relire les pages", exact=True)).to_be_visible()
    all_seen(page)
    press(page, "Enregistrer l’accord")
    expect(field_error(page, "Ce que vous avez vérifié")).to_contain_text("Cochez chaque ligne")


def test_photographed_cut_and_read_again(sign_in: SignIn, stage: Stage) -> None:
    mandate_id = presented(stage)
    page = sign_in(ALINE, f"/mandats/{mandate_id}/papier", viewport=TABLET)
    expect(page.get_by_role("heading", name="Mandat sur papier")).to_be_visible()
    to_sign = page.request.get(f"/mandats/{mandate_id}/a-signer.pdf")
    assert (to_sign.body()[:5], to_sign.headers["cache-control"]) == (b"%PDF-", "no-store")
    assert axe(page) == []

    press(page, "Photographier une page")
    page.wait_for_function("document.querySelector('video')?.videoWidth > 0")
    press(page, "Prendre la photo")
    expect(pages(page)).to_have_count(1)
    press(page, "Fermer l’appareil photo")
    expect(page.get_by_role("button", name="Photographier une page")).to_be_focused()
    heic = saved(photograph(size=(450, 600)), "heif", exif=exif())
    page.get_by_label("Choisir une image ou un PDF").set_input_files(
        [
            FilePayload(name="IMG_0042.HEIC", mimeType="image/heic", buffer=heic),
            FilePayload(name="lettre.txt", mimeType="text/plain", buffer=b"Bonjour"),
        ]
    )
    expect(pages(page)).to_have_count(2)
    waiting = page.get_by_role("list", name="Pages à envoyer").get_by_role("listitem")
    expect(waiting).to_contain_text("Ce fichier n’est ni une image ni un PDF.")
    press(page, "Retirer lettre.txt")
    expect(waiting).to_have_count(0)
    all_seen(page)
    assert axe(page) == []

    drag_a_corner(page)
    gesture(page, "Mettre avant", 2).click()
    expect(gesture(page, "Mettre après", 1)).to_be_visible()
    page.reload()
    expect(pages(page)).to_have_count(2)
    all_seen(page)
    for size in (DESKTOP, PHONE, NARROW):
        page.set_viewport_size(size)
        assert page.evaluate(SIDEWAYS) == []
    page.set_viewport_size(TABLET)

    read_again(page)
    assert axe(page) == []
    for box in page.get_by_role("checkbox").all():
        box.check()
    press(page, "Enregistrer l’accord")
    expect(field_error(page, "Date écrite sur le papier")).to_be_visible()
    page.get_by_label("Date écrite sur le papier").fill(today())
    press(page, "Enregistrer l’accord")
    expect(page.get_by_text("Accord donné", exact=True)).to_be_visible()
    press(page, "Accepter au nom de France Services de Guise")
    expect(page.get_by_text("En vigueur", exact=True)).to_be_visible()


def today() -> str:
    return f"{datetime.now(PARIS):%d/%m/%Y}"


def drag_a_corner(page: Page) -> None:
    """By the mouse, then by keys; the page is another one afterwards."""
    before = pages(page).nth(1).locator("img").get_attribute("src")
    gesture(page, "Recadrer", 2).click()
    dialog = page.get_by_role("dialog", name=f"Recadrer la page{NBSP}2")
    corner = dialog.get_by_role("slider", name="Coin en bas à droite")
    page.wait_for_function("document.querySelector('.frame-area img')?.naturalWidth > 0")
    assert axe(page) == []
    area = corner.bounding_box()
    assert area is not None
    assert min(area["width"], area["height"]) >= 44
    was = corner.get_attribute("aria-valuetext")
    x, y = area["x"] + area["width"] / 2, area["y"] + area["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 12, y - 18, steps=4)
    page.mouse.up()
    expect(corner).to_be_focused()
    moved = corner.get_attribute("aria-valuetext")
    assert moved != was
    page.keyboard.press("Shift+ArrowUp")
    assert corner.get_attribute("aria-valuetext") != moved
    press(dialog, "Recadrer la page")
    expect(dialog).to_have_count(0)
    expect(pages(page).nth(1).locator("img")).not_to_have_attribute("src", before or "")


def test_by_keys_alone(sign_in: SignIn, stage: Stage) -> None:
    mandate_id = presented(stage)
    for number in (1, 2):
        photo = prepare(saved(photograph(size=(300 + 30 * number, 400)), "jpeg"))
        with scenes.act(stage.cast, "aline", datetime.now(UTC)) as work:
            mandate_pages.add_pages(work, mandate_id, photo)
    page = sign_in(ALINE, f"/mandats/{mandate_id}/papier")
    expect(pages(page)).to_have_count(2)
    turned = pages(page).nth(0).locator("img")
    before = turned.get_attribute("src") or ""
    gesture(page, "Tourner", 1).focus()
    page.keyboard.press("Enter")
    expect(turned).not_to_have_attribute("src", before)
    gesture(page, "Recadrer", 1).focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    corner = dialog.get_by_role("slider", name="Coin en haut à gauche")
    expect(corner).to_be_visible()
    before = corner.get_attribute("aria-valuetext") or ""
    reach(page, corner)
    page.keyboard.press("Shift+ArrowRight")
    expect(corner).not_to_have_attribute("aria-valuetext", before)
    reach(page, dialog.get_by_role("button", name="Recadrer la page", exact=True))
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    gesture(page, "Retirer", 2).focus()
    page.keyboard.press("Enter")
    expect(pages(page)).to_have_count(1)
    page.get_by_role("link", name="Relire les pages").focus()
    page.keyboard.press("Enter")
    arrived(page)
    for box in page.get_by_role("checkbox").all():
        reach(page, box)
        page.keyboard.press("Space")
    reach(page, page.get_by_label("Date écrite sur le papier"))
    page.keyboard.type(today())
    reach(page, page.get_by_role("button", name="Enregistrer l’accord"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Accord donné", exact=True)).to_be_visible()


def reach(page: Page, target: Locator) -> None:
    """Press Tab until the focus is there."""
    for _ in range(40):
        if target.evaluate("(one) => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail("Tab does not lead there")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("NotAllowedError", "n’est pas autorisé"),
        ("NotFoundError", "Aucun appareil photo"),
        ("", "ne répond pas"),
    ],
)
def test_no_camera_is_said(sign_in: SignIn, stage: Stage, name: str, words: str) -> None:
    mandate_id = presented(stage)
    page = sign_in(ALINE, f"/mandats/{mandate_id}/papier", viewport=PHONE)
    refusing = f"async () => {{ throw new DOMException('', '{name}'); }}" if name else "undefined"
    page.evaluate(f"() => {{ navigator.mediaDevices.getUserMedia = {refusing}; }}")
    press(page, "Photographier une page")
    expect(page.get_by_role("alert")).to_contain_text(words)
    expect(page.get_by_label("Ouvrir l’application photo")).to_have_attribute("capture", "environment")
    assert axe(page) == []
