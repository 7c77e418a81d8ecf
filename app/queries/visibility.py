"""Which cases an actor sees: the only scope of every list, and the facts its rights depend on.

``visible_cases`` says in SQL what ``policy.may(actor, READ, facts)`` says of one case; a test builds every
combination and asserts that the two choose the same cases.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlmodel import col

from app.policy import Actor, CaseFacts
from app.work import Work
from models.case import Case, Participation
from models.enums import CaseStatus, MandateStatus, Party, Side
from models.mandate import Mandate


def places(actor: Actor, at: type[Participation] = Participation) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on ``Participation`` that give this actor access, one a holder: each group, on
    the side the actor stands there, and the actor by name. One condition is one walk of the list's index;
    the first that holds is the side on which the actor reads (``policy.side_in``)."""
    return tuple(and_(col(at.holder_id) == holder, col(at.party) == party) for holder, party in held_as(actor))


def held_as(actor: Actor) -> tuple[tuple[UUID, Party], ...]:
    """Return the holders of ``places``, in the same order, each with the part it takes."""
    agent = actor.groups(Side.AGENT)
    held = [(group, Party.STRUCTURE) for group in actor.groups(Side.AIDANT)]
    held += [(group, Party.RECIPIENT) for group in agent]
    held += [(actor.account_id, Party.INVITED)] if agent else []
    return tuple(held)


def held_by(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on ``Participation`` that keeps every row giving this actor access."""
    return or_(false(), *places(actor))


def visible_cases(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on ``Case`` that keeps what the actor may read."""
    own_draft = and_(
        col(Case.status) == CaseStatus.DRAFT,
        col(Case.author_id) == actor.account_id,
        col(Case.structure_id).in_(actor.groups(Side.AIDANT)),
    )
    held = exists().where(col(Participation.case_id) == col(Case.id), held_by(actor))
    return or_(own_draft, and_(col(Case.status) != CaseStatus.DRAFT, held))


def holds(now: datetime) -> ColumnElement[bool]:
    """Return the condition on ``Mandate`` under which the structure may act now."""
    return and_(col(Mandate.status) == MandateStatus.ACTIVE, col(Mandate.expires_at) > now)


def case_facts(work: Work, case: Case) -> CaseFacts:
    """Return what the rights on this case depend on (two queries)."""
    session = work.session
    parties: Iterable[Any] = session.execute(
        select(col(Participation.holder_id), col(Participation.party)).where(
            col(Participation.case_id) == case.id
        )
    ).all()
    mandate = session.scalar(
        select(col(Mandate.id)).where(col(Mandate.case_id) == case.id, holds(work.now)).limit(1)
    )
    return CaseFacts(
        author_id=case.author_id,
        structure_id=case.structure_id,
        status=case.status,
        recipients=_of(parties, Party.RECIPIENT),
        invited=_of(parties, Party.INVITED),
        has_valid_mandate=mandate is not None,
        case_id=case.id,
    )


def _of(parties: Iterable[Any], party: Party) -> frozenset[UUID]:
    return frozenset(holder for holder, kind in parties if kind is party)
