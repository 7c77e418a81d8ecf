"""Pages of a mandate as they are gathered: taken in, seen, cut, turned, moved, taken away.

For every mandate that takes pages: signed on paper, or one that the structure had.
"""

from __future__ import annotations

from uuid import UUID

import htpy as h

from app import mandate_pages
from app.errors import NotFound
from app.french import NBSP
from app.mandate_pages import PageView
from app.paper_images import PDF
from pages.components.dialog import Dialog
from pages.components.fragment import Act, Fragment
from pages.components.page_frame import PageFrame
from pages.components.page_upload import PageUpload
from pages.shell.action import on_pictures
from pages.shell.page import Page


def address_of(mandate_id: UUID, view: PageView) -> str:
    """Return where a page is shown; another address once it has changed."""
    return f"/mandats/{mandate_id}/pages/{view.id}?v={view.sha256[:12]}"


class PaperPages:
    """What takes pages in, and the pages there are. ``draw`` once, ``refresh`` when they may have changed."""

    def __init__(self, page: Page, mandate_id: UUID, *, with_camera: bool = True) -> None:
        self._page, self._mandate_id, self._with_camera = page, mandate_id, with_camera
        self.views: tuple[PageView, ...] = ()

    async def draw(self) -> None:
        """Draw here."""
        self.views = await self._page.read(mandate_pages.pages, self._mandate_id)
        self._upload = PageUpload(
            f"/mandats/{self._mandate_id}/pages", self.refresh, with_camera=self._with_camera
        )
        self._list = Fragment(self._drawn(), on_act=self._act)

    async def refresh(self) -> None:
        """Show the pages as they are now."""
        self.views = await self._page.read(mandate_pages.pages, self._mandate_id)
        if not self._list.is_deleted:
            self._list.replace(self._drawn())

    def _drawn(self) -> h.Renderable:
        if not self.views:
            return h.p(".meta.no-pages")["Les pages apparaîtront ici, dans l’ordre où vous les ajoutez."]
        last = len(self.views) - 1
        return h.ol(".paper-pages", aria_label="Pages")[
            (self._one(view, is_last=view.position == last) for view in self.views)
        ]

    def _one(self, view: PageView, *, is_last: bool) -> h.Element:
        name = f"Page{NBSP}{view.position + 1}"
        gestures = [
            ("frame", "Recadrer", view.is_cut_here),
            ("turn", "Tourner", view.is_cut_here),
            ("contrast", "Couleurs" if view.has_contrast else "Noir et blanc", view.is_cut_here),
            ("retake", "Reprendre", True),
            ("up", "Mettre avant", view.position > 0),
            ("down", "Mettre après", not is_last),
            ("remove", "Retirer", True),
        ]
        return h.li(data_key=str(view.id))[
            h.figure[_picture(self._mandate_id, view, name), h.figcaption[name]],
            h.div(".row-of-buttons")[
                (
                    h.button(
                        ".button.plain", type="button", data_act=act, data_id=str(view.id),
                        aria_label=f"{words}{NBSP}: {name.lower()}",
                    )[words]
                    for act, words, is_there in gestures
                    if is_there
                )
            ],
        ]  # fmt: skip

    async def _act(self, act: Act) -> None:
        view = next((one for one in self.views if one.id == act.id()), None)
        if view is None:
            raise NotFound
        gestures = {
            "frame": self._frame, "turn": self._turn, "contrast": self._contrast, "retake": self._retake,
            "up": self._up, "down": self._down, "remove": self._remove,
        }  # fmt: skip
        if act.name in gestures:
            await gestures[act.name](view)

    async def _frame(self, view: PageView) -> None:
        """Ask for the corners, over the whole picture."""
        with Dialog(f"Recadrer la page{NBSP}{view.position + 1}") as dialog:
            whole = f"/mandats/{self._mandate_id}/pages/{view.id}/entiere?v={view.sha256[:12]}"
            frame = PageFrame(whole, view.corners)

            async def done() -> None:
                await self._cut(view, corners=await frame.chosen())

            dialog.buttons("Recadrer la page", done)

    async def _turn(self, view: PageView) -> None:
        await self._cut(view, turns=(view.turns + 1) % 4)

    async def _contrast(self, view: PageView) -> None:
        await self._cut(view, contrast=not view.has_contrast)

    async def _cut(
        self, view: PageView, *, corners: object = None, turns: int | None = None, contrast: bool | None = None
    ) -> None:
        uncut = await self._page.read(
            mandate_pages.to_cut, self._mandate_id, view.id,
            corners=view.corners if corners is None else corners,
            turns=view.turns if turns is None else turns,
            contrast=view.has_contrast if contrast is None else contrast,
        )  # fmt: skip
        made = await on_pictures(mandate_pages.cut, uncut)
        await self._page.act(mandate_pages.keep_cut, self._mandate_id, made)
        await self.refresh()

    async def _retake(self, view: PageView) -> None:
        self._upload.retake(str(view.id), f"page{NBSP}{view.position + 1}")

    async def _up(self, view: PageView) -> None:
        await self._move(view, up=True)

    async def _down(self, view: PageView) -> None:
        await self._move(view, up=False)

    async def _move(self, view: PageView, *, up: bool) -> None:
        await self._page.act(mandate_pages.move_page, self._mandate_id, view.id, up=up)
        await self.refresh()

    async def _remove(self, view: PageView) -> None:
        await self._page.act(mandate_pages.remove_page, self._mandate_id, view.id)
        await self.refresh()
        self._page.say("La page est retirée.")


def _picture(mandate_id: UUID, view: PageView, name: str) -> h.Renderable:
    if view.media_type == PDF:
        return h.a(".alone", href=address_of(mandate_id, view))[f"{name} (PDF)"]
    return h.img(src=address_of(mandate_id, view), alt=f"{name}, telle qu’elle est gardée")
