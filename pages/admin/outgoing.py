"""«Envois»: the e-mails and SMS that could not leave, why, and «Réessayer». Live, for administrators.

Neither what they say nor to whom is shown: an address is masked.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import htpy as h
from nicegui import ui

from app.dead_letters import MOST, Letter, Letters, letters, retry, retry_all
from app.french import NBSP, at_moment, moment_name, number, plural
from pages.admin.places import heading
from pages.components.fragment import Act, Fragment
from pages.components.press import Press
from pages.components.states import chip, dated
from pages.components.words import Words
from pages.shell.live import OUTBOX, Gathered
from pages.shell.page import Follow, Page


async def outgoing(page: Page) -> Follow | None:
    """Draw what was given up and what is tried again; it follows what leaves."""
    found = await page.read(letters)

    async def again(_: set[UUID] | None = None) -> None:
        show(await page.read(letters))

    async def act(act: Act) -> None:
        if act.name == "retry":
            await page.act(retry, act.id())
            await again()
            page.say("L’envoi part à nouveau. S’il n’aboutit pas, il reviendra ici.")

    async def all_again() -> None:
        count = await page.act(retry_all)
        await again()
        page.say(f"{plural(count, 'envoi part', 'envois partent')} à nouveau.")

    def show(now: Letters) -> None:
        failed.replace(_failed(now))
        waiting.replace(_waiting(now))
        every.set_visibility(any(one.may_retry for one in (*now.failed, *now.waiting)))

    with ui.element("div").classes("plain-page"):
        heading(page, "Envois")
        Words("Les e-mails et les SMS qui n’ont pas pu partir. Leur texte n’est pas montré.").classes("meta")
        every = Press("Tout réessayer", all_again)
        Words("Abandonnés", "h2")
        failed = Fragment("", on_act=act)
        Words("En attente d’un nouvel essai", "h2")
        waiting = Fragment("", on_act=act)
    show(found)
    gathered = Gathered(0.2, again, rest=1.0)
    page.watch([OUTBOX], gathered.hear)
    page.on_leave(gathered.end)
    return None


def _failed(found: Letters) -> h.Renderable:
    if not found.failed:
        return h.p["Tout est parti. Un envoi abandonné après dix essais s’affichera ici."]
    return h.fragment[
        _some_of(len(found.failed), found.failed_count),
        h.ul(".jobs")[(_letter(one, found.now) for one in found.failed)],
    ]


def _waiting(found: Letters) -> h.Renderable:
    never_tried = found.waiting_count - len(found.waiting)
    return h.fragment[
        h.ul(".jobs")[(_letter(one, found.now) for one in found.waiting)] if found.waiting else None,
        h.p(".meta")[_in_line(never_tried)] if never_tried > 0 or not found.waiting else None,
    ]


def _in_line(count: int) -> str:
    if count <= 0:
        return "Aucun envoi n’attend d’être réessayé."
    return (
        f"{plural(count, 'autre envoi attend', 'autres envois attendent')} son tour."
        if count == 1
        else (f"{number(count)}{NBSP}autres envois attendent leur tour.")
    )


def _some_of(shown: int, count: int) -> h.Element | None:
    if shown >= count:
        return None
    total = f"plus de {number(MOST)}" if count >= MOST else number(count)
    return h.p(".meta")[f"Les {shown} derniers, sur {total}."]


def _letter(one: Letter, now: datetime) -> h.Element:
    said = f"{one.channel.label} · {one.to} · écrit "
    return h.li(data_key=str(one.id))[
        h.div(".job-head")[
            h.h3[one.what],
            h.button(
                ".button.quiet", type="button", data_act="retry", data_id=str(one.id),
                aria_label=f"Réessayer{NBSP}: {one.what}, {one.to}",
            )["Réessayer"]
            if one.may_retry
            else None,
        ],
        h.p(".meta")[said, dated(one.since, at_moment(one.since, now), moment_name(one.since, now))],
        h.p[_state(one, now)],
    ]  # fmt: skip


def _state(one: Letter, now: datetime) -> h.Node:
    if one.is_leaving:
        return chip("in_progress", "Part en ce moment")
    tries = plural(one.tries, "essai")
    if one.next_at is None:
        return h.fragment[chip("late", "Abandonné"), f" {tries}. {one.reason}"]
    if one.next_at <= now:
        return h.fragment[chip("waiting", "Réessayé dans un instant"), f" {tries}. {one.reason}"]
    return h.fragment[chip("waiting", f"Réessayé {at_moment(one.next_at, now)}"), f" {tries}. {one.reason}"]
