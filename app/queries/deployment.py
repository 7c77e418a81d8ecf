"""Organisations and their teams as administrators see them, and what needs somebody."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlmodel import col

from app.access import require_administrator
from app.errors import NotFound
from app.personal_data import fold
from app.queries.people import name_of
from app.queries.routing import can_receive_somewhere, has_active_agent, has_somebody, usual_days
from app.work import Work
from models.account import Account, Membership
from models.enums import GroupKind, IdentifierKind, Side
from models.organization import Group, GroupArea, Organization, ProcedureRule, RoutingRule, Theme

SHOWN = 50  # groups at a time


@dataclass(frozen=True)
class GroupLine:
    """A team: who is there, where it acts, how long it usually takes (days, ``None`` when not known yet)."""

    id: UUID
    name: str
    organization: str
    guidance: str
    is_open: bool
    agents: int
    departements: tuple[str, ...]
    usual_days: float | None


@dataclass(frozen=True)
class Groups:
    """The first teams that a filter finds, by name; ``total`` is how many there are."""

    shown: tuple[GroupLine, ...]
    total: int


@dataclass(frozen=True)
class OrganizationLine:
    """An organisation that answers cases: how it knows people, who let its NIR be asked, when and why."""

    id: UUID
    short_name: str
    full_name: str
    identifier: IdentifierKind
    nir_basis: str
    nir_by: str
    nir_at: datetime | None
    groups: int


@dataclass(frozen=True)
class Attention:
    """What needs somebody: open teams without an active agent (name, départements), open ``structures`` without
    an active aidant (the first ``SHOWN``, by name), themes that lead nowhere
    (code, label), organisations that rules name though no team of theirs can receive a case anywhere."""

    emptied: tuple[tuple[str, tuple[str, ...]], ...]
    emptied_total: int
    structures: tuple[str, ...]
    unruled: tuple[tuple[str, str], ...]
    uncovered: tuple[str, ...]


def groups(
    work: Work, *, words: str = "", organization: str = "", departement: str = "", only_emptied: bool = False
) -> Groups:
    """Return the teams of organisations that a filter finds. Administrators only."""
    require_administrator(work)
    agents = (
        select(func.count())
        .select_from(Membership)
        .join(Account, col(Account.id) == Membership.account_id)
        .where(col(Membership.group_id) == Group.id, col(Membership.side) == Side.AGENT, col(Account.is_active))
        .scalar_subquery()
    )
    kept: list[ColumnElement[bool]] = [col(Group.kind) == GroupKind.OPERATOR]
    if organization:
        kept.append(col(Organization.code) == organization)
    if departement:
        kept.append(_covers(departement))
    if only_emptied:
        kept += [~has_active_agent(), col(Group.is_open).is_(True)]
    query = (
        select(
            col(Group.id), col(Group.name), col(Organization.short_name), col(Group.guidance),
            col(Group.is_open), agents,
        )
        .join(Organization, col(Organization.id) == Group.organization_id)
        .where(*kept)
        .order_by(col(Group.name))
    )  # fmt: skip
    rows = [
        row for row in work.session.execute(query) if all(word in fold(row[1]) for word in fold(words).split())
    ]
    first = rows[:SHOWN]
    ids = [row[0] for row in first]
    areas, usual = _areas(work, ids), usual_days(work, ids)
    return Groups(
        tuple(
            GroupLine(id_, name, org, guidance, is_open, count, tuple(areas[id_]), usual.get(id_))
            for id_, name, org, guidance, is_open, count in first
        ),
        len(rows),
    )


def group(work: Work, group_id: UUID) -> GroupLine:
    """Return one team as it is kept now. Administrators only."""
    require_administrator(work)
    row = work.session.get(Group, group_id)
    found = groups(work, words=row.name).shown if row is not None else ()
    line = next((one for one in found if one.id == group_id), None)
    if line is None:
        raise NotFound
    return line


def organizations(work: Work) -> tuple[OrganizationLine, ...]:
    """Return the organisations that answer cases, by name. Administrators only."""
    require_administrator(work)
    teams = select(func.count()).where(col(Group.organization_id) == Organization.id).scalar_subquery()
    query = (
        select(Organization, teams)
        .where(col(Organization.kind) == GroupKind.OPERATOR)
        .order_by(col(Organization.short_name))
    )
    return tuple(
        OrganizationLine(
            row.id, row.short_name, row.full_name, row.identifier, row.nir_basis,
            name_of(work, row.nir_by_id) if row.nir_by_id else "", row.nir_at, count,
        )
        for row, count in work.session.execute(query)
    )  # fmt: skip


def first_departement(work: Work) -> str:
    """Return a département where some team acts: what a preview begins with. Administrators only."""
    require_administrator(work)
    query = (
        select(func.min(col(GroupArea.departement)))
        .join(Group, col(Group.id) == GroupArea.group_id)
        .where(col(Group.kind) == GroupKind.OPERATOR)
    )
    return work.session.scalar(query) or ""


def attention(work: Work) -> Attention:
    """Return what needs somebody. Administrators only."""
    emptied = groups(work, only_emptied=True)
    unruled = (
        select(col(Theme.code), col(Theme.label))
        .where(col(Theme.is_offered), ~exists().where(col(RoutingRule.theme_code) == Theme.code))
        .order_by(col(Theme.position))
    )
    return Attention(
        tuple((one.name, one.departements) for one in emptied.shown),
        emptied.total,
        tuple(work.session.scalars(_structures_emptied())),
        tuple((code, label) for code, label in work.session.execute(unruled)),
        tuple(work.session.scalars(_uncovered())),
    )


def _structures_emptied() -> Select[Any]:
    query = select(col(Group.name)).where(
        col(Group.kind) == GroupKind.STRUCTURE, col(Group.is_open), ~has_somebody()
    )
    return query.order_by(col(Group.name)).limit(SHOWN)


def _uncovered() -> Select[Any]:
    named = or_(
        exists().where(col(RoutingRule.organization_id) == Organization.id),
        exists().where(col(ProcedureRule.organization_id) == Organization.id),
    )
    team = exists().where(col(Group.organization_id) == Organization.id, *can_receive_somewhere())
    return select(col(Organization.short_name)).where(named, ~team).order_by(col(Organization.short_name))


def _covers(departement: str) -> ColumnElement[bool]:
    return exists().where(col(GroupArea.group_id) == Group.id, col(GroupArea.departement) == departement)


def _areas(work: Work, group_ids: list[UUID]) -> defaultdict[UUID, list[str]]:
    query = (
        select(col(GroupArea.group_id), col(GroupArea.departement))
        .where(col(GroupArea.group_id).in_(group_ids))
        .order_by(col(GroupArea.departement))
    )
    found: defaultdict[UUID, list[str]] = defaultdict(list)
    for group_id, departement in work.session.execute(query):
        found[group_id].append(departement)
    return found
