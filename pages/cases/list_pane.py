"""The left of the dashboard: views with counts, filters, rows. All three are in the address.

Rows come, change and go by themselves; none moves while the pointer or the focus is in the list.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode
from uuid import UUID

import htpy as h
from nicegui import ui

from app.french import number, plural
from app.queries import lists, reference
from app.queries.lists import Cursor, Filter
from app.queries.views import VIEW_LABELS, View, views_for
from app.work import Work
from models.enums import Side
from pages.components.field import Field
from pages.components.fragment import Fragment
from pages.components.press import Press
from pages.components.rows import row, rows
from pages.components.words import Words
from pages.shell.action import read_aside
from pages.shell.icons import icon
from pages.shell.live import Gathered
from pages.shell.page import Page

_MANY = 8  # beyond this many cases at once the first page is read again, rather than each row


@dataclass(frozen=True)
class Found:
    """What one reading gives the list."""

    has_cases: bool
    is_aidant: bool
    holders: frozenset[UUID]
    shown: Filter
    views: tuple[View, ...]
    counts: dict[View, int]
    page: lists.Page
    themes: tuple[tuple[str, str], ...]
    organizations: tuple[tuple[str, str], ...]


def load(work: Work, shown: Filter) -> Found:
    """Read a list, and what stands around it."""
    actor = work.actor
    return Found(
        bool(actor.groups(Side.AIDANT) or actor.groups(Side.AGENT)),
        bool(actor.groups(Side.AIDANT)),
        actor.holders,
        shown,
        views_for(work),
        lists.counts(work),
        lists.page(work, shown),
        reference.themes(work),
        reference.operators(work),
    )


def filter_of(query: dict[str, str]) -> Filter:
    """Return the filter of an address; an unknown view is «Toutes en cours»."""
    view = next((one for one in View if one.value == query.get("vue")), View.OPEN)
    return Filter(view, query.get("theme", ""), query.get("organisme", ""), query.get("urgent") == "oui")


def query_of(shown: Filter) -> str:
    """Return the address's query of a filter, «?» included."""
    parts = {
        "vue": shown.view.value, "theme": shown.theme, "organisme": shown.organization,
        "urgent": "oui" if shown.urgent else "",
    }  # fmt: skip
    return "?" + urlencode({name: value for name, value in parts.items() if value})


