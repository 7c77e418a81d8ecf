"""A case: its head, its thread, what stands beside it, and the composer under it.

For whoever may read the case. New lines, states and read marks arrive by themselves, without moving what is
read or typed; losing the right to see it empties the pane at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

import htpy as h
from nicegui import ui

from app import attachments, messages, referrals
from app.attachments import FileView
from app.errors import NotFound
from app.lifecycle import Gesture
from app.messages import Typed
from app.policy import Action
from app.queries import case, thread
from app.queries.case import CaseView
from app.queries.thread import WINDOW, EntryView, Reader
from app.work import Work
from pages.cases import gestures
from pages.cases.composer import Composer, begun
from pages.cases.identifying import identify
from pages.cases.narrowing import filter_of, query_of
from pages.cases.room import Drawing, Room
from pages.components.facts import FactsPlace, facts, head, is_free, sheet_buttons, why_silent
from pages.components.fragment import Act, Fragment
from pages.components.presence import PresenceLine, in_thread, is_message_of, seen_by
from pages.components.press import Press
from pages.components.splitter import Splitter
from pages.components.timeline import changed, lines
from pages.components.words import Words
from pages.shell import presence
from pages.shell.page import Page, refusal
from pages.shell.presence import Present


@dataclass(frozen=True)
class Loaded:
    """What one reading gives the pane."""

    view: CaseView
    entries: tuple[EntryView, ...]
    readers: tuple[Reader, ...]
    pending: tuple[FileView, ...]
    typed: Typed | None


def _load(work: Work, case_id: UUID) -> Loaded:
    view = case.case(work, case_id)
    return Loaded(
        view,
        thread.entries_for(work, case_id, view.side),
        thread.readers(work, case_id),
        attachments.pending(work, case_id),
        messages.typed(work, case_id),
    )


class CasePane:
    """One case open on one screen."""

    def __init__(self, page: Page, loaded: Loaded) -> None:
        self.page, self.caller, self.account_id = page, page.caller, page.account_id
        self.view = loaded.view
        self.case_id = loaded.view.id
        self.last_seq = loaded.entries[-1].seq if loaded.entries else 0
        self._loaded = loaded
        self._begun = begun(loaded.typed, loaded.pending)
        self._composer: Composer | None = None
        self._first_seq = loaded.entries[0].seq if loaded.entries else 0
        self._own: EntryView | None = None  # one's own last message to everybody
        self._said_below: tuple[UUID, str] | None = None
        self._leave: Callable[[], None] | None = None

    @classmethod
    async def load(cls, page: Page, case_id: UUID) -> CasePane:
        """Read a case, or refuse it, before anything is drawn."""
        return cls(page, await page.read(_load, case_id))

    def draw(self) -> None:
        """Draw the whole pane."""
        view, now = self.view, datetime.now(UTC)
        self._place = presence.enter(self.page.client, self.case_id, self.account_id)
        self.page.called(view.subject)
        structure = view.structure
        article = ui.element("article").classes("case").props('aria-label=Demande data-refuge=".thread"')
        with article as self._article:
            with ui.element("header").classes("case-head"):
                self._draw_head(view, now)
            with ui.element("div").classes("thread").props("data-scroll tabindex=0 role=region aria-label=Fil"):
                with ui.element("div").classes("older") as self._older:
                    Press("Voir les messages précédents", self._read_older)
                self._older.set_visibility(len(self._loaded.entries) == WINDOW)
                items = h.div(role="log", aria_live="polite", aria_label="Messages")[
                    h.ol(data_items="")[lines(self._loaded.entries, structure, now)]
                ]
                start = _start(view, self._loaded.entries, self.page.query.get("ligne", ""))
                self._thread = Fragment(
                    items, follow=True, start=start, on_seen=self._seen, me=str(self.account_id)
                )
            self._here = PresenceLine(self._place.shows)
            with ui.element("div").props("data-shortcut=r") as self._foot:
                self._draw_foot(view)
            Splitter("facts", grows="left")
            with FactsPlace():
                self._facts = Fragment(facts(view, self._loaded.readers, now), on_act=self._act)
        drawing = Drawing(
            lambda new, at: "".join(map(str, lines(new, structure, at))),
            lambda entry, at: changed(entry, structure, at),
            lambda seen, at: str(_head(seen, at)),
            lambda seen, readers, at: str(facts(seen, readers, at)),
        )
        self._leave = Room.enter(self.case_id, self, drawing)
        self._note_own(self._loaded.entries, self._loaded.readers)
        del self._loaded  # it is drawn: nobody keeps it twice

    def close(self) -> None:
        """Leave the room."""
        if self._leave is not None:
            self._leave()
            self._leave = None
            self._place.leave()

    def add(self, entries: tuple[EntryView, ...], html: str) -> None:
        """Show new lines at the end of the thread."""
        self.last_seq = entries[-1].seq
        self._thread.append(html)
        self._note_own(entries, ())

    def present(self, present: Present) -> None:
        """Show who else is there."""
        self._here.show(in_thread(present))

    def change(self, key: UUID, html: str) -> None:
        """Show what a line has become."""
        self._thread.change(str(key), html)
        if self._own is not None and self._own.id == key:
            self._own = None

    def update(self, view: CaseView, readers: tuple[Reader, ...], head: str, facts: str) -> None:
        """Show the case as it is now; what is typed stays."""
        before, self.view = self.view, view
        self._note_own((), readers)
        self._head.replace(head)
        self._facts.replace(facts)
        if _offers(before) != _offers(view):
            with self.page.client:
                self._offer(view)
                with self._buttons.clear():
                    self._draw_buttons(view)

    def _note_own(self, entries: tuple[EntryView, ...], readers: tuple[Reader, ...]) -> None:
        """Say under one's own last message who has read it: always a line, so that nothing moves by it."""
        mine = [one for one in entries if is_message_of(one, self.account_id)]
        self._own = mine[-1] if mine else self._own
        if self._own is None or not (mine or readers):
            return
        said = self._own.id, seen_by(self._own, readers)
        if said != self._said_below:  # nothing is sent when it is there already
            self._said_below = said
            self._thread.below(str(said[0]), said[1])

    async def lost(self) -> None:
        """The case may not be seen any more: say so in its place."""
        self.close()
        with self.page.client, self._article.clear():
            refusal(self.page, NotFound())

    def _draw_head(self, view: CaseView, now: datetime) -> None:
        back = "/demandes" + query_of(filter_of(self.page.query))
        way_back = ui.element("a").props(f'href="{back}" data-shortcut=Escape')
        with way_back.classes("button plain back-to-list"):
            Words("Revenir à la liste", "span")
        with ui.element("div").classes("top"):
            ui.html(str(h.h1[view.subject]), tag="div").classes("subject-place")
            with ui.element("div").classes("row-of-buttons") as self._buttons:
                self._draw_buttons(view)
        self._head = Fragment(_head(view, now), on_act=self._act)

    def _draw_buttons(self, view: CaseView) -> None:
        if free := next((one for one in view.referrals if is_free(one)), None):
            take = partial(self.page.act, referrals.take, self.case_id, free.group_id, seen=free.assignee_id)
            Press(Gesture.TAKE.value, take).props("data-shortcut=t")
        if Action.CLOSE in view.may:
            Press("Clôturer", lambda: gestures.close(self.page, self.case_id)).props("data-shortcut=e")

    def _offer(self, view: CaseView) -> None:
        """Offer what may be done now; whoever writes keeps the cursor, and what was typed outlives a freeze."""
        if self._composer is not None and Action.WRITE in view.may:
            self._composer.offer(view)
            return
        if self._composer is not None:
            self._begun, self._composer = self._composer.begun(), None
        with self._foot.clear():
            self._draw_foot(view)

    def _draw_foot(self, view: CaseView) -> None:
        if Action.WRITE in view.may:
            self._composer = Composer(
                self.page, view, self._begun, writing=self._place.writes, on_sent=self._thread.to_end
            )
            return
        with ui.element("div").classes("frozen"):
            ui.html(str(h.p[why_silent(view)]))
            if Action.REOPEN in view.may and Action.CLOSE not in view.may:
                Press("Rouvrir la demande", lambda: gestures.reopen(self.page, self.case_id))

    async def _seen(self) -> None:
        Room.seen(self, self.case_id)

    async def _read_older(self) -> None:
        found = await self.page.read(thread.entries, self.case_id, before=self._first_seq)
        if found:
            self._first_seq = found[0].seq
            self._thread.prepend("".join(map(str, lines(found, self.view.structure, datetime.now(UTC)))))
        self._older.set_visibility(len(found) == WINDOW)

    async def _act(self, act: Act) -> None:
        """Do what a button beside the thread says; the service checks who may, and on what."""
        page, id_ = self.page, self.case_id
        seen = act.id("seen") if act.data.get("seen") else None
        match act.name:
            case "associate":
                await gestures.associate(page, id_)
            case "forward":
                await gestures.forward(page, self.view, act.id("group"))
            case "identify":
                await identify(page, id_, self.view.identifiers)
            case "take":
                await page.act(referrals.take, id_, act.id("group"), seen=seen)
            case "pass":
                await gestures.pass_on(page, id_, act.id("group"), seen)
            case "not_competent":
                await gestures.not_competent(page, id_, act.id("group"))
            case "flag_procedure":
                await page.act(referrals.flag_procedure, id_, act.id("group"))
            case "withdraw":
                await gestures.withdraw(page, id_, act.id("group"))


def _head(view: CaseView, now: datetime) -> h.Renderable:
    return h.fragment[head(view, now), sheet_buttons(view)]


_OFFERED = frozenset({Gesture.RESOLVE, Gesture.TAKE, *gestures.OTHERS})


def _start(view: CaseView, entries: tuple[EntryView, ...], line: str) -> str:
    """Where the reading begins: the line that the address names, the first one that is not read, or the end."""
    named = (str(one.id) for one in entries if str(one.id) == line)
    return next(named, "") or next((str(one.id) for one in entries if one.seq > view.read_seq), "")


def _offers(view: CaseView) -> tuple[object, ...]:
    """What the composer and the head offer: they are drawn again only when this changes."""
    answers = tuple((one.group_id, one.assignee_id, one.gestures & _OFFERED) for one in view.referrals)
    return view.may, answers, view.status.value == "closed"
