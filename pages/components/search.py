"""A field of words that narrow what is listed under it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui.element import Element
from nicegui.events import GenericEventArguments

from pages.shell.icons import icon
from pages.shell.markup import Markup

_LONGEST = 100


class Search(Element, component="search.js"):
    """Gives what is typed, a quarter of a second after the last key. People type names: the words are shown
    and searched, never put in an address or a log."""

    def __init__(
        self, label: str, on_words: Callable[[str], Awaitable[None]], *, shortcut: str = "", initial: str = ""
    ) -> None:
        super().__init__()
        self._props.update(label=label, shortcut=shortcut, initial=initial)
        self._on_words = on_words
        with self:
            Markup(icon("search"), "span")
        self.on("words", self._heard)

    def put(self, words: str) -> None:
        """Show these words in the field."""
        self.run_method("put", words)

    async def _heard(self, event: GenericEventArguments) -> None:
        if isinstance(event.args, str):
            await self._on_words(event.args[:_LONGEST].strip())
