"""The organisations that a theme or a procedure leads to, for administrators: their order is tried before it is
kept, on a case that one chooses."""

from __future__ import annotations

from uuid import UUID

import htpy as h
from nicegui import ui

from app import qualification
from app.errors import Conflict, Invalid, NotFound
from app.queries.qualification import RULED, ClosedList, item, operators
from pages.admin.places import heading
from pages.admin.trying import Trying, read_lists
from pages.components.field import Field
from pages.components.fragment import Act, Fragment
from pages.components.press import Press
from pages.components.words import Words
from pages.shell.page import Follow, Page


async def routing_rules(page: Page) -> Follow | None:
    """Draw the organisations in their order, and what they would change."""
    which = next((one for one in RULED if one.value == page.params["liste"]), None)
    if which is None:
        raise NotFound
    one = await page.read(item, which, page.params["code"])
    names = dict(await page.read(operators))
    lists, departement = await page.read(read_lists)
    with ui.element("div").classes("admin"):
        heading(page, f"Organismes proposés pour « {one.label} »")
        Words(_ABOUT[which]).classes("meta")
        editor = _Editor(page, which, one.code, tuple(id_ for id_, _ in one.organizations), names)
        trying = Trying(page, lists, departement, fixed=(which, one.code), changed=editor.changed)
        editor.on_change = trying.show
        await trying.show()
    return None


_ABOUT = {
    ClosedList.THEMES: (
        "Ils sont proposés d’abord, dans cet ordre, après ceux de la démarche. "
        "Le premier est coché d’avance s’il a un groupe dans le département."
    ),
    ClosedList.PROCEDURES: (
        "Ils sont proposés avant ceux du thème, dans cet ordre. "
        "Le premier est coché d’avance s’il a un groupe dans le département."
    ),
}


class _Editor:
    """An order under one's hands, kept only once it is saved."""

    def __init__(
        self, page: Page, which: ClosedList, code: str, kept: tuple[UUID, ...], names: dict[UUID, str]
    ) -> None:
        self._page, self._which, self._code, self._names = page, which, code, names
        self._kept, self._order = kept, list(kept)
        self.on_change = self._nothing
        self._list = Fragment(self._rows(), on_act=self._act)
        self._add = Field(
            "Ajouter un organisme",
            kind="select",
            empty="Choisir",
            on_change=self._added,
            options=self._others(),
        )
        self._notice = Fragment("")
        with ui.element("div").classes("row-of-buttons"):
            Press("Enregistrer les organismes", self._save, look="primary")
            Press("Revenir aux listes", self._back)

    def changed(self) -> dict[ClosedList, tuple[UUID, ...]]:
        """Return the rules as they are being changed."""
        return {} if tuple(self._order) == self._kept else {self._which: tuple(self._order)}

    async def _nothing(self) -> None:
        """Before the preview is drawn, nothing follows a change."""

    async def _act(self, act: Act) -> None:
        at = next((n for n, id_ in enumerate(self._order) if str(id_) == act.data.get("id")), None)
        if at is None:
            return
        moved = self._order.pop(at)
        if act.name in ("up", "down"):
            self._order.insert(max(0, at + (-1 if act.name == "up" else 1)), moved)
        await self._show()

    async def _added(self) -> None:
        chosen = next((id_ for id_ in self._names if str(id_) == self._add.value), None)
        self._add.set_value("")
        if chosen is not None and chosen not in self._order:
            self._order.append(chosen)
            await self._show()

    async def _show(self) -> None:
        self._list.replace(self._rows())
        self._add.set_options(self._others())
        await self.on_change()

    async def _save(self) -> None:
        self._add.error = ""
        self._notice.replace("")
        try:
            await self._page.act(
                qualification.route, self._which, self._code, tuple(self._order), seen=self._kept
            )
        except Invalid as error:
            self._add.error = error.sentence
            return
        except Conflict:
            now = await self._page.read(item, self._which, self._code)
            self._kept = tuple(id_ for id_, _ in now.organizations)
            theirs = ", ".join(name for _, name in now.organizations) or "aucun organisme"
            self._notice.replace(
                h.p(".notice.warn", role="alert")[
                    f"Un autre administrateur a enregistré entre-temps : {theirs}. Votre ordre est gardé ici. "
                    "Enregistrez de nouveau pour le remplacer."
                ]
            )
            await self.on_change()
            return
        self._kept = tuple(self._order)
        self._page.say("Les organismes sont enregistrés. Les nouvelles demandes les suivent.")
        await self.on_change()

    async def _back(self) -> None:
        self._page.go(f"/administration/qualification?liste={self._which.value}")

    def _others(self) -> list[tuple[str, str]]:
        return [(str(id_), name) for id_, name in self._names.items() if id_ not in self._order]

    def _rows(self) -> h.Element:
        if not self._order:
            empty = "Aucun organisme. Ajoutez-en un, ou enregistrez ainsi : ceux du thème seront proposés."
            if self._which is ClosedList.THEMES:
                empty = "Aucun organisme. Ajoutez-en un : sans cela, rien n’est proposé d’abord à l’aidant."
            return h.p(".notice.warn")[empty]
        last = len(self._order) - 1
        return h.ol(".admin-rows")[
            (self._row(id_, n == 0, n == last, n + 1) for n, id_ in enumerate(self._order))
        ]

    def _row(self, id_: UUID, is_first: bool, is_last: bool, place: int) -> h.Element:
        name = self._names.get(id_, "")
        return h.li(data_key=str(id_))[
            h.div(".what")[f"{place}. ", h.strong[name]],
            h.div(".row-of-buttons")[
                _button("up", id_, (_arrow("↑"), h.span(".unseen")[f"Monter {name}"]), ".order", is_first),
                _button("down", id_, (_arrow("↓"), h.span(".unseen")[f"Descendre {name}"]), ".order", is_last),
                _button("remove", id_, ("Retirer", h.span(".unseen")[f" {name}"])),
            ],
        ]


def _arrow(sign: str) -> h.Element:
    return h.span(aria_hidden="true")[sign]


def _button(act: str, id_: UUID, words: h.Node, look: str = "", off: bool = False) -> h.Element:
    return h.button(f".button{look}", type="button", data_act=act, data_id=str(id_), disabled=off)[words]
