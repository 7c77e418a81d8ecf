"""The mailbox of a group («BAL»): the team's own address, told of new cases and of those that wait too long."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app import typed
from app.errors import Forbidden, NotFound
from app.journal import record
from app.policy import may_manage_members
from app.work import Work
from models.enums import GroupKind
from models.organization import Group

_REFUSED = "Seul le responsable du groupe ou un administrateur peut changer cette adresse."


@dataclass(frozen=True)
class Mailbox:
    """A group, and its address: empty when it has none."""

    group_id: UUID
    group: str
    address: str


def mine(work: Work) -> tuple[Mailbox, ...]:
    """Return the mailboxes that the actor may set as a responsable, by the name of their group."""
    managed = [one.group_id for one in work.actor.memberships if one.is_manager]
    query = (
        select(col(Group.id), col(Group.name), col(Group.mailbox))
        .where(col(Group.id).in_(managed), col(Group.is_open), col(Group.kind) == GroupKind.OPERATOR)
        .order_by(col(Group.name))
    )
    return tuple(Mailbox(row[0], row[1], row[2]) for row in work.session.execute(query)) if managed else ()


def of(work: Work, group_id: UUID) -> Mailbox:
    """Return the mailbox of a group to who may set it."""
    if not may_manage_members(work.actor, group_id):
        raise Forbidden(_REFUSED)
    group = work.session.get(Group, group_id)
    if group is None:
        raise NotFound
    return Mailbox(group.id, group.name, group.mailbox)


def choose(work: Work, group_id: UUID, address: str) -> str:
    """Set the address of a group, or none, and return it as kept. For its responsable and administrators."""
    if not may_manage_members(work.actor, group_id):
        raise Forbidden(_REFUSED)
    group = work.session.scalar(select(Group).where(col(Group.id) == group_id).with_for_update())
    if group is None:
        raise NotFound
    kept = typed.email(address, "mailbox", may_be_empty=True)
    if kept != group.mailbox:
        group.mailbox = kept
        record(work, "group.mailbox_changed", group=group_id)
    return kept
