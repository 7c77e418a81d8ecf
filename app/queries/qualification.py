"""What a case is qualified with, as administrators see it: lists, rules, who would be proposed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.access import require_administrator
from app.errors import NotFound
from app.queries import routing
from app.queries.routing import Proposal, Rules
from app.work import Work
from models.enums import GroupKind
from models.organization import Blockage, Organization, Procedure, ProcedureRule, RoutingRule, Theme


class ClosedList(StrEnum):
    """The lists of the first step of a case, by their place in an address."""

    THEMES = "themes"
    BLOCKAGES = "blocages"
    PROCEDURES = "demarches"


TABLES: dict[ClosedList, type[Theme | Blockage | Procedure]] = {
    ClosedList.THEMES: Theme, ClosedList.BLOCKAGES: Blockage, ClosedList.PROCEDURES: Procedure,
}  # fmt: skip
RULED = (ClosedList.THEMES, ClosedList.PROCEDURES)


@dataclass(frozen=True)
class Item:
    """One line of a list; ``organizations`` are those that its rules name, the likeliest first (id, short
    name)."""

    code: str
    label: str
    is_offered: bool
    organizations: tuple[tuple[UUID, str], ...] = ()


def items(work: Work, which: ClosedList) -> tuple[Item, ...]:
    """Return a list in its order, what is no longer offered included. Administrators only."""
    require_administrator(work)
    table = TABLES[which]
    named = _named(work, which)
    query = select(col(table.code), col(table.label), col(table.is_offered)).order_by(
        col(table.position), col(table.code)
    )
    return tuple(
        Item(code, label, is_offered, tuple(named[code]))
        for code, label, is_offered in work.session.execute(query)
    )


def item(work: Work, which: ClosedList, code: str) -> Item:
    """Return one line of a list. Administrators only."""
    found = next((one for one in items(work, which) if one.code == code), None)
    if found is None:
        raise NotFound
    return found


def operators(work: Work) -> tuple[tuple[UUID, str], ...]:
    """Return every organisation that may answer a case (id, short name), by name. Administrators only."""
    require_administrator(work)
    query = (
        select(col(Organization.id), col(Organization.short_name))
        .where(col(Organization.kind) == GroupKind.OPERATOR)
        .order_by(col(Organization.short_name))
    )
    return tuple((id_, name) for id_, name in work.session.execute(query))


def would_propose(
    work: Work, theme: str, procedure: str, departement: str, changed: dict[ClosedList, tuple[UUID, ...]]
) -> tuple[tuple[Proposal, ...], tuple[Proposal, ...]]:
    """Return the groups that rules propose for such a case: as they are kept, and as if those of ``changed``
    were kept. Groups that no rule names come after these, and are left out. Administrators only."""
    require_administrator(work)
    kept = routing.rules(work, theme, procedure)
    other = Rules(
        changed.get(ClosedList.PROCEDURES, kept.procedure), changed.get(ClosedList.THEMES, kept.theme)
    )
    before, after = (
        tuple(
            one
            for one in routing.proposals(work, theme, departement, procedure, under=rules)
            if one.is_for_procedure or one.is_for_theme
        )
        for rules in (kept, other)
    )
    return before, after


def _named(work: Work, which: ClosedList) -> defaultdict[str, list[tuple[UUID, str]]]:
    named: defaultdict[str, list[tuple[UUID, str]]] = defaultdict(list)
    if which is ClosedList.BLOCKAGES:
        return named
    table = RoutingRule if which is ClosedList.THEMES else ProcedureRule
    code = col(RoutingRule.theme_code) if which is ClosedList.THEMES else col(ProcedureRule.procedure_code)
    query = (
        select(code, col(Organization.id), col(Organization.short_name))
        .join(Organization, col(Organization.id) == table.organization_id)
        .order_by(code, col(table.rank))
    )
    for of, id_, name in work.session.execute(query):
        named[of].append((id_, name))
    return named
