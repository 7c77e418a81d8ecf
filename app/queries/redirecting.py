"""Who an organisation that is not competent says could help, and the groups to which that leads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists, select
from sqlmodel import col

from app.access import authorise
from app.policy import Action, CaseFacts
from app.queries.people import PersonView
from app.queries.routing import receivers
from app.work import Work
from models.case import Case
from models.enums import GroupKind
from models.organization import Group, Organization


@dataclass(frozen=True)
class Better:
    """An organisation said to be better placed. ``groups`` are those of it that can receive the case: they
    cover its département and somebody is there. ``is_recipient``: one of its groups has the case already."""

    organization: str
    groups: tuple[PersonView, ...]
    is_recipient: bool = False

    @property
    def name(self) -> str:
        """How it is called: by its group when there is one only."""
        return self.groups[0].name if len(self.groups) == 1 else self.organization


def better_for(work: Work, case_id: UUID, organization_id: UUID) -> Better | None:
    """Return where naming this organisation would lead a case that the actor reads; unknown ones nowhere."""
    case, facts = authorise(work, case_id, Action.READ)
    return betters(work, case, facts, (organization_id,)).get(organization_id)


def betters(
    work: Work, case: Case, facts: CaseFacts, organization_ids: Iterable[UUID | None]
) -> dict[UUID, Better]:
    """Return the same for several organisations, by id. The caller has checked the right to read the case."""
    wanted = {id_ for id_ in organization_ids if id_ is not None}
    if not wanted:
        return {}
    groups = receivers(work, wanted, case.departement)
    has_it = exists().where(
        col(Group.organization_id) == col(Organization.id), col(Group.id).in_(facts.recipients)
    )
    query = select(col(Organization.id), col(Organization.short_name), has_it).where(
        col(Organization.id).in_(wanted), col(Organization.kind) == GroupKind.OPERATOR
    )
    return {
        id_: Better(name, tuple(PersonView(*one) for one in groups.get(id_, ())), has)
        for id_, name, has in work.session.execute(query)
    }
