"""Markup of the service's own that never changes: signs, the frame."""

from __future__ import annotations

import htpy as h
from markupsafe import Markup as Safe
from nicegui.element import Element


class Markup(Element):
    """Markup in a tag, put there as it is; ``htpy`` has escaped the names in it, as everywhere.

    What people wrote goes through ``Fragment`` or ``ui.html``, which sanitise it once more in the browser and
    need a script for it.
    """

    def __init__(self, content: h.Renderable | Safe, tag: str = "div") -> None:
        super().__init__(tag)
        self._props["innerHTML"] = str(content)
