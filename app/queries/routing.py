"""Which organisations a problem is for: proposals from procedure, theme and département, and the check of a
recipient. The rules of the procedure go before those of the theme."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select, union_all
from sqlmodel import col

from app.work import Work
from models.account import Account, Membership
from models.case import Referral
from models.enums import GroupKind, Side
from models.organization import Group, GroupArea, Organization, ProcedureRule, RoutingRule

_DELAY_SAMPLE = 20
_DELAY_MINIMUM = 3


@dataclass(frozen=True)
class Proposal:
    """A group that can receive a case. ``usual_days`` is the median, in days, of its last resolved
    referrals, or ``None`` below three of them. ``is_for_theme``, ``is_for_procedure``: by which rules it is
    proposed; ``is_first``: before all others."""

    group_id: UUID
    group: str
    organization_id: UUID
    organization: str
    guidance: str
    agents: int
    is_for_theme: bool
    usual_days: float | None = None
    is_first: bool = False
    is_for_procedure: bool = False


@dataclass(frozen=True)
class Rules:
    """The organisations named for a procedure and for a theme, the likeliest first."""

    procedure: tuple[UUID, ...]
    theme: tuple[UUID, ...]

    @property
    def order(self) -> tuple[UUID, ...]:
        """Return all of them, those of the procedure first."""
        return tuple(dict.fromkeys((*self.procedure, *self.theme)))


def _can_receive(departement: str) -> tuple[ColumnElement[bool], ...]:
    covers = exists().where(col(GroupArea.group_id) == col(Group.id), col(GroupArea.departement) == departement)
    return (
        col(Group.kind) == GroupKind.OPERATOR, col(Group.is_open).is_(True), covers, has_active_agent(),
    )  # fmt: skip


def can_receive_somewhere() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on ``Group`` that keep the teams able to receive a case of some département."""
    covers = exists().where(col(GroupArea.group_id) == col(Group.id))
    return col(Group.kind) == GroupKind.OPERATOR, col(Group.is_open).is_(True), covers, has_active_agent()


def has_active_agent() -> ColumnElement[bool]:
    """Return the condition on ``Group`` that keeps those where an active agent stands."""
    return exists().where(
        col(Membership.group_id) == col(Group.id),
        col(Membership.side) == Side.AGENT,
        col(Account.id) == Membership.account_id,
        col(Account.is_active),
    )


def has_somebody() -> ColumnElement[bool]:
    """Return the condition on ``Group`` that keeps those where an active agent, or aidant, stands."""
    return exists().where(
        col(Membership.group_id) == col(Group.id),
        col(Membership.side).is_not(None),
        col(Account.id) == Membership.account_id,
        col(Account.is_active),
    )


def recipient(work: Work, group_id: UUID, departement: str) -> Group | None:
    """Return the group if it may receive a case of this département: open, covering it, somebody there."""
    return work.session.scalar(select(Group).where(col(Group.id) == group_id, *_can_receive(departement)))


def organizations(work: Work, departement: str) -> frozenset[UUID]:
    """Return the organisations that have a group able to receive a case of this département."""
    return frozenset(work.session.scalars(select(col(Group.organization_id)).where(*_can_receive(departement))))


def receivers(
    work: Work, organization_ids: Iterable[UUID], departement: str
) -> dict[UUID, list[tuple[UUID, str]]]:
    """Return, for each of these organisations, its groups (id, name) able to receive a case of this
    département."""
    query = (
        select(col(Group.organization_id), col(Group.id), col(Group.name))
        .where(col(Group.organization_id).in_(organization_ids), *_can_receive(departement))
        .order_by(col(Group.name))
    )
    found: dict[UUID, list[tuple[UUID, str]]] = defaultdict(list)
    for organization_id, group_id, name in work.session.execute(query):
        found[organization_id].append((group_id, name))
    return found


def is_elsewhere(work: Work, structure_id: UUID, departement: str) -> bool:
    """Whether a département is another one than the structure's (a structure of no département knows none)."""
    query = select(col(GroupArea.departement)).where(col(GroupArea.group_id) == structure_id)
    own = set(work.session.scalars(query))
    return bool(own) and bool(departement) and departement not in own


