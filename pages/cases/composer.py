"""The composer: audience in words, reply, gesture and files in one place. Nothing leaves twice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import TypeVar
from uuid import UUID, uuid4

import htpy as h
from nicegui import ui

from app import messages, referrals
from app.attachments import FileView
from app.errors import AlreadyUsed, Invalid
from app.french import at_moment
from app.lifecycle import Gesture
from app.messages import RETRACTABLE, Typed
from app.policy import Action
from app.queries.case import CaseView, ReferralView
from models.enums import Audience, Side
from pages.cases.gestures import OTHERS, others
from pages.cases.offered import offered, ready_button, sure
from pages.components.field import Field
from pages.components.files import Files
from pages.components.press import Press
from pages.components.undo import Undo
from pages.components.words import Words
from pages.shell.page import Page

T = TypeVar("T")
Writing = Callable[[Audience | None], None]
Send = Callable[[str, tuple[UUID, ...]], Awaitable[UUID]]


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
    """Under a thread that the actor may write in. What is typed is kept on the server at each pause, and in
    the tab until then. ``writing`` hears for whom somebody writes, and ``None`` when the box is empty again;
    ``on_sent`` is called when a message has left."""

    _audience: Field | None

    def __init__(
        self,
        page: Page,
        view: CaseView,
        start: Begun,
        *,
        writing: Writing = lambda _: None,
        on_sent: Callable[[], None] = lambda: None,
    ) -> None:
        self._page = page
        self._case_id = view.id
        self._own: ReferralView | None = None
        self._key = start.key
        self._writing, self._on_sent = writing, on_sent
        self._saving = asyncio.Lock()
        self._waits = False
        self._turn = 0  # messages that have left this box, from here or from another tab
        self._left_at = -_TWICE
        self._last: UUID | None = None
        with ui.element("form").props("onsubmit=return(false) novalidate").classes("composer") as self._box:
            self._audience = self._draw_audience(view, start.audience.value)
            self._reads_words = Words(start.audience.label, "p").classes("reads")
            self._text = Field(
                "Votre message", kind="area", rows=2, quiet=True, value=start.text,
                placeholder="Votre message…", on_enter=self._send, on_change=self._keep,
                keep=f"message:{view.id}", token=str(start.key), on_restored=self._restored,
            )  # fmt: skip
            offered(page, view.id)
            with ui.element("div").classes("bar"):
                self._files = Files(self._case_id, initial=start.files)
                ready_button()
                self._undo = Undo(self._take_back)
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

    def _restored(self, token: str) -> None:
        """The browser kept a text typed under this key: one that had left meanwhile is not sent again."""
        with suppress(ValueError):
            self._key = UUID(token)

    async def _keep(self) -> None:
        self._writing(self._reads() if str(self._text.value).strip() else None)
        async with self._saving:
            text, audience = str(self._text.value), self._reads()
            saved_at = await self._under_a_key(
                lambda: self._page.act(messages.keep, self._case_id, text, key=self._key, audience=audience)
            )
            if text.strip() and saved_at is None:
                self._begin_anew(text)
            self._say_saved(_saved(saved_at))

    def _say_saved(self, words: str) -> None:
        """Say where the text stands; while a message waits for its files, that is what is said."""
        self._saved.set_text(_WAITS if self._waits else words)

    def _begin_anew(self, sent: str) -> None:
        """Another message begins where this one stood; what was typed after it stays."""
        self._turn, self._left_at = self._turn + 1, monotonic()
        self._use(uuid4())
        self._text.leave(sent)
        self._saved.set_text("")
        if not str(self._text.value).strip():
            self._writing(None)

    def _use(self, key: UUID) -> None:
        self._key = key
        self._text.keep_as(f"message:{self._case_id}", str(key))

    async def _under_a_key(self, do: Callable[[], Awaitable[T]]) -> T:
        """Do something under the key; one that another tab has used for its own text is replaced."""
        try:
            return await do()
        except AlreadyUsed:
            self._use(uuid4())
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
        if Action.WRITE_NOTES in view.may:  # alone, and only while a note is being written (composer.css)
            Press("Ajouter la note", self._send, look="primary").classes("for-notes")
        if own is None:
            Press("Envoyer" if view.side is Side.AIDANT else "Répondre", self._send, look="primary")
            return
        if own.gestures & OTHERS.keys():
            Press("Autres gestes", self._others, sign="more").classes("others")
        Press("Répondre", self._send)
        Press("Répondre et débloquer", self._resolve, look="primary")

    async def _tint(self) -> None:
        self._show_audience()
        if str(self._text.value).strip():
            await self._keep()

    def _show_audience(self) -> None:
        noting = self._reads() is Audience.OPERATORS
        self._box.classes(**{"add" if noting else "remove": "noting"})
        self._reads_words.set_text(self._reads().label)

    def _reads(self) -> Audience:
        chosen = self._audience.value if self._audience else ""
        return Audience.OPERATORS if chosen == Audience.OPERATORS.value else Audience.EVERYBODY

    async def _send(self) -> None:
        audience = self._reads()
        await self._leave_with(
            lambda text, files: self._page.act(
                messages.post, self._case_id, text, key=self._key, audience=audience, attachment_ids=files
            )
        )

    async def _others(self) -> None:
        if self._own is not None:
            await others(self._page, self._case_id, self._own, lambda _: self._answer(referrals.ask))

    async def _resolve(self) -> None:
        await self._answer(referrals.resolve)

    async def _answer(self, gesture: Callable[..., UUID]) -> None:
        if self._reads() is Audience.OPERATORS:
            self._text.error = "Ce geste s’adresse à l’aidant : choisissez un message visible de tous."
            return
        assert self._own is not None
        group_id = self._own.group_id
        await self._leave_with(
            lambda text, files: self._page.act(
                gesture, self._case_id, group_id, text, key=self._key, attachment_ids=files
            )
        )

    async def _leave_with(self, send: Send) -> None:
        """Send, once the person is sure of what the text still leaves open."""
        self._text.error = ""
        text, reads = str(self._text.value), self._reads()
        await sure(self._page, self._case_id, text, reads, lambda: self._leave(send))

    async def _leave(self, send: Send) -> None:
        """Send under a key that makes a repeated press harmless, and let go of what has left, no more."""
        self._text.error, turn = "", self._turn
        if not await self._files_are_joined():
            return
        async with self._saving:
            text, files = str(self._text.value), self._files.ids
            if turn != self._turn or (not text.strip() and not files and self._has_just_left()):
                return  # pressed and entered at once, or sent from another tab: it has left
            try:
                self._last = await self._under_a_key(lambda: send(text, files))
            except Invalid as error:
                self._text.error = error.sentence
                self._text.focus()
                return
            self._begin_anew(text)
        self._files.forget(files)
        self._undo.offer(RETRACTABLE)
        self._on_sent()
        self._text.focus()

    def _has_just_left(self) -> bool:
        return monotonic() - self._left_at < _TWICE

    async def _files_are_joined(self) -> bool:
        """Wait for the files that are on their way; a message never leaves without one of them unsaid."""
        self._waits = self._files.are_going
        self._say_saved(self._saved.text)
        is_well = await self._files.all_joined()
        self._waits = False
        self._say_saved("")
        if not is_well:
            self._text.error = (
                "Un fichier n’a pas été joint, et votre message n’est pas parti. "
                "Réessayez ou retirez ce fichier, puis envoyez."
            )
        return is_well

    async def _take_back(self) -> None:
        """Take back what has just left: its text comes before what was typed since, its files beside."""
        if self._last is None:
            return
        self._undo.hide()
        async with self._saving:
            back = await self._page.act(messages.take_back, self._case_id, self._last)
            if back is None:
                return
            noted = self._reads() is Audience.OPERATORS and str(self._text.value).strip()
            self._use(back.key)
            if back.text:
                self._text.put_before(back.text)
            if self._audience is not None:
                self._audience.set_value((Audience.OPERATORS if noted else back.audience).value)
                self._show_audience()
            self._files.show((one.id, one.name) for one in back.files)
        self._text.focus()


_TWICE = 2.0  # seconds within which a second press of an emptied box is the same press
_WAITS = "Le message partira dès que les fichiers seront joints."


def _saved(at: datetime | None) -> str:
    return f"Brouillon enregistré {at_moment(at, datetime.now(UTC))}" if at else ""
