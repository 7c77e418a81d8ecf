"""By which numbers organisations know people: what is asked of an aidant, and who may see what was given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlmodel import col

from app.identifiers import KINDS, shown
from app.policy import Action, Actor, CaseFacts, may
from app.queries.mandates import covered_organizations
from app.work import Work
from models.case import CaseIdentifier, Referral
from models.enums import IdentifierKind, ReferralStatus, Side
from models.organization import Group, Organization

Asked = Mapping[IdentifierKind, tuple[str, ...]]


@dataclass(frozen=True)
class IdentifierLine:
    """A number of the usager: which, as people read it (empty when not given), the organisations that know
    people by it (short names)."""

    kind: IdentifierKind
    value: str
    organizations: tuple[str, ...]


def asks() -> ColumnElement[bool]:
    """Return the condition on ``Organization`` under which its number is asked for: it knows people by one,
    and for the NIR an administrator has turned it on, with its legal basis."""
    return and_(
        col(Organization.identifier) != IdentifierKind.NONE,
        or_(col(Organization.identifier) != IdentifierKind.NIR, col(Organization.nir_basis) != ""),
    )


def asked(work: Work, organization_ids: Iterable[UUID]) -> Asked:
    """Return the numbers by which these organisations know people, each with their short names."""
    query = (
        select(col(Organization.identifier), col(Organization.short_name))
        .where(col(Organization.id).in_(list(organization_ids)), asks())
        .order_by(col(Organization.short_name))
    )
    found: defaultdict[IdentifierKind, list[str]] = defaultdict(list)
    for kind, name in work.session.execute(query):
        found[kind].append(name)
    return {kind: tuple(found[kind]) for kind in KINDS if kind in found}


def asked_of(work: Work, case_id: UUID) -> Asked:
    """Return the same for a case that is sent: its recipients, and whom its mandate names besides."""
    query = (
        select(col(Group.organization_id))
        .join(Referral, col(Referral.group_id) == Group.id)
        .where(col(Referral.case_id) == case_id, col(Referral.status) != ReferralStatus.WITHDRAWN)
    )
    return asked(work, {*work.session.scalars(query), *covered_organizations(work, case_id)})


def lines(work: Work, case_id: UUID, facts: CaseFacts) -> tuple[IdentifierLine, ...]:
    """Return the numbers of a case that the actor may see; for who may add them, those not given yet too."""
    query = select(CaseIdentifier).where(col(CaseIdentifier.case_id) == case_id)
    given = {row.kind: row.value for row in work.session.scalars(query)}
    may_add = may(work.actor, Action.IDENTIFY, facts)
    if not given and not may_add:
        return ()
    names = asked_of(work, case_id)
    seen = seen_by(work, work.actor, facts, frozenset(given))
    return tuple(
        IdentifierLine(kind, shown(kind, given.get(kind, "")) if kind in given else "", names.get(kind, ()))
        for kind in KINDS
        if kind in seen or (may_add and kind in names and kind not in given)
    )


def given_for(work: Work, case_id: UUID) -> frozenset[IdentifierKind]:
    """Return which numbers a case holds, without reading any."""
    query = select(col(CaseIdentifier.kind)).where(col(CaseIdentifier.case_id) == case_id)
    return frozenset(work.session.scalars(query))


def seen_by(
    work: Work, actor: Actor, facts: CaseFacts, kinds: frozenset[IdentifierKind]
) -> frozenset[IdentifierKind]:
    """Return which of these numbers an actor may see: the right of the table, asked about each."""
    if not kinds:
        return kinds
    groups = facts.recipients | actor.groups(Side.AGENT)
    query = (
        select(col(Organization.identifier), col(Group.id))
        .join(Group, col(Group.organization_id) == Organization.id)
        .where(col(Group.id).in_(groups), asks())
    )
    knowers: defaultdict[IdentifierKind, set[UUID]] = defaultdict(set)
    for kind, group_id in work.session.execute(query):
        knowers[kind].add(group_id)
    return frozenset(
        kind for kind in kinds if may(actor, Action.SEE_IDENTIFIER, facts.known_to(frozenset(knowers[kind])))
    )
