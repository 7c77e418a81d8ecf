"""The left of the dashboard: views with counts, what narrows the list, its rows.

Rows come, change and go by themselves; none moves while the pointer or the focus is in the list.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

import htpy as h
from nicegui import ui

from app import bulk, saved_views
from app.bulk import BulkGesture
from app.events import CaseChanged, CaseRead, Missed, PreferencesChanged, Signal
from app.queries import finding, lists, reference
from app.queries.lists import Filter
from app.queries.order import Cursor
from app.queries.views import VIEW_LABELS, View, views_for
from app.saved_views import Kept
from app.work import Work
from models.enums import Side
from pages.cases.found import order_of
from pages.cases.list_menu import list_menu
from pages.cases.many import gesture_on
from pages.cases.narrowing import Narrowing, nothing, query_of
from pages.cases.present_rows import PresentRows
from pages.cases.view_list import asked_of, saved_query, views_html
from pages.components.choosing import Choosing
from pages.components.fragment import Fragment
from pages.components.press import Press
from pages.components.rows import row, rows
from pages.components.words import Words
from pages.shell.action import read_aside
from pages.shell.icons import icon
from pages.shell.live import Gathered
from pages.shell.markup import Markup
from pages.shell.page import Page

_CURRENT = ".views [aria-current]"
Saved = tuple[tuple[Kept, int | None], ...]
FIRST = 12  # rows drawn with the screen, which holds eight: the rest comes once they are seen
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
    gestures: tuple[BulkGesture, ...]
    saved: Saved


def load(work: Work, shown: Filter | None, size: int = FIRST) -> Found:
    """Read the first rows of a list (no filter: of the one to begin with), and what stands around it."""
    actor, shown = work.actor, shown or Filter(lists.first_view(work))
    return Found(
        bool(actor.groups(Side.AIDANT) or actor.groups(Side.AGENT)),
        bool(actor.groups(Side.AIDANT)),
        actor.holders,
        shown,
        views_for(work),
        lists.counts(work),
        finding.page(work, shown, size=size),
        reference.themes(work),
        reference.operators(work),
        bulk.offered(work),
        _saved(work),
    )


class ListPane:
    """The views and the list, drawn once and kept while cases open beside them."""

    def __init__(self, page: Page, found: Found, kept: Kept | None) -> None:
        self._page, self._kept = page, kept
        self._counts, self._saved = found.counts, found.saved
        self._is_aidant, self._offered, self._gestures = found.is_aidant, found.views, found.gestures
        self._shown = found.shown
        self._after: Cursor | None = found.page.after
        self._size = len(found.page.rows)
        self._going_on, self._turning = asyncio.Lock(), asyncio.Lock()
        self._gathered = Gathered(0.6, self._refresh, rest=3)
        with ui.element("div").classes("views"):
            self._title = Words("Demandes", "h1").classes("title")
            if self._is_aidant:
                new = h.a(".button.primary", href="/demandes/nouvelle", data_shortcut="n")
                Markup(new[icon("plus"), "Nouvelle demande"])
            with ui.element("nav").props("aria-label=Vues"):
                self._views = Fragment(self._views_html(), tag="ul")
            page.reveal(_CURRENT)
        pane = ui.element("section").props('aria-label="Liste des demandes" data-refuge=summary')
        with pane.classes("list-pane"):
            self._narrowing = Narrowing(
                page,
                found.shown,
                found.themes,
                found.organizations,
                self._search,
                self._more_of_it,
                self._here,
            )
            self._narrowing.say(found.page)
            with ui.element("div").classes("rows").props("data-scroll data-walk"):
                self._rows = Fragment(self._rows_html(found.page), calm=True)
                with ui.element("div").classes("more") as self._more:
                    Press("Afficher la suite", self._next, on_near=self._go_on)
                self._more.set_visibility(self._after is not None)
            self._choosing = Choosing("demande choisie", "demandes choisies", self._make)
            self._choosing.offer(self._gestures_here())
            self._choosing.goes_on(self._after is not None)
        self._present = PresentRows(page, self._rows)
        self._present.shows(one.case_id for one in found.page.rows)
        page.watch(found.holders, self._hear)
        page.on_leave(self._gathered.end)

    def _hear(self, signal: Signal) -> None:
        if isinstance(signal, CaseChanged):
            self._present.doubts(signal.case_id)
        if isinstance(signal, CaseChanged | CaseRead | Missed):
            self._gathered.hear(signal)
        if isinstance(signal, PreferencesChanged):
            self._gathered.soon()  # a view was kept, renamed, moved or removed, here or on another page

    async def follow(self, query: dict[str, str]) -> bool:
        """Take a new address: another view is read, the same one kept as it is. Return whether it changed."""
        asked, kept = await asked_of(self._page, query)
        asked = asked or Filter(await self._page.read(lists.first_view))
        if kept is None and asked != Filter(asked.view):
            self._kept = None  # what was kept is only sorted or filtered otherwise: its words stay
        before, left, self._kept = self._shown, self._kept, kept
        words, here = before.words, before.here
        if kept != left:  # the words of a view that was kept stay with it
            words = kept.shown.words if kept else "" if left and words == left.shown.words else words
            here = bool(words) and (kept is None or kept.shown.here)
        elif replace(asked, words=words, here=here) != before:
            here = bool(words)  # who asks for a view while words are typed looks for them there
        wanted = replace(asked, words=words, here=here)
        if words != before.words:
            self._narrowing.put(words)
        await self._turn_to(wanted, again=kept != left)
        return wanted != before or kept != left

    @property
    def address(self) -> str:
        """The address of what is shown, no case being open."""
        return "/demandes" + self._query

    @property
    def _query(self) -> str:
        return saved_query(self._kept.id) if self._kept else query_of(self._shown)

    @property
    def title(self) -> str:
        """What the list shows, for the tab's title."""
        return f"{VIEW_LABELS[self._shown.view]} – Demandes"

    def point_at(self, case_id: UUID | None) -> None:
        """Show which row is open."""
        self._rows.point_at(str(case_id) if case_id else "")

    def lead(self, is_alone: bool) -> None:
        """Be the heading of the screen, or leave that to what is open beside."""
        self._title.tag = "h1" if is_alone else "p"
        self._title.update()

    async def _search(self, words: str) -> None:
        await self._turn_to(replace(self._shown, words=words, here=self._shown.here and bool(words)))

    async def _here(self) -> None:
        await self._turn_to(replace(self._shown, here=not self._shown.here))

    async def _more_of_it(self) -> None:
        kept = next((one for one, _ in self._saved if self._kept and one.id == self._kept.id), None)
        list_menu(self._page, self._shown, kept, self._choosing.start)

    async def _make(self, words: str, keys: tuple[str, ...]) -> None:
        await gesture_on(self._page, words, keys, self._choosing.end)

    def _gestures_here(self) -> list[str]:
        """What can be done with many cases of this list: closed ones are only read."""
        is_closed = self._shown.view is View.CLOSED
        return [one.value for one in self._gestures if one is BulkGesture.READ or not is_closed]

    async def _turn_to(self, shown: Filter, *, again: bool = False) -> None:
        if again or shown != self._shown:
            self._shown, self._size = shown, FIRST
            self._narrowing.follow(shown)
            self._choosing.end()
            self._choosing.offer(self._gestures_here())
            async with self._turning:  # one reading at a time, however fast somebody types
                if shown == self._shown:
                    self._show(await self._page.read(load, shown))
                    self._page.reveal(_CURRENT)

    def _show(self, found: Found, *, live: bool = False) -> None:
        if found.shown != self._shown:
            return
        self._ends(found.page.after)
        self._counts, self._saved = found.counts, found.saved
        self._views.replace(self._views_html())
        (self._rows.renew if live else self._rows.replace)(self._rows_html(found.page))
        self._present.shows(one.case_id for one in found.page.rows)
        self._narrowing.say(found.page)

    def _ends(self, after: Cursor | None) -> None:
        self._after = after
        self._more.set_visibility(after is not None)
        self._choosing.goes_on(after is not None)

    async def _refresh(self, cases: set[UUID]) -> None:
        """Bring rows and counts up to date with what the actor may see now."""
        if not cases or len(cases) > _MANY or self._shown.words:
            self._show(
                await read_aside(self._page.caller, load, self._shown, max(self._size, FIRST)), live=True
            )
            return
        shown = self._shown
        found, counts, saved = await read_aside(self._page.caller, _changed, shown, cases)
        if shown != self._shown:
            return
        self._counts, self._saved = counts, saved
        self._views.replace(self._views_html())
        for case_id in cases:
            one = found.get(case_id)
            if one is None or self._is_further(one):
                self._rows.put(str(case_id), "")
                self._present.loses(case_id)
            else:
                self._rows.put(str(case_id), self._row_html(one))
                self._present.adds([case_id])

    def _is_further(self, one: lists.Row) -> bool:
        """Whether it stands in a part of the list that is not shown yet."""
        return self._after is not None and one.rank < self._after.rank

    async def _next(self) -> None:
        """Show more, and lead there: the button was pressed, its reader goes on from the first new row."""
        if new := await self._unroll():
            self._page.focus_on(f'.rows [data-key="{new[0].case_id}"] a')

    async def _go_on(self) -> None:
        """Show more before it is asked for: the end of the list comes near."""
        await self._unroll()

    async def _unroll(self) -> tuple[lists.Row, ...]:
        async with self._going_on:
            shown, after = self._shown, self._after
            found = await self._page.read(finding.page, shown, after) if after else None
            if found is None or (shown, after) != (self._shown, self._after):  # another list was read meanwhile
                return ()
            self._ends(found.after)
            self._size += len(found.rows)
            self._rows.append("".join(self._row_html(one, found) for one in found.rows))
            self._present.adds(one.case_id for one in found.rows)
            return found.rows

    def _rows_html(self, page: lists.Page) -> str:
        shown, empty = self._shown, nothing(self._shown, self._is_aidant)
        return str(rows(page.rows, self._query, datetime.now(UTC), empty, order_of(shown), finding.why(page)))

    def _row_html(self, one: lists.Row, page: lists.Page | None = None) -> str:
        hit = finding.why(page).get(one.case_id) if page else None
        return str(row(one, self._query, datetime.now(UTC), order_of(self._shown), hit))

    def _views_html(self) -> str:
        current = self._kept.id if self._kept else self._shown.view
        return views_html(self._offered, self._counts, self._saved, current)


def _changed(
    work: Work, shown: Filter, cases: set[UUID]
) -> tuple[dict[UUID, lists.Row], dict[View, int], Saved]:
    found: dict[UUID, lists.Row] = {}
    for case_id in cases:
        for one in lists.page(work, shown, only=case_id).rows:
            found[case_id] = one
    return found, lists.counts(work), _saved(work)


def _saved(work: Work) -> Saved:
    kept = saved_views.own(work)
    return tuple(zip(kept, saved_views.counts(work, kept), strict=True))
