"""A group that nobody is left in: no case can reach a team any more, nobody follows those of a structure. The
administrators are told so."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.notify.notices import tell
from app.queries.people import administrators
from app.queries.routing import has_somebody
from app.work import Work
from models.account import Membership
from models.enums import NoticeKind
from models.organization import Group


def places(work: Work, account_id: UUID) -> tuple[UUID, ...]:
    """Return the groups in which somebody stands as an agent or an aidant."""
    query = select(col(Membership.group_id)).where(
        col(Membership.account_id) == account_id, col(Membership.side).is_not(None)
    )
    return tuple(work.session.scalars(query))


def tell_if_emptied(work: Work, group_ids: Iterable[UUID]) -> None:
    """Tell administrators of each of these groups that is open and has lost its last active agent or aidant."""
    work.session.flush()
    query = select(col(Group.id)).where(col(Group.id).in_(list(group_ids)), col(Group.is_open), ~has_somebody())
    for group_id in work.session.scalars(query).all():
        key = f"nobody_there:{group_id.hex}:{work.now:%Y%m%d%H%M%S}"
        tell(work, administrators(work), NoticeKind.NOBODY_THERE, key=key, group_id=group_id)
