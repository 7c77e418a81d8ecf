"""Groups as those who stand in them or manage them see them: one's own places, the members of one."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.work import Work
from models.account import Membership
from models.enums import Side
from models.organization import Group


@dataclass(frozen=True)
class OwnPlace:
    """A place of the actor: ``side`` is empty for a responsable who stands on none."""

    group_id: UUID
    group: str
    side: Side | None
    is_manager: bool


def mine(work: Work) -> tuple[OwnPlace, ...]:
    """Return the actor's own places, by name of the group."""
    query = (
        select(col(Group.id), col(Group.name), col(Membership.side), col(Membership.is_manager))
        .join(Membership, col(Membership.group_id) == Group.id)
        .where(col(Membership.account_id) == work.actor.account_id)
        .order_by(col(Group.name))
    )
    return tuple(OwnPlace(*row) for row in work.session.execute(query))
