"""What narrows a list: words as one types, filters in a panel that opens, the chosen ones as removable words.

View and filters are in the address, so that they can be sent. Words are not: people type names of usagers, so
they stay in the tab and on its socket.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from urllib.parse import urlencode

import htpy as h
from nicegui import ui

from app.french import NBSP, plural
from app.queries import lists
from app.queries.lists import Filter
from app.queries.order import ORDER_LABELS, Order
from app.queries.views import View
from pages.cases.found import here_only, how_many, nowhere
from pages.components.field import Field
from pages.components.fragment import Fragment
from pages.components.press import Press
from pages.components.search import Search
from pages.components.words import Words
from pages.shell.icons import icon
from pages.shell.page import Page

MORE = "Trier, choisir, enregistrer, exporter"
Choices = tuple[tuple[str, str], ...]


def filter_of(query: dict[str, str]) -> Filter:
    """Return the filter of an address; an unknown view is «Toutes en cours»."""
    view = next((one for one in View if one.value == query.get("vue")), View.OPEN)
    sort = next((one for one in Order if one.value == query.get("tri")), Order.ACTIVITY)
    theme, organization, urgent = (query.get(name, "") for name in ("theme", "organisme", "urgent"))
    return Filter(view, theme, organization, urgent == "oui", sort=sort)


def query_of(shown: Filter) -> str:
    """Return the address's query of a filter, «?» included, its words left out."""
    parts = {
        "vue": shown.view.value, "theme": shown.theme, "organisme": shown.organization,
        "urgent": "oui" if shown.urgent else "",
        "tri": "" if shown.order is Order.ACTIVITY else shown.order.value,
    }  # fmt: skip
    return "?" + urlencode({name: value for name, value in parts.items() if value})


