"""The gesture that hands over the usager's receipt, wherever a mandate in force is shown to its structure."""

from __future__ import annotations

from uuid import UUID

from nicegui import ui

from app import receipts
from app.errors import Invalid
from models.enums import Channel
from pages.components.dialog import Dialog
from pages.components.field import Field
from pages.components.press import Press
from pages.components.words import Words
from pages.shell.page import Page


def draw_receipt(page: Page, mandate_id: UUID) -> None:
    """Draw the gesture that hands over the receipt of a mandate in force."""
    Press("Remettre un reçu à la personne", lambda: _hand_over(page, mandate_id))


async def _hand_over(page: Page, mandate_id: UUID) -> None:
    """Ask where to, as the person says; paper is one press away."""
    known = await page.read(receipts.proposed, mandate_id)
    with Dialog("Remettre un reçu à la personne") as dialog:
        Words(
            "Le reçu dit à qui l’accord est donné et jusqu’à quand. Son lien permet de le revoir ou de "
            "l’annuler. Demandez à la personne comment elle le veut."
        )
        to = dialog.field(
            "to",
            Field(
                "Numéro de portable ou adresse e-mail",
                value=known,
                hint="Celui ou celle que la personne donne.",
            ),
        )
        with ui.element("a").props(f'href="/mandats/{mandate_id}/recu"').classes("button plain"):
            Words("Imprimer le reçu", "span")

        async def done() -> None:
            text = str(to.value)
            channel = Channel.MAIL if "@" in text else Channel.SMS
            try:
                await page.act(receipts.send_receipt, mandate_id, channel, text)
            except Invalid as error:
                raise Invalid(to=error.sentence) from error
            page.say("Le reçu est envoyé.")

        dialog.buttons("Remettre le reçu", done)
