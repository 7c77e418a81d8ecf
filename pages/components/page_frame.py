"""Placing the four corners of a page in its picture, by finger, mouse or keys. What it gives is what a browser
says: ``app.paper_corners`` checks every number."""

from __future__ import annotations

from typing import Any

from nicegui.element import Element

from app.paper_corners import Corners


class PageFrame(Element, component="page_frame.js"):
    """The picture at ``address`` with a handle on each corner."""

    def __init__(self, address: str, corners: Corners) -> None:
        super().__init__()
        self._props.update(src=address, initial=[list(one) for one in corners])

    async def chosen(self) -> Any:
        """Return the corners as the browser tells them: fractions, clockwise from the top left."""
        return await self.run_method("chosen", timeout=5)
