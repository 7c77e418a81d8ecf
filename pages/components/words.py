"""A sentence on the page, as text: whatever stands in it is shown, never interpreted."""

from __future__ import annotations

from nicegui.elements.mixins.text_element import TextElement


class Words(TextElement):
    """Text in a tag (``p``, ``h1``, ``h2``…)."""

    def __init__(self, text: str, tag: str = "p") -> None:
        super().__init__(tag=tag, text=text)
