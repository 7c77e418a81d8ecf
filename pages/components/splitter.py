"""The line between two panes, moved by the pointer or by keys; a double click, or Enter, puts it back."""

from __future__ import annotations

from dataclasses import asdict

from nicegui.element import Element

from pages.shell.panes import KEY, PANES


class Splitter(Element, component="splitter.js"):
    """Sizes one pane of ``pages.shell.panes``. All of it happens in the browser: the server hears nothing.

    ``grows`` says on which side of the line the pane is: ``right`` when moving the line right widens it.
    """

    def __init__(self, name: str, *, grows: str = "right") -> None:
        super().__init__()
        self.classes(f"splitter of-{name}")
        self._props.update(asdict(PANES[name]), grows=grows, store=KEY)
