"""The mandate given by telephone: a code typed at the counter, or an answer to an SMS; both followed live."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import htpy as h
from nicegui import ui

from app import mandate_ways
from app.errors import Invalid, NotFound
from app.mandate_ways.sms_code import give_code, send_code
from app.mandate_ways.sms_reply import ask_by_sms
from app.phones import shown
from app.queries.mandate_ways import BySms, by_sms
from app.queries.mandates import MandateView
from app.queries.mandates import document as read_document
from models.enums import MandateStatus, OutgoingStatus
from pages.components.field import Field
from pages.components.forms import clear_errors, show_errors
from pages.components.fragment import Fragment
from pages.components.mandate_words import paragraphs
from pages.components.press import Press
from pages.components.ways import code_words, question_words, way_back
from pages.components.words import Words
from pages.mandates.giving import GiverFields, draw_over, draw_way_back
from pages.shell.live import Gathered
from pages.shell.page import Follow, Page

_CODE, _REPLY = "code", "reponse"
_HOW = (
    (_CODE, "Elle est là : elle vous donne le code reçu", "Six chiffres, à écrire dans les dix minutes."),
    (_REPLY, "Elle est loin : elle répond au SMS", "OUI ou NON, depuis son téléphone."),
)


async def sms(page: Page) -> Follow | None:
    """Ask for the number and the way, send, then wait for the code or the answer."""
    mandate = await page.read(read_document, page.id("id"))
    if not mandate.may_manage:
        raise NotFound
    page.called("Accord par SMS")
    with ui.element("div").classes("plain-page giving"):
        Words("Accord par SMS", "h1")
        draw_way_back(mandate)
        if mandate.status is not MandateStatus.PRESENTED:
            draw_over(mandate.status, is_draft_case=mandate.is_draft_case)
            return None
        if not mandate_ways.sms_is_available():
            Words("L’envoi de SMS n’est pas ouvert ici. Choisissez une autre façon.").classes("notice warn")
            return None
        screen = SmsScreen(page, mandate, await page.read(by_sms, mandate.id))
        screen.draw()
    return None


class SmsScreen:
    """One mandate and the telephone of its person. ``state`` is what has left and come back."""

    def __init__(self, page: Page, mandate: MandateView, state: BySms) -> None:
        self._page, self._mandate, self._state = page, mandate, state
        self._offered = ("", False)  # what is being pressed is not drawn anew for nothing

    def draw(self) -> None:
        """Draw the questions, what they lead to, and follow the mandate."""
        Words(
            "Lisez d’abord ce texte à la personne, à voix haute, face à elle ou au téléphone. "
            "Envoyez le SMS ensuite."
        )
        Fragment(
            h.details(open=True)[
                h.summary["Le texte que la personne accepte"], paragraphs(self._mandate.plain_text)
            ]
        ).classes("given-text")
        asked = self._page.query.get("facon", "")
        self._how = Field(
            "Où est la personne ?", kind="radio", tiles=True, options=_HOW,
            value=asked if asked in (_CODE, _REPLY) else _CODE,
        )  # fmt: skip
        self._phone = Field(
            "Numéro de téléphone portable", value=shown(self._state.phone), inputmode="tel",
            hint="Le sien, pas celui d’un proche. Par exemple 06 12 34 56 78.",
        )  # fmt: skip
        self._giver = GiverFields()
        self._error = Words("").classes("field-error").props("role=alert")
        self._sending = ui.element("div").classes("row-of-buttons")
        self._said = Fragment("")
        self._typing = ui.element("div")
        self._how.when_changed(self._draw_rest)
        self._show()
        gathered = Gathered(0.2, lambda _: self._refresh())
        self._page.watch([self._mandate.case_id], gathered.hear)
        self._page.on_leave(gathered.end)

    def _is_code(self) -> bool:
        return bool(self._how.value != _REPLY)

    async def _draw_rest(self) -> None:
        self._show()

    def _show(self) -> None:
        """Draw what depends on where the person is, and on what has left."""
        code, question = self._state.code, self._state.question
        self._said.replace(code_words(self._state) if self._is_code() else question_words(self._state))
        has_code = (
            self._is_code() and code is not None and code.tries_left > 0
            and code.sent.status is not OutgoingStatus.FAILED
        )  # fmt: skip
        if self._is_code():
            words, gesture = "Envoyer un autre code" if code else "Envoyer le code", self._send
        else:
            words, gesture = "Envoyer le SMS à nouveau" if question else "Envoyer le SMS", self._ask
        if self._offered != (words, has_code):
            self._offered = (words, has_code)
            self._sending.clear()
            with self._sending:
                is_next = not has_code and (self._is_code() or question is None)
                Press(words, gesture, look="primary" if is_next else "quiet")
        if has_code == bool(self._typing.default_slot.children):
            return  # what is being typed stays
        self._typing.clear()
        if has_code:
            with self._typing:
                self._code = Field(
                    "Code reçu par la personne", inputmode="numeric", autocomplete="one-time-code",
                    on_enter=self._give, hint="Les six chiffres du SMS.",
                )  # fmt: skip
                Press("Enregistrer l’accord", self._give, look="primary")

    async def _send(self) -> None:
        if await self._left(lambda: self._page.act(send_code, self._mandate.id, self._phone.value)):
            self._code.focus()

    async def _ask(self) -> None:
        giver = self._giver.giver
        await self._left(lambda: self._page.act(ask_by_sms, self._mandate.id, self._phone.value, giver))

    async def _left(self, send: Callable[[], Awaitable[object]]) -> bool:
        """Have an SMS leave; whether it did."""
        fields = {"phone": self._phone, **self._giver.fields}
        clear_errors(fields)
        self._error.set_text("")
        try:
            await send()
        except Invalid as error:
            self._error.set_text(show_errors(fields, error))
            return False
        self._state = await self._page.read(by_sms, self._mandate.id)
        self._show()
        return True

    async def _give(self) -> None:
        fields = {"code": self._code, **self._giver.fields}
        clear_errors(fields)
        self._error.set_text("")
        try:
            answer = await self._page.act(
                give_code, self._mandate.id, shown_sha256=self._mandate.shown_sha256,
                giver=self._giver.giver, code=self._code.value,
            )  # fmt: skip
        except Invalid as error:
            self._error.set_text(show_errors(fields, error))
            return
        if answer.is_right:
            self._page.say("L’accord est enregistré.")
            self._page.go(way_back(self._mandate))
            return
        self._code.error = answer.sentence
        self._code.focus()

    async def _refresh(self) -> None:
        """Follow what happens elsewhere: an answer, a delivery, another tab."""
        if self._typing.is_deleted:
            return
        mandate = await self._page.read(read_document, self._mandate.id)
        if mandate.status is not MandateStatus.PRESENTED:
            if self._page.outlet is not None:
                await self._page.outlet.again()
            return
        self._state = await self._page.read(by_sms, self._mandate.id)
        if not self._typing.is_deleted:
            self._show()
