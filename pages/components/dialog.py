"""A question asked over the page: title, content, the gesture and the way out. It exists only while open."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import ui
from nicegui.element import Element

from app.errors import ChangedMeanwhile, Invalid, Refusal
from pages.components.field import Field
from pages.components.forms import clear_errors, show_errors
from pages.components.press import Press
from pages.components.words import Words


class Dialog(Element, component="modal.js"):
    """A modal dialog, used as a context: what is drawn inside is its content. ``close`` removes it whole.

    Enter in a field of one line presses its primary button, as in any form.
    """

    def __init__(self, title: str) -> None:
        with _holder():
            super().__init__()
        self._props["title"] = title
        self._fields: dict[str, Field] = {}
        self.on("leave", lambda _: self.close())

    def close(self) -> None:
        """Leave; the focus goes back where it was."""
        if not self.is_deleted:
            self.delete()

    def field(self, name: str, field: Field) -> Field:
        """Name a field, so that a refusal finds it."""
        self._fields[name] = field
        return field

    def only_close(self) -> None:
        """Draw the way out alone."""

        async def leave() -> None:
            self.close()

        with ui.element("div").classes("dialog-buttons"):
            Press("Fermer", leave)

    def buttons(self, words: str, on_press: Callable[[], Awaitable[None]], *, look: str = "primary") -> None:
        """Draw the gesture and «Annuler». The dialog closes once the gesture is done; a refusal of what is
        typed keeps it, and so does what changed meanwhile; any other one closes it, shown over the page."""

        async def done() -> None:
            clear_errors(self._fields)
            try:
                await on_press()
            except Invalid as error:
                self._rest.set_text(show_errors(self._fields, error))
                return
            except ChangedMeanwhile as error:
                self._rest.set_text(error.sentence)
                return
            except Refusal:
                self.close()
                raise
            self.close()

        async def leave() -> None:
            self.close()

        self._rest = Words("").classes("field-error").props("role=alert")
        with ui.element("div").classes("dialog-buttons"):
            Press("Annuler", leave)
            Press(words, done, look=look)


def _holder() -> Element:
    """The case or the screen that asks: the question goes away with it, never with the button pressed."""
    here = ui.context.slot.parent
    around = [here, *here.ancestors()]
    return next((one for one in around if {"case", "screen"} & set(one.classes)), ui.context.client.content)
