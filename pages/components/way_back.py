"""The way back from a screen that no tab of the frame leads to, above its title."""

from __future__ import annotations

import htpy as h

from pages.shell.icons import icon
from pages.shell.markup import Markup


def way_back(words: str, href: str) -> None:
    """Draw it: where it leads, in a word."""
    Markup(h.a(".way-back", href=href)[icon("back"), words], "nav").props('aria-label="Retour"')
