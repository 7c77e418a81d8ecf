"""What else can be done with a list, in one sheet: put it in another order, choose several of its cases, keep
it as a view, take it away as a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from nicegui import ui
from nicegui.element import Element

from app import exports
from app.french import plural
from app.queries.lists import Filter
from app.queries.order import ORDER_LABELS, Order, orders_for
from app.saved_views import Kept
from app.spreadsheets import FileKind
from pages.cases.export import address_of
from pages.cases.keeping import keeping
from pages.cases.narrowing import MORE, query_of
from pages.components.dialog import Dialog
from pages.components.field import Field
from pages.components.press import Press
from pages.components.words import Words
from pages.shell.page import Page


def list_menu(page: Page, shown: Filter, kept: Kept | None, on_choose: Callable[[], None]) -> None:
    """Open the sheet of a list; ``kept`` is the view of one's own that it is, ``on_choose`` begins the choice
    of several cases."""
    with Dialog(MORE) as sheet:
        _sorting(page, sheet, shown)

        async def choose() -> None:
            sheet.close()
            on_choose()

        async def export(kind: FileKind) -> None:
            page.download(address_of(page.caller, shown, kind))
            sheet.close()
            page.say("Le fichier se prépare. Il sera dans vos téléchargements.")

        with _group("Plusieurs demandes à la fois"):
            Press("Choisir des demandes", choose)
        keeping(page, sheet, shown, kept)
        with _group("Exporter", f"Ce que la liste montre, {plural(exports.MOST, 'demande')} au plus."):
            Press("Exporter en CSV", partial(export, FileKind.CSV))
            Press("Exporter en XLSX", partial(export, FileKind.XLSX))
        sheet.only_close()


def _group(title: str, what: str = "") -> Element:
    Words(title, "h3")
    if what:
        Words(what).classes("meta")
    return ui.element("div").classes("list-gestures")


def _sorting(page: Page, sheet: Dialog, shown: Filter) -> None:
    orders = orders_for(shown.view)
    if len(orders) == 1:
        Words("Les demandes clôturées vont de la plus récente à la plus ancienne.").classes("meta")
        return

    async def turn() -> None:
        order = next((one for one in orders if one.value == field.value), Order.ACTIVITY)
        sheet.close()
        page.go("/demandes" + query_of(replace(shown, sort=order)))

    options = [(one.value, ORDER_LABELS[one]) for one in orders]
    field = Field("Trier par", kind="select", value=shown.order.value, options=options, on_change=turn)