class ListPane:
    """The views and the list, drawn once and kept while cases open beside them."""

    def __init__(self, page: Page, found: Found) -> None:
        self._page = page
        self._is_aidant, self._offered = found.is_aidant, found.views
        self._shown = found.shown
        self._after: Cursor | None = found.page.after
        self._gathered = Gathered(0.6, self._refresh, rest=3)
        with ui.element("div").classes("views"):
            self._title = Words("Demandes", "h1").classes("title")
            self._views = Fragment(self._views_html(found.counts))
        with ui.element("section").props('aria-label="Liste des demandes"').classes("list-pane"):
            self._draw_filters(found)
            with ui.element("div").classes("rows").props("data-scroll"):
                self._rows = Fragment(self._rows_html(found.page))
                with ui.element("div").classes("more") as self._more:
                    Press("Afficher la suite", self._next)
                self._more.set_visibility(self._after is not None)
        page.watch(found.holders, self._gathered.hear)
        page.on_leave(self._gathered.end)

    async def follow(self, query: dict[str, str]) -> None:
        """Take a new address: another view is read, the same one is kept as it is."""
        shown = filter_of(query)
        if shown != self._shown:
            self._shown = shown
            self._theme.set_value(shown.theme)
            self._organization.set_value(shown.organization)
            self._urgent.set_value("oui" if shown.urgent else "")
            await self._read_again()

    def point_at(self, case_id: UUID | None) -> None:
        """Show which row is open."""
        self._rows.point_at(str(case_id) if case_id else "")

    def lead(self, is_alone: bool) -> None:
        """Be the heading of the screen, or leave that to what is open beside."""
        self._title.tag = "h1" if is_alone else "p"
        self._title.update()

    async def _read_again(self) -> None:
        self._show(await self._page.read(load, self._shown))

    def _show(self, found: Found) -> None:
        if found.shown != self._shown:
            return
        self._after = found.page.after
        self._more.set_visibility(self._after is not None)
        self._views.replace(self._views_html(found.counts))
        self._rows.replace(self._rows_html(found.page))

    async def _refresh(self, cases: set[UUID]) -> None:
        """Bring rows and counts up to date with what the actor may see now."""
        if not cases or len(cases) > _MANY:
            self._show(await read_aside(self._page.caller, load, self._shown))
            return
        shown = self._shown
        found, counts = await read_aside(self._page.caller, _changed, shown, cases)
        if shown != self._shown:
            return
        self._views.replace(self._views_html(counts))
        for case_id in cases:
            one = found.get(case_id)
            html = str(row(one, query_of(shown), datetime.now(UTC))) if one else ""
            self._rows.put(str(case_id), html)

    async def _next(self) -> None:
        found = await self._page.read(lists.page, self._shown, self._after)
        self._after = found.after
        self._more.set_visibility(self._after is not None)
        now = datetime.now(UTC)
        self._rows.append("".join(str(row(one, query_of(self._shown), now)) for one in found.rows))

    def _rows_html(self, page: lists.Page) -> str:
        nothing = _nothing(self._shown, self._is_aidant)
        return str(rows(page.rows, query_of(self._shown), datetime.now(UTC), nothing))

    def _views_html(self, counts: dict[View, int]) -> str:
        return str(
            h.fragment[
                h.a(".button.primary", href="/demandes/nouvelle")[icon("plus"), "Nouvelle demande"]
                if self._is_aidant
                else None,
                h.nav(aria_label="Vues")[h.ul[(self._view(view, counts) for view in self._offered)]],
            ]
        )

    def _view(self, view: View, counts: dict[View, int]) -> h.Element:
        count = counts.get(view)
        late = ".some-late" if view is View.LATE and count else ""
        return h.li(data_key=f"vue-{view.value}")[
            h.a(href=f"/demandes?vue={view.value}", aria_current="page" if view is self._shown.view else None)[
                h.span[VIEW_LABELS[view]],
                h.span(f".count{late}")[
                    number(count), h.span(".unseen")[plural(count, "demande").removeprefix(number(count))]
                ]
                if count is not None
                else None,
            ]
        ]

    def _draw_filters(self, found: Found) -> None:
        with ui.element("div").classes("filters"):
            self._theme = Field(
                "Thème", kind="select", quiet=True, empty="Thème", options=found.themes,
                value=self._shown.theme, on_change=self._narrow,
            )  # fmt: skip
            self._organization = Field(
                "Organisme", kind="select", quiet=True, empty="Organisme",
                options=found.organizations, value=self._shown.organization, on_change=self._narrow,
            )  # fmt: skip
            self._urgent = Field(
                "Urgence", kind="select", quiet=True, empty="Urgence", options=[("oui", "Urgentes")],
                value="oui" if self._shown.urgent else "", on_change=self._narrow,
            )  # fmt: skip

    async def _narrow(self) -> None:
        theme, organization = str(self._theme.value), str(self._organization.value)
        shown = Filter(self._shown.view, theme, organization, self._urgent.value == "oui")
        self._page.go("/demandes" + query_of(shown))


def _changed(work: Work, shown: Filter, cases: set[UUID]) -> tuple[dict[UUID, lists.Row], dict[View, int]]:
    found: dict[UUID, lists.Row] = {}
    for case_id in cases:
        for one in lists.page(work, shown, only=case_id).rows:
            found[case_id] = one
    return found, lists.counts(work)


def _nothing(shown: Filter, is_aidant: bool) -> h.Node:
    """Say what to do next when a view is empty."""
    if shown.theme or shown.organization or shown.urgent:
        words = "Aucune demande avec ces filtres. Élargissez le thème ou l’organisme."
    elif shown.view is View.TO_DO:
        words = "Rien à faire pour vous en ce moment. Les demandes qui attendent un geste viendront ici."
    elif shown.view is View.LATE:
        words = "Aucune demande en souffrance : chaque organisme a répondu à temps."
    elif is_aidant and shown.view is View.OPEN:
        words = "Aucune demande en cours. Commencez par « Nouvelle demande »."
    else:
        words = "Aucune demande dans cette vue."
    return h.p[words]