class Narrowing:
    """The controls above a list. Filters move to another address; ``on_words`` is given what is typed;
    ``on_more`` opens what else can be done with the list, ``on_here`` keeps a search within the view or not."""

    def __init__(
        self,
        page: Page,
        shown: Filter,
        themes: Choices,
        organizations: Choices,
        on_words: Callable[[str], Awaitable[None]],
        on_more: Callable[[], Awaitable[None]],
        on_here: Callable[[], Awaitable[None]],
    ) -> None:
        self._page, self._shown = page, shown
        self._names = {"theme": dict(themes), "organization": dict(organizations)}
        self._fields: tuple[Field, ...] = ()
        with ui.element("div").classes("narrowing"):
            self._search = Search("Rechercher dans les demandes", on_words, shortcut="/", initial=shown.words)
            with ui.element("details").classes("filter-box").on("toggle", self._open, []):
                with ui.element("summary").classes("button"):
                    Words("Filtrer", "span")
                self._place = ui.element("div").classes("filters")
            Press(MORE, on_more, sign="more").classes("list-more").props(f'title="{MORE}"')
            self._chosen = Fragment(self._chosen_html(), on_act=lambda _: on_here())
            self._found = Words("").classes("found meta").props("role=status")

    def follow(self, shown: Filter) -> None:
        """Show another filter."""
        self._shown = shown
        self._set(shown)
        self._chosen.replace(self._chosen_html())

    def put(self, words: str) -> None:
        """Show other words than those that were typed."""
        self._search.put(words)

    def say(self, page: lists.Page) -> None:
        """Say how many cases there are, as soon as something narrows the list."""
        shown = self._shown
        if not shown.words and not _is_filtered(shown):
            self._found.set_text("")
            return
        self._found.classes(**{"remove" if page.rows else "add": "unseen"})  # the empty list says it larger
        count = plural(len(page.rows), "demande")
        count = f"Plus de {count}" if page.after else count
        self._found.set_text(how_many(shown, page) if shown.words else count)

    def _open(self) -> None:
        """Draw the filters the first time the panel opens: most people never do."""
        if not self._fields:
            with self._place:
                self._fields = (
                    self._choice("Thème", tuple(self._names["theme"].items()), "Tous les thèmes"),
                    self._choice(
                        "Organisme", tuple(self._names["organization"].items()), "Tous les organismes"
                    ),
                    self._choice("Urgence", (("oui", "Urgentes"),), "Urgentes ou non"),
                )
            self._set(self._shown)

    def _choice(self, label: str, options: Choices, empty: str) -> Field:
        return Field(label, kind="select", empty=empty, options=options, on_change=self._narrow)

    def _set(self, shown: Filter) -> None:
        values = (shown.theme, shown.organization, "oui" if shown.urgent else "")
        for field, value in zip(self._fields, values, strict=False):
            if field.value != value:
                field.set_value(value)

    async def _narrow(self) -> None:
        theme, organization, urgent = (str(field.value) for field in self._fields)
        shown = replace(self._shown, theme=theme, organization=organization, urgent=urgent == "oui")
        self._page.go("/demandes" + query_of(shown))

    def _chosen_html(self) -> h.Renderable:
        shown, names = self._shown, self._names
        chosen = []
        if shown.words and not shown.here:  # a search everywhere asks for no filter
            return h.ul(".chosen", aria_label="Filtres et tri choisis")[h.li[here_only(shown)]]
        if shown.theme:
            words = names["theme"].get(shown.theme, shown.theme)
            chosen.append(("le filtre", words, replace(shown, theme="")))
        if shown.organization:
            words = names["organization"].get(shown.organization, shown.organization)
            chosen.append(("le filtre", words, replace(shown, organization="")))
        if shown.urgent:
            chosen.append(("le filtre", "Urgentes", replace(shown, urgent=False)))
        if shown.order is not Order.ACTIVITY:
            chosen.append(("le tri", ORDER_LABELS[shown.order], replace(shown, sort=Order.ACTIVITY)))
        return h.ul(".chosen", aria_label="Filtres et tri choisis", hidden=not chosen and not shown.words)[
            h.li[here_only(shown)] if shown.words else None,
            (
                h.li[
                    h.a(href="/demandes" + query_of(without))[
                        h.span(".unseen")[f"Retirer {what}{NBSP}: "], words, icon("close")
                    ]
                ]
                for what, words, without in chosen
            ),
        ]


def nothing(shown: Filter, is_aidant: bool) -> h.Node:
    """Say what to do next when a list is empty."""
    if shown.words:
        return nowhere(shown)
    if _is_filtered(shown):
        return h.fragment[h.p["Aucune demande avec ces filtres dans cette vue."], _remove_filters(shown)]
    return h.p[_BEGIN if is_aidant and shown.view is View.OPEN else _NOTHING[shown.view]]


_BEGIN = "Aucune demande en cours. Commencez par « Nouvelle demande »."
_NOTHING = {
    View.TO_DO: "Rien à faire pour vous en ce moment. Les demandes qui attendent un geste viendront ici.",
    View.UNREAD: "Vous avez tout lu. Les demandes où il y a du nouveau viendront ici.",
    View.LATE: "Aucune demande en souffrance : chaque organisme a répondu à temps.",
    View.TO_REDIRECT: "Aucune demande à réorienter. Celles où aucun organisme n’est compétent viendront ici.",
    View.TO_CLOSE: "Aucune demande à clôturer. Celles que les organismes débloquent viendront ici.",
    View.OPEN: "Aucune demande en cours. Celles que les aidants vous transmettent viendront ici.",
    View.CLOSED: "Aucune demande clôturée. Celles que la structure clôture viendront ici.",
}


def _remove_filters(shown: Filter) -> h.Node:
    if not _is_filtered(shown):
        return None
    return h.a(".alone", href="/demandes" + query_of(Filter(shown.view)))["Retirer les filtres"]


def _is_filtered(shown: Filter) -> bool:
    return bool(shown.theme or shown.organization or shown.urgent)
