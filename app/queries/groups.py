"""Groups as those who stand in them or manage them see them: one's own places, the members of one.

Which cases a group has is not said here: how many open ones each member has is.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from app.errors import NotFound
from app.policy import may_manage_accounts, may_manage_members
from app.queries.standing_in import Away, away
from app.work import Work
from models.account import Account, Membership
from models.case import Participation, Referral
from models.enums import GroupKind, ReferralStatus, Side
from models.organization import Group


@dataclass(frozen=True)
class OwnPlace:
    """A place of the actor: ``side`` is empty for a responsable who stands on none."""

    group_id: UUID
    group: str
    side: Side | None
    is_manager: bool


@dataclass(frozen=True)
class MemberView:
    """Somebody in a group; ``open_cases`` are the referrals under way that they have there."""

    account_id: UUID
    name: str
    email: str
    side: Side | None
    is_manager: bool
    is_active: bool
    open_cases: int
    away: Away | None


@dataclass(frozen=True)
class GroupView:
    """A group and who is in it. ``free`` are its open referrals that nobody has; ``may_close_accounts``: the
    actor may deactivate an account too."""

    id: UUID
    name: str
    kind: GroupKind
    members: tuple[MemberView, ...]
    free: int
    may_close_accounts: bool


def group(work: Work, group_id: UUID) -> GroupView:
    """Return a group to its responsable and to administrators; others learn nothing of it (``NotFound``)."""
    row = work.session.get(Group, group_id)
    if row is None or not may_manage_members(work.actor, group_id):
        raise NotFound
    query = (
        select(
            col(Account.id), col(Account.first_name), col(Account.last_name), col(Account.email),
            col(Membership.side), col(Membership.is_manager), col(Account.is_active),
        )
        .join(Membership, col(Membership.account_id) == Account.id)
        .where(col(Membership.group_id) == group_id)
        .order_by(col(Account.last_name), col(Account.first_name))
    )  # fmt: skip
    rows = work.session.execute(query).all()
    counts = open_cases(work, group_id)
    absent = away(work, ((one[0], group_id) for one in rows))
    members = tuple(
        MemberView(
            id_, f"{first} {last}", email, side, is_manager, is_active, counts.get(id_, 0),
            absent.get((id_, group_id)),
        )
        for id_, first, last, email, side, is_manager, is_active in rows
    )  # fmt: skip
    free = counts.get(None, 0)
    return GroupView(group_id, row.name, row.kind, members, free, may_manage_accounts(work.actor))


def open_cases(work: Work, group_id: UUID) -> dict[UUID | None, int]:
    """Return how many open referrals of a group each person has, and how many nobody has (``None``)."""
    query = (
        select(col(Referral.assignee_id), func.count())
        .join(Participation, col(Participation.case_id) == Referral.case_id)
        .where(
            col(Participation.holder_id) == group_id, col(Participation.is_open),
            col(Referral.group_id) == group_id,
            col(Referral.status).in_((ReferralStatus.SENT, ReferralStatus.IN_PROGRESS)),
        )
        .group_by(col(Referral.assignee_id))
    )  # fmt: skip
    return {row[0]: row[1] for row in work.session.execute(query)}


def mine(work: Work) -> tuple[OwnPlace, ...]:
    """Return the actor's own places, by name of the group."""
    query = (
        select(col(Group.id), col(Group.name), col(Membership.side), col(Membership.is_manager))
        .join(Membership, col(Membership.group_id) == Group.id)
        .where(col(Membership.account_id) == work.actor.account_id)
        .order_by(col(Group.name))
    )
    return tuple(OwnPlace(*row) for row in work.session.execute(query))
