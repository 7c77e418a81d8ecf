"""The organisations, for administrators: by which number each knows people, and for which the NIR is asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from uuid import UUID

import htpy as h
from nicegui import ui

from app import asked_numbers
from app.french import NBSP, long_date, plural
from app.queries import deployment
from app.queries.deployment import OrganizationLine
from models.enums import IdentifierKind
from pages.admin.places import heading
from pages.components.dialog import Dialog
from pages.components.field import Field
from pages.components.fragment import Act, Fragment
from pages.components.identifiers import label_of
from pages.components.states import chip
from pages.components.words import Words
from pages.shell.page import Follow, Page

Again = Callable[[], Awaitable[None]]


async def organizations(page: Page) -> Follow | None:
    """Draw the organisations, each with what it asks for."""
    found = await page.read(deployment.organizations)
    with ui.element("div").classes("admin"):
        heading(page, "Organismes")
        Words(
            "Ces numéros sont facultatifs. Ils sont vus de la structure et de cet organisme seulement. "
            "Le NIR n’est demandé que là où un texte le permet."
        ).classes("meta")

        async def again() -> None:
            now = await page.read(deployment.organizations)
            if not listed.is_deleted:
                listed.replace(_rows(now))

        async def act(act: Act) -> None:
            now = await page.read(deployment.organizations)
            one = next((line for line in now if line.id == act.id()), None)
            if one is None:
                return
            match act.name:
                case "number":
                    await _choose(page, one, again)
                case "nir" if not one.nir_basis:
                    _ask_nir(page, one, again)
                case "no_nir":
                    await _stop_nir(page, one, again)

        listed = Fragment(_rows(found), on_act=act)
    return None


async def _choose(page: Page, one: OrganizationLine, again: Again) -> None:
    """Choose the number, told before of what is erased with the old one."""
    loss = await page.read(asked_numbers.concerned, one.id)
    with Dialog("Choisir le numéro demandé") as dialog:
        kind = Field(
            f"{one.short_name} connaît les personnes par", kind="radio", value=one.identifier.value,
            options=[(each.value, each.label) for each in IdentifierKind],
        )  # fmt: skip
        said = Fragment(_asked(one.short_name, one.identifier, has_basis=bool(one.nir_basis)))

        async def show() -> None:
            chosen = _kind(kind)
            same = chosen is one.identifier
            asked = _asked(one.short_name, chosen, has_basis=same and bool(one.nir_basis))
            said.replace(h.fragment[asked, None if same else _loss(loss)])

        async def done() -> None:
            await page.act(asked_numbers.know_by, one.id, _kind(kind), seen=one.identifier)
            await again()

        kind.when_changed(show)
        dialog.buttons("Choisir ce numéro", done)


def _ask_nir(page: Page, one: OrganizationLine, again: Again) -> None:
    with Dialog("Demander le NIR") as dialog:
        Words(
            f"Le texte qui permet à {one.short_name} de l’utiliser est enregistré avec votre nom et la date."
        ).classes("before-field")
        basis = dialog.field("basis", Field("Base légale", kind="area", rows=2, value=asked_numbers.BASIS))
        Fragment(_asked(one.short_name, IdentifierKind.NIR, has_basis=True))

        async def done() -> None:
            await page.act(asked_numbers.ask_nir, one.id, str(basis.value))
            await again()

        dialog.buttons("Demander le NIR", done)


async def _stop_nir(page: Page, one: OrganizationLine, again: Again) -> None:
    loss = await page.read(asked_numbers.concerned, one.id)
    with Dialog("Ne plus demander le NIR") as dialog:
        Words(f"Le champ disparaît des demandes pour {one.short_name}.")
        Fragment(_loss(loss))

        async def done() -> None:
            await page.act(asked_numbers.stop_nir, one.id)
            await again()

        dialog.buttons("Ne plus demander le NIR", done, look="danger")


def _kind(field: Field) -> IdentifierKind:
    return next((one for one in IdentifierKind if one.value == field.value), IdentifierKind.NONE)


def _asked(name: str, kind: IdentifierKind, *, has_basis: bool) -> h.Element:
    """What an aidant would be asked in a case for this organisation."""
    if kind is IdentifierKind.NONE:
        words = "aucun numéro n’est demandé."
    elif kind is IdentifierKind.NIR and not has_basis:
        words = "le NIR n’est pas demandé, tant que sa base légale n’est pas enregistrée."
    else:
        words = f"un champ facultatif, « {label_of(kind, (name,))} »."
    return h.p(".said-of-it", role="status")[f"Dans une demande pour {name}{NBSP}: {words}"]


def _loss(count: int) -> h.Element:
    """What is erased, said before it is."""
    if not count:
        return h.p(role="status")["Aucune demande n’en garde : rien n’est effacé."]
    where = plural(count, "demande ou brouillon", "demandes ou brouillons")
    return h.p(".notice.warn", role="status")[
        f"Les numéros déjà donnés pour cet organisme seulement sont effacés : {where}."
    ]


def _rows(found: tuple[OrganizationLine, ...]) -> h.Element:
    return h.ul(".admin-rows")[map(_row, found)]


def _row(one: OrganizationLine) -> h.Element:
    name = h.span(".unseen")[f" {one.short_name}"]
    return h.li(data_key=str(one.id))[
        h.div(".what")[
            h.strong[one.short_name],
            _state(one),
            h.small(".meta")[f"{one.full_name} · {plural(one.groups, 'groupe')}"],
            h.small[_basis(one)] if one.nir_basis else None,
        ],
        h.div(".row-of-buttons")[
            _button("number", one.id, "Choisir le numéro", name),
            _nir_button(one, name) if one.identifier is IdentifierKind.NIR else None,
        ],
    ]


def _state(one: OrganizationLine) -> h.Node:
    if one.identifier is IdentifierKind.NONE:
        return None
    if one.identifier is IdentifierKind.NIR:
        return chip("resolved", "NIR demandé") if one.nir_basis else chip("withdrawn", "NIR non demandé")
    return chip("resolved", one.identifier.label)


def _basis(one: OrganizationLine) -> str:
    when = long_date(one.nir_at or datetime.now(UTC))
    return f"{one.nir_basis}, enregistré par {one.nir_by} le {when}"


def _nir_button(one: OrganizationLine, name: h.Node) -> h.Element:
    if one.nir_basis:
        return _button("no_nir", one.id, "Ne plus demander le NIR", name)
    return _button("nir", one.id, "Demander le NIR", name)


def _button(act: str, id_: UUID, words: str, name: h.Node) -> h.Element:
    return h.button(".button", type="button", data_act=act, data_id=str(id_))[words, name]
