"""Notifications: what one was told, by case, the newest first; each line leads to its place in the case.

For everybody signed in; each sees their own only, and no subject of a case that they may not read. Live.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import htpy as h
from nicegui import ui

from app.departements import within
from app.events import Missed, NoticesChanged, Signal
from app.french import moment_name
from app.notify.notices import mark_all_told, mark_told
from app.queries import notices as queries
from app.queries.notices import PAGE, NoticeLine, Notices, Told
from models.enums import NoticeKind
from pages.components.fragment import Act, Fragment
from pages.components.press import Press
from pages.components.states import urgent_mark, when
from pages.components.words import Words
from pages.shell.live import Gathered
from pages.shell.page import Follow, Page

_NOTHING = (
    "Rien pour l’instant. Ce qui arrive dans vos demandes s’affichera ici : "
    "message, prise en charge, déblocage, échéance."
)


async def my_notices(page: Page) -> Follow | None:
    """Draw what the person was told; it follows what happens, as long a list as is shown."""
    found = await page.read(queries.notices)
    page.called("Notifications")
    shown = PAGE

    async def again() -> None:
        show(await page.read(queries.notices, limit=shown), is_live=True)

    async def more() -> None:
        nonlocal shown
        shown += PAGE
        show(await page.read(queries.notices, limit=shown))

    async def act(act: Act) -> None:
        if act.name == "read":
            await page.act(mark_told, act.id())
            show(await page.read(queries.notices, limit=shown))

    async def read_all() -> None:
        await page.act(mark_all_told)
        show(await page.read(queries.notices, limit=shown))
        page.say("Tout est marqué comme lu.")

    def show(now: Notices, *, is_live: bool = False) -> None:
        (listed.renew if is_live else listed.replace)(_told(now))
        read.set_visibility(any(one.is_unread for one in now.told))
        further.set_visibility(now.after is not None)

    with ui.element("div").classes("plain-page"):
        Words("Notifications", "h1")
        with ui.element("div").classes("row-of-buttons"):
            read = Press("Tout marquer comme lu", read_all)
            ui.html(str(h.a(".button.plain", href="/compte?voir=notifications")["Choisir mes e-mails"]))
        listed = Fragment("", on_act=act, calm=True)
        further = Press("Voir la suite", more)
    show(found)
    gathered = Gathered(0.3, lambda _: again())

    def hear(signal: Signal) -> None:
        if isinstance(signal, NoticesChanged | Missed):
            gathered.soon()

    page.watch([page.account_id], hear)
    page.on_leave(gathered.end)
    return None


def _told(found: Notices) -> h.Renderable:
    return h.fragment[
        h.ul(".told", data_items="")[(_one(told, found.now) for told in found.told)],
        h.p(data_empty="", hidden=bool(found.told))[_NOTHING],
    ]


def _one(told: Told, now: datetime) -> h.Element:
    """Return what happened in one case."""
    newest = told.lines[0]
    unread = sum(line.is_unread for line in told.lines)
    return h.li(data_key=str(told.case_id or newest.id), data_rank=f"{newest.at.isoformat()}{newest.id}")[
        h.div(".told-head")[
            h.div[h.h2[_name(told)], h.p(".meta")[_beside(told)]],
            h.button(
                ".button.quiet", type="button", data_act="read", data_id=str(newest.id),
                aria_label=f"Marquer comme lu : {_name(told)}",
            )["Marquer comme lu"]
            if unread
            else None,
        ],
        h.ul[(_line(line, told.case_id, now) for line in told.lines)],
    ]  # fmt: skip


def _name(told: Told) -> str:
    return told.subject or told.group or "Une demande que vous ne pouvez pas lire"


def _beside(told: Told) -> h.Node:
    if any(line.kind is NoticeKind.NOBODY_THERE for line in told.lines):
        return h.a(".alone", href="/administration")["Voir les groupes que personne ne suit"]
    if told.case_id is None:
        return "Le contenu de la demande ne vous est pas ouvert."
    usager = f" · {told.usager}" if told.is_urgent else told.usager
    return h.fragment[urgent_mark() if told.is_urgent else None, usager]


def _silence(line: NoticeLine, now: datetime) -> str:
    """Return which silence this is, for who is led to no case: since when and where."""
    if line.since is None:
        return ""
    where = within(line.departement)
    return f" (geste attendu depuis {moment_name(line.since, now)}{', ' if where else ''}{where})"


def _line(line: NoticeLine, case_id: UUID | None, now: datetime) -> h.Element:
    """Return one line: a way to its place in the case, where the case may be read."""
    look = ".unread" if line.is_unread else ""
    said = h.fragment[
        h.span(".dot", aria_hidden="true") if line.is_unread else None,
        h.span[
            h.span(".unseen")["Non lu : "] if line.is_unread else None, line.kind.label, _silence(line, now)
        ],
        when(line.at, now),
    ]
    if case_id is None:
        return h.li[h.p(look)[said] if look else h.p[said]]
    place = f"/demandes/{case_id}" + (f"?ligne={line.entry_id}" if line.entry_id else "")
    return h.li[h.a(look, href=place)[said] if look else h.a(href=place)[said]]
