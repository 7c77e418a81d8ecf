"""The tablet in the usager's hands: full screen, large type, one question. For Aidants+ of the structure.

No frame, no way elsewhere on the page. Agreeing or refusing ends here; then the aidant takes the screen back.
"""

from __future__ import annotations

from uuid import UUID

import htpy as h
from nicegui import ui

from app import mandates
from app.errors import Invalid, NotFound
from app.queries.mandates import MandateView
from app.queries.mandates import document as read_document
from models.enums import Capacity, MandateStatus
from pages.components.field import Field
from pages.components.fragment import Fragment
from pages.components.mandate_words import paragraphs
from pages.components.press import Press
from pages.components.signature import Signature
from pages.components.words import Words
from pages.shell.page import Follow, Page


async def capture(page: Page) -> Follow | None:
    """Show the text and take the signature; a mandate that is not waiting for one says where it stands."""
    mandate = await page.read(read_document, page.id("id"))
    if not mandate.may_manage:
        raise NotFound
    page.called("Votre accord")
    with (
        ui.element("main").props('id="contenu"').classes("handed"),
        ui.element("div").classes("handed-in") as place,
    ):
        if mandate.status is MandateStatus.PRESENTED:
            Capture(page, mandate, place).draw()
        else:
            _already(mandate)
    return None


class Capture:
    """One mandate being read and signed."""

    def __init__(self, page: Page, mandate: MandateView, place: ui.element) -> None:
        self._page, self._mandate, self._place = page, mandate, place

    def draw(self) -> None:
        """Draw the text, the box and the two answers."""
        mandate = self._mandate
        Fragment(
            h.div(".who")[
                h.strong[mandate.structure],
                h.span["L’écran est à vous. Votre conseiller le reprendra ensuite."],
            ]
        )
        Words("Votre accord", "h1")
        Fragment(paragraphs(mandate.plain_text))
        with ui.element("div").classes("aside"):
            Fragment(h.details[h.summary["Texte complet"], paragraphs(mandate.full_text)])
            self._capacity = Field(
                "Je signe", kind="select", value=Capacity.SELF.value,
                options=[(one.value, one.label) for one in Capacity],
            )  # fmt: skip
        self._draw_signature()

    def _draw_signature(self) -> None:
        with ui.element("div") as self._box:
            self._error = Words("").classes("field-error").props("role=alert")
            self._signature = Signature()
            with ui.element("div").classes("foot"):
                with ui.element("div"):
                    Press("Annuler le dernier trait", self._undo)
                    Press("Effacer", self._wipe)
                    Press("Je ne peux pas signer", self._declare, look="plain")
                with ui.element("div"):
                    Press("Je refuse", self._refuse)
                    Press("Je donne mon accord", self._sign, look="primary")

    async def _undo(self) -> None:
        self._signature.undo()

    async def _wipe(self) -> None:
        self._signature.wipe()

    async def _sign(self) -> None:
        try:
            await self._page.act(
                mandates.sign, self._mandate.id, shown_sha256=self._mandate.shown_sha256,
                capacity=self._chosen(), drawing=await self._signature.drawn(),
            )  # fmt: skip
        except Invalid as error:
            self._error.set_text(error.sentence)
            return
        self._thanks("Merci. Votre accord est enregistré.")

    async def _declare(self) -> None:
        """The way without drawing: the name typed, before the aidant."""
        with self._box.clear():
            name = Field(
                "Écrivez votre prénom et votre nom", hint="Votre conseiller peut vous aider à l’écrire."
            )

            async def agree() -> None:
                try:
                    await self._page.act(
                        mandates.declare, self._mandate.id, shown_sha256=self._mandate.shown_sha256,
                        capacity=self._chosen(), name=str(name.value),
                    )  # fmt: skip
                except Invalid as error:
                    name.error = error.sentence
                    return
                self._thanks("Merci. Votre accord est enregistré.")

            async def back() -> None:
                self._box.delete()
                with self._place:
                    self._draw_signature()

            with ui.element("div").classes("foot"):
                with ui.element("div"):
                    Press("Je préfère signer", back, look="plain")
                with ui.element("div"):
                    Press("Je refuse", self._refuse)
                    Press("Je donne mon accord", agree, look="primary")

    async def _refuse(self) -> None:
        await self._page.act(mandates.refuse, self._mandate.id)
        self._thanks("Vous avez refusé. Rien ne sera transmis.")

    def _chosen(self) -> Capacity:
        return next((one for one in Capacity if one.value == self._capacity.value), Capacity.SELF)

    def _thanks(self, words: str) -> None:
        with self._place.clear():
            Words(words, "h1")
            Words("Vous pouvez rendre l’écran à votre conseiller.")
            _take_back(self._mandate.id, self._mandate)


def _already(mandate: MandateView) -> None:
    Words("Votre accord", "h1")
    Words(f"Ce mandat n’attend plus de signature. Son état : {mandate.status.label.lower()}.")
    _take_back(mandate.id, mandate)


def _take_back(mandate_id: UUID, mandate: MandateView) -> None:
    address = f"/demandes/nouvelle?brouillon={mandate.case_id}&etape=5"
    if not mandate.is_draft_case:
        address = f"/mandats/{mandate_id}"
    with (
        ui.element("div").classes("foot"),
        ui.element("a").props(f'href="{address}"').classes("button primary"),
    ):
        Words("Je suis le conseiller : reprendre", "span")
