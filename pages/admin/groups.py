"""The teams of organisations, for administrators: who is there, where, how fast, the note that aidants read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

import htpy as h
from nicegui import ui

from app import guidance
from app.departements import DEPARTEMENTS
from app.errors import Conflict, Invalid
from app.french import number, plural
from app.queries import deployment, reference
from app.queries.deployment import GroupLine, Groups
from pages.admin.mailbox import change_mailbox
from pages.admin.places import heading
from pages.components.dialog import Dialog
from pages.components.field import Field
from pages.components.fragment import Act, Fragment
from pages.components.states import chip
from pages.components.words import Words
from pages.shell.page import Follow, Page

_EMPTIED = "vides"


async def groups(page: Page) -> Follow | None:
    """Draw the filter and the teams it finds."""
    only = [_EMPTIED] if page.query.get("montrer") == _EMPTIED else []
    first = await page.read(deployment.groups, only_emptied=bool(only))
    organizations = await page.read(reference.operators)
    with ui.element("div").classes("admin"):
        heading(page, "Groupes")
        with ui.element("div").classes("filters"):
            words = Field("Nom du groupe")
            organization = Field("Organisme", kind="select", empty="Tous", options=organizations)
            departement = Field(
                "Département", kind="select", empty="Tous",
                options=[(code, f"{code} – {name}") for code, name in DEPARTEMENTS.items()],
            )  # fmt: skip
            emptied = Field(
                "Montrer", kind="checks", value=only, quiet=True,
                options=[(_EMPTIED, "Seulement ceux sans Agent+ actif")],
            )  # fmt: skip

        async def again() -> None:
            found = await page.read(
                deployment.groups, words=str(words.value), organization=str(organization.value),
                departement=str(departement.value), only_emptied=bool(emptied.value),
            )  # fmt: skip
            if not listed.is_deleted:
                listed.replace(_groups(found))

        async def act(act: Act) -> None:
            if act.name == "note":
                await _edit(page, act.id(), again)
            elif act.name == "mailbox":
                await change_mailbox(page, act.id())

        listed = Fragment(_groups(first), on_act=act)
        for field in (words, organization, departement, emptied):
            field.when_changed(again)
    return None


async def _edit(page: Page, group_id: UUID, again: Callable[[], Awaitable[None]]) -> None:
    """Change a note, with what the aidant would read while it is typed."""
    one = await page.read(deployment.group, group_id)
    seen = one.guidance
    with Dialog("Modifier la consigne") as dialog:
        Words(f"{one.name} : ce que ce groupe voudrait lire dans une demande.").classes("meta before-field")
        text = dialog.field("guidance", Field("Consigne", kind="area", rows=4, value=seen, optional=True))
        said = Fragment(_as_read(one, seen))

        async def show() -> None:
            said.replace(_as_read(one, str(text.value)))

        async def done() -> None:
            nonlocal seen
            try:
                await page.act(guidance.note, group_id, str(text.value), seen=seen)
            except Conflict as error:  # what was typed is kept, for who still wants it
                seen = (await page.read(deployment.group, group_id)).guidance
                raise Invalid(
                    guidance=f"Un autre administrateur a écrit : « {seen} ». "
                    "Modifiez de nouveau pour le remplacer."
                ) from error
            page.say("La consigne est enregistrée.")
            await again()

        text.when_changed(show)
        dialog.buttons("Modifier la consigne", done)


def _as_read(one: GroupLine, typed: str) -> h.Element:
    said = " ".join(typed.split())
    return h.div(".said-of-it", role="status")[
        h.small["Ce que l’aidant lit"],
        h.strong[one.name],
        h.small[" · ".join(filter(None, (said.removesuffix("."), *_figures(one))))],
        h.small(".meta")[f"{number(len(said))} caractères sur {guidance.LONGEST}"],
    ]


def _groups(found: Groups) -> h.Renderable:
    if not found.shown:
        return h.p["Aucun groupe ne correspond. Changez le nom, l’organisme ou le département."]
    more = found.total - len(found.shown)
    return h.fragment[
        h.p(".meta", role="status")[plural(found.total, "groupe")],
        h.ul(".admin-rows")[map(_row, found.shown)],
        h.p(".meta")[f"Et {plural(more, 'autre')} : écrivez un nom pour en trouver d’autres."]
        if more
        else None,
    ]


def _row(one: GroupLine) -> h.Element:
    state = None
    if not one.is_open:
        state = chip("withdrawn", "Fermé")
    elif not one.agents:
        state = chip("late", "Aucun Agent+ actif")
    where = ", ".join(one.departements) or "aucun département"
    return h.li(data_key=str(one.id))[
        h.div(".what")[
            h.strong[one.name],
            state,
            h.small(".meta")[" · ".join((*_figures(one), f"départements : {where}"))],
            h.small[one.guidance or "Aucune consigne."],
        ],
        h.div(".row-of-buttons")[
            h.button(".button", type="button", data_act="note", data_id=str(one.id))[
                "Modifier la consigne", h.span(".unseen")[f" de {one.name}"]
            ],
            h.button(".button", type="button", data_act="mailbox", data_id=str(one.id))[
                "Changer l’adresse", h.span(".unseen")[f" de {one.name}"]
            ],
            h.a(".button", href=f"/groupes/{one.id}")["Voir les membres", h.span(".unseen")[f" de {one.name}"]],
        ],
    ]


def _figures(one: GroupLine) -> list[str]:
    words = [plural(one.agents, "agent actif", "agents actifs")]
    if one.usual_days is not None:
        words.append(f"débloque en {plural(max(1, round(one.usual_days)), 'jour')} en général")
    return words
