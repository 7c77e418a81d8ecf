"""Who is looking at a case right now, and as what: asked again before anything new is shown to them.

Viewers who see exactly the same share one ``Viewpoint``, so that one reading serves them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.actors import actors_of, load_actor
from app.policy import Action, Actor, CaseFacts, may, side_in
from app.queries.identifiers import given_for, seen_by
from app.queries.visibility import case_facts
from app.work import ByAccount, Work
from models.account import Account
from models.case import Case, Referral
from models.enums import IdentifierKind, Side


@dataclass(frozen=True)
class Viewpoint:
    """What decides of all that is shown of a case: the side, the rights, one's own referrals, one's part, the
    numbers of the usager that one may see."""

    side: Side
    rights: frozenset[Action]
    own: frozenset[UUID]
    assigned: frozenset[UUID]
    identifiers: frozenset[IdentifierKind] = frozenset()


def viewpoints(work: Work, case_id: UUID, session_ids: frozenset[UUID]) -> dict[UUID, Viewpoint]:
    """Return how each of these sessions sees the case now; who may not see it any more is left out."""
    case = work.session.get(Case, case_id)
    if case is None:
        return {}
    facts = case_facts(work, case)
    query = select(col(Referral.group_id), col(Referral.assignee_id)).where(col(Referral.case_id) == case_id)
    assignees = {row[0]: row[1] for row in work.session.execute(query)}
    given = given_for(work, case_id)
    found = {}
    for session_id, actor in actors_of(work.session, session_ids, work.now).items():
        side = side_in(actor, facts)
        if side is not None and may(actor, Action.READ, facts):
            found[session_id] = Viewpoint(
                side,
                _rights(actor, facts),
                facts.recipients & actor.groups(Side.AGENT),
                frozenset(group for group, assignee in assignees.items() if assignee == actor.account_id),
                seen_by(work, actor, facts, given),
            )
    return found


def names(work: Work, case_id: UUID, account_ids: frozenset[UUID]) -> dict[UUID, str]:
    """Return how these people are called («Basile T.»); who may not read the case now is left out."""
    case = work.session.get(Case, case_id)
    if case is None:
        return {}
    facts = case_facts(work, case)
    found = {}
    for account_id, first, last in work.session.execute(
        select(col(Account.id), col(Account.first_name), col(Account.last_name)).where(
            col(Account.id).in_(account_ids), col(Account.is_active)
        )
    ).all():
        if may(load_actor(work.session, ByAccount(account_id), work.now), Action.READ, facts):
            found[account_id] = f"{first} {last[:1]}."
    return found


def _rights(actor: Actor, facts: CaseFacts) -> frozenset[Action]:
    return frozenset(action for action in Action if may(actor, action, facts))
