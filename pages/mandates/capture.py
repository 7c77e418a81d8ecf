"""The tablet in the usager's hands: full screen, large type, one question. For Aidants+ of the structure.

The aidant hands it over by a press; from then on no frame, no way elsewhere. Agreeing or refusing ends here;
then the aidant takes the screen back.
"""

from __future__ import annotations

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
from pages.mandates.handed import Handed, full_screen
from pages.shell.page import Follow, Page


async def capture(page: Page) -> Follow | None:
    """Hand the screen over, show the text and take the signature; a mandate that is not waiting for one says
    where it stands."""
    mandate = await page.read(read_document, page.id("id"))
    if not mandate.may_manage:
        raise NotFound
    page.called("Votre accord")
    with Handed(_back_to(mandate)) as handed, ui.element("div").classes("handed-place") as place:
        capture = Capture(page, mandate, handed, place)
        if mandate.status is MandateStatus.PRESENTED:
            capture.draw_start()
        else:
            Words("Votre accord", "h1")
            Words(f"Ce mandat n’attend plus de signature. Son état : {mandate.status.label.lower()}.")
            handed.draw_way_back()
    return None


def _back_to(mandate: MandateView) -> str:
    if mandate.is_draft_case:
        return f"/demandes/nouvelle?brouillon={mandate.case_id}&etape=5"
    return f"/mandats/{mandate.id}"


class Capture:
    """One mandate being handed over, read and signed."""

    def __init__(self, page: Page, mandate: MandateView, handed: Handed, place: ui.element) -> None:
        self._page, self._mandate, self._handed, self._place = page, mandate, handed, place

    def draw_start(self) -> None:
        """Draw what the aidant presses before giving the screen away."""

        async def begin() -> None:
            self._handed.hand_over()
            with self._place.clear():
                self._draw_text()
            self._handed.lead()

        Words("L’écran va changer de mains", "h1")
        Words(
            f"Remettez-le à {self._mandate.holder}. La page ne montrera que le texte de l’accord et le cadre "
            "pour signer. Pour reprendre l’écran, il faudra dire deux fois que vous êtes le conseiller."
        )
        with ui.element("div").classes("foot start"):
            full_screen(Press("Remettre l’écran à la personne", begin, look="primary", sign="pen"))
            self._handed.draw_way_back()

    def _draw_text(self) -> None:
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
        self._answer = ui.element("div").classes("answer")
        self._draw_signature()
        self._handed.draw_way_back()

    def _draw_signature(self) -> None:
        with self._answer.clear():
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
        self._thanks("Votre accord est enregistré.")

    async def _declare(self) -> None:
        """The way without drawing: the name typed, before the aidant."""
        with self._answer.clear():
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
                self._thanks("Votre accord est enregistré.")

            async def back() -> None:
                self._draw_signature()

            with ui.element("div").classes("foot"):
                with ui.element("div"):
                    Press("Je préfère signer", back, look="plain")
                with ui.element("div"):
                    Press("Je refuse", self._refuse)
                    Press("Je donne mon accord", agree, look="primary")
        name.focus()

    async def _refuse(self) -> None:
        await self._page.act(mandates.refuse, self._mandate.id)
        more = "" if self._mandate.is_draft_case else "de plus "
        self._thanks(f"Votre refus est enregistré. Rien {more}ne sera transmis.")

    def _chosen(self) -> Capacity:
        return next((one for one in Capacity if one.value == self._capacity.value), Capacity.SELF)

    def _thanks(self, words: str) -> None:
        with self._place.clear():
            Words(words, "h1")
            Words("Vous pouvez rendre l’écran à votre conseiller.")
            self._handed.draw_way_back()
        self._handed.lead()
