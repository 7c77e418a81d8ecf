"""The fifth step of a new case: the person's mandate, from the tablet handed over to the acceptance."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

import htpy as h
from nicegui import ui

from app import mandates
from app.errors import Invalid
from app.french import long_date
from app.queries import drafts as found
from app.queries.drafts import DraftMandate, DraftView
from models.enums import MandateStatus
from pages.components.fragment import Fragment
from pages.components.press import Press
from pages.components.states import mandate_chip
from pages.components.words import Words
from pages.shell.live import Gathered
from pages.shell.page import Page


class MandateStep:
    """What is signed, what is not yet, and the next gesture. It follows what the tablet does, live."""

    def __init__(
        self,
        page: Page,
        case_id: UUID,
        go_on: Callable[[], Awaitable[None]],
        lacking: Callable[[Invalid], None],
    ) -> None:
        self._page, self._case_id, self._go_on, self._lacking = page, case_id, go_on, lacking
        self._shown: tuple[DraftMandate | None] | None = None

    async def draw(self) -> None:
        """Draw the state of the mandate, and again each time it changes."""
        self._place = ui.element("div")
        self._gathered = Gathered(0.1, lambda _: self._refresh())
        self._page.watch([self._case_id], self._gathered.hear)
        self._page.on_leave(self._gathered.end)
        await self._refresh()

    async def _refresh(self) -> None:
        if self._place.is_deleted:  # another step is shown
            self._gathered.end()
            return
        draft = await self._page.read(found.draft, self._case_id)
        if self._place.is_deleted or self._shown == (draft.mandate,):
            return  # what is being pressed is not drawn anew for nothing
        self._shown = (draft.mandate,)
        with self._place.clear():
            self._draw(draft)

    def _draw(self, draft: DraftView) -> None:
        mandate = draft.mandate
        Words(
            "Sans l’accord de la personne, la demande ne peut pas être transmise. Tournez l’écran ou "
            "passez-lui la tablette : elle lit, puis signe avec le doigt, le stylet ou la souris."
        )
        if mandate is None or mandate.status in (
            MandateStatus.REFUSED, MandateStatus.RENOUNCED, MandateStatus.REVOKED, MandateStatus.EXPIRED,
        ):  # fmt: skip
            if mandate is not None:
                Fragment(h.p[mandate_chip(mandate.status)])
            Press("Faire signer sur cet écran", self._present, look="primary", sign="pen")
            return
        details = h.div[
            h.p[mandate_chip(mandate.status)],
            h.p(".meta")[f"Organismes nommés : {', '.join(mandate.organizations)}"],
            h.p(".meta")[f"Valable au plus tard jusqu’au {long_date(mandate.expires_at)}"],
            h.p[h.a(href=f"/mandats/{mandate.id}")["Voir le document"]],
        ]
        Fragment(details).classes("recap")
        if mandate.missing:
            Words(mandate.missing).classes("notice warn").props("role=status")
        with ui.element("div").classes("row-of-buttons"):
            if mandate.status is MandateStatus.PRESENTED:
                Press("Reprendre la signature", self._sign(mandate.id), look="primary", sign="pen")
            elif mandate.status is MandateStatus.CONSENTED and not mandate.missing:
                Press(f"Accepter au nom de {draft.structure}", self._accept(mandate.id), look="primary")
            elif mandate.status is MandateStatus.ACTIVE and not mandate.missing:
                Press("Continuer", self._go_on, look="primary")
            Press("Refaire un mandat", self._present, look="primary" if mandate.missing else "quiet")

    async def _present(self) -> None:
        try:
            mandate_id = await self._page.act(mandates.present, self._case_id)
        except Invalid as error:
            self._lacking(error)
            return
        self._page.open(f"/mandats/{mandate_id}/signer")

    def _sign(self, mandate_id: UUID) -> Callable[[], Awaitable[None]]:
        async def sign() -> None:
            self._page.open(f"/mandats/{mandate_id}/signer")

        return sign

    def _accept(self, mandate_id: UUID) -> Callable[[], Awaitable[None]]:
        async def accept() -> None:
            await self._page.act(mandates.accept, mandate_id)
            await self._refresh()

        return accept
