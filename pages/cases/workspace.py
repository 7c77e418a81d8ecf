"""The dashboard: views with counts, the list, and the case that is open beside it.

For every aidant and agent; each sees the cases of their groups. A row opens its case without touching the
list; the address is always the one to send to a colleague.
"""

from __future__ import annotations

import htpy as h
from nicegui import ui

from app.errors import NotFound
from pages.cases.case_pane import CasePane
from pages.cases.list_pane import ListPane, load
from pages.cases.narrowing import filter_of
from pages.cases.view_list import asked_of
from pages.components.splitter import Splitter
from pages.components.words import Words
from pages.shell.icons import icon
from pages.shell.markup import Markup
from pages.shell.page import Follow, Page, refusal


async def workspace(page: Page) -> Follow | None:
    """Draw the list, and the case of the address if it names one (not readable: not found)."""
    asked, kept = await asked_of(page, page.query)
    found = await page.read(load, asked or (filter_of({}) if "id" in page.params else None))
    if not found.has_cases:
        if "id" in page.params:
            raise NotFound
        _no_cases(page)
        return None
    opened = await CasePane.load(page, page.id("id")) if "id" in page.params else None

    with ui.element("div").classes("panes") as panes:
        list_pane = ListPane(page, found, kept)
        page.called(list_pane.title)
        if _begins(page):
            page.rename(list_pane.address)
        Splitter("views")
        Splitter("list")
        with ui.element("div").classes("case-pane") as place:
            _nothing_open()
    pane: list[CasePane] = []

    def leave() -> None:
        while pane:
            pane.pop().close()

    def show(new: CasePane | None) -> None:
        leave()
        place.clear()
        panes.classes(**{"add" if new else "remove": "reading"})
        list_pane.point_at(new.case_id if new else None)
        list_pane.lead(new is None)
        with place:
            if new is None:
                page.called(list_pane.title)
                _nothing_open()
                return
            pane.append(new)
            new.draw()

    async def follow() -> bool:
        is_case = "id" in page.params
        turned = await list_pane.follow(page.query) if page.query or not is_case else False
        page.focus = ".case h1" if is_case else "" if turned else _back_to(pane)
        if _begins(page):
            page.rename(list_pane.address)
        try:
            show(await CasePane.load(page, page.id("id")) if is_case else None)
        except NotFound as error:
            show(None)
            list_pane.lead(False)
            page.focus = ".case-pane h1"
            place.clear()
            with place:
                refusal(page, error)
            panes.classes(add="reading")
        return True

    page.on_leave(leave)
    if opened is not None:
        show(opened)
        page.focus = ".case h1"
    return follow


def _begins(page: Page) -> bool:
    """Whether the address leaves the view open: one begins, and from there on the address names it."""
    return "id" not in page.params and not page.query


def _back_to(pane: list[CasePane]) -> str | tuple[str, ...]:
    """The row one came from, so that one goes on from there; with no case open, the focus stays where it is."""
    return (f'.rows [data-key="{pane[0].case_id}"] a', ".views h1") if pane else ""


def _nothing_open() -> None:
    words = h.fragment[
        h.p["Choisissez une demande dans la liste pour la lire."],
        h.p(".keys-hint")[
            "Appuyez sur ", h.button(".key", type="button", data_shortcut="?")["?"],
            " pour les raccourcis clavier.",
        ],
    ]  # fmt: skip
    Markup(words).classes("nothing-open")


def _no_cases(page: Page) -> None:
    """Say it plainly to those whose role shows no case: coordinators, observers, administrators."""
    page.called("Demandes")
    words = (
        "Votre rôle ne donne pas accès aux demandes : elles ne sont lues que par la structure de l’aidant "
        "et par les organismes qui les reçoivent."
    )
    with ui.element("div").classes("empty"):
        Words("Demandes", "h1")
        Words(words)
        Markup(h.a(".button.quiet", href="/compte")[icon("person"), "Mon compte"])
