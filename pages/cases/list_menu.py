"""What else can be done with a list, in one sheet: put it in another order."""

from __future__ import annotations

from dataclasses import replace

from app.queries.lists import Filter
from app.queries.order import ORDER_LABELS, Order, orders_for
from pages.cases.narrowing import MORE, query_of
from pages.components.dialog import Dialog
from pages.components.field import Field
from pages.components.words import Words
from pages.shell.page import Page


def list_menu(page: Page, shown: Filter) -> None:
    """Open the sheet of a list."""
    with Dialog(MORE) as sheet:
        _sorting(page, sheet, shown)
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
