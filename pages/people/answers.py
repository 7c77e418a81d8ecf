"""The ready answers one keeps: one's own, and those common to each of one's groups.

For Aidants+ and Agents+; an answer is written with its preview on an invented example.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

import htpy as h
from nicegui import ui

from app import ready_answers as service
from app.answer_words import EXAMPLE, VARIABLES, filled
from app.errors import NotFound
from app.french import NBSP
from app.ready_answers import AnswerView, Shelf
from pages.components.at_hand import AtHand, Kind, Offer, Offers
from pages.components.dialog import Dialog
from pages.components.field import Field
from pages.components.fragment import Act, Fragment
from pages.components.press import Press
from pages.components.words import Words
from pages.shell.icons import icon
from pages.shell.markup import Markup
from pages.shell.page import Follow, Page

_VARIABLES = Kind(
    "variables", "{", "any", "Variables", "variable", "variables", "Aucune variable de ce nom.",
    "Aucune variable.",
)  # fmt: skip
Again = Callable[[str], Awaitable[None]]


async def ready_answers(page: Page) -> Follow | None:
    """Draw the answers of each holder, and the way to add, change and remove one."""
    shelves = await page.read(service.shelves)
    page.called("Réponses prêtes")

    async def again(said: str) -> None:
        nonlocal shelves
        shelves = await page.read(service.shelves)
        listed.replace(_listed(shelves))
        page.say(said)

    async def act(act: Act) -> None:
        nonlocal shelves
        shelves = await page.read(service.shelves)  # as a colleague has left it
        answer = next((one for shelf in shelves for one in shelf.answers if one.id == act.id()), None)
        if answer is None:
            raise NotFound
        (_edit if act.name == "change" else _remove)(page, answer, again)

    async def add() -> None:
        _add(page, shelves, again)

    with ui.element("div").classes("plain-page"):
        Words("Réponses prêtes", "h1")
        Words(
            "En écrivant dans une demande, commencez une ligne par « / », ou appuyez sur « Réponse prête »."
        ).classes("meta")
        Press("Ajouter une réponse prête", add, look="primary", sign="plus")
        listed = Fragment(_listed(shelves), on_act=act)
    return None


def _listed(shelves: tuple[Shelf, ...]) -> h.Renderable:
    return h.fragment[
        (
            h.section(".answers")[
                h.h2[shelf.name if shelf.group_id is None else f"Communes à {shelf.name}"],
                h.ul(".drafts")[(_line(one) for one in shelf.answers)]
                if shelf.answers
                else h.p(".meta")[_EMPTY if shelf.group_id is None else _EMPTY_GROUP],
            ]
            for shelf in shelves
        )
    ]


_EMPTY = "Ce que vous écrivez souvent peut être gardé ici, pour vous."
_EMPTY_GROUP = (
    "Ce que le groupe écrit souvent peut être gardé ici. Tous ses membres s’en servent et le modifient."
)


def _line(one: AnswerView) -> h.Element:
    change, remove = f"Modifier «{NBSP}{one.title}{NBSP}»", f"Retirer «{NBSP}{one.title}{NBSP}»"
    return h.li(data_key=str(one.id))[
        h.div[h.strong[one.title], h.p(".meta.kept-text")[one.text]],
        h.div(".row-of-buttons")[
            h.button(".button.quiet", type="button", data_act="change", data_id=str(one.id), aria_label=change)[
                "Modifier"
            ],
            h.button(".button.quiet", type="button", data_act="remove", data_id=str(one.id), aria_label=remove)[
                "Retirer"
            ],
        ],
    ]


def _add(page: Page, shelves: tuple[Shelf, ...], again: Again) -> None:
    with Dialog("Ajouter une réponse prête") as dialog:
        options = [(str(one.group_id or ""), one.name if one.group_id else "Pour moi") for one in shelves]
        holder = Field("Pour qui ?", kind="radio", options=options, value="", tiles=True)
        title, text = _fields(dialog, "", "")

        async def done() -> None:
            await page.act(service.add, _group(str(holder.value)), title.value, text.value)
            await again("La réponse prête est ajoutée.")

        dialog.buttons("Ajouter la réponse prête", done)


def _edit(page: Page, answer: AnswerView, again: Again) -> None:
    with Dialog("Modifier la réponse prête") as dialog:
        title, text = _fields(dialog, answer.title, answer.text)

        async def done() -> None:
            seen = (answer.title, answer.text)
            await page.act(service.change, answer.id, title.value, text.value, seen=seen)
            await again("La réponse prête est modifiée.")

        dialog.buttons("Modifier la réponse prête", done)


def _remove(page: Page, answer: AnswerView, again: Again) -> None:
    with Dialog("Retirer la réponse prête") as dialog:
        Words(f"«{NBSP}{answer.title}{NBSP}» ne sera plus proposée. Les messages envoyés ne changent pas.")

        async def done() -> None:
            await page.act(service.remove, answer.id)
            await again("La réponse prête est retirée.")

        dialog.buttons("Retirer la réponse prête", done, look="danger")


def _fields(dialog: Dialog, title: str, text: str) -> tuple[Field, Field]:
    """Draw what is written, and what it gives on an invented example as one types."""

    async def show() -> None:
        preview.replace(_preview(str(body.value)))

    async def find() -> Offers:
        return {"variables": [Offer(one.name, one.what, f"{{{one.name}}}") for one in VARIABLES]}

    name = dialog.field("title", Field("Titre", value=title, hint="Ce que la liste montre."))
    hint = "Écrivez « { » pour une variable. N’y mettez ni nom ni numéro d’une personne."
    body = dialog.field("text", Field("Texte", kind="area", rows=6, value=text, hint=hint, on_change=show))
    AtHand((_VARIABLES,), find)
    button = Markup(h.fragment[icon("plus"), h.span["Insérer une variable"]], "button")
    button.classes("button plain").props("type=button data-offers=variables")
    with ui.element("div").classes("preview"):
        Words("Aperçu, sur un exemple inventé", "h3")
        preview = Fragment(_preview(text))
    return name, body


def _preview(text: str) -> h.Renderable:
    words = filled(text, EXAMPLE) if text.strip() else "Le texte apparaîtra ici, variables remplies."
    return h.p(".notice.kept-text")[words]


def _group(chosen: str) -> UUID | None:
    """Return the group that was chosen; nothing is oneself, and what is no id is nobody's."""
    try:
        return UUID(chosen) if chosen else None
    except ValueError as error:
        raise NotFound from error
