"""Qualification, for administrators: themes, blockages, procedures; what each leads to; trying the rules.

Nothing is deleted: what is no longer offered stays in older cases, and is offered again in one gesture.
"""

from __future__ import annotations

from functools import partial

import htpy as h
from nicegui import ui

from app import qualification
from app.errors import Conflict, Invalid
from app.queries.qualification import RULED, ClosedList, Item, items
from pages.admin.places import heading
from pages.admin.trying import Trying, read_lists
from pages.components.dialog import Dialog
from pages.components.field import Field
from pages.components.fragment import Act, Fragment
from pages.components.press import Press
from pages.components.states import chip
from pages.components.words import Words
from pages.shell.markup import Markup
from pages.shell.page import Follow, Page

NAMES = {
    ClosedList.THEMES: "Thèmes", ClosedList.BLOCKAGES: "Ce qui bloque", ClosedList.PROCEDURES: "Démarches",
}  # fmt: skip
_ADDRESS = "/administration/qualification"


async def qualification_lists(page: Page) -> Follow | None:
    """Draw one list, the way to the others, and what the rules propose."""
    which = list_of(page.query.get("liste", ""))
    lists, departement = await page.read(read_lists)
    with ui.element("div").classes("admin"):
        heading(page, "Qualification")
        Markup(_ways(which), "nav").props('aria-label="Listes"')
        Words(NAMES[which], "h2")
        _Editor(page, which, lists[which])
        if which in RULED:
            await Trying(page, lists, departement).show()
    return None


def list_of(word: str) -> ClosedList:
    """Return the list of an address; an unknown one is the themes."""
    return next((one for one in ClosedList if one.value == word), ClosedList.THEMES)


def _ways(which: ClosedList) -> h.Element:
    return h.ul(".places")[
        (
            h.li[h.a(href=f"{_ADDRESS}?liste={one.value}", aria_current="page" if one is which else None)[name]]
            for one, name in NAMES.items()
        )
    ]


class _Editor:
    """A list under one's hands."""

    def __init__(self, page: Page, which: ClosedList, shown: tuple[Item, ...]) -> None:
        self._page, self._which, self._items = page, which, shown
        self._list = Fragment(_rows(which, shown), on_act=self._act)
        Press("Ajouter un choix", self._add)

    async def _again(self) -> None:
        self._items = await self._page.read(items, self._which)
        if not self._list.is_deleted:
            self._list.replace(_rows(self._which, self._items))

    async def _act(self, act: Act) -> None:
        code = act.data.get("id", "")
        one = next((item for item in self._items if item.code == code), None)
        if one is None:
            return
        try:
            match act.name:
                case "up" | "down":
                    by, seen = -1 if act.name == "up" else 1, [item.code for item in self._items]
                    await self._page.act(qualification.move, self._which, code, by, seen=seen)
                case "rename":
                    self._rename(one)
                case "withdraw":
                    self._withdraw(one)
                case "offer":
                    await self._page.act(qualification.offer, self._which, code, True)
        finally:
            await self._again()  # after a refusal too: what is shown was stale

    async def _add(self) -> None:
        with Dialog("Ajouter un choix") as dialog:
            label = dialog.field("label", Field("Nom proposé aux aidants"))
            self._say_list(label, None)

            async def done() -> None:
                await self._page.act(qualification.add, self._which, str(label.value))
                await self._again()

            dialog.buttons("Ajouter", done)

    def _rename(self, one: Item) -> None:
        seen = one.label
        with Dialog("Renommer ce choix") as dialog:
            Words("Il change de nom dans les anciennes demandes aussi : c’est toujours le même choix.").classes(
                "before-field"
            )
            label = dialog.field("label", Field("Nom proposé aux aidants", value=one.label))
            self._say_list(label, one)

            async def done() -> None:
                nonlocal seen
                rename = partial(qualification.rename, seen=seen)
                try:
                    await self._page.act(rename, self._which, one.code, str(label.value))
                except Conflict as error:  # what was typed is kept, for who still wants it
                    await self._again()
                    seen = next((item.label for item in self._items if item.code == one.code), "")
                    raise Invalid(
                        label=f"Un autre administrateur l’a renommé « {seen} ». "
                        "Renommez de nouveau pour garder le vôtre."
                    ) from error
                await self._again()

            dialog.buttons("Renommer", done)

    def _withdraw(self, one: Item) -> None:
        with Dialog("Ne plus proposer ce choix") as dialog:
            Words(
                f"« {one.label} » disparaît des nouvelles demandes. "
                "Les demandes et les brouillons qui l’ont le gardent, et les filtres aussi."
            )
            Fragment(_would_be([item.label for item in self._items if item.is_offered and item != one]))

            async def done() -> None:
                await self._page.act(qualification.offer, self._which, one.code, False)
                await self._again()

            dialog.buttons("Ne plus proposer", done, look="danger")

    def _say_list(self, label: Field, one: Item | None) -> None:
        """Show the list as it would be, while the name is typed."""
        said = Fragment("")

        async def show() -> None:
            typed = " ".join(str(label.value).split())
            labels = [
                typed if one is not None and item.code == one.code else item.label
                for item in self._items
                if item.is_offered or item == one
            ]
            said.replace(_would_be([*labels, *([typed] if one is None and typed else [])]))

        label.when_changed(show)
        said.replace(_would_be([item.label for item in self._items if item.is_offered or item == one]))


def _would_be(labels: list[str]) -> h.Element:
    return h.p(".said-of-it", role="status")[
        h.small["Dans une nouvelle demande"], " · ".join(filter(None, labels))
    ]


def _rows(which: ClosedList, shown: tuple[Item, ...]) -> h.Element:
    return h.ul(".admin-rows")[
        (_row(which, one, index == 0, index == len(shown) - 1) for index, one in enumerate(shown))
    ]


def _row(which: ClosedList, one: Item, is_first: bool, is_last: bool) -> h.Element:
    name = h.span(".unseen")[f" {one.label}"]
    state = None if one.is_offered else chip("withdrawn", "N’est plus proposé")
    gesture = ("withdraw", "Ne plus proposer") if one.is_offered else ("offer", "Proposer de nouveau")
    return h.li(data_key=one.code)[
        h.div(".what")[h.strong[one.label], state, h.small(".meta")[_leads_to(which, one)]],
        h.div(".row-of-buttons")[
            _button("up", one, _moves("↑", "Monter", one), ".order", off=is_first),
            _button("down", one, _moves("↓", "Descendre", one), ".order", off=is_last),
            _button("rename", one, h.fragment["Renommer", name]),
            h.a(".button", href=f"{_ADDRESS}/{which.value}/{one.code}")["Organismes", name]
            if which in RULED
            else None,
            _button(gesture[0], one, h.fragment[gesture[1], name]),
        ],
    ]


def _moves(sign: str, word: str, one: Item) -> h.Node:
    return h.fragment[h.span(aria_hidden="true")[sign], h.span(".unseen")[f"{word} {one.label}"]]


def _button(act: str, one: Item, words: h.Node, look: str = "", *, off: bool = False) -> h.Element:
    return h.button(f".button{look}", type="button", data_act=act, data_id=one.code, disabled=off)[words]


def _leads_to(which: ClosedList, one: Item) -> str:
    if which not in RULED:
        return ""
    if one.organizations:
        return ", ".join(name for _, name in one.organizations)
    return "Ceux du thème" if which is ClosedList.PROCEDURES else "Aucun organisme proposé"
