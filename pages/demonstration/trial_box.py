"""«Boîte d’essai»: the SMS and e-mails that the demonstration would have sent, answered in the person's place.

For everybody signed in, in the demonstration only (elsewhere the page does not exist). Live.
"""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

import htpy as h
from nicegui import ui

from app import incoming_sms
from app.config import settings
from app.errors import Invalid
from app.french import clock, long_date, moment_name
from app.phones import shown
from app.queries.trial_box import Phone, TrialBox
from app.queries.trial_box import trial_box as read_box
from models.enums import OutgoingStatus
from pages.components.field import Field
from pages.components.fragment import Fragment
from pages.components.press import Press
from pages.components.states import dated
from pages.components.words import Words
from pages.shell.live import OUTBOX, Gathered
from pages.shell.page import Follow, Page

_READY = ("OUI", "NON", "STOP")
_NOTHING_YET = (
    "Aucun SMS pour l’instant. Proposez un mandat par SMS dans une nouvelle demande : il apparaîtra ici."
)


async def trial_box(page: Page) -> Follow | None:
    """Draw each phone with what it can answer, then the e-mails; both follow what happens."""
    box = await page.read(read_box)
    page.called("Boîte d’essai")
    with ui.element("div").classes("plain-page trial-box"):
        Words("Boîte d’essai", "h1")
        Words(
            "Les SMS et les e-mails de la démonstration arrivent ici : rien ne part. "
            "Répondez à un SMS comme la personne le ferait."
        ).classes("meta")
        Words("SMS", "h2")
        empty = Fragment(_none(box))
        with ui.element("div").classes("phones") as place:
            phones = {one.key: _Phone(page, one, box.now) for one in box.phones}
        Words("E-mails", "h2")
        letters = Fragment(_letters(box))

    async def again(_: set[UUID]) -> None:
        now = await page.read(read_box)
        empty.replace(_none(now))
        letters.replace(_letters(now))
        for one in now.phones:
            if known := phones.get(one.key):
                known.show(one, now.now)
            else:
                with place:
                    phones[one.key] = _Phone(page, one, now.now).first()

    gathered = Gathered(0.1, again)
    page.watch([OUTBOX], gathered.hear)
    page.on_leave(gathered.end)
    return None


class _Phone:
    """A conversation as a phone shows it, and what is answered from it."""

    def __init__(self, page: Page, phone: Phone, now: datetime) -> None:
        self._page, self._latest = page, phone.latest
        self._place = ui.element("section").classes("phone")
        with self._place.props(f'aria-labelledby="phone-{phone.key}"'):
            Fragment(h.h3(id=f"phone-{phone.key}")[f"Téléphone {shown(phone.number)}"])
            self._bubbles = Fragment(_bubbles(phone, now))
            with ui.element("div").classes("row-of-buttons"):
                for word in _READY:
                    self._ready(word)
            self._text = Field("Autre réponse", keep=f"trial-box-{phone.key}", on_enter=self._send)
            Press("Envoyer la réponse", self._send)

    def show(self, phone: Phone, now: datetime) -> None:
        """Show the conversation as it is now."""
        self._latest = phone.latest
        self._bubbles.replace(_bubbles(phone, now))

    def first(self) -> _Phone:
        """Stand before the others."""
        self._place.move(target_index=0)
        return self

    def _ready(self, word: str) -> None:
        async def answer() -> None:
            await self._page.act(incoming_sms.answer_as, self._latest, word)

        Press(f"Répondre {word}", answer)

    async def _send(self) -> None:
        text = str(self._text.value)
        self._text.error = ""
        try:
            await self._page.act(incoming_sms.answer_as, self._latest, text)
        except Invalid as error:
            self._text.error = error.fields.get("text", error.sentence)
            self._text.focus()
            return
        self._text.leave(text)


def _none(box: TrialBox) -> h.Renderable:
    return h.fragment[None if box.phones else h.p[_NOTHING_YET]]


def _bubbles(phone: Phone, now: datetime) -> h.Renderable:
    return h.ol(".sms", aria_label="Messages")[
        (
            h.li(".from-service" if one.is_ours else ".from-person")[
                h.p(".who")["Administration+" if one.is_ours else "La personne"],
                h.p(".said-there")[_linked(one.text)],
                h.p(".when")[_at(one.at, now), _state(one.status)],
            ]
            for one in phone.bubbles
        )
    ]


def _letters(box: TrialBox) -> h.Renderable:
    if not box.letters:
        return h.p["Aucun e-mail pour l’instant. Ceux que la démonstration enverrait apparaîtront ici."]
    return h.ul(".letters")[
        (
            h.li[
                h.h3[one.subject],
                h.p(".meta")[f"Pour {one.to}, ", _at(one.at, box.now), _state(one.status)],
                h.p(".letter-text")[_linked(one.text)],
            ]
            for one in box.letters
        )
    ]


def _at(moment: datetime, now: datetime) -> h.Element:
    return dated(moment, moment_name(moment, now), f"{long_date(moment)} à {clock(moment)}")


def _state(status: OutgoingStatus) -> str:
    return "" if status is OutgoingStatus.SENT else f" · {status.label}"


def _linked(text: str) -> list[h.Node]:
    """Return a text in which our own addresses are links, as on a phone."""
    own = re.compile(rf"({re.escape(settings().address)}/[^\s]*[^\s.,;:!?])")
    return [
        h.a(href=piece.removeprefix(settings().address), data_plain="")[piece]
        if own.fullmatch(piece)
        else piece
        for piece in own.split(text)
    ]
