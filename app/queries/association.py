"""Whom a case may be shared with next: groups and agents of the organisations that its mandate names, and whom
an amendment of it could name."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.access import authorise
from app.policy import Action, may
from app.queries.mandates import covered_organizations
from app.queries.people import PersonView, agents_of
from app.queries.routing import proposals
from app.work import Work


@dataclass(frozen=True)
class Candidates:
    """Groups not yet recipients, and agents who do not take part yet. ``outside`` are groups that the mandate
    does not name; ``may_ask``: the actor can ask the usager to have them named."""

    groups: tuple[PersonView, ...]
    agents: tuple[PersonView, ...]
    outside: tuple[PersonView, ...]
    may_ask: bool


def candidates(work: Work, case_id: UUID) -> Candidates:
    """Return who can be associated, for those who may associate."""
    case, facts = authorise(work, case_id, Action.ASSOCIATE)
    covered = covered_organizations(work, case_id)
    found = proposals(work, case.theme_code or "", case.departement, case.procedure_code or "")
    others = [one for one in found if one.group_id not in facts.recipients]
    named = [one for one in others if one.organization_id in covered]
    outside = [one for one in others if one.organization_id not in covered]
    groups = tuple(PersonView(one.group_id, one.group) for one in named)
    agents = agents_of(work, frozenset(one.group_id for one in named))
    return Candidates(
        groups,
        tuple(one for one in agents if one.id not in facts.invited),
        tuple(PersonView(one.group_id, one.group) for one in outside),
        may(work.actor, Action.MANAGE_MANDATE, facts),
    )


def nameable(work: Work, case_id: UUID) -> tuple[PersonView, ...]:
    """Return the organisations of the département that a wider mandate could name besides, for the aidants."""
    case, _ = authorise(work, case_id, Action.MANAGE_MANDATE)
    covered = covered_organizations(work, case_id)
    found = proposals(work, case.theme_code or "", case.departement, case.procedure_code or "")
    return tuple(
        PersonView(one.organization_id, one.organization)
        for one in {one.organization_id: one for one in found if one.organization_id not in covered}.values()
    )
