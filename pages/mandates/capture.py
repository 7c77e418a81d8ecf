"""The tablet in the usager's hands: full screen, large type, one question. For Aidants+ of the structure, and
for the usager once it was handed over.

The aidant reads a code, then hands the screen over by a press; from then on the session leads here only
(``app.handing``). Agreeing or refusing ends here; then the aidant takes the screen back.
"""

from __future__ import annotations

import htpy as h
from nicegui import ui

from app import handing, mandates
from app.errors import Invalid
from app.handing import Asked
from app.mandate_steps import SELF, Giver
from app.mandate_text import Beside
from app.mandate_wordings import Wording, translations
from models.enums import MandateStatus, MandateWay
from pages.components.field import Field
from pages.components.fragment import Act, Fragment
from pages.components.mandate_words import FOR_NOTHING_ELSE, paragraphs
from pages.components.press import Press
from pages.components.signature import Signature
from pages.components.words import Words
from pages.mandates.both import Both, Complaint
from pages.mandates.giving import GiverFields, draw_over
from pages.mandates.handed import Handed, full_screen
from pages.mandates.listen import Listen
from pages.shell.page import Follow, Page


async def capture(page: Page) -> Follow | None:
    """Hand the screen over, show the text and take the signature; a mandate that is not waiting for one says
    where it stands."""
    mandate = await page.read(handing.asked, page.id("id"))
    page.called("Votre accord")
    Capture(page, mandate)
    return None


def back_to(mandate: Asked) -> tuple[str, str]:
    """Return where the aidant was, and the words of a button that leads there."""
    if mandate.is_draft_case:
        return f"/demandes/nouvelle?brouillon={mandate.case_id}&etape=5", "Revenir à la demande"
    return f"/mandats/{mandate.id}", "Revenir au mandat"


