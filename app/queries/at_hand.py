"""What is at hand of who writes in a case: ready answers already filled, sent to the page once, so that no key
waits for the server."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app import ready_answers
from app.access import authorise
from app.answer_words import filled
from app.french import long_date
from app.policy import Action
from app.queries.case import case
from app.queries.participants import Participant, participants, unheard
from app.queries.people import name_of
from app.threads import signature
from app.work import Work
from models.enums import ReferralStatus, Side
from models.organization import Group, Organization


@dataclass(frozen=True)
class FilledAnswer:
    """A ready answer as it would be put in this case; ``holder`` tells whose it is."""

    title: str
    holder: str
    text: str


@dataclass(frozen=True)
class AtHand:
    """Everything that a composer offers while one types: answers, and the others who may read the case."""

    answers: tuple[FilledAnswer, ...]
    people: tuple[Participant, ...]


def at_hand(work: Work, case_id: UUID) -> AtHand:
    """Return what may be put in a text of this case, for who may write in it."""
    _, facts = authorise(work, case_id, Action.WRITE)
    values = values_of(work, case_id)
    return AtHand(
        tuple(
            FilledAnswer(one.title, shelf.name if shelf.group_id else "Personnelle", filled(one.text, values))
            for shelf in ready_answers.shelves(work)
            for one in shelf.answers
        ),
        tuple(one for one in participants(work, facts) if one.id != work.actor.account_id),
    )


def unread_by(work: Work, case_id: UUID, text: str) -> tuple[str, ...]:
    """Return who is mentioned in a note that they would not read, for who may write one."""
    _, facts = authorise(work, case_id, Action.WRITE_NOTES)
    return unheard(work, facts, text)


def values_of(work: Work, case_id: UUID) -> dict[str, str]:
    """Return the value of each variable in a case as the actor sees it; one without a value is left out.

    An agent's organisation and due date are those of their own referral; an aidant's, all those of the case
    and the nearest date.
    """
    row, facts = authorise(work, case_id, Action.WRITE)
    view = case(work, case_id)
    live = [one for one in view.referrals if one.status is not ReferralStatus.WITHDRAWN]
    if view.side is Side.AGENT:
        live = [one for one in live if one.group_id == view.own_group]
    due = min((one.due_at for one in live if one.due_at), default=None)
    organizations = dict.fromkeys(one.organization for one in live)
    values = {
        "usager": view.usager,
        "objet": view.subject,
        "démarche": view.qualification[2],
        "structure": view.structure,
        "aidant": name_of(work, row.author_id),
        "organisme": " et ".join(organizations) or _organization_of(work),
        "échéance": long_date(due) if due else "",
        "date": long_date(work.now),
        "moi": work.actor.name,
        "mon groupe": signature(work, facts),
    }
    return {name: value for name, value in values.items() if value}


def _organization_of(work: Work) -> str:
    """The organisation of an agent who was associated by name."""
    query = (
        select(col(Organization.short_name))
        .join(Group, col(Group.organization_id) == Organization.id)
        .where(col(Group.id).in_(work.actor.groups(Side.AGENT)))
        .order_by(col(Group.name))
    )
    return work.session.scalars(query).first() or ""
