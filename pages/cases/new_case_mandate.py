"""The fifth step of a new case: the person's mandate, from the tablet handed over to the acceptance."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

import htpy as h
from nicegui import ui
from nicegui.element import Element

from app import mandate_ways, mandates
from app.errors import Invalid
from app.french import long_date
from app.queries import drafts as found
from app.queries.drafts import DraftMandate, DraftView
from app.queries.mandate_ways import BySms, by_sms
from models.enums import MandateStatus, MandateWay
from pages.cases.new_case_notices import accepted_notice
from pages.components.fragment import Fragment
from pages.components.mandate_words import NO_OTHER_USE
from pages.components.press import Press
from pages.components.receipt_gesture import draw_receipt
from pages.components.states import mandate_chip
from pages.components.ways import draw_ways, open_way, question_words
from pages.components.words import Words
from pages.shell.live import Gathered
from pages.shell.page import Page

_TO_BEGIN = (
    "Sans l’accord de la personne, la demande ne peut pas être transmise. Tournez l’écran ou "
    "passez-lui la tablette : elle lit, puis signe avec le doigt, le stylet ou la souris."
)
# What to do after a mandate that came to nothing: who has said no is not asked again at once.
_ADVICE = {
    MandateStatus.REFUSED: "La personne a refusé : la demande ne peut pas être transmise. "
    "Si elle change d’avis, faites signer un nouveau mandat.",
    MandateStatus.REVOKED: "La personne a annulé son accord : la demande ne peut pas être transmise. "
    "Si elle change d’avis, faites signer un nouveau mandat.",
    MandateStatus.RENOUNCED: "Ce mandat a été abandonné. "
    "Pour transmettre la demande, faites signer un nouveau mandat.",
    MandateStatus.EXPIRED: "Ce mandat est arrivé à sa fin. "
    "Pour transmettre la demande, faites signer un nouveau mandat.",
}
_OVER = frozenset(_ADVICE)
_SAID_NO = (MandateStatus.REFUSED, MandateStatus.REVOKED)


class MandateStep:
    """What is signed, what is not yet, and the next gesture. It follows what the tablet does, live."""

    def __init__(
        self,
        page: Page,
        case_id: UUID,
        go_on: Callable[[], Awaitable[None]],
        lacking: Callable[[Invalid], None],
        notice: Callable[[], Element],
    ) -> None:
        self._page, self._case_id, self._go_on, self._lacking = page, case_id, go_on, lacking
        self._notice = notice
        self._shown: tuple[DraftMandate | None, BySms | None] | None = None

    async def draw(self, forward: Element) -> None:
        """Draw the mandate here and the next gesture in ``forward``, again each time it changes."""
        self._place, self._forward = ui.element("div"), forward
        self._gathered = Gathered(0.1, lambda _: self._refresh())
        self._page.watch([self._case_id], self._gathered.hear)
        self._page.on_leave(self._gathered.end)
        await self._refresh()

    async def _refresh(self) -> None:
        if self._place.is_deleted:  # another step is shown
            self._gathered.end()
            return
        draft = await self._page.read(found.draft, self._case_id)
        asked = await self._asked(draft.mandate)
        if self._place.is_deleted or self._shown == (draft.mandate, asked):
            return  # what is being pressed is not drawn anew for nothing
        self._shown = (draft.mandate, asked)
        with self._place.clear():
            self._draw_state(draft.mandate, asked)
            self._draw_ways(draft.mandate)
        with self._forward.clear():
            self._draw_gestures(draft)

    async def _asked(self, mandate: DraftMandate | None) -> BySms | None:
        """Return what was asked by SMS, while an answer is waited for."""
        if mandate is None or mandate.status is not MandateStatus.PRESENTED:
            return None
        return await self._page.read(by_sms, mandate.id) if mandate.way is MandateWay.SMS_REPLY else None

    def _draw_ways(self, mandate: DraftMandate | None) -> None:
        """Draw every way, the signature on this screen first: it has its button too, under the thumb."""
        is_new = mandate is None or mandate.status in _OVER or bool(mandate.missing)
        if not is_new and mandate is not None and mandate.status is not MandateStatus.PRESENTED:
            return
        Words("Comment la personne donne son accord", "h3").classes("ways-title")
        draw_ways(mandate_ways.offered(), self._present if is_new or mandate is None else self._by(mandate.id))

    def _draw_state(self, mandate: DraftMandate | None, asked: BySms | None) -> None:
        if mandate is None or mandate.status in _OVER:
            Words(_ADVICE[mandate.status] if mandate else _TO_BEGIN)
        Words(NO_OTHER_USE).classes("meta")
        if mandate is None:
            return
        details = h.div[
            h.p[mandate_chip(mandate.status)],
            h.p(".meta")[f"Organismes nommés : {', '.join(mandate.organizations)}"],
            h.p(".meta")[f"Valable jusqu’au {long_date(mandate.expires_at)}, au plus tard"],
            h.p(".meta")[mandate.way.label] if mandate.status is not MandateStatus.PRESENTED else None,
            h.p(".meta")[f"À confirmer par écrit avant le {long_date(mandate.confirm_by)}"]
            if mandate.confirm_by and mandate.status is MandateStatus.ACTIVE
            else None,
            h.p[h.a(".alone", href=f"/mandats/{mandate.id}")["Voir le mandat"]],
        ]
        Fragment(details if mandate.status not in _OVER else h.p[mandate_chip(mandate.status)]).classes("recap")
        if asked is not None:
            Fragment(question_words(asked))
        if mandate.status is MandateStatus.CONSENTED and not mandate.missing:
            Words("Il reste à accepter le mandat au nom de votre structure.").props("role=status")
        if mandate.missing and mandate.status not in _OVER:
            Words(mandate.missing).classes("notice warn").props("role=status")

    def _draw_gestures(self, draft: DraftView) -> None:
        mandate = draft.mandate
        if mandate is None:
            Press("Faire signer sur cet écran", self._begin, look="primary", sign="pen")
            return
        is_next = mandate.status not in _SAID_NO if mandate.status in _OVER else bool(mandate.missing)
        Press("Faire signer un nouveau mandat", self._begin, look="primary" if is_next else "quiet")
        if mandate.status is MandateStatus.PRESENTED and not mandate.missing:
            is_here = mandate.way is MandateWay.SCREEN
            look = "primary" if is_here else "quiet"
            Press("Faire signer sur cet écran", self._sign(mandate.id), look=look, sign="pen")
            if not is_here:  # begun already: pages may be there, or a code that waits to be typed
                Press(f"Reprendre : {mandate.way.label}", self._resume(mandate), look="primary")
        elif mandate.status is MandateStatus.CONSENTED and not mandate.missing:
            Press(f"Accepter au nom de {draft.structure}", self._accept(mandate.id), look="primary")
        elif mandate.status is MandateStatus.ACTIVE and not mandate.missing:
            draw_receipt(self._page, mandate.id)
            Press("Continuer", self._go_on, look="primary")

    async def _begin(self) -> None:
        await self._present(MandateWay.SCREEN)

    async def _present(self, way: MandateWay) -> None:
        try:
            mandate_id = await self._page.act(mandates.present, self._case_id, way=way)
        except Invalid as error:
            self._lacking(error)
            return
        open_way(self._page, way, mandate_id)

    def _by(self, mandate_id: UUID) -> Callable[[MandateWay], Awaitable[None]]:
        async def choose(way: MandateWay) -> None:
            """Another way for the mandate that is shown: nothing is written again."""
            await self._page.act(mandates.choose_way, mandate_id, way)
            open_way(self._page, way, mandate_id)

        return choose

    def _sign(self, mandate_id: UUID) -> Callable[[], Awaitable[None]]:
        async def sign() -> None:
            """On this screen, whatever way was begun before."""
            await self._by(mandate_id)(MandateWay.SCREEN)

        return sign

    def _resume(self, mandate: DraftMandate) -> Callable[[], Awaitable[None]]:
        async def resume() -> None:
            open_way(self._page, mandate.way, mandate.id)

        return resume

    def _accept(self, mandate_id: UUID) -> Callable[[], Awaitable[None]]:
        async def accept() -> None:
            """Accepting is the last thing to do here: the case is read again next."""
            await self._page.act(mandates.accept, mandate_id)
            here = self._notice()
            await self._go_on()
            if (there := self._notice()) is not here:  # read again, with the person still at the counter
                with there:
                    accepted_notice(self._page, mandate_id)

        return accept
