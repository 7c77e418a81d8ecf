"""Joining files: chosen in the browser, sent over HTTP one by one, known here by their ids only."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from nicegui import ui
from nicegui.element import Element
from nicegui.events import GenericEventArguments

from pages.shell.icons import icon


class Files(Element, component="files.js"):
    """A picker and the list of what was sent. ``ids`` are claims: the service checks whose they are."""

    def __init__(
        self, case_id: UUID, *, label: str = "Joindre", initial: Iterable[tuple[UUID, str]] = ()
    ) -> None:
        super().__init__()
        known = list(initial)
        self.known: list[tuple[UUID, str]] = known
        self._props["url"] = f"/demandes/{case_id}/fichiers"
        self._props["label"] = label
        self._props["initial"] = [{"id": str(id_), "name": name} for id_, name in known]
        with self:
            ui.html(str(icon("clip")), tag="span")
        self.on("files", self._heard)

    def forget(self) -> None:
        """Forget the files: they have left with a message."""
        self.known = []
        self.run_method("clear")

    @property
    def ids(self) -> tuple[UUID, ...]:
        """The files that would leave with a message now."""
        return tuple(id_ for id_, _ in self.known)

    def _heard(self, event: GenericEventArguments) -> None:
        found: list[tuple[UUID, str]] = []
        for value in event.args if isinstance(event.args, list) else ():
            try:
                found.append((UUID(value["id"]), str(value["name"])))
            except (ValueError, TypeError, AttributeError, KeyError):
                continue
        self.known = found
