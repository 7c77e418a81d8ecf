"""The mandate given by word of mouth: the aidant says how, then the witness has the screen and signs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import htpy as h
from nicegui import ui

from app import handing
from app.errors import Invalid
from app.mandate_text import Beside
from app.mandate_ways.witness import (
    DECLARATIONS,
    LANGUAGES,
    OTHER,
    REASONS,
    Spoken,
    check_spoken,
    keep_spoken,
)
from app.mandate_wordings import translations
from app.queries.mandates import MandateView
from app.queries.mandates import document as read_document
from models.enums import MandateStatus
from pages.components.field import Field
from pages.components.forms import clear_errors, show_errors
from pages.components.fragment import Fragment
from pages.components.mandate_words import paragraphs
from pages.components.press import Press
from pages.components.signature import Signature
from pages.components.words import Words
from pages.mandates.capture import back_to
from pages.mandates.giving import GiverFields, draw_over
from pages.mandates.handed import Handed, full_screen
from pages.shell.page import Follow, Page

_Said = Callable[[], Awaitable[None]]


async def witness(page: Page) -> Follow | None:
    """Ask the aidant how the mandate was given, then hand the screen to the witness."""
    asked = await page.read(handing.asked, page.id("id"))
    page.called("Accord oral")
    if asked.is_handed:  # loaded again in the hands of the witness: what the aidant had said is gone
        with Handed(page, *back_to(asked), lambda: None) as handed, ui.element("div").classes("handed-place"):
            handed.hold()
            handed.draw_interrupted()
        return None
    mandate = await page.read(read_document, page.id("id"))
    WitnessScreen(page, mandate, asked.languages, back_to(asked))
    return None


class WitnessScreen:
    """One mandate read aloud: first what the aidant says of it, then the witness."""

    def __init__(
        self, page: Page, mandate: MandateView, languages: tuple[str, ...], back: tuple[str, str]
    ) -> None:
        self._page, self._mandate, self._languages = page, mandate, languages
        self._said: Spoken | None = None
        self._beside: Beside | None = None
        with Handed(page, *back, self._draw_handed) as handed:
            self._handed, self._place = handed, ui.element("div").classes("handed-place")
        with self._place:
            if mandate.status is MandateStatus.PRESENTED:
                self._draw_form()
            else:
                Words("Accord oral avec témoin", "h1")
                draw_over(mandate.status, is_draft_case=mandate.is_draft_case)
                self._handed.draw_way_back()

    def _draw_form(self) -> None:
        """Draw the text to read aloud and what the aidant must say."""
        mandate = self._mandate
        Words("Accord oral avec témoin", "h1")
        Words(
            f"Lisez ce texte à {mandate.holder}, à voix haute et en entier, devant le témoin. "
            "Puis remettez l’écran au témoin : il signe."
        )
        self._text = ui.element("div").classes("given-text")
        self._draw_text()
        with ui.element("div").classes("spoken"):
            self._draw_fields()
            self._error = Words("").classes("field-error").props("role=alert")
        self._handed.draw_code()
        with ui.element("div").classes("foot start"):
            full_screen(Press("Remettre l’écran au témoin", self._hand_over, look="primary", sign="pen"))
            self._handed.draw_way_back()

    def _draw_fields(self) -> None:
        self._fields = {
            "language": Field(
                "Dans quelle langue avez-vous lu le texte ?", kind="select", value="fr",
                options=LANGUAGES.items(),
            ),
            "language_words": Field("Laquelle ?"),
            "reason": Field(
                "Pourquoi la personne ne donne-t-elle pas son accord par écrit ?", kind="select",
                empty="Choisir", options=REASONS.items(),
            ),
            "reason_words": Field("En quelques mots"),
        }  # fmt: skip
        self._giver = GiverFields()
        self._fields |= {
            "first_name": Field("Prénom du témoin", hint="Ni vous, ni quelqu’un de votre structure."),
            "last_name": Field("Nom du témoin"),
            "quality": Field("Qui est le témoin pour la personne ?",
                hint="Par exemple : une voisine, son frère."),
            "declared": Field(
                "Votre déclaration", kind="checks", value=[], options=list(DECLARATIONS.items()),
            ),
        }  # fmt: skip
        for name in ("language", "reason"):
            self._fields[f"{name}_words"].set_visibility(False)
            self._fields[name].when_changed(self._opens(name))
        self._fields["language"].when_changed(self._read_in)

    async def _read_in(self) -> None:
        """Show the words of the language chosen, when there are: the aidant reads them aloud."""
        language = str(self._fields["language"].value)
        is_there = language in self._languages
        self._beside = await self._page.read(handing.asked_in, self._mandate.id, language) if is_there else None
        self._draw_text()

    def _draw_text(self) -> None:
        """Draw the text in French, and beside it in the language in which it is read aloud."""
        mandate, beside = self._mandate, self._beside
        with self._text.clear(), ui.element("div").classes("texts two" if beside else "texts"):
            with ui.element("section").props('aria-label="Français"'):
                Fragment(paragraphs(mandate.plain_text))
            if beside is None:
                return
            own = translations()[beside.language]
            words = f'lang="{own.language}" dir="{own.direction}" aria-label="{own.name}"'
            with ui.element("section").props(words):
                Fragment(paragraphs(beside.shown.plain))
                Words(own.screen["binds"]).classes("binds")

    def _opens(self, name: str) -> _Said:
        async def open_other() -> None:
            self._fields[f"{name}_words"].set_visibility(self._fields[name].value == OTHER)

        return open_other

    def _spoken(self) -> Spoken:
        said = {name: field.value for name, field in self._fields.items()}
        return Spoken(
            language=said["language"], reason=said["reason"], first_name=said["first_name"],
            last_name=said["last_name"], quality=said["quality"], declared=frozenset(said["declared"]),
            language_words=said["language_words"], reason_words=said["reason_words"],
            reader_id=self._page.account_id,
        )  # fmt: skip

    async def _hand_over(self) -> None:
        clear_errors(self._fields | self._giver.fields)
        self._error.set_text("")
        said = self._spoken()
        try:
            await self._page.read(check_spoken, self._mandate.id, said, self._giver.giver)
        except Invalid as error:
            self._error.set_text(show_errors(self._fields | self._giver.fields, error))
            return
        self._said, self._by = said, self._giver.giver
        code = await self._handed.code()
        await self._page.act(handing.hand_over, self._page.caller.session_id, self._mandate.id, code)
        self._handed.hold()

    def _draw_handed(self) -> None:
        """Draw the page of the witness; of a screen handed over elsewhere in this session, what to do."""
        with self._place.clear():
            if self._said is None:
                self._handed.draw_interrupted()
            else:
                self._draw_witness(self._said)
        self._handed.lead()

    def _draw_witness(self, said: Spoken) -> None:
        mandate = self._mandate
        Fragment(h.div(".who")[h.strong[mandate.structure], h.span["L’écran est au témoin."]])
        Words("Vous êtes témoin", "h1")
        Words(
            f"{said.first_name} {said.last_name}, vous avez entendu {self._page.account_name} lire ce texte à "
            f"{mandate.holder}. Vous avez entendu {mandate.holder} dire oui. Si c’est vrai, signez."
        )
        self._text = ui.element("div").classes("heard-text")
        self._draw_text()
        self._answer = ui.element("div").classes("answer")
        self._draw_signature()
        self._handed.draw_way_back()

    def _draw_signature(self) -> None:
        with self._answer.clear():
            self._error = Words("").classes("field-error").props("role=alert")
            self._signature = Signature()
            with ui.element("div").classes("foot"):
                with ui.element("div"):
                    Press("Effacer", self._wipe)
                    Press("Je ne peux pas signer", self._write, look="plain")
                with ui.element("div"):
                    Press("Je ne veux pas être témoin", self._decline)
                    Press("Je signe comme témoin", self._sign, look="primary")

    async def _wipe(self) -> None:
        self._signature.wipe()

    async def _sign(self) -> None:
        try:
            await self._keep(drawing=await self._signature.drawn())
        except Invalid as error:
            self._error.set_text(error.sentence)

    async def _write(self) -> None:
        """The way without drawing: the witness writes their name."""
        with self._answer.clear():
            name = Field("Écrivez votre prénom et votre nom", hint="Le conseiller peut vous aider à l’écrire.")

            async def agree() -> None:
                try:
                    await self._keep(name=str(name.value))
                except Invalid as error:
                    name.error = error.fields.get("name", error.sentence)

            async def back() -> None:
                self._draw_signature()

            with ui.element("div").classes("foot"):
                with ui.element("div"):
                    Press("Je préfère signer", back, look="plain")
                with ui.element("div"):
                    Press("Je ne veux pas être témoin", self._decline)
                    Press("Je suis témoin", agree, look="primary")
        name.focus()

    async def _keep(self, *, drawing: object = None, name: str | None = None) -> None:
        assert self._said is not None
        await self._page.act(
            keep_spoken, self._mandate.id, shown_sha256=self._mandate.shown_sha256, giver=self._by,
            spoken=self._said, drawing=drawing, name=name,
        )  # fmt: skip
        self._thanks("Votre signature est enregistrée.")

    async def _decline(self) -> None:
        self._thanks("D’accord. Rien n’est enregistré.")

    def _thanks(self, words: str) -> None:
        with self._place.clear():
            Words(words, "h1")
            Words("Vous pouvez rendre l’écran au conseiller.")
            self._handed.draw_way_back()
        self._handed.lead()
