"""Before the first step of a new case: in whose name it is made, and the drafts one may resume."""

from __future__ import annotations

from datetime import UTC, datetime

import htpy as h
from nicegui import ui
from nicegui.element import Element

from app.french import moment_name, plural
from app.queries.drafts import DraftLine
from app.queries.people import PersonView
from pages.components.fragment import Fragment
from pages.components.states import mandate_chip
from pages.components.words import Words
from pages.shell.page import Page


def chosen_structure(page: Page, structures: tuple[PersonView, ...]) -> PersonView | None:
    """Return the structure in whose name one writes: the only one, or the one in the address."""
    asked = page.query.get("structure", "")
    return structures[0] if len(structures) == 1 else next((s for s in structures if str(s.id) == asked), None)


def draw_choice(structures: tuple[PersonView, ...]) -> None:
    """Ask in whose name, once: nothing else can be answered before."""
    Words("Au nom de quelle structure ?", "h2").classes("first-question")
    Fragment(
        h.ul(".structures")[
            (
                h.li[h.a(".button.quiet", href=f"/demandes/nouvelle?structure={one.id}")[one.name]]
                for one in structures
            )
        ]
    )


def draw_drafts(mine: tuple[DraftLine, ...]) -> Element:
    """Offer the last draft in one line, the others behind their count; return their place."""
    if not mine:
        return ui.element("div")
    last, *others = mine
    more = plural(len(others), "autre brouillon", "autres brouillons")
    with ui.element("section").classes("drafts").props('aria-label="Vos brouillons"') as place:
        Fragment(
            h.fragment[
                h.ul[_line(last)],
                h.details[h.summary[f"Voir {more}"], h.ul[map(_line, others)]] if others else None,
            ]
        )
    return place


def _line(one: DraftLine) -> h.Element:
    now = datetime.now(UTC)
    return h.li[
        h.span(".what")[
            h.strong[one.usager or "Personne non nommée"],
            f" · {one.subject}" if one.subject else None,
            h.small[f"Brouillon enregistré {moment_name(one.saved_at, now)}"],
            h.span(".draft-mandate")["Mandat : ", mandate_chip(one.mandate)] if one.mandate else None,
        ],
        h.a(".button.quiet", href=f"/demandes/nouvelle?brouillon={one.case_id}")["Reprendre"],
    ]
