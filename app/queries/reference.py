"""The closed lists that filters offer."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import exists, select
from sqlmodel import col

from app.work import Work
from models.enums import GroupKind
from models.organization import Group, Organization, Theme


def themes(work: Work) -> tuple[tuple[str, str], ...]:
    """Return the themes as (code, label), in their order."""
    query = select(col(Theme.code), col(Theme.label)).order_by(col(Theme.position))
    return tuple((code, label) for code, label in work.session.execute(query))


def operators(work: Work) -> tuple[tuple[str, str], ...]:
    """Return the organisations that have a group, as (code, short name), by name."""
    query = (
        select(col(Organization.code), col(Organization.short_name))
        .where(
            col(Organization.kind) == GroupKind.OPERATOR,
            exists().where(col(Group.organization_id) == col(Organization.id), col(Group.is_open)),
        )
        .order_by(col(Organization.short_name))
    )
    return tuple((code, name) for code, name in work.session.execute(query))


def organization_choices(work: Work, group_id: UUID) -> tuple[tuple[str, str], ...]:
    """Return the operators as (id, short name) but that of a group, for «mieux placé que nous»."""
    ours = select(col(Group.organization_id)).where(col(Group.id) == group_id).scalar_subquery()
    query = (
        select(col(Organization.id), col(Organization.short_name))
        .where(col(Organization.kind) == GroupKind.OPERATOR, col(Organization.id) != ours)
        .order_by(col(Organization.short_name))
    )
    return tuple((str(id_), name) for id_, name in work.session.execute(query))
