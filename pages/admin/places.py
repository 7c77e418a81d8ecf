"""The places of the administration, and the way from one to another, drawn above each of its screens."""

from __future__ import annotations

import htpy as h

from pages.components.words import Words
from pages.shell.markup import Markup
from pages.shell.page import Page

# Address, word.
PLACES: tuple[tuple[str, str], ...] = (("/administration/taches", "Tâches"),)


def heading(page: Page, title: str) -> None:
    """Draw the way between the places of the administration and the title of this one."""
    page.called(title)
    here = page.path
    links = (h.li[h.a(href=path, aria_current="page" if path == here else None)[word]] for path, word in PLACES)
    Markup(h.ul(".places")[links], "nav").props('aria-label="Administration"')
    Words(title, "h1")
