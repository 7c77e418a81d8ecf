"""Keeping a list as a view of one's own: named, renamed, moved among the others, removed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from nicegui import ui

from app import saved_views
from app.queries.lists import Filter
from app.saved_views import Kept
from pages.cases.narrowing import query_of
from pages.cases.view_list import saved_query
from pages.components.dialog import Dialog
from pages.components.field import Field
from pages.components.press import Press
from pages.components.words import Words
from pages.shell.page import Page


def keeping(page: Page, sheet: Dialog, shown: Filter, kept: Kept | None) -> None:
    """Draw what keeps the list, or what changes the view that it is."""
    here = ui.context.slot.parent.parent_slot

    def named(title: str, name: str, on_named: Callable[[str], Awaitable[None]]) -> None:
        sheet.close()
        assert here is not None
        with here:
            _name(title, name, on_named)

    async def keep() -> None:
        async def save(name: str) -> None:
            page.go("/demandes" + saved_query(await page.act(saved_views.keep, name, shown)))

        named("Enregistrer cette vue", "", save)

    if kept is None:
        Words("Vue", "h3")
        with ui.element("div").classes("list-gestures"):
            Press("Enregistrer cette vue", keep)
        return

    view_id = kept.id

    async def rename() -> None:
        async def save(name: str) -> None:
            await page.act(saved_views.rename, view_id, name)

        named("Renommer la vue", kept.name, save)

    async def move(*, up: bool) -> None:
        await page.act(saved_views.move, view_id, up=up)

    async def remove() -> None:
        await page.act(saved_views.remove, view_id)
        sheet.close()
        page.go("/demandes" + query_of(shown))
        page.say("La vue est retirée. Aucune demande n’a changé.")

    Words(f"Vue «\u00a0{kept.name}\u00a0»", "h3")
    with ui.element("div").classes("list-gestures"):
        Press("Renommer", rename)
        Press("Monter", partial(move, up=True))
        Press("Descendre", partial(move, up=False))
        Press("Retirer la vue", remove)
        Press("Enregistrer sous un autre nom", keep)


def _name(title: str, name: str, on_named: Callable[[str], Awaitable[None]]) -> None:
    with Dialog(title) as dialog:
        field = dialog.field("name", Field("Nom de la vue", value=name, hint="Vous seul la voyez."))

        async def done() -> None:
            await on_named(str(field.value))

        dialog.buttons(title, done)
