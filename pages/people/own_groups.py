"""One's own groups on the account page: the absences there, declared and changed."""

from __future__ import annotations

from uuid import UUID

import htpy as h

from app import absences
from app.queries import absent, groups
from app.queries.absent import AbsenceView
from app.queries.groups import OwnPlace
from app.work import Work
from models.enums import Side
from pages.components.absences import change, declare, lines
from pages.components.fragment import Act, Fragment
from pages.components.words import Words
from pages.shell.page import Page

Read = tuple[tuple[OwnPlace, ...], tuple[AbsenceView, ...]]


def load(work: Work) -> Read:
    """Read one's own places and absences."""
    return groups.mine(work), absent.mine(work)


def own_groups(page: Page, found: Read) -> None:
    """Draw them, for whoever stands in a group."""
    if not found[0]:
        return

    async def again() -> None:
        shown.replace(_groups(page.account_id, *await page.read(load)))

    async def act(asked: Act) -> None:
        match asked.name:
            case "declare_absence":
                await declare(page, page.account_id, asked.id(), again)
            case "change_absence":
                await change(page, asked.id(), again)
            case "end_absence":
                await page.act(absences.end_early, asked.id())
                await again()

    Words("Mes groupes", "h2")
    shown = Fragment(_groups(page.account_id, *found), on_act=act)


def _groups(me: UUID, places: tuple[OwnPlace, ...], away: tuple[AbsenceView, ...]) -> h.Renderable:
    return h.fragment[
        h.ul(".drafts")[(_place(one, me) for one in places)],
        lines(away, with_names=False),
    ]


def _place(one: OwnPlace, me: UUID) -> h.Element:
    role = ", ".join(
        filter(None, (one.side.label if one.side else "", "responsable" if one.is_manager else ""))
    )
    return h.li(data_key=f"groupe-{one.group_id}")[
        h.span[one.group, h.br, h.small[role]],
        h.span(".row-of-buttons")[
            h.button(".button", type="button", data_act="declare_absence", data_id=str(one.group_id))[
                "Déclarer une absence"
            ]
            if one.side is Side.AGENT
            else None,
            h.a(".button", href=f"/groupes/{one.group_id}")["Voir le groupe"] if one.is_manager else None,
            h.a(".button", href=f"/groupes/{one.group_id}/depart/{me}")["Quitter ce groupe"],
        ],
    ]
