"""Joining the document of a mandate: its files are chosen in the browser, then sent over HTTP one by one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from nicegui.element import Element

from pages.shell.icons import icon
from pages.shell.markup import Markup


class DocumentFiles(Element, component="document_files.js"):
    """A picker for the pages of a mandate; ``on_joined`` is called when files were sent or refused. What is
    stored is read again: the browser's word says nothing."""

    def __init__(self, mandate_id: UUID, label: str, on_joined: Callable[[], Awaitable[None]]) -> None:
        super().__init__()
        self._props.update(url=f"/mandats/{mandate_id}/pages", label=label)
        with self:
            Markup(icon("clip"), "span")
        self.on("joined", lambda _: on_joined())
