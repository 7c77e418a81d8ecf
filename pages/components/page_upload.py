"""Taking pages in: the camera, a folder, a scanner's file, what is dropped. Sent over HTTP, one at a time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui.element import Element

from app.config import settings
from app.french import NBSP
from app.paper_images import MAX_PAGES
from pages.shell.icons import icon
from pages.shell.markup import Markup


class PageUpload(Element, component="page_upload.js"):
    """Sends to ``url`` what is photographed or chosen, in that order; ``on_sent`` is called after each.

    ``with_camera`` is false where only files are asked for. What came is read again from the service: the
    browser's word is nothing.
    """

    def __init__(self, url: str, on_sent: Callable[[], Awaitable[None]], *, with_camera: bool = True) -> None:
        super().__init__()
        heaviest = settings().max_file_bytes // (1024 * 1024)
        self._props.update(
            url=url, camera=with_camera,
            limit=f"{MAX_PAGES}{NBSP}pages au plus. Images ou PDF, de {heaviest}{NBSP}Mo au plus chacun.",
        )  # fmt: skip
        with self:
            Markup(icon("camera"), "span")
        self.on("sent", lambda _: on_sent())

    def retake(self, page_id: str, name: str) -> None:
        """Have the next picture take the place of this page."""
        self.run_method("retake", page_id, name)
