"""The mandate that the structure already holds: its document is joined, its dates and scope written down."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from uuid import UUID

import htpy as h
from nicegui import ui

from app.as_typed import read_date
from app.deadlines import PARIS
from app.errors import Conflict, Invalid, NotFound
from app.french import long_date
from app.mandate_ways.existing import use_existing
from app.queries.mandate_ways import OnPaper, on_paper
from app.queries.mandates import MandateView
from app.queries.mandates import document as read_document
from models.enums import MandateStatus
from pages.components.field import Field
from pages.components.forms import clear_errors, show_errors
from pages.components.fragment import Fragment
from pages.components.mandate_words import paragraphs
from pages.components.press import Press
from pages.components.ways import way_back
from pages.components.words import Words
from pages.mandates.giving import GiverFields, draw_over, draw_way_back
from pages.mandates.paper_pages import PaperPages
from pages.shell.live import Gathered
from pages.shell.page import Follow, Page

_READ = "read"
_AHEAD = 50  # years: «27» is 2027, though it is to come


async def existing(page: Page) -> Follow | None:
    """Ask for the document, whose it is, its dates and what it covers."""
    mandate = await page.read(read_document, page.id("id"))
    if not mandate.may_manage:
        raise NotFound
    page.called("Mandat existant")
    with ui.element("div").classes("plain-page giving"):
        Words("Mandat existant de la structure", "h1")
        draw_way_back(mandate)
        if mandate.status is not MandateStatus.PRESENTED:
            draw_over(mandate.status, is_draft_case=mandate.is_draft_case)
            return None
        await ExistingScreen(page, mandate, await page.read(on_paper, mandate.id)).draw()
    return None


class ExistingScreen:
    """One mandate and the document that gives it."""

    def __init__(self, page: Page, mandate: MandateView, paper: OnPaper) -> None:
        self._page, self._mandate, self._paper = page, mandate, paper

    async def draw(self) -> None:
        """Draw the questions in the order in which the document is read."""
        Words(
            "Le document doit déjà dire ce que dit ce texte, pour chaque organisme de la demande. "
            "Sinon, choisissez une autre façon."
        )
        Fragment(h.details[h.summary["Le texte de ce mandat"], paragraphs(self._mandate.plain_text)]).classes(
            "given-text"
        )
        Words("Le document signé", "h2")
        self._pages = PaperPages(self._page, self._mandate.id)
        await self._pages.draw()
        self._without = Words("").classes("field-error").props("role=alert")
        self._fields = {
            "holder": Field("Au nom de qui est-il ?", hint="Tel qu’il est écrit sur le document."),
            "signed_on": Field("Date de signature", inputmode="numeric", hint="Par exemple 03/07/2026"),
            "ends_on": Field("Date de fin", inputmode="numeric", hint="Par exemple 03/07/2027"),
            "covers": Field(
                "Quels organismes couvre-t-il ?", kind="checks", value=[],
                options=[(str(id_), name) for id_, name in self._paper.organizations],
            ),
        }  # fmt: skip
        self._giver = GiverFields(name="Prénom et nom de qui a signé")
        self._fields |= {
            "has_read": Field(
                "Votre déclaration", kind="checks", value=[],
                options=[(_READ, "J’ai relu le document : la personne l’a signé, et il dit bien cela.")],
            ),
        }  # fmt: skip
        for name in ("signed_on", "ends_on"):
            self._fields[name].when_changed(self._says(self._fields[name]))
        self._error = Words("").classes("field-error").props("role=alert")
        with ui.element("div").classes("row-of-buttons"):
            Press("Enregistrer l’accord", self._use, look="primary")
        gathered = Gathered(0.2, lambda _: self._refresh())
        self._page.watch([self._mandate.case_id], gathered.hear)
        self._page.on_leave(gathered.end)

    def _says(self, field: Field) -> Callable[[], Awaitable[None]]:
        async def say() -> None:
            day = _day(str(field.value))
            field.say(long_date(day) if day else "")

        return say

    async def _refresh(self) -> None:
        """Show what is stored now; where the mandate waits no more, say so."""
        if self._without.is_deleted:
            return
        mandate = await self._page.read(read_document, self._mandate.id)
        if mandate.status is not MandateStatus.PRESENTED:
            if self._page.outlet is not None:
                await self._page.outlet.again()
            return
        await self._pages.refresh()
        if self._pages.views and not self._without.is_deleted:
            self._without.set_text("")

    async def _use(self) -> None:
        clear_errors(self._fields | self._giver.fields)
        self._error.set_text("")
        said = {name: field.value for name, field in self._fields.items()}
        try:
            await self._page.act(
                use_existing, self._mandate.id, holder=said["holder"],
                signed_on=_day(said["signed_on"]), ends_on=_day(said["ends_on"]),
                covers=_ids(said["covers"]),
                pages=tuple(view.sha256 for view in self._pages.views), has_read=_READ in said["has_read"],
                shown_sha256=self._mandate.shown_sha256, giver=self._giver.giver,
            )  # fmt: skip
        except Invalid as error:
            self._without.set_text(error.fields.get("pages", ""))
            rest = {name: sentence for name, sentence in error.fields.items() if name != "pages"}
            other = show_errors(self._fields | self._giver.fields, Invalid(**rest)) if rest else ""
            absent = "Il manque le document signé, en haut de cette page." if "pages" in error.fields else ""
            self._error.set_text(" ".join(filter(None, (absent, other))))
            return
        except Conflict:  # a page is another by now: it is to be read before it is vouched for
            self._fields["has_read"].set_value([])
            await self._refresh()
            raise
        self._page.say("L’accord est enregistré.")
        self._page.go(way_back(self._mandate))


def _day(typed: str) -> date | None:
    """Return a day as it is typed, past or to come."""
    return read_date(typed, date(datetime.now(PARIS).year + _AHEAD, 12, 31))


def _ids(values: list[str]) -> frozenset[UUID]:
    """Return the organisations chosen; what is no id is nobody's (``NotFound``)."""
    try:
        return frozenset(UUID(value) for value in values)
    except ValueError as error:
        raise NotFound from error
