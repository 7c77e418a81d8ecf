"""Buttons: one primary gesture a place, quiet ones beside it, none that can be pressed twice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import htpy as h
from nicegui.events import GenericEventArguments

from pages.shell.icons import icon
from pages.shell.late import Pressed
from pages.shell.markup import Markup


class Press(Pressed, component="press.js"):
    """A button in words. While its gesture runs it says so and takes no other press.

    ``look`` is ``primary``, ``quiet`` (framed), ``plain`` (words only) or ``danger``. ``also`` says the same
    under the words in another language: its code, its direction, its words. ``on_near`` is called
    when scrolling brings the button close: what it would show may come before it is asked for.
    """

    def __init__(
        self,
        words: str,
        on_press: Callable[[], Awaitable[None]],
        *,
        look: str = "quiet",
        sign: str = "",
        also: tuple[str, str, str] | None = None,
        on_near: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        super().__init__()
        self.words = words
        self.classes(f"button {look}")
        self._on_press = on_press
        self._is_running = False
        if also is not None:
            language, direction, own = also
            with self:
                Markup(h.fragment[h.span[words], " ", h.span(lang=language, dir=direction)[own]], "span")
            self.classes("two-words")
        elif sign:
            with self:
                Markup(h.fragment[icon(sign), h.span[words]], "span")
        else:
            self._text = words  # no element for it
        self.on("press", self._heard)
        if on_near is not None:
            self._props["eager"] = True
            self.on("near", lambda _: on_near())

    async def _heard(self, event: GenericEventArguments) -> None:
        """Do what the button says; pressed while the line was cut, it is said again and done once."""
        number = event.args
        if not self.presses.is_new(number):
            if not self._is_running:
                self.run_method("settle", number)
            return
        self._is_running = True
        try:
            await self._on_press()
        finally:
            self._is_running = False
            if not self.is_deleted:  # its gesture may have drawn its place anew
                self.run_method("settle", number)

    def focus(self) -> None:
        """Put the focus on the button."""
        self.run_method("focus")
