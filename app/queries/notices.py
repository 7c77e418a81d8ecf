"""What somebody was told, as the bell and its page show it.

Everybody sees their own only. Of a case that they may not read (any more, or ever: a coordinator), they see
what happened and when, never the subject nor a way in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, select, tuple_
from sqlmodel import col

from app.queries.lists import initials
from app.queries.visibility import visible_cases
from app.work import Work
from models.case import Case
from models.enums import NoticeKind
from models.notice import Notice
from models.organization import Group
from models.thread import Entry

PAGE = 40  # notices read at once
MOST = 100  # a bell counts no further

_Row = tuple[Notice, str, UUID | None]  # with the name of its group, and the line of the thread it is about


@dataclass(frozen=True)
class NoticeLine:
    """One thing that happened; ``entry_id`` is the line of the thread, if it is one: the number of a line would
    tell an aidant how many notes between agents stand before it. Of a silence told to who may not read the
    case: ``since`` when it lasts, in which ``departement``."""

    id: UUID
    kind: NoticeKind
    at: datetime
    is_unread: bool
    entry_id: UUID | None
    since: datetime | None = None
    departement: str = ""


@dataclass(frozen=True)
class Told:
    """What happened in one case, the newest first; without ``case_id``, a case that may not be read, or none.
    ``usager`` is «Mme K.», ``group`` the group that it is about, if it is about one."""

    case_id: UUID | None
    subject: str
    usager: str
    group: str
    is_urgent: bool
    lines: tuple[NoticeLine, ...]

    @property
    def is_unread(self) -> bool:
        """Whether something of it is."""
        return any(line.is_unread for line in self.lines)


@dataclass(frozen=True)
class Notices:
    """A page: ``after`` is where the next one begins, empty on the last; ``now`` is when it was read."""

    now: datetime
    told: tuple[Told, ...]
    after: UUID | None


def unread_count(work: Work) -> int:
    """Return how many notices the actor has not read, ``MOST`` at most (one walk of an index)."""
    if work.actor.account is None:
        return 0
    unread = select(col(Notice.id)).where(
        col(Notice.account_id) == work.actor.account, col(Notice.read_at).is_(None)
    )
    return work.session.scalar(select(func.count()).select_from(unread.limit(MOST).subquery())) or 0


def notices(work: Work, after: UUID | None = None, limit: int = PAGE) -> Notices:
    """Return the actor's notices, the newest first, gathered by case; ``after`` is the last shown before."""
    query = (
        select(Notice, col(Group.name), col(Entry.id))
        .outerjoin(Group, col(Group.id) == Notice.group_id)
        .outerjoin(Entry, and_(col(Entry.case_id) == Notice.case_id, col(Entry.seq) == Notice.seq))
        .where(col(Notice.account_id) == work.actor.account)
        .order_by(col(Notice.created_at).desc(), col(Notice.id).desc())
        .limit(limit + 1)
    )
    if after is not None:
        last = select(col(Notice.created_at), col(Notice.id)).where(
            col(Notice.id) == after, col(Notice.account_id) == work.actor.account
        )
        query = query.where(tuple_(col(Notice.created_at), col(Notice.id)) < last.scalar_subquery())
    rows = [(row[0], row[1] or "", row[2]) for row in work.session.execute(query)]
    more, rows = len(rows) > limit, rows[:limit]
    return Notices(work.now, _by_case(work, rows), rows[-1][0].id if more else None)


def _by_case(work: Work, rows: list[_Row]) -> tuple[Told, ...]:
    """Gather what is about the same case, or about the same group where the case may not be read."""
    readable = _readable(work, {row.case_id for row, *_ in rows if row.case_id})
    places: dict[object, list[_Row]] = {}
    for row, group, entry_id in rows:
        place = row.case_id if row.case_id in readable else (row.case_id, row.group_id)
        places.setdefault(place, []).append((row, group, entry_id))
    return tuple(_told(found, readable) for found in places.values())


def _told(found: list[_Row], readable: dict[UUID, tuple[str, str]]) -> Told:
    case_id = found[0][0].case_id
    subject, usager = readable.get(case_id, ("", "")) if case_id else ("", "")
    return Told(
        case_id=case_id if case_id in readable else None,
        subject=subject,
        usager=usager,
        group=next((group for _, group, _ in found if group), ""),
        is_urgent=any(row.is_urgent for row, *_ in found),
        lines=tuple(
            NoticeLine(row.id, row.kind, row.created_at, row.read_at is None, entry_id, *_silence(row))
            for row, _, entry_id in found
        ),
    )


def _silence(row: Notice) -> tuple[datetime | None, str]:
    """Since when, and where: what tells two silences of a group apart for who is led to no case."""
    if row.case_id is not None or "since" not in row.details:
        return None, ""
    return datetime.fromisoformat(row.details["since"]), row.details.get("departement", "")


def _readable(work: Work, case_ids: Iterable[UUID]) -> dict[UUID, tuple[str, str]]:
    query = select(col(Case.id), col(Case.subject), col(Case.civility), col(Case.usager_last_name)).where(
        col(Case.id).in_(case_ids), visible_cases(work.actor)
    )
    return {row[0]: (row[1], initials(row[2], row[3])) for row in work.session.execute(query)}
