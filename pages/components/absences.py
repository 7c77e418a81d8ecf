"""Absences in words, and the questions that declare and change one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

import htpy as h

from app import absences
from app.errors import Invalid
from app.french import NBSP, long_date
from app.queries import absent
from app.queries.absent import AbsenceView
from app.queries.standing_in import Away
from pages.components.dialog import Dialog
from pages.components.field import Field
from pages.components.words import Words
from pages.shell.page import Page

Then = Callable[[], Awaitable[None]]


def away_words(away: Away) -> str:
    """Return «Absence jusqu’au 4 décembre 2026, demandes suivies par Marc D.»."""
    until = f"Absence jusqu’au {long_date(away.until)}"
    return f"{until}, demandes suivies par {away.stand_in.replace(' ', NBSP)}" if away.stand_in else until


def days(one: AbsenceView) -> str:
    """Return «du 1er au 4 décembre», in full."""
    if one.starts_on == one.ends_on:
        return f"le {long_date(one.starts_on)}"
    return f"du {long_date(one.starts_on)} au {long_date(one.ends_on)}"


def lines(found: tuple[AbsenceView, ...], *, with_names: bool, may_change: bool = True) -> h.Element | None:
    """Return absences with what may be done to them; ``with_names`` says whose each is, else in which group."""
    if not found:
        return None
    return h.ul(".drafts")[(_line(one, with_names=with_names, may_change=may_change) for one in found)]


def _line(one: AbsenceView, *, with_names: bool, may_change: bool) -> h.Element:
    whose = one.name if with_names else one.group
    follows = f"Demandes suivies par {one.stand_in}" if one.stand_in else "Personne ne suit les demandes"
    end = "Terminer l’absence" if one.is_under_way else "Retirer l’absence"
    return h.li(data_key=f"absence-{one.id}")[
        h.span[f"Absence {days(one)}", h.br, h.small[f"{whose} · {follows}"]],
        h.span(".row-of-buttons")[
            h.button(".button", type="button", data_act="change_absence", data_id=str(one.id))["Modifier"],
            h.button(".button", type="button", data_act="end_absence", data_id=str(one.id))[end],
        ]
        if may_change
        else None,
    ]


async def declare(page: Page, account_id: UUID, group_id: UUID, then: Then) -> None:
    """Ask for the days and for who stands in."""
    stand_ins = await _stand_ins(page, account_id, group_id)
    with Dialog("Déclarer une absence") as dialog:
        hint = "Par exemple 14/12 ou 14 décembre"
        first = dialog.field("starts_on", Field("Premier jour d’absence", hint=hint))
        last = dialog.field("ends_on", Field("Dernier jour d’absence", hint=hint))
        who = _who(dialog, stand_ins, None)

        async def done() -> None:
            await page.act(
                absences.declare, account_id, group_id, starts_on=first.value, ends_on=last.value,
                stand_in=_chosen(who),
            )  # fmt: skip
            await then()

        dialog.buttons("Déclarer l’absence", done)


async def change(page: Page, absence_id: UUID, then: Then) -> None:
    """Ask for another last day, another stand-in."""
    one = await page.read(absent.one, absence_id)
    stand_ins = await _stand_ins(page, one.account_id, one.group_id)
    with Dialog("Modifier l’absence") as dialog:
        Words(f"{one.name} · {one.group} · premier jour{NBSP}: {long_date(one.starts_on)}").classes("meta")
        last = dialog.field("ends_on", Field("Dernier jour d’absence", value=f"{one.ends_on:%d/%m/%Y}"))
        who = _who(dialog, stand_ins, one.stand_in_id)

        async def done() -> None:
            await page.act(absences.change, absence_id, ends_on=last.value, stand_in=_chosen(who))
            await then()

        dialog.buttons("Modifier l’absence", done)


async def _stand_ins(page: Page, account_id: UUID, group_id: UUID) -> list[tuple[str, str]]:
    found = await page.read(absent.stand_ins, account_id, group_id)
    return [(str(one.id), one.name) for one in found]


def _who(dialog: Dialog, stand_ins: list[tuple[str, str]], chosen: UUID | None) -> Field | None:
    if not stand_ins:
        Words(
            "Personne d’autre n’est Agent+ de ce groupe : les demandes attendront. Prévenez votre responsable."
        ).classes("notice warn")
        return None
    return dialog.field(
        "stand_in",
        Field(
            "Qui suivra les demandes", kind="radio", options=stand_ins, tiles=True,
            value=str(chosen) if chosen else "",
            hint="Elles seront aussi dans sa vue « À faire par moi ».",
        ),
    )  # fmt: skip


def _chosen(who: Field | None) -> UUID | None:
    if who is None or not who.value:
        return None
    try:
        return UUID(str(who.value))
    except ValueError as error:
        raise Invalid(stand_in="Faites un choix dans la liste.") from error
