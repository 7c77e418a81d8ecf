"""The words of the screen in French, with those of the reader's language under them: nobody agrees to words
that they do not understand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from app.mandate_wordings import Wording, binding
from models.enums import Capacity
from pages.components.press import Press
from pages.components.words import Words


class Both:
    """The French words, and those of one translation (``own``) if one is shown."""

    def __init__(self, own: Wording | None = None) -> None:
        self.french = binding()
        self.own = own

    @property
    def language(self) -> str:
        """The language shown beside the French, or nothing."""
        return self.own.language if self.own else ""

    def said(self, key: str) -> str:
        """Return both in one line, for a label."""
        return self.french.screen[key] + (f" · {self.own.screen[key]}" if self.own else "")

    def also(self, key: str) -> tuple[str, str, str] | None:
        """Return the translation's words with their language and direction."""
        return (self.own.language, self.own.direction, self.own.screen[key]) if self.own else None

    def capacities(self) -> list[tuple[str, str]]:
        """Return for whom one may sign, as the choices of a list."""
        own = self.own.capacity if self.own else {}
        return [(one.value, " · ".join(filter(None, (one.label, own.get(one.value))))) for one in Capacity]

    def draw(self, key: str, tag: str = "p") -> None:
        """Draw the French words, and the others as a line under them."""
        Words(self.french.screen[key], tag)
        self.draw_own(key)

    def draw_own(self, key: str) -> None:
        """Draw the translation's words, if there is one."""
        if self.own:
            Words(self.own.screen[key]).classes("also").props(
                f"lang={self.own.language} dir={self.own.direction}"
            )

    def press(self, key: str, on_press: Callable[[], Awaitable[None]], *, look: str = "quiet") -> None:
        """Draw a button that says both."""
        Press(self.french.screen[key], on_press, look=look, also=self.also(key))


class Complaint:
    """What is missing, said under the box in French and, when words for it exist, in the reader's language."""

    def __init__(self, both: Both) -> None:
        self._both = both
        self._french = Words("").classes("field-error").props("role=alert")
        self._own = Words("").classes("field-error")
        if both.own:
            self._own.props(f"lang={both.own.language} dir={both.own.direction}")

    def say(self, sentence: str, key: str) -> None:
        """Say the sentence of a refusal, and the translation of what is to be done."""
        self._french.set_text(sentence)
        self._own.set_text(self._both.own.screen[key] if self._both.own else "")
