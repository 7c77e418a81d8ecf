"""A question asked over the page: title, content, the gesture and the way out. It exists only while open."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import ui
from nicegui.element import Element

from pages.components.press import Press


class Dialog(Element, component="dialog.js"):
    """A modal dialog, used as a context: what is drawn inside is its content. ``close`` removes it whole."""

    def __init__(self, title: str) -> None:
        with ui.context.client.content:
            super().__init__()
        self._props["title"] = title
        self.on("leave", lambda _: self.close())

    def close(self) -> None:
        """Leave; the focus goes back where it was."""
        if not self.is_deleted:
            self.delete()

    def buttons(self, words: str, on_press: Callable[[], Awaitable[None]], *, look: str = "primary") -> None:
        """Draw the gesture and «Annuler». The dialog closes once the gesture is done; a refusal keeps it."""

        async def done() -> None:
            await on_press()
            self.close()

        async def leave() -> None:
            self.close()

        with ui.element("div").classes("dialog-buttons"):
            Press("Annuler", leave)
            Press(words, done, look=look)
