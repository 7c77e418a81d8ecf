"""A group and its members: who is there, who is absent, what each has, and the way out of the group.

For its responsable and for administrators; it says how many cases each has, never which.
"""

from __future__ import annotations

from uuid import UUID

import htpy as h
from nicegui import ui

from app import absences
from app.events import CaseChanged, RightsChanged, Signal
from app.french import NBSP, plural
from app.queries import absent, groups
from app.queries.absent import AbsenceView
from app.queries.groups import GroupView, MemberView
from app.work import Work
from models.enums import GroupKind, Side
from pages.components.absences import away_words, change, declare, lines
from pages.components.fragment import Act, Fragment
from pages.components.way_back import way_back
from pages.components.words import Words
from pages.shell.live import Gathered
from pages.shell.page import Follow, Page

Read = tuple[GroupView, tuple[AbsenceView, ...]]


def _load(work: Work, group_id: UUID) -> Read:
    return groups.group(work, group_id), absent.of_group(work, group_id)


async def group(page: Page) -> Follow | None:
    """Draw the members and the absences; both follow what happens elsewhere."""
    group_id = page.id("id")
    found = await page.read(_load, group_id)
    page.called(found[0].name)

    async def again() -> None:
        shown.replace(_content(page.account_id, *await page.read(_load, group_id)))

    async def act(asked: Act) -> None:
        match asked.name:
            case "declare_absence":
                await declare(page, asked.id(), group_id, again)
            case "change_absence":
                await change(page, asked.id(), again)
            case "end_absence":
                await page.act(absences.end_early, asked.id())
                await again()

    with ui.element("div").classes("plain-page"):
        if found[0].may_close_accounts:
            way_back("Groupes", "/administration/groupes")
        else:
            way_back("Mon compte", "/compte")
        Words(found[0].name, "h1")
        shown = Fragment(_content(page.account_id, *found), on_act=act)
    gathered = Gathered(0.3, lambda _: again())

    def hear(signal: Signal) -> None:
        if isinstance(signal, CaseChanged | RightsChanged):
            gathered.soon()

    page.watch([group_id, *(one.account_id for one in found[0].members)], hear)
    page.on_leave(gathered.end)
    return None


def _content(me: UUID, found: GroupView, away: tuple[AbsenceView, ...]) -> h.Renderable:
    active = [one for one in found.members if one.side is Side.AGENT and one.is_active]
    return h.fragment[
        h.p(".notice.wrong")["Ce groupe n’a plus d’Agent+ actif. Aucune demande ne peut lui être transmise."]
        if found.kind is GroupKind.OPERATOR and not active
        else None,
        h.h2["Membres"],
        h.ul(".drafts")[(_member(one, found, me) for one in found.members)],
        h.p(".meta")[f"{plural(found.free, 'demande')} sans personne dans ce groupe."]
        if found.kind is GroupKind.OPERATOR
        else None,
        h.fragment[h.h2["Absences"], lines(away, with_names=True)] if away else None,
    ]


def _member(one: MemberView, found: GroupView, me: UUID) -> h.Element:
    has = one.side is Side.AGENT and one.is_active
    leave = "Quitter ce groupe" if one.account_id == me else "Retirer du groupe"
    return h.li(data_key=f"membre-{one.account_id}")[
        h.span(".what")[
            h.strong[one.name],
            h.small[", ".join(_roles(one))],
            h.small[f"{plural(one.open_cases, 'demande')} en charge"] if has else None,
            h.small[away_words(one.away)] if one.away else None,
        ],
        h.span(".row-of-buttons")[
            h.button(".button", type="button", data_act="declare_absence", data_id=str(one.account_id),
                     aria_label=f"Déclarer une absence{NBSP}: {one.name}")["Déclarer une absence"]
            if has
            else None,
            _link(leave, f"/groupes/{found.id}/depart/{one.account_id}", one.name),
            _link("Désactiver le compte", f"/comptes/{one.account_id}/desactiver", one.name)
            if found.may_close_accounts and one.is_active
            else None,
        ],
    ]  # fmt: skip


def _link(words: str, href: str, name: str) -> h.Element:
    return h.a(".button", href=href, aria_label=f"{words}{NBSP}: {name}")[words]


def _roles(one: MemberView) -> list[str]:
    side = one.side.label if one.side else ""
    state = "" if one.is_active else "compte désactivé"
    return [word for word in (side, "responsable" if one.is_manager else "", state) if word]
