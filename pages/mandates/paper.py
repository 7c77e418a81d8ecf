"""The mandate on paper, for the aidants of the structure: print the sheet, photograph it signed, read it again.

Pages are on the server as soon as they are taken: a reload, another tablet, the next day find them there. The
second look is a step of its own (``?etape=relire``), after which the agreement is kept.
"""

from __future__ import annotations

import htpy as h
from nicegui import ui

from app import mandate_pages, mandate_paper
from app.errors import Invalid, NotFound
from app.french import NBSP
from app.mandate_pages import PageView
from app.queries.mandates import MandateView
from app.queries.mandates import document as read_document
from app.references import reference
from models.enums import MandateStatus, MandateWay
from pages.components.field import Field
from pages.components.forms import clear_errors, show_errors
from pages.components.fragment import Fragment
from pages.components.press import Press
from pages.components.words import Words
from pages.mandates.giving import GiverFields
from pages.mandates.paper_pages import PaperPages, address_of
from pages.shell.live import Gathered
from pages.shell.page import Follow, Page


async def paper(page: Page) -> Follow | None:
    """Draw where the paper stands; a mandate that waits for no paper says so."""
    mandate = await page.read(read_document, page.id("id"))
    if not mandate.may_manage:
        raise NotFound
    page.called("Mandat sur papier")
    with ui.element("div").classes("plain-page paper-page"):
        Words("Mandat sur papier", "h1")
        _link("Revenir à la demande", _case_of(mandate))
        if mandate.status is not MandateStatus.PRESENTED or mandate.way is not MandateWay.PAPER:
            Words(f"Ce mandat n’attend pas de papier. Son état : {mandate.status.label.lower()}.")
            _link("Voir le mandat", f"/mandats/{mandate.id}")
        elif page.query.get("etape") == "relire":
            await _SecondLook(page, mandate).draw()
        else:
            await _gather(page, mandate)
    return None


async def _gather(page: Page, mandate: MandateView) -> None:
    gathered = PaperPages(page, mandate.id)
    Words("1. Imprimer la feuille", "h2")
    Words(
        f"{mandate.holder} lit, date et signe la feuille. Elle porte la référence {reference(mandate.id)}, "
        "qui se retrouve sur chaque page."
    )
    with ui.element("a").props(f'href="/mandats/{mandate.id}/a-signer.pdf" download').classes("button quiet"):
        Words("Télécharger la feuille à imprimer", "span")
    Words("2. Photographier ou numériser", "h2")
    Words("Posez la feuille à plat, sur un fond sombre. Ses coins sont trouvés : recadrez si besoin.")
    await gathered.draw()
    Words("3. Relire et enregistrer", "h2")
    Words("Quand toutes les pages sont là, relisez-les avant d’enregistrer l’accord.")
    _link("Relire les pages", f"/mandats/{mandate.id}/papier?etape=relire", look="primary")

    async def again() -> None:
        now = await page.read(read_document, mandate.id)
        if now.status is not mandate.status and page.outlet is not None:
            await page.outlet.again()
        else:
            await gathered.refresh()

    heard = Gathered(0.2, lambda _: again())
    page.watch([mandate.case_id], heard.hear)
    page.on_leave(heard.end)


class _SecondLook:
    """Each page large, what to check on it, then the agreement."""

    def __init__(self, page: Page, mandate: MandateView) -> None:
        self._page, self._mandate = page, mandate

    async def draw(self) -> None:
        mandate = self._mandate
        self._views = await self._page.read(mandate_pages.pages, mandate.id)
        Words("Relire les pages", "h2")
        if not self._views:
            Words("Aucune page n’est encore là. Photographiez ou numérisez d’abord la feuille signée.")
            self._draw_back()
            return
        with ui.element("div").classes("second-look"):
            Fragment(h.div(".read-again")[(self._large(view) for view in self._views)])
            with ui.element("div").classes("to-check"):
                self._draw_checks()

    def _large(self, view: PageView) -> h.Element:
        name = f"Page{NBSP}{view.position + 1}"
        return h.figure[
            h.figcaption[name], h.img(src=address_of(self._mandate.id, view), alt=f"{name}, en grand")
        ]

    def _draw_checks(self) -> None:
        mandate = self._mandate
        legible = [(one.sha256, f"La page{NBSP}{one.position + 1} se lit en entier.") for one in self._views]
        seen = {
            "reference": f"{reference(mandate.id)}, comme en bas de chaque page.",
            "names": f"{mandate.holder}{NBSP}; {', '.join(mandate.organizations)}.",
        }
        self._checks = Field(
            "Ce que vous avez vérifié", kind="checks", tiles=True, value=[],
            options=[
                *((value, words, "") for value, words in legible),
                *((value, words, seen.get(value, "")) for value, words in mandate_paper.CHECKS.items()),
            ],
        )  # fmt: skip
        self._signed_on = Field(
            "Date écrite sur le papier", hint=f"Par exemple{NBSP}: 03/07/2026.", inputmode="numeric"
        )
        self._giver = GiverFields("La personne signe", "Prénom et nom de qui a signé")
        self._rest = Words("").classes("field-error").props("role=alert")
        with ui.element("div").classes("row-of-buttons"):
            self._draw_back()
            Press("Enregistrer l’accord", self._keep, look="primary")

    def _draw_back(self) -> None:
        _link("Revenir aux pages", f"/mandats/{self._mandate.id}/papier")

    async def _keep(self) -> None:
        fields = {"checks": self._checks, "signed_on": self._signed_on, **self._giver.fields}
        clear_errors(fields)
        chosen = set(self._checks.value)
        try:
            await self._page.act(
                mandate_paper.confirm, self._mandate.id, shown_sha256=self._mandate.shown_sha256,
                giver=self._giver.giver, signed_on=str(self._signed_on.value),
                pages=tuple(one.sha256 for one in self._views if one.sha256 in chosen),
                checked=frozenset(chosen & set(mandate_paper.CHECKS)),
            )  # fmt: skip
        except Invalid as error:
            self._rest.set_text(show_errors(fields, error))
            return
        self._page.say("L’accord est enregistré.")
        self._page.go(_next_of(self._mandate))


def _case_of(mandate: MandateView) -> str:
    if mandate.is_draft_case:
        return f"/demandes/nouvelle?brouillon={mandate.case_id}&etape=5"
    return f"/demandes/{mandate.case_id}"


def _next_of(mandate: MandateView) -> str:
    """Where the mandate is accepted."""
    return _case_of(mandate) if mandate.is_draft_case else f"/mandats/{mandate.id}"


def _link(words: str, address: str, *, look: str = "quiet") -> None:
    with ui.element("a").props(f'href="{address}"').classes(f"button {look}"):
        Words(words, "span")
