"""Everybody who may read a case now, by name: whom one may mention in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlmodel import col

from app.actors import actors_by_account
from app.mentions import found
from app.policy import Action, CaseFacts, may
from app.queries.standing_in import away
from app.work import Work
from models.account import Account, Membership
from models.enums import Side
from models.organization import Group


@dataclass(frozen=True)
class Participant:
    """Somebody who may read the case, through which group; ``away_until`` is the last day of an absence."""

    id: UUID
    name: str
    group: str
    reads_notes: bool
    away_until: date | None = None


def participants(work: Work, facts: CaseFacts) -> tuple[Participant, ...]:
    """Return who may read the case, as the table of rights says: active accounts only, by name.

    The caller has checked that the actor reads it.
    """
    places = {(row[0], row[1]): row[2] for row in _places(work, facts)}
    actors = actors_by_account(work.session, {account_id for account_id, _ in places})
    absent = away(work, places)
    people: dict[UUID, Participant] = {}
    for (account_id, group_id), group in places.items():
        actor = actors.get(account_id)
        if actor is None or account_id in people or not may(actor, Action.READ, facts):
            continue
        until = absent[account_id, group_id].until if (account_id, group_id) in absent else None
        reads_notes = may(actor, Action.READ_NOTES, facts)
        people[account_id] = Participant(account_id, actor.name, group, reads_notes, until)
    return tuple(sorted(people.values(), key=lambda one: (one.name, one.id)))


def unheard(work: Work, facts: CaseFacts, text: str) -> tuple[str, ...]:
    """Return who is mentioned in a note without being able to read it, by name."""
    deaf = {one.id: one.name for one in participants(work, facts) if not one.reads_notes}
    ids = (id_ for mention in found(text, deaf.items()) for id_ in mention.ids)
    return tuple(dict.fromkeys(deaf[id_] for id_ in ids))


def _places(work: Work, facts: CaseFacts) -> Iterable[tuple[UUID, UUID, str]]:
    """Accounts, the group through which they may take part, its name."""
    at = [
        and_(col(Membership.group_id) == facts.structure_id, col(Membership.side) == Side.AIDANT),
        and_(col(Membership.group_id).in_(facts.recipients), col(Membership.side) == Side.AGENT),
        and_(col(Membership.account_id).in_(facts.invited), col(Membership.side) == Side.AGENT),
    ]
    query = (
        select(col(Account.id), col(Membership.group_id), col(Group.name))
        .join(Membership, col(Membership.account_id) == Account.id)
        .join(Group, col(Group.id) == Membership.group_id)
        .where(col(Account.is_active), or_(*at))
        .order_by(col(Group.name), col(Account.id))
    )
    return [(row[0], row[1], row[2]) for row in work.session.execute(query)]
