"""Leaving a group, or an account that is closed: the consequences first, and to whom each case goes.

For the responsable of the group, administrators and the person; a case that one may not read is known by its
reference, its dates and its organisation only.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import htpy as h
from nicegui import ui

from app import people
from app.errors import Invalid
from app.events import CaseChanged, RightsChanged, Signal
from app.french import NBSP, long_date, moment_name, plural
from app.queries import leaving as previews
from app.queries.leaving import Leaving, LeavingCase, LeavingGroup
from models.enums import Side
from pages.components.absences import away_words
from pages.components.field import Field
from pages.components.press import Press
from pages.components.states import chip, dated, due_words
from pages.components.way_back import way_back
from pages.components.words import Words
from pages.shell.live import Gathered
from pages.shell.markup import Markup
from pages.shell.page import Follow, Page

TO_GROUP, ONE_BY_ONE = "groupe", "chacune"


@dataclass(frozen=True)
class Asked:
    """What is asked: the title of the screen, the word of its gesture, how it is read and done, and the way
    back. ``who`` is how the person is called: «Vous» on one's own page."""

    title: str
    words: str
    who: str
    read: Callable[[], Awaitable[Leaving]]
    do: Callable[[dict[UUID, UUID | None]], Awaitable[None]]
    back: str


async def leave_group(page: Page) -> Follow | None:
    """Take somebody out of a group, or leave it oneself."""
    group_id, account_id = page.id("id"), page.id("account")

    async def read() -> Leaving:
        return await page.read(previews.leaving, account_id, group_id)

    found = await read()

    async def do(plan: dict[UUID, UUID | None]) -> None:
        await page.act(people.remove_member, account_id, group_id, plan)
        page.open(back)

    if account_id == page.account_id:
        back, title = "/compte", f"Quitter le groupe {found.groups[0].name}"
        _draw(page, found, Asked(title, "Quitter ce groupe", "Vous", read, do, back))
    else:
        back, title = f"/groupes/{group_id}", f"Retirer {found.name} du groupe"
        _draw(page, found, Asked(title, "Retirer du groupe", found.name, read, do, back))
    return None


async def close_account(page: Page) -> Follow | None:
    """Close somebody's account, in all their groups at once. For administrators."""
    account_id = page.id("account")

    async def read() -> Leaving:
        return await page.read(previews.closing, account_id)

    found = await read()
    back = f"/groupes/{found.groups[0].id}" if found.groups else "/compte"

    async def do(plan: dict[UUID, UUID | None]) -> None:
        await page.act(people.deactivate, account_id, plan)
        page.open(back)

    title = f"Désactiver le compte de {found.name}"
    _draw(page, found, Asked(title, "Désactiver le compte", found.name, read, do, back))
    return None


def _draw(page: Page, found: Leaving, asked: Asked) -> None:
    """Draw the consequences; what is taken in charge meanwhile comes into the list by itself."""
    page.called(asked.title)
    with ui.element("div").classes("plain-page leaving"):
        way_back(found.groups[0].name if asked.back.startswith("/groupes") else "Mon compte", asked.back)
        Words(asked.title, "h1")
        with ui.element("div") as place:
            _Form(found, asked)
    shown = _ids(found)

    async def again() -> None:
        nonlocal shown
        new = await asked.read()
        if _ids(new) != shown:
            shown = _ids(new)
            with page.client, place.clear():
                _Form(new, asked)
            page.say("La liste a changé.")

    gathered = Gathered(0.3, lambda _: again())

    def hear(signal: Signal) -> None:
        if isinstance(signal, CaseChanged | RightsChanged):
            gathered.soon()

    page.watch([one.id for one in found.groups], hear)
    page.on_leave(gathered.end)


def _ids(found: Leaving) -> set[UUID]:
    return {case.referral_id for group in found.groups for case in group.cases}


class _Form:
    """Each group with its cases and whom they go to; then the gesture."""

    def __init__(self, found: Leaving, asked: Asked) -> None:
        self._do = asked.do
        self._plans = [_GroupPlan(one, asked.who, titled=len(found.groups) > 1) for one in found.groups]
        if not found.groups:
            Words("Cette personne n’est dans aucun groupe.")
        with ui.element("div").classes("row-of-buttons"):
            Press(asked.words, self._done, look="danger")
            Markup(h.a(".button", href=asked.back)["Annuler"], "span")

    async def _done(self) -> None:
        plan: dict[UUID, UUID | None] = {}
        for one in self._plans:
            plan |= one.read()
        await self._do(plan)


