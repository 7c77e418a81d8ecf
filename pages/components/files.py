"""Joining files: chosen, dropped or pasted in the browser, sent over HTTP, known here by their ids only."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from nicegui.element import Element
from nicegui.events import GenericEventArguments

from app.attachments import MAX_FILES, TOO_MANY
from app.config import settings
from app.french import NBSP
from pages.shell.icons import icon
from pages.shell.markup import Markup

_MEGABYTE = 1024 * 1024
_LONGEST = 15 * 60.0  # seconds a message waits for its files


class Files(Element, component="files.js"):
    """A picker and the list of what was sent. ``ids`` are claims: the service checks whose they are."""

    def __init__(
        self, case_id: UUID, *, label: str = "Joindre", initial: Iterable[tuple[UUID, str]] = ()
    ) -> None:
        super().__init__()
        self.known: list[tuple[UUID, str]] = list(initial)
        self._state = {"going": 0, "failed": 0, "refused": 0}
        self._moved = asyncio.Event()
        heaviest = settings().max_file_bytes // _MEGABYTE
        self._props.update(
            url=f"/demandes/{case_id}/fichiers", label=label, most=MAX_FILES, full=TOO_MANY,
            limit=f"{MAX_FILES}{NBSP}fichiers au plus, de {heaviest}{NBSP}Mo au plus chacun.",
            initial=_named(self.known),
        )  # fmt: skip
        with self:
            Markup(icon("clip"), "span")
        self.on("files", self._heard)
        self.on("state", self._went_on)

    @property
    def ids(self) -> tuple[UUID, ...]:
        """The files that would leave with a message now."""
        return tuple(id_ for id_, _ in self.known)

    @property
    def are_going(self) -> bool:
        """Whether files are still on their way, as the browser says."""
        return bool(self._state["going"])

    async def all_joined(self) -> bool:
        """Wait until no file is on its way; whether none of them was refused, or is left to be tried again."""
        refused = self._state["refused"]
        async with asyncio.timeout(_LONGEST):
            while self.are_going:
                self._moved.clear()
                await self._moved.wait()
        return not self._state["failed"] and self._state["refused"] <= refused

    def forget(self, ids: tuple[UUID, ...]) -> None:
        """Forget these: they have left with a message."""
        self.known = [one for one in self.known if one[0] not in ids]
        self.run_method("leave", [str(id_) for id_ in ids])

    def show(self, files: Iterable[tuple[UUID, str]]) -> None:
        """Show files that wait again for a message."""
        self.known = list(files)
        self.run_method("show", _named(self.known))

    def _heard(self, event: GenericEventArguments) -> None:
        found: list[tuple[UUID, str]] = []
        for value in event.args if isinstance(event.args, list) else ():
            try:
                found.append((UUID(value["id"]), str(value["name"])))
            except (ValueError, TypeError, AttributeError, KeyError):
                continue
        self.known = found

    def _went_on(self, event: GenericEventArguments) -> None:
        said: Any = event.args if isinstance(event.args, dict) else {}
        self._state = {name: said[name] if isinstance(said.get(name), int) else 0 for name in self._state}
        self._moved.set()


def _named(files: Iterable[tuple[UUID, str]]) -> list[dict[str, str]]:
    return [{"id": str(id_), "name": name} for id_, name in files]
