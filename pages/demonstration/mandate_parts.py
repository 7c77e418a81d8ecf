"""The parts of a mandate, in their states: ways, what became of an SMS, pages, corners, seal, receipt."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

import htpy as h
from nicegui import ui

from app.mandate_papers import SealView
from app.mandate_ways import WAYS
from app.queries.mandate_ways import Answer, BySms, Sent
from models.enums import MandateWay, OutgoingStatus, SealLevel, SmsAnswer
from pages.components.fragment import Fragment
from pages.components.mandate_seal import seal_section, seal_words
from pages.components.page_frame import PageFrame
from pages.components.page_upload import PageUpload
from pages.components.receipt_gesture import draw_receipt
from pages.components.ways import draw_ways, question_words
from pages.demonstration.samples import id_of, today
from pages.shell.page import Page

_PHONE = "06 12 00 45 17"
_NOWHERE = f"/mandats/{id_of('mandate')}/pages"
# A page on a darker table: the page is what the table leaves open.
_SHEET = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300"><path fill-opacity=".6" fill-rule="evenodd" '
    'd="M0 0H400V300H0Z M110 30 300 50 280 270 90 250Z M130 90h130v6h-130z M126 130h130v6h-130z"/></svg>'
)


def ways(page: Page) -> None:
    """Draw every way to give a mandate; pressing one says which it is."""

    async def chosen(way: MandateWay) -> None:
        page.say(f"Façon choisie : {way.label.lower()}.")

    with ui.element("div").classes("sample"):
        draw_ways(WAYS, chosen)


def by_sms(_: Page) -> None:
    """Draw what is said of a question by SMS: leaving, sent, not delivered, answered by neither yes nor no."""
    now = today()
    unclear = Answer(SmsAnswer.UNCLEAR, "C’est pour quoi ?", now)
    with ui.element("div").classes("sample"):
        for status, answers in (
            (OutgoingStatus.WAITING, ()),
            (OutgoingStatus.SENT, (unclear,)),
            (OutgoingStatus.FAILED, ()),
        ):
            state = BySms(_PHONE, None, Sent(_PHONE, now, status), answers)
            Fragment(question_words(state))


async def _nothing() -> None:
    """No mandate stands behind these parts."""


def pages(_: Page) -> None:
    """Draw how pages are taken in; what is sent from here is refused, in words."""
    with ui.element("div").classes("sample"):
        PageUpload(_NOWHERE, _nothing)


def corners(_: Page) -> None:
    """Draw a page whose corners are to be placed."""
    with ui.element("div").classes("sample"):
        PageFrame(
            f"data:image/svg+xml,{quote(_SHEET)}",
            ((0.275, 0.1), (0.75, 0.167), (0.7, 0.9), (0.225, 0.833)),
        )


def seal(_: Page) -> None:
    """Draw what is said of a seal: sealed, of no value outside of the demonstration, not yet and why."""
    now = today()
    sealed = SealView("", "", SealLevel.STAMPED, now, "")
    others = replace(sealed, level=SealLevel.TRIAL), replace(sealed, level=None, fault="authority_down")
    drawn = h.article(".document")[seal_section(sealed), (h.p[seal_words(one)] for one in others)]
    ui.html(str(drawn)).classes("sample")


def receipt(page: Page) -> None:
    """Draw the gesture that hands over the receipt; no mandate stands behind this one."""
    with ui.element("div").classes("sample"):
        draw_receipt(page, id_of("mandate"))