class _GroupPlan:
    """Whom the cases of one group go to: all to one, or each to its own."""

    def __init__(self, group: LeavingGroup, who: str, *, titled: bool) -> None:
        self._cases = group.cases
        self._to_all: Field | None = None
        self._to_each: dict[UUID, Field] = {}
        self._choices = [
            (
                str(one.id),
                one.name + (f" ({away_words(group.absent[one.id])})" if one.id in group.absent else ""),
            )
            for one in group.colleagues
        ]
        self._choices.append((TO_GROUP, "Au groupe : elles attendent quelqu’un"))
        if titled:
            Words(group.name, "h2")
        ui.html(str(_consequences(group, who)))
        if not self._cases:
            return
        every = [(ONE_BY_ONE, "Choisir pour chaque demande")] if len(self._cases) > 1 else []
        self._to_all = Field(
            "À qui passer ces demandes", kind="select", options=[*self._choices, *every],
            empty="Choisir", on_change=self._chosen,
        )  # fmt: skip
        self._place = ui.element("div")

    async def _chosen(self) -> None:
        assert self._to_all is not None
        self._to_all.error = ""
        self._to_each = {}
        with self._place.clear():
            if self._to_all.value == ONE_BY_ONE:
                for case in self._cases:
                    self._to_each[case.referral_id] = Field(
                        f"À qui passer {_named(case)}", kind="select", options=self._choices, empty="Choisir"
                    )

    def read(self) -> dict[UUID, UUID | None]:
        """Return the plan as chosen, or say what is missing under its field."""
        if self._to_all is None:
            return {}
        if self._to_all.value == ONE_BY_ONE:
            return {id_: _whom(field) for id_, field in self._to_each.items()}
        whom = _whom(self._to_all)
        return {case.referral_id: whom for case in self._cases}


def _whom(field: Field) -> UUID | None:
    field.error = ""
    if field.value == TO_GROUP:
        return None
    try:
        return UUID(str(field.value))
    except ValueError as error:
        field.error = "Choisissez à qui passer, ou rendez au groupe."
        raise Invalid(to="Choisissez à qui passer chaque demande, ou rendez-la au groupe.") from error


_NOBODY_LEFT = {
    Side.AGENT: "Plus aucun Agent+ actif ne restera dans {}. "
    "Personne n’y suivra les demandes, et aucune ne pourra lui être transmise.",
    Side.AIDANT: "Plus aucun Aidant+ actif ne restera dans {}. "
    "Personne n’y lira les réponses des organismes et n’y suivra les demandes en cours.",
}


def _consequences(group: LeavingGroup, who: str) -> h.Renderable:
    now = datetime.now(UTC)
    return h.fragment[
        h.p(".notice.wrong")[
            _NOBODY_LEFT[group.side or Side.AGENT].format(group.name),
            f" Déjà {plural(group.free, 'demande')} sans personne." if group.free else None,
        ]
        if group.is_last
        else None,
        h.p[_sentences(group, who)],
        h.ul(".drafts")[(_line(one, now) for one in group.cases)] if group.cases else None,
    ]


def _sentences(group: LeavingGroup, who: str) -> str:
    sees = "ne verrez plus" if who == "Vous" else "ne verra plus"
    said = [f"{who} {sees} les demandes de {group.name}, même sur une page ouverte."]
    if group.cases:
        said.append(f"{plural(len(group.cases), 'demande')} en charge{NBSP}: choisissez à qui les passer.")
    elif group.side is Side.AGENT:
        said.append("Aucune demande en charge, rien à passer.")
    for name, until in group.stands_in:
        stands_in = "Vous remplacez" if who == "Vous" else f"{who} remplace"
        said.append(
            f"{stands_in} {name} jusqu’au {long_date(until)}{NBSP}: choisissez ensuite qui le fera. "
            "D’ici là, ses demandes seront à faire par tout le groupe."
        )
    if group.authored:
        stays = "reste" if group.authored == 1 else "restent"
        cases = plural(group.authored, "demande")
        after = "sans personne pour les suivre" if group.is_last else "tous ses Aidants+ y ont accès"
        said.append(f"{cases} en cours {stays} à la structure{',' if group.is_last else NBSP + ':'} {after}.")
    if group.drafts:
        lost = "ne sera plus visible" if group.drafts == 1 else "ne seront plus visibles"
        said.append(f"{plural(group.drafts, 'brouillon')} {lost}.")
    return " ".join(said)


def _named(case: LeavingCase) -> str:
    return f"«{NBSP}{case.subject}{NBSP}»" if case.subject else f"la demande {case.reference}"


def _line(one: LeavingCase, now: datetime) -> h.Element:
    words = [one.usager, one.group, f"transmise le {long_date(one.sent_at)}"]
    return h.li(data_key=str(one.referral_id))[
        h.span(".what")[
            h.strong[_subject(one)],
            h.small[" · ".join(filter(None, words))],
        ],
        h.span(".meta")["délai suspendu"] if one.is_waiting else None,
        _due(one.due_at, now, one.departement) if one.due_at else None,
    ]


def _subject(one: LeavingCase) -> h.Node:
    return h.a(href=f"/demandes/{one.case_id}")[one.subject] if one.subject else f"Demande {one.reference}"


def _due(due_at: datetime, now: datetime, departement: str) -> h.Node:
    exact = f"Geste attendu {'depuis' if due_at <= now else 'avant'} {moment_name(due_at, now)}"
    words = dated(due_at, due_words(due_at, now, departement), exact)
    return h.fragment[chip("late", "en souffrance"), words] if due_at <= now else h.span(".meta")[words]
