"""In the step of the organisations: the numbers by which the chosen ones know people, none of them required."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from nicegui import ui

from app.identifiers import said_back
from app.queries.identifiers import asked
from app.queries.routing import Proposal
from models.enums import IdentifierKind
from pages.cases.new_case_screen import Screen
from pages.components.field import Field
from pages.components.identifiers import hint_of, label_of


async def identifier_fields(draft: Screen, proposals: tuple[Proposal, ...], groups: Field, also: Field) -> None:
    """Draw a field for each number that an organisation here asks for, shown while such a one is chosen."""
    everywhere = {one.organization_id for one in proposals}
    known = await draft.page.read(asked, everywhere)
    with ui.element("div").classes("identifiers").props('role=group aria-label="Numéros de la personne"'):
        fields = {kind: _field(draft, kind, names) for kind, names in known.items()}

    def chosen() -> set[UUID]:
        ticked = {one.organization_id for one in proposals if str(one.group_id) in groups.value}
        return ticked | {id_ for id_ in everywhere if str(id_) in also.value}

    async def show() -> None:
        now = await draft.page.read(asked, chosen())
        for kind, field in fields.items():
            if field.is_deleted:
                return
            field.set_visibility(kind in now)
            if kind in now:
                field.rename(label_of(kind, now[kind]), hint_of(now[kind]))

    if fields:
        groups.when_changed(show)
        also.when_changed(show)
        await show()


def _field(draft: Screen, kind: IdentifierKind, names: tuple[str, ...]) -> Field:
    field: Field = draft.field(
        kind.value, label_of(kind, names), optional=True, hint=hint_of(names), inputmode=inputmode_of(kind)
    )
    field.say(said_back(kind, str(field.value)))
    field.when_changed(_say(field, kind))
    return field


def inputmode_of(kind: IdentifierKind) -> str:
    """Return the keyboard of a tablet for a number: digits only where there is no letter in it."""
    return "numeric" if kind in (IdentifierKind.ALLOCATAIRE, IdentifierKind.FISCAL) else "text"


def _say(field: Field, kind: IdentifierKind) -> Callable[[], Awaitable[None]]:
    async def changed() -> None:
        field.say(said_back(kind, str(field.value)))

    return changed
