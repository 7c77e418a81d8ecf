"""Who else is in a case, in words: a line above the composer, a few words in a row of the list."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from nicegui.element import Element
from nicegui.events import GenericEventArguments

from app.french import NBSP
from app.queries.thread import EntryView, Reader
from models.enums import Audience, EntryKind
from pages.shell.presence import Present

_NAMED = 2  # beyond, the others are counted


class PresenceLine(Element, component="presence.js"):
    """The line above the composer; ``on_look`` hears whether the tab is seen by its person."""

    def __init__(self, on_look: Callable[[bool], None]) -> None:
        super().__init__()
        self._words = ""
        self._on_look = on_look
        self.on("look", self._heard)

    def show(self, words: str) -> None:
        """Show these words; nothing is sent when they are there already."""
        if words != self._words:
            self._words = words
            self.run_method("show", words)

    def _heard(self, event: GenericEventArguments) -> None:
        if isinstance(event.args, bool):
            self._on_look(event.args)


def in_thread(present: Present) -> str:
    """Return «Basile T. écrit… · Bruno C. et Marc D. lisent», or nothing."""
    writing = f"{_names(present.writing)} {_verb(present.writing, 'écrit…', 'écrivent…')}"
    reading = f"{_names(present.reading)} {_verb(present.reading, 'lit', 'lisent')}"
    return " · ".join(words for words in (writing, reading) if words.strip())


def in_row(present: Present) -> str:
    """Return «Basile T. écrit…», else «Basile T. lit» or «3 personnes lisent»: a row has no room for more."""
    if present.writing:
        return _few(present.writing, "écrit…", "écrivent…")
    return _few(present.reading, "lit", "lisent") if present.reading else ""


def is_message_of(entry: EntryView, account_id: UUID) -> bool:
    """Whether this is a message of theirs to everybody (a note's readers are not those of the thread)."""
    return (
        entry.author_id == account_id
        and entry.kind is EntryKind.MESSAGE
        and entry.audience is Audience.EVERYBODY
        and not entry.is_withdrawn
    )


def seen_by(entry: EntryView, readers: tuple[Reader, ...]) -> str:
    """Return «Lu par Aline L.» for a message, its author left out, the first reader first."""
    names = [
        one.name for one in reversed(readers) if one.seq >= entry.seq and one.account_id != entry.author_id
    ]
    return f"Lu par {_names(tuple(names))}" if names else "Envoyé, pas encore lu"


def _few(names: tuple[str, ...], one: str, several: str) -> str:
    if len(names) == 1:
        return f"{_tied(names[0])} {one}"
    return f"{len(names)}{NBSP}personnes {several}"


def _names(names: tuple[str, ...]) -> str:
    shown = [_tied(name) for name in names]
    if len(shown) > _NAMED + 1:
        shown = [*shown[:_NAMED], f"{len(shown) - _NAMED} autres"]
    return " et ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))


def _verb(names: tuple[str, ...], one: str, several: str) -> str:
    return "" if not names else one if len(names) == 1 else several


def _tied(name: str) -> str:
    return name.replace(" ", NBSP)
