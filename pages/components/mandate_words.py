"""The text of a mandate as HTML: paragraphs, with what is this person's own in bold."""

from __future__ import annotations

import htpy as h


def paragraphs(lines: tuple[str, ...]) -> h.Element:
    """Return the paragraphs; what stands between ``**`` is in bold."""
    return h.div(".words")[(h.p[_bold(line)] for line in lines)]


def _bold(line: str) -> list[h.Node]:
    return [h.strong[part] if number % 2 else part for number, part in enumerate(line.split("**"))]
