"""What else can be done with a list, in one sheet: put it in another order, choose several of its
cases, take it away as a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from nicegui import ui

from app import exports
from app.french import number
from app.queries.lists import Filter
from app.queries.order import ORDER_LABELS, Order, orders_for
from app.spreadsheets import FileKind
from pages.cases.export import address_of
from pages.cases.narrowing import MORE, query_of
from pages.components.dialog import Dialog
from pages.components.field import Field
from pages.components.press import Press
from pages.components.words import Words
from pages.shell.page import Page


def list_menu(page: Page, shown: Filter, on_choose: Callable[[], None]) -> None:
    """Open the sheet of a list; ``on_choose`` begins the choice of several cases."""
    with Dialog(MORE) as sheet:
        _sorting(page, sheet, shown)
        _choosing(sheet, on_choose)
        _files(page, sheet, shown)
        sheet.only_close()


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
    field = Field(
        "Trier par", kind="radio", value=shown.order.value, options=options, tiles=True, on_change=turn
    )


def _choosing(sheet: Dialog, on_choose: Callable[[], None]) -> None:
    async def begin() -> None:
        sheet.close()
        on_choose()

    Words("Plusieurs demandes à la fois", "h3")
    with ui.element("div").classes("list-files"):
        Press("Choisir des demandes", begin)


def _files(page: Page, sheet: Dialog, shown: Filter) -> None:
    async def export(kind: FileKind) -> None:
        page.download(address_of(page.caller, shown, kind))
        sheet.close()
        page.say("Le fichier se prépare. Il sera dans vos téléchargements.")

    Words("Exporter", "h3")
    Words(f"Ce que la liste montre, {number(exports.MOST)} demandes au plus.").classes("meta")
    with ui.element("div").classes("list-files"):
        Press("Exporter en CSV", partial(export, FileKind.CSV))
        Press("Exporter en XLSX", partial(export, FileKind.XLSX))
