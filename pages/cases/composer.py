"""The composer: audience in words, reply, gesture and files in one place. Nothing leaves twice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID, uuid4

import htpy as h
from nicegui import ui

from app import messages, referrals
from app.attachments import FileView
from app.errors import AlreadyUsed, Invalid
from app.french import clock
from app.lifecycle import Gesture
from app.messages import Typed
from app.policy import Action
from app.queries.case import CaseView, ReferralView
from models.enums import Audience, Side
from pages.components.field import Field
from pages.components.files import Files
from pages.components.press import Press
from pages.components.words import Words
from pages.shell.page import Page

T = TypeVar("T")


@dataclass(frozen=True)
class Begun:
    """What stands in a composer: kept on the server, or held while the composer is drawn again."""

    key: UUID
    text: str = ""
    audience: Audience = Audience.EVERYBODY
    files: tuple[tuple[UUID, str], ...] = ()
    saved_at: datetime | None = None


def begun(typed: Typed | None, pending: tuple[FileView, ...]) -> Begun:
    """Return what was begun before: the text typed on any device, the files joined and not sent."""
    files = tuple((one.id, one.name) for one in pending)
    if typed is None:
        return Begun(uuid4(), files=files)
    return Begun(typed.key, typed.text, typed.audience, files, typed.saved_at)


class Composer:
    """Under a thread that the actor may write in. What is typed is kept on the server at each pause."""

    _audience: Field | None

    def __init__(self, page: Page, view: CaseView, start: Begun) -> None:
        self._page = page
        self._case_id = view.id
        self._own: ReferralView | None = None
        self._key = start.key
        self._saving = asyncio.Lock()
        with ui.element("form").props("onsubmit=return(false) novalidate").classes("composer") as self._box:
            self._audience = self._draw_audience(view, start.audience.value)
            self._text = Field(
                "Votre message", kind="area", rows=2, quiet=True, value=start.text,
                placeholder="Votre message…", on_enter=self._send, on_change=self._keep,
            )  # fmt: skip
            with ui.element("div").classes("bar"):
                self._files = Files(self._case_id, initial=start.files)
                self._saved = (
                    Words(_saved(start.saved_at), "span").classes("meta saved-draft").props("role=status")
                )
                self._gestures = ui.element("div").classes("gestures")
        if start.audience is Audience.OPERATORS:
            self._box.classes("noting")
        self.offer(view)

    def offer(self, view: CaseView) -> None:
        """Draw the gestures that are possible now; what is typed, and the cursor, stay where they are."""
        self._own = next((one for one in view.referrals if Gesture.RESOLVE in one.gestures), None)
        with self._gestures.clear():
            self._draw_gestures(view, self._own)

    def begun(self) -> Begun:
        """Return what stands in the composer now, for another one in its place."""
        return Begun(self._key, str(self._text.value), self._reads(), tuple(self._files.known))

    async def _keep(self) -> None:
        async with self._saving:
            text, audience = str(self._text.value), self._reads()
            saved_at = await self._under_a_key(
                lambda: self._page.act(messages.keep, self._case_id, text, key=self._key, audience=audience)
            )
            self._saved.set_text(_saved(saved_at))

    async def _under_a_key(self, do: Callable[[], Awaitable[T]]) -> T:
        """Do something under the key; one that another tab has used for its own text is replaced."""
        try:
            return await do()
        except AlreadyUsed:
            self._key = uuid4()
            return await do()

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
            self._text.error = "Ce geste s’adresse à l’aidant : choisissez un message visible de tous."
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
        async with self._saving:
            try:
                await self._under_a_key(lambda: send(str(self._text.value)))
            except Invalid as error:
                self._text.error = error.sentence
                self._text.focus()
                return
            self._key = uuid4()
            self._text.set_value("")
            self._saved.set_text("")
        self._files.forget()
        self._text.focus()


def _saved(at: datetime | None) -> str:
    return f"Brouillon enregistré à {clock(at)}" if at else ""
