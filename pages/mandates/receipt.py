"""The usager's receipt on paper; by SMS or by e-mail it is handed over in a gesture (``receipt_gesture``)."""

from __future__ import annotations

import htpy as h
import segno
from nicegui import ui

from app import receipts
from app.french import long_date
from app.receipts import PaperReceipt
from pages.components.fragment import Fragment
from pages.components.mandate_words import FOR_NOTHING_ELSE
from pages.components.words import Words
from pages.shell.page import Follow, Page


async def receipt(page: Page) -> Follow | None:
    """Draw the receipt to be printed, for the aidants of the structure."""
    mandate_id = page.id("id")
    found = await page.act(receipts.print_receipt, mandate_id)
    page.called("Reçu du mandat")
    with ui.element("div").classes("plain-page"):
        with ui.element("div").classes("row-of-buttons no-print"):
            with ui.element("a").props(f'href="/mandats/{mandate_id}"').classes("button quiet"):
                Words("Revenir au mandat", "span")
            with (
                ui.element("button")
                .props("type=button")
                .classes("button primary")
                .on("click", js_handler="() => window.print()")
            ):
                Words("Imprimer", "span")
        Fragment(_paper(found))
    return None


def _paper(found: PaperReceipt) -> h.Element:
    code = segno.make(found.link, error="m", micro=False).svg_data_uri(scale=4, border=4)
    return h.article(".document")[
        h.h1["Votre accord est enregistré"],
        h.dl[
            h.dt["Vous l’avez donné à"], h.dd[found.structure],
            h.dt["Pour"], h.dd[found.theme],
            h.dt["Avec"], h.dd[", ".join(found.organizations)],
            h.dt["Donné le"], h.dd[long_date(found.given_at)],
            h.dt["Jusqu’au"], h.dd[f"{long_date(found.expires_at)}, au plus tard"],
        ],
        h.p["Pour le revoir ou l’annuler, visez ce code avec votre téléphone, ou ouvrez l’adresse."],
        h.img(".drawn", src=code, alt="Code qui ouvre l’adresse écrite dessous"),
        h.p[h.code[found.link]],
        h.p[f"Vous pouvez aussi le dire à {found.structure}. C’est gratuit, sans dire pourquoi."],
        h.p["Gardez ce papier pour vous : cette adresse ouvre votre accord."],
        h.p(".meta")[FOR_NOTHING_ELSE],
    ]  # fmt: skip
