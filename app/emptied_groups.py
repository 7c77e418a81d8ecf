"""A team that nobody is left in: no case can reach it any more, and administrators are told so."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.notify.notices import tell
from app.queries.routing import has_active_agent
from app.work import Work
from models.account import Account, Membership, Scope
from models.enums import GroupKind, NoticeKind, ScopeKind, Side
from models.organization import Group


def agent_places(work: Work, account_id: UUID) -> tuple[UUID, ...]:
    """Return the groups in which somebody stands as an agent."""
    query = select(col(Membership.group_id)).where(
        col(Membership.account_id) == account_id, col(Membership.side) == Side.AGENT
    )
    return tuple(work.session.scalars(query))


def tell_if_emptied(work: Work, group_ids: Iterable[UUID]) -> None:
    """Tell administrators of each of these groups that is open and has lost its last active agent."""
    work.session.flush()
    query = select(col(Group.id)).where(
        col(Group.id).in_(list(group_ids)), col(Group.kind) == GroupKind.OPERATOR, col(Group.is_open),
        ~has_active_agent(),
    )  # fmt: skip
    for group_id in work.session.scalars(query).all():
        key = f"nobody_there:{group_id.hex}:{work.now:%Y%m%d%H%M%S}"
        tell(work, _administrators(work), NoticeKind.NOBODY_THERE, key=key, group_id=group_id)


def _administrators(work: Work) -> list[UUID]:
    query = (
        select(col(Scope.account_id))
        .join(Account, col(Account.id) == Scope.account_id)
        .where(col(Scope.kind) == ScopeKind.ADMINISTRATOR, col(Account.is_active))
    )
    return list(work.session.scalars(query))
