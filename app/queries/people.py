"""Who people are, for services and screens: names and the groups in which they stand."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.errors import NotFound
from app.work import Work
from models.account import Account, Membership, Scope
from models.case import Case
from models.enums import ScopeKind, Side
from models.organization import Group


@dataclass(frozen=True)
class PersonView:
    """Somebody who can be chosen: id, name, and the group they stand in."""

    id: UUID
    name: str
    group: str = ""


def name_of(work: Work, account_id: UUID | None) -> str:
    """Return a person's name («Quelqu’un» when there is none)."""
    account = work.session.get(Account, account_id) if account_id else None
    return f"{account.first_name} {account.last_name}" if account else "Quelqu’un"


def is_agent_of(work: Work, account_id: UUID, group_id: UUID) -> bool:
    """Whether this is an active agent of this group."""
    return any(person.id == account_id for person in agents_of(work, frozenset({group_id})))


def agent_groups(work: Work, account_id: UUID) -> list[Group]:
    """Return the open groups in which an active account stands as an agent."""
    query = (
        select(Group)
        .join(Membership, col(Membership.group_id) == Group.id)
        .join(Account, col(Account.id) == Membership.account_id)
        .where(
            col(Account.id) == account_id, col(Account.is_active), col(Group.is_open),
            col(Membership.side) == Side.AGENT,
        )
        .order_by(col(Group.name))
    )  # fmt: skip
    return list(work.session.scalars(query))


def agents_of(work: Work, group_ids: frozenset[UUID]) -> tuple[PersonView, ...]:
    """Return the active agents of these groups, by name. It asks for no right: the caller has."""
    query = (
        select(col(Account.id), col(Account.first_name), col(Account.last_name), col(Group.name))
        .join(Membership, col(Membership.account_id) == Account.id)
        .join(Group, col(Group.id) == Membership.group_id)
        .where(
            col(Account.is_active), col(Group.is_open), col(Membership.side) == Side.AGENT,
            col(Membership.group_id).in_(group_ids),
        )
        .order_by(col(Account.last_name), col(Account.first_name))
    )  # fmt: skip
    return tuple(
        PersonView(id_, f"{first} {last}", group) for id_, first, last, group in work.session.execute(query)
    )


def colleagues(work: Work, group_id: UUID) -> tuple[PersonView, ...]:
    """Return the active agents of a group, to one of its agents: nobody else passes a case on there."""
    if group_id not in work.actor.groups(Side.AGENT):
        raise NotFound
    return agents_of(work, frozenset({group_id}))


def administrators(work: Work) -> frozenset[UUID]:
    """Return the active administrators."""
    query = select(col(Account.id)).join(Scope, col(Scope.account_id) == Account.id)
    query = query.where(col(Scope.kind) == ScopeKind.ADMINISTRATOR, col(Account.is_active))
    return frozenset(work.session.scalars(query))


def aidants_of_the_case(work: Work, case: Case) -> dict[UUID, str]:
    """Return, with their e-mail address, who is to be told about a case on the aidants' side: who raised it, or
    every aidant of the structure once that one has left it."""
    query = (
        select(col(Account.id), col(Account.email))
        .join(Membership, col(Membership.account_id) == Account.id)
        .where(
            col(Membership.group_id) == case.structure_id, col(Membership.side) == Side.AIDANT,
            col(Account.is_active),
        )
    )  # fmt: skip
    aidants: dict[UUID, str] = {row[0]: row[1] for row in work.session.execute(query)}
    return {case.author_id: aidants[case.author_id]} if case.author_id in aidants else aidants


def structures_of(work: Work) -> tuple[PersonView, ...]:
    """Return the structures in whose name the actor may raise a case."""
    query = (
        select(col(Group.id), col(Group.name))
        .where(col(Group.id).in_(work.actor.groups(Side.AIDANT)), col(Group.is_open))
        .order_by(col(Group.name))
    )
    return tuple(PersonView(id_, name) for id_, name in work.session.execute(query))


@dataclass(frozen=True)
class Profile:
    """The actor as their own account page shows them; ``writes``: they stand on a side of some thread."""

    name: str
    email: str
    roles: tuple[str, ...]
    writes: bool


def profile(work: Work) -> Profile:
    """Return who the actor is, and every right they hold, in words."""
    account = work.session.get_one(Account, work.actor.account_id)
    query = (
        select(col(Group.name), col(Membership.side), col(Membership.is_manager))
        .join(Membership, col(Membership.group_id) == Group.id)
        .where(col(Membership.account_id) == account.id)
        .order_by(col(Group.name))
    )
    roles = [
        ", ".join(filter(None, (name, side.label if side else "", "responsable" if manager else "")))
        for name, side, manager in work.session.execute(query)
    ]
    roles += [scope.label for scope in sorted(work.actor.scopes, key=lambda one: one.label)]
    writes = any(one.side for one in work.actor.memberships)
    return Profile(work.actor.name, account.email, tuple(roles), writes)
