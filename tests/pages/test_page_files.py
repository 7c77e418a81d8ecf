"""Pages of a signed paper over HTTP: counted, re-authorised, refused in words, shown to who may see them."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from types import SimpleNamespace
from uuid import UUID

import pytest
from fastapi import FastAPI

from app import mandates, paper_images
from app.config import settings
from app.paper_images import Prepared
from app.work import ByNobody, acting
from models.account import AuthSession
from models.base import new_id
from models.enums import MandateWay
from pages.mandates import page_files
from pages.shell.session import UPLOADS
from tests.app import scenes
from tests.app.papers import pdf_of, photograph, saved, sheet
from tests.app.test_mandate_pages import presented
from tests.conftest import NOW, Cast
from tests.pages.test_files_endpoint import Browse, Browser, browse

__all__ = ["browse"]

pytestmark = [
    pytest.mark.usefixtures("database", "clock"), pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
]  # fmt: skip
PHOTO = saved(photograph(size=(300, 400)), "jpeg")


def at(browser: Browser) -> Browser:
    """The same person, on an application with our routes."""
    site = FastAPI()
    page_files.mount(site)
    return Browser(site, browser.session_id)


async def send(browser: Browser, mandate_id: object, content: bytes = PHOTO, **headers: str) -> SimpleNamespace:
    return await at(browser).ask("POST", f"/mandats/{mandate_id}/pages", [content], **headers)


async def test_a_page_goes_up_is_shown_and_replaced(browse: Browse, cast: Cast) -> None:
    aline, mandate_id = browse("aline"), presented(cast)
    sent = await send(aline, mandate_id)
    assert sent.status == 201
    (page,) = sent.json["pages"]
    for place in (f"/mandats/{mandate_id}/pages/{page}", f"/mandats/{mandate_id}/pages/{page}/entiere"):
        shown = await at(aline).ask("GET", place)
        assert (shown.status, shown.start[:2]) == (200, b"\xff\xd8")
        assert shown.headers["content-type"] == "image/jpeg"
        assert shown.headers["cache-control"] == "no-store"
        assert shown.headers["content-security-policy"] == "sandbox; default-src 'none'"
        for who in ("adam", "bruno", "denis"):
            assert (await at(browse(who)).ask("GET", place)).status == 404
        assert (await at(browse("")).ask("GET", place)).status == 401
    again = await send(aline, mandate_id, saved(sheet().resize((210, 297)), "png"), X_Remplace=page)
    assert (again.status, again.json["pages"]) == (201, [page])
    scan = await send(aline, mandate_id, pdf_of(*(sheet(one).resize((210, 297)) for one in "AB")))
    assert len(scan.json["pages"]) == 2


async def test_refusals_have_their_number_and_their_sentence(browse: Browse, cast: Cast) -> None:
    aline, mandate_id, gone = browse("aline"), presented(cast), browse("aline")
    with acting(ByNobody()) as work:
        work.session.get_one(AuthSession, gone.session_id).ended_at = NOW
    for browser, status in ((browse(""), 401), (gone, 401), (browse("adam"), 404), (browse("bruno"), 404)):
        ours, unknown = await send(browser, mandate_id), await send(browser, new_id())
        assert (ours.status, ours.json) == (unknown.status, unknown.json) == (status, ours.json)
    assert (await send(aline, "1")).status == 404
    assert (await send(aline, mandate_id, X_Remplace="1")).status == 404
    assert (await send(aline, mandate_id, X_Remplace=str(new_id()))).status == 404
    for content in (b"", b"Bonjour", PHOTO[:200]):
        refused = await send(aline, mandate_id, content)
        assert (refused.status, bool(refused.json["erreur"])) == (422, True)
    on_screen = presented(cast, MandateWay.SCREEN)
    assert (await send(aline, on_screen)).status == 409
    with scenes.act(cast, "aline") as work:
        mandates.renounce(work, mandate_id)
    assert (await send(aline, mandate_id)).status == 409


async def test_fifteen_megabytes_at_most(browse: Browse, cast: Cast) -> None:
    aline, mandate_id, taken = at(browse("aline")), presented(cast), 0
    most, piece = settings().max_file_bytes, bytes(1024 * 1024)

    def endless() -> Iterable[bytes]:
        nonlocal taken
        while True:
            taken += len(piece)
            yield piece

    path = f"/mandats/{mandate_id}/pages"
    for body, headers in ((endless(), {}), ([b""], {"Content_Length": str(most + 1)})):
        refused = await aline.ask("POST", path, body, **headers)
        assert (refused.status, "15\u00a0Mo" in refused.json["erreur"]) == (413, True)
    assert 2 * most < taken < 2 * most + 3 * len(piece)
    assert (await aline.ask("POST", path, [PHOTO[:99], None])).status == 400
    assert UPLOADS.match(path)
    assert not UPLOADS.match(f"{path}/x")


async def test_the_right_is_asked_again_once_the_file_is_here(browse: Browse, cast: Cast) -> None:
    mandate_id = presented(cast)

    def until_the_right_is_lost() -> Iterable[bytes]:
        yield PHOTO
        scenes.leave(cast, "aline", scenes.GUISE)

    path = f"/mandats/{mandate_id}/pages"
    assert (await at(browse("aline")).ask("POST", path, until_the_right_is_lost())).status == 404


async def test_pictures_have_threads_of_their_own(
    browse: Browse, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    mandate_id, seen = presented(cast), []

    def prepare(content: bytes, *, keep_pdf: bool) -> tuple[Prepared, ...]:
        seen.append(threading.current_thread().name)
        return paper_images.prepare(content, keep_pdf=keep_pdf)

    monkeypatch.setattr(page_files, "prepare", prepare)
    assert (await send(browse("aline"), mandate_id)).status == 201
    assert [name.rpartition("_")[0] for name in seen] == ["pictures"]


async def test_the_sheet_to_sign(browse: Browse, cast: Cast) -> None:
    mandate_id: UUID = presented(cast)
    path = f"/mandats/{mandate_id}/a-signer.pdf"
    given = await at(browse("aline")).ask("GET", path)
    assert (given.status, given.start[:5]) == (200, b"%PDF-")
    assert given.headers["content-disposition"] == 'attachment; filename="mandat-a-signer.pdf"'
    assert (await at(browse("bruno")).ask("GET", path)).status == 404