class Capture:
    """One mandate being handed over, read and signed. ``_beside`` is the translation shown, if one is."""

    def __init__(self, page: Page, mandate: Asked) -> None:
        self._page, self._mandate = page, mandate
        self._both = Both()
        self._beside: Beside | None = None
        self._by: GiverFields | None = None
        with Handed(page, *back_to(mandate), self._draw_handed) as handed:
            self._handed, self._place = handed, ui.element("div").classes("handed-place")
        if mandate.is_handed:
            handed.hold()
        else:
            self._draw_start()

    def _draw_start(self) -> None:
        """Draw what the aidant reads and presses before giving the screen away."""

        async def begin() -> None:
            session_id = self._page.caller.session_id
            await self._page.act(handing.hand_over, session_id, self._mandate.id, await self._handed.code())
            self._handed.hold()

        with self._place:
            if self._mandate.status is not MandateStatus.PRESENTED:
                self._draw_state()
                return
            Words("L’écran va changer de mains", "h1")
            Words(
                f"Remettez-le à {self._mandate.holder}. La personne n’y verra que le texte de l’accord et le "
                "cadre pour signer. Vos autres pages ouvertes sur cet appareil y mèneront aussi."
            )
            self._handed.draw_code()
            with ui.element("div").classes("foot start"):
                full_screen(Press("Remettre l’écran à la personne", begin, look="primary", sign="pen"))
                self._handed.draw_way_back()

    def _draw_state(self) -> None:
        Words("Votre accord", "h1")
        if self._mandate.is_handed:
            Words("Il n’y a plus rien à signer. Rendez l’écran à votre conseiller.")
        else:
            draw_over(self._mandate.status, is_draft_case=self._mandate.is_draft_case)
        self._handed.draw_way_back()

    def _draw_handed(self) -> None:
        """Draw the page of the person: the text, the box and the two answers."""
        with self._place.clear():
            if self._mandate.way is MandateWay.VERBAL:
                self._handed.draw_interrupted()  # a witness's screen led here: nothing to sign in its place
            elif self._mandate.status is MandateStatus.PRESENTED:
                self._draw_text()
            else:
                self._draw_state()
        self._handed.lead()

    def _draw_text(self) -> None:
        mandate, own = self._mandate, self._both.own
        Fragment(
            h.div(".who")[
                h.strong[mandate.structure],
                h.span[self._both.french.screen["yours"]],
                h.span(lang=own.language, dir=own.direction)[own.screen["yours"]] if own else None,
            ]
        )
        if mandate.languages:
            Fragment(self._languages(), on_act=self._choose)
        self._both.draw("title", "h1")
        with ui.element("div").classes("texts two" if own else "texts"):
            self._draw_version(self._both.french, mandate.plain_text, mandate.full_text)
            if own and self._beside:
                self._draw_version(own, self._beside.shown.plain, self._beside.shown.full)
        if own:
            with ui.element("div").classes("aside"):
                self._draw_capacity()
        Words(FOR_NOTHING_ELSE).classes("meta")
        self._answer = ui.element("div").classes("answer")
        self._draw_signature()
        self._handed.draw_way_back()

    def _languages(self) -> h.Element:
        """The languages by the names their speakers give them."""
        every = [self._both.french, *(translations()[one] for one in self._mandate.languages)]
        shown = self._both.own or self._both.french
        return h.div(".languages", role="group", aria_label="Langues")[
            (
                h.button(
                    ".button", type="button", lang=one.language, data_act="language", data_id=one.language,
                    aria_pressed="true" if one is shown else "false",
                )[one.name]
                for one in every
            )
        ]  # fmt: skip

    async def _choose(self, act: Act) -> None:
        """Show the text in a language, beside the French; the browser may name any."""
        language = act.data.get("id", "")
        if language == self._both.french.language:
            self._both, self._beside = Both(), None
        else:
            self._beside = await self._page.read(handing.asked_in, self._mandate.id, language)
            self._both = Both(translations()[language])
        with self._place.clear():
            self._draw_text()
        self._handed.lead()

    def _draw_version(self, words: Wording, plain: tuple[str, ...], full: tuple[str, ...]) -> None:
        section = ui.element("section").props(f'lang="{words.language}" dir="{words.direction}"')
        with section.props(f'aria-label="{words.name}"'):
            Fragment(paragraphs(plain))
            with ui.element("div").classes("aside"):
                Listen(words)
                Fragment(h.details[h.summary[words.screen["full"]], paragraphs(full)])
                if not self._both.own:
                    self._draw_capacity()
            if not words.is_binding:
                Words(words.screen["binds"]).classes("binds")

    def _draw_capacity(self) -> None:
        """Ask for whom one signs, and who signs; what was answered stays when the language changes."""
        self._by = GiverFields(
            self._both.said("sign_as"), self._both.said("name"), self._both.capacities(), self._giver()
        )

    def _draw_signature(self) -> None:
        with self._answer.clear():
            self._complaint = Complaint(self._both)
            self._signature = Signature(also=self._both.also("invite"))
            with ui.element("div").classes("foot"):
                with ui.element("div"):
                    self._both.press("undo", self._undo)
                    self._both.press("wipe", self._wipe)
                    self._both.press("cannot", self._declare, look="plain")
                with ui.element("div"):
                    self._both.press("refuse", self._refuse)
                    self._both.press("agree", self._sign, look="primary")

    async def _undo(self) -> None:
        self._signature.undo()

    async def _wipe(self) -> None:
        self._signature.wipe()

    async def _sign(self) -> None:
        try:
            await self._page.act(
                mandates.sign, self._mandate.id, shown_sha256=self._mandate.shown_sha256,
                giver=self._giver(), drawing=await self._signature.drawn(), language=self._both.language,
            )  # fmt: skip
        except Invalid as error:
            if "giver" in error.fields:
                self._ask_name()
            else:
                self._complaint.say(error.sentence, "sign_first")
            return
        self._thanks("agreed")

    async def _declare(self) -> None:
        """The way without drawing: the name typed, before the aidant."""
        with self._answer.clear():
            name = Field(self._both.said("name"), value=self._giver().name, hint=self._both.said("name_hint"))
            self._complaint = Complaint(self._both)

            async def agree() -> None:
                try:
                    await self._page.act(
                        mandates.declare, self._mandate.id, shown_sha256=self._mandate.shown_sha256,
                        capacity=self._giver().capacity, name=str(name.value), language=self._both.language,
                    )  # fmt: skip
                except Invalid as error:
                    name.error = error.sentence
                    self._complaint.say("", "name_first")
                    return
                self._thanks("agreed")

            async def back() -> None:
                self._draw_signature()

            with ui.element("div").classes("foot"):
                with ui.element("div"):
                    self._both.press("rather", back, look="plain")
                with ui.element("div"):
                    self._both.press("refuse", self._refuse)
                    self._both.press("agree", agree, look="primary")
        name.focus()

    async def _refuse(self) -> None:
        await self._page.act(mandates.refuse, self._mandate.id)
        self._thanks("refused" if self._mandate.is_draft_case else "refused_more")

    def _giver(self) -> Giver:
        """Who signs and for whom, as far as the browser says it."""
        return self._by.giver if self._by else SELF

    def _ask_name(self) -> None:
        """Say that who signs for somebody else gives their own name."""
        self._complaint.say(self._both.french.screen["name_first"], "name_first")
        for field in self._by.fields.values() if self._by else ():
            field.error = self._both.french.screen["name_first"]
            field.focus()

    def _thanks(self, key: str) -> None:
        with self._place.clear():
            self._both.draw(key, "h1")
            self._both.draw("give_back")
            self._handed.draw_way_back()
        self._handed.lead()
