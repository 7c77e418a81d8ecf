"""A box to sign in. What it gives is what a browser says: ``app.signature`` checks every number."""

from __future__ import annotations

from typing import Any

from nicegui.element import Element


class Signature(Element, component="signature.js"):
    """Takes finger, stylus and mouse. ``also`` says where to sign in another language: its code, its direction,
    its words."""

    def __init__(self, also: tuple[str, str, str] | None = None) -> None:
        super().__init__()
        if also is not None:
            self._props["also"] = {"lang": also[0], "dir": also[1], "words": also[2]}

    def undo(self) -> None:
        """Take the last stroke back."""
        self.run_method("undo")

    def wipe(self) -> None:
        """Begin again."""
        self.run_method("clear")

    async def drawn(self) -> Any:
        """Return the strokes as the browser tells them."""
        return await self.run_method("drawn", timeout=5)
