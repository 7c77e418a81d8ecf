"""The composer: audience in words, reply, gesture and files in one place. Nothing leaves twice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import htpy as h
from nicegui import ui

from app import messages, referrals
from app.attachments import FileView
from app.errors import Invalid
from app.lifecycle import Gesture
from app.policy import Action
from app.queries.case import CaseView, ReferralView
from models.enums import Audience, Side
from pages.components.field import Field
from pages.components.files import Files
from pages.components.press import Press
from pages.shell.page import Page


class Composer:
    """Under a thread that the actor may write in. Drawn again with what was typed when gestures change."""

    _audience: Field | None
    _text: Field
    _files: Files

    def __init__(
        self, page: Page, view: CaseView, before: Composer | None = None, pending: tuple[FileView, ...] = ()
    ) -> None:
        self._page = page
        self._case_id = view.id
        self._own = next((one for one in view.referrals if Gesture.RESOLVE in one.gestures), None)
        self._key: UUID = before._key if before else uuid4()
        typed = str(before._text.value) if before else ""
        audience = str(before._audience.value) if before and before._audience else Audience.EVERYBODY.value
        with ui.element("form").props("onsubmit=return(false) novalidate").classes("composer") as self._box:
            self._audience = self._draw_audience(view, audience)
            self._text = Field(
                "Votre message", kind="area", rows=2, quiet=True, value=typed, placeholder="Votre message…",
                on_enter=self._send,
            )  # fmt: skip
            with ui.element("div").classes("bar"):
                kept = before._files.known if before else [(one.id, one.name) for one in pending]
                self._files = Files(self._case_id, initial=kept)
                with ui.element("div").classes("gestures"):
                    self._draw_gestures(view, self._own)

    def _draw_audience(self, view: CaseView, value: str) -> Field | None:
        if Action.WRITE_NOTES not in view.may:
            ui.html(str(h.span(".audience")[Audience.EVERYBODY.label]))
            return None
        return Field(
            "Qui lira ce message", kind="radio", value=value, on_change=self._tint,
            options=[(one.value, one.label) for one in Audience],
        )  # fmt: skip

    def _draw_gestures(self, view: CaseView, own: ReferralView | None) -> None:
        if own is None:
            Press("Envoyer" if view.side is Side.AIDANT else "Répondre", self._send, look="primary")
            return
        if Gesture.ASK in own.gestures:
            Press("Demander une précision", self._ask)
        Press("Répondre", self._send)
        Press("Répondre et débloquer", self._resolve, look="primary")

    async def _tint(self) -> None:
        noting = self._reads() is Audience.OPERATORS
        self._box.classes(**{"add" if noting else "remove": "noting"})

    def _reads(self) -> Audience:
        chosen = self._audience.value if self._audience else ""
        return Audience.OPERATORS if chosen == Audience.OPERATORS.value else Audience.EVERYBODY

    async def _send(self) -> None:
        audience, files = self._reads(), self._files.ids
        await self._leave_with(
            lambda text: self._page.act(
                messages.post, self._case_id, text, key=self._key, audience=audience, attachment_ids=files
            )
        )

    async def _ask(self) -> None:
        await self._answer(referrals.ask)

    async def _resolve(self) -> None:
        await self._answer(referrals.resolve)

    async def _answer(self, gesture: Callable[..., None]) -> None:
        if self._reads() is Audience.OPERATORS:
            self._text.error = "Ce geste s’adresse à l’aidant : choisissez un message visible de tous."
            return
        assert self._own is not None
        group_id, files = self._own.group_id, self._files.ids
        await self._leave_with(
            lambda text: self._page.act(
                gesture, self._case_id, group_id, text, key=self._key, attachment_ids=files
            )
        )

    async def _leave_with(self, send: Callable[[str], Awaitable[object]]) -> None:
        """Send under a key that makes a repeated press harmless, and empty the box once it is kept."""
        self._text.error = ""
        try:
            await send(str(self._text.value))
        except Invalid as error:
            self._text.error = error.sentence
            self._text.focus()
            return
        self._key = uuid4()
        self._text.set_value("")
        self._files.forget()
        self._text.focus()
