"""What the rules propose for a case that one chooses, in words, at once: as kept, and as being changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

import htpy as h
from nicegui import ui

from app.departements import DEPARTEMENTS, within
from app.french import NBSP, plural
from app.queries import deployment, qualification
from app.queries.qualification import ClosedList, Item
from app.queries.routing import Proposal
from app.work import Work
from pages.components.field import Field
from pages.components.fragment import Fragment
from pages.components.words import Words
from pages.shell.page import Page

Changed = dict[ClosedList, tuple[UUID, ...]]
_FIRST = {ClosedList.THEMES: "logement", ClosedList.BLOCKAGES: "absence", ClosedList.PROCEDURES: "apl"}
_LABELS = {
    ClosedList.THEMES: "Thème", ClosedList.BLOCKAGES: "Ce qui bloque", ClosedList.PROCEDURES: "Démarche",
}  # fmt: skip


def read_lists(work: Work) -> tuple[dict[ClosedList, tuple[Item, ...]], str]:
    """Return every list, and the département that the preview begins with."""
    lists = {which: qualification.items(work, which) for which in ClosedList}
    return lists, deployment.first_departement(work)


class Trying:
    """A case to try the rules on. ``fixed`` is the line being edited, which is not chosen; ``changed`` returns
    the rules as they are being changed, nothing when none is."""

    def __init__(
        self,
        page: Page,
        lists: Mapping[ClosedList, tuple[Item, ...]],
        departement: str,
        *,
        fixed: tuple[ClosedList, str] | None = None,
        changed: Callable[[], Changed] = dict,
    ) -> None:
        self._page, self._lists, self._changed = page, lists, changed
        self._chosen = {which: _first(items, _FIRST[which]) for which, items in lists.items()}
        if fixed is not None:
            self._chosen[fixed[0]] = fixed[1]
        with ui.element("section").classes("try").props('aria-label="Essai"'):
            Words("Ce qui serait proposé à un aidant", "h2")
            with ui.element("div").classes("filters"):
                self._fields = {
                    which: Field(
                        _LABELS[which], kind="select", value=self._chosen[which], on_change=self.show,
                        options=[(one.code, one.label) for one in items],
                    )
                    for which, items in lists.items()
                    if fixed is None or which is not fixed[0]
                }  # fmt: skip
                self._where = Field(
                    "Département", kind="select", value=departement, on_change=self.show,
                    options=[(code, f"{code} – {name}") for code, name in DEPARTEMENTS.items()],
                )  # fmt: skip
            self._said = Fragment("")

    async def show(self) -> None:
        """Say it for the case chosen now."""
        chosen = self._chosen | {which: str(field.value) for which, field in self._fields.items()}
        where, changed = str(self._where.value), self._changed()
        before, after = await self._page.read(
            qualification.would_propose,
            chosen[ClosedList.THEMES], chosen[ClosedList.PROCEDURES], where, changed,
        )  # fmt: skip
        if self._said.is_deleted:
            return
        case = f"{self._named(chosen)}, {within(where)}{NBSP}:"
        self._said.replace(_said(case, before, after if changed else None))

    def _named(self, chosen: Mapping[ClosedList, str]) -> str:
        """Return «Pour la démarche « APL » et le blocage « Absence de paiement »», whatever the labels are."""
        names = [
            f"{what} «{NBSP}{label}{NBSP}»"
            for which, what in ((ClosedList.PROCEDURES, "la démarche"), (ClosedList.BLOCKAGES, "le blocage"))
            for label in [next((one.label for one in self._lists[which] if one.code == chosen[which]), "")]
            if label
        ]
        return f"Pour {' et '.join(names)}" if names else "Pour une demande"


def _said(case: str, before: tuple[Proposal, ...], after: tuple[Proposal, ...] | None) -> h.Renderable:
    if after is None or after == before:
        same = None if after is None else h.p(".meta")["Votre changement ne change rien pour ce cas."]
        return h.div(role="status")[h.p[case], h.div(".would")[_groups(before)], same]
    return h.div(role="status")[
        h.p[case],
        h.div(".would")[
            h.div[h.h3["Aujourd’hui"], _groups(before)],
            h.div[h.h3["Après votre changement"], _groups(after)],
        ],
    ]


def _groups(found: tuple[Proposal, ...]) -> h.Element:
    if not found:
        return h.p["Aucun groupe d’abord. L’aidant choisit parmi tous ceux du département."]
    return h.ol[(h.li[group_words(one)] for one in found)]


def group_words(one: Proposal) -> str:
    """Return «CAF – Aisne, 4 agents actifs, 2 jours en général»."""
    words = [one.group, plural(one.agents, "agent actif", "agents actifs")]
    if one.usual_days is not None:
        words.append(f"{plural(max(1, round(one.usual_days)), 'jour')} en général")
    return ", ".join(words)


def _first(items: tuple[Item, ...], code: str) -> str:
    codes = [one.code for one in items]
    return code if code in codes else codes[0] if codes else ""
