"""A text read aloud by the browser's own voice, in the language of the text."""

from __future__ import annotations

from nicegui.element import Element

from app.mandate_wordings import Wording


class Listen(Element, component="listen.js"):
    """Reads the paragraphs shown in the ``section`` that it stands in, and stops; both in their language."""

    def __init__(self, words: Wording) -> None:
        super().__init__()
        self._props.update(
            voice=words.voice, listen=words.screen["listen"], stop=words.screen["stop"],
            none=words.screen["no_voice"],
        )  # fmt: skip
