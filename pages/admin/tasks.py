"""«Tâches»: what runs by itself, how it went, when next, «Lancer maintenant». Live, for administrators."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import htpy as h
from nicegui import ui

from app.french import NBSP, at_moment, moment_name, plural
from app.job_board import Board, JobView, ask, board
from pages.admin.places import heading
from pages.components.fragment import Act, Fragment
from pages.components.states import chip, dated
from pages.components.words import Words
from pages.shell.live import JOBS, Gathered
from pages.shell.page import Follow, Page


async def tasks(page: Page) -> Follow | None:
    """Draw every job; the list follows what runs."""
    found = await page.read(board)

    async def again(_: set[UUID] | None = None) -> None:
        listed.replace(_listed(await page.read(board)))

    async def press(act: Act) -> None:
        if act.name == "run":
            await page.act(ask, act.data.get("job", ""))
            await again()
            page.say("La tâche est demandée. Son résultat s’affichera ici.")

    with ui.element("div").classes("plain-page"):
        heading(page, "Tâches")
        Words("Ce que le service fait de lui-même, et ce qu’il en est.").classes("meta")
        listed = Fragment(_listed(found), on_act=press)
    gathered = Gathered(0.1, again, rest=1.0)
    page.watch([JOBS], gathered.hear)
    page.on_leave(gathered.end)
    return None


def _listed(found: Board) -> h.Renderable:
    return h.ul(".jobs")[(_job(one, found.now) for one in found.jobs)]


def _job(one: JobView, now: datetime) -> h.Element:
    return h.li(data_key=one.name)[
        h.div(".job-head")[
            h.h2[one.title],
            h.button(
                ".button.quiet", type="button", data_act="run", data_job=one.name,
                aria_label=f"Lancer maintenant{NBSP}: {one.title}",
            )["Lancer maintenant"],
        ],
        h.p[one.purpose],
        h.dl[
            h.div[h.dt["Dernier passage"], h.dd[_last(one, now)]],
            h.div[h.dt["Résultat"], h.dd[_result(one)]],
            h.div[h.dt["Prochain passage"], h.dd[_next(one, now), f", {every(one.every)}"]],
        ],
    ]  # fmt: skip


def _last(one: JobView, now: datetime) -> h.Node:
    if one.started_at is None:
        return "Pas encore"
    return h.fragment[
        dated(one.started_at, at_moment(one.started_at, now).capitalize(), moment_name(one.started_at, now)),
        f", {lasted(one.ended_at - one.started_at)}" if one.ended_at else None,
    ]


def _result(one: JobView) -> h.Node:
    if one.failures:
        times = f" ({one.failures} fois de suite)" if one.failures > 1 else ""
        return h.fragment[chip("late", "N’a pas abouti"), f"{times} {one.result}"]
    if one.started_at is None:
        return "–"
    if one.ended_at is None:
        return chip("in_progress", "En cours")
    return h.fragment[chip("resolved", "Fait"), f" {one.result}"]


def _next(one: JobView, now: datetime) -> str:
    if one.is_asked:
        return "Demandé, dans quelques secondes"
    if one.next_at is None or one.next_at <= now:
        return "Dans quelques secondes"
    return at_moment(one.next_at, now).capitalize()


def every(pause: timedelta) -> str:
    """Return «toutes les 30 secondes», «toutes les minutes», «toutes les 6 heures»."""
    count, word = int(pause.total_seconds()), "seconde"
    for size, larger in ((60, "minute"), (60, "heure"), (24, "jour")):
        if count % size:
            break
        count, word = count // size, larger
    all_ = "tous" if word == "jour" else "toutes"
    return f"{all_} les {word}s" if count == 1 else f"{all_} les {plural(count, word)}"


def lasted(time: timedelta) -> str:
    """Return «en moins d’une seconde», «en 3 secondes», «en 2 minutes»."""
    seconds = round(time.total_seconds())
    if seconds < 1:
        return "en moins d’une seconde"
    return f"en {plural(seconds, 'seconde') if seconds < 120 else plural(seconds // 60, 'minute')}"
