"""Whom a case may be shared with next: groups and agents of the organisations that its mandate names."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.access import authorise
from app.policy import Action
from app.queries.mandates import covered_organizations
from app.queries.people import PersonView, agents_of
from app.queries.routing import proposals
from app.work import Work


@dataclass(frozen=True)
class Candidates:
    """Groups not yet recipients, and agents who do not take part yet."""

    groups: tuple[PersonView, ...]
    agents: tuple[PersonView, ...]


def candidates(work: Work, case_id: UUID) -> Candidates:
    """Return who can be associated, for those who may associate."""
    case, facts = authorise(work, case_id, Action.ASSOCIATE)
    covered = covered_organizations(work, case_id)
    named = [
        proposal
        for proposal in proposals(work, case.theme_code or "", case.departement)
        if proposal.organization_id in covered and proposal.group_id not in facts.recipients
    ]
    groups = tuple(PersonView(one.group_id, one.group) for one in named)
    agents = agents_of(work, frozenset(one.group_id for one in named))
    return Candidates(groups, tuple(one for one in agents if one.id not in facts.invited))


def nameable(work: Work, case_id: UUID) -> tuple[PersonView, ...]:
    """Return the organisations of the département that a wider mandate could name besides, for the aidants."""
    case, _ = authorise(work, case_id, Action.MANAGE_MANDATE)
    covered = covered_organizations(work, case_id)
    found = proposals(work, case.theme_code or "", case.departement)
    return tuple(
        PersonView(one.organization_id, one.organization)
        for one in {one.organization_id: one for one in found if one.organization_id not in covered}.values()
    )
