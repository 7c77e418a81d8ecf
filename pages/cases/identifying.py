"""Adding and correcting the numbers by which organisations know the person of a case, beside its thread."""

from __future__ import annotations

from uuid import UUID

from app import case_identifiers
from app.queries.identifiers import IdentifierLine
from pages.components.dialog import Dialog
from pages.components.field import Field
from pages.components.identifiers import hint_of, label_of
from pages.components.words import Words
from pages.shell.page import Page


async def identify(page: Page, case_id: UUID, lines: tuple[IdentifierLine, ...]) -> None:
    """Ask for each number that an organisation of the case knows the person by; an empty one is taken away."""
    seen = {one.kind.value: one.value for one in lines if one.organizations}
    with Dialog("Enregistrer les numéros") as dialog:
        Words("Les numéros de la personne ne sont jamais obligatoires.").classes("meta before-field")
        fields = {
            one.kind.value: dialog.field(
                one.kind.value,
                Field(
                    label_of(one.kind, one.organizations), value=one.value, optional=True,
                    hint=hint_of(one.organizations),
                ),
            )
            for one in lines
            if one.organizations
        }  # fmt: skip

        async def done() -> None:
            numbers = {name: str(field.value) for name, field in fields.items()}
            await page.act(case_identifiers.identify, case_id, numbers, seen=seen)

        dialog.buttons("Enregistrer les numéros", done)
