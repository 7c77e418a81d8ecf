"""The places of the administration, and the way from one to another, drawn above each of its screens."""

from __future__ import annotations

import htpy as h

from pages.components.words import Words
from pages.shell.markup import Markup
from pages.shell.page import Page

PLACES: tuple[tuple[str, str], ...] = (  # address, word
    ("/administration", "Vue d’ensemble"),
    ("/administration/qualification", "Qualification"),
    ("/administration/groupes", "Groupes"),
    ("/administration/organismes", "Organismes"),
    ("/administration/taches", "Tâches"),
    ("/administration/envois", "Envois"),
)


def heading(page: Page, title: str) -> None:
    """Draw the way between the places of the administration and the title of this one."""
    page.called(title)
    here = max((path for path, _ in PLACES if f"{page.path}/".startswith(f"{path}/")), key=len, default="")
    links = (h.li[h.a(href=path, aria_current="page" if path == here else None)[word]] for path, word in PLACES)
    Markup(h.ul(".places")[links], "nav").props('aria-label="Administration"')
    Words(title, "h1")
