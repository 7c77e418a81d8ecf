"""The views beside a list: those of the service with their counts, then those that the person keeps."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import htpy as h

from app import saved_views
from app.french import number, plural
from app.queries.lists import Filter
from app.queries.views import VIEW_LABELS, View
from app.saved_views import Kept
from pages.cases.narrowing import filter_of
from pages.shell.page import Page

SAVED = "vue-enregistree"  # in the address: the id of a view that was kept


def saved_query(view_id: UUID) -> str:
    """Return the address's query of a view that was kept: its id says what it shows, and to its person only."""
    return f"?{SAVED}={view_id}"


def views_html(
    offered: Iterable[View],
    counts: dict[View, int],
    kept: Iterable[tuple[Kept, int | None]],
    current: View | UUID,
) -> str:
    """Return the items; ``current`` is the one that is shown."""
    saved = [_saved(one, count, is_current=one.id == current) for one, count in kept]
    heading = h.li(".saved-title")[h.span["Vues enregistrées"]] if saved else None
    return str(h.fragment[(_view(view, counts.get(view), current) for view in offered), heading, saved])


def _view(view: View, count: int | None, current: View | UUID) -> h.Element:
    late = ".some-late" if view is View.LATE and count else ""
    return h.li(data_key=f"vue-{view.value}")[
        h.a(href=f"/demandes?vue={view.value}", aria_current="page" if view is current else None)[
            h.span[VIEW_LABELS[view]], _count(count, late)
        ]
    ]


def _saved(kept: Kept, count: int | None, *, is_current: bool) -> h.Element:
    return h.li(data_key=str(kept.id))[
        h.a(href="/demandes" + saved_query(kept.id), aria_current="page" if is_current else None)[
            h.span[kept.name], _count(count)
        ]
    ]


def _count(count: int | None, look: str = "") -> h.Element | None:
    if count is None:
        return None
    word = plural(count, "demande").removeprefix(number(count))
    return h.span(f".count{look}")[number(count), h.span(".unseen")[word]]


async def asked_of(page: Page, query: dict[str, str]) -> tuple[Filter | None, Kept | None]:
    """Return the list that an address asks for (none: the one to begin with), and the view that was kept of it;
    another person's is not found."""
    if SAVED not in query:
        return filter_of(query) if query else None, None
    kept = await page.read(saved_views.find, page.id(SAVED))
    return kept.shown, kept