def rules(work: Work, theme_code: str, procedure_code: str) -> Rules:
    """Return the rules that apply to a theme and a procedure, each in its order."""
    of_procedure = (
        select(col(ProcedureRule.organization_id))
        .where(col(ProcedureRule.procedure_code) == procedure_code)
        .order_by(col(ProcedureRule.rank))
    )
    of_theme = (
        select(col(RoutingRule.organization_id))
        .where(col(RoutingRule.theme_code) == theme_code)
        .order_by(col(RoutingRule.rank))
    )
    return Rules(tuple(work.session.scalars(of_procedure)), tuple(work.session.scalars(of_theme)))


def proposals(
    work: Work, theme_code: str, departement: str, procedure_code: str, *, under: Rules | None = None
) -> tuple[Proposal, ...]:
    """Return the groups that can receive such a case: those of the procedure first, then those of the theme,
    each in the order of the rules, then the others by name. ``under``: as if these were the rules."""
    applied = under or rules(work, theme_code, procedure_code)
    agents = (
        select(func.count())
        .select_from(Membership)
        .join(Account, col(Account.id) == Membership.account_id)
        .where(col(Membership.group_id) == Group.id, col(Membership.side) == Side.AGENT, col(Account.is_active))
        .scalar_subquery()
    )
    query = (
        select(
            col(Group.id), col(Group.name), col(Organization.id), col(Organization.short_name),
            col(Group.guidance), agents,
        )
        .join(Organization, col(Organization.id) == Group.organization_id)
        .where(*_can_receive(departement))
        .order_by(col(Organization.short_name), col(Group.name))
    )  # fmt: skip
    order = applied.order
    place = {organization_id: rank for rank, organization_id in enumerate(order)}
    rows = sorted(work.session.execute(query).all(), key=lambda row: place.get(row[2], len(order)))
    usual = usual_days(work, [row[0] for row in rows])
    return tuple(
        Proposal(
            id_, name, org_id, org, guidance, count, org_id in applied.theme, usual.get(id_),
            org_id in order[:1], org_id in applied.procedure,
        )
        for id_, name, org_id, org, guidance, count in rows
    )  # fmt: skip


def guess(form: Mapping[str, Any], found: tuple[Proposal, ...]) -> dict[str, Any]:
    """Return the fields of a form of a case that change when these are proposed to it.

    What is no longer proposed is taken out. The organisation that the rules name first is chosen, once for a
    theme, a procedure and a département, when nothing else was: what somebody unticks stays so.
    """
    offered = {str(one.group_id) for one in found}
    groups = [id_ for id_ in form["groups"] if id_ in offered]
    also = [id_ for id_ in form["also"] if id_ in {str(one.organization_id) for one in found}]
    place = f"{form['theme']}/{form['procedure']}/{form['departement']}/"
    before, made = form["guess"], form["guess"]
    if not before.startswith(place):
        groups = [] if groups == [before.rpartition("/")[2]] else groups
        first = [str(one.group_id) for one in found if one.is_first]
        if not groups and len(first) == 1:
            groups, made = first, place + first[0]
    changed = {"groups": groups, "also": also, "guess": made}
    return {name: value for name, value in changed.items() if value != form[name]}


def usual_days(work: Work, group_ids: list[UUID]) -> dict[UUID, float]:
    """Return the median time to resolution of each group's last referrals, in days."""
    newest = [
        select(col(Referral.group_id), col(Referral.sent_at), col(Referral.resolved_at))
        .where(col(Referral.group_id) == group_id, col(Referral.resolved_at).is_not(None))
        .order_by(col(Referral.resolved_at).desc())
        .limit(_DELAY_SAMPLE)
        .subquery()
        for group_id in group_ids
    ]
    days: dict[UUID, list[float]] = defaultdict(list)
    if not newest:
        return {}
    for group_id, sent_at, resolved_at in work.session.execute(union_all(*map(select, newest))):
        days[group_id].append(_days(sent_at, resolved_at))
    return {
        group_id: statistics.median(found) for group_id, found in days.items() if len(found) >= _DELAY_MINIMUM
    }


def _days(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() / 86_400
