"""The address of a team («boîte du groupe»), changed by administrators; its responsable does so in /compte."""

from __future__ import annotations

from uuid import UUID

from app import group_mailbox
from app.french import NBSP
from pages.components.dialog import Dialog
from pages.components.field import Field
from pages.components.words import Words
from pages.shell.page import Page


async def change_mailbox(page: Page, group_id: UUID) -> None:
    """Change the address, or take it away."""
    box = await page.read(group_mailbox.of, group_id)
    with Dialog("Changer l’adresse du groupe") as dialog:
        told = "prévenue des nouvelles demandes, et de celles qui sont en souffrance"
        Words(f"{box.group}{NBSP}: la boîte commune, {told}.").classes("meta")
        field = Field("Adresse e-mail du groupe", value=box.address, inputmode="email", optional=True)
        dialog.field("mailbox", field)

        async def done() -> None:
            kept = await page.act(group_mailbox.choose, group_id, str(field.value))
            page.say("L’adresse du groupe est enregistrée." if kept else "Le groupe n’a plus d’adresse.")

        dialog.buttons("Changer l’adresse du groupe", done)
