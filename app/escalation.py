"""A silence climbs: the group is told at the due hour, its responsables 2 working days later, the coordinators
of the territory after 5 (domain, section 4).

``run`` is called by the jobs, as often as they like: each level is told once for each due date. After an outage
each person is told once, in the highest of their parts; what was answered meanwhile is told to nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlmodel import col

from app import threads
from app.deadlines import COORDINATOR_DAYS, MANAGER_DAYS, PARIS, add_working_days
from app.notify.notices import tell
from app.one_by_one import one_by_one
from app.queries import people
from app.queries.visibility import case_facts, holds
from app.work import Work
from models.account import Account, Membership, Scope
from models.case import Case, Lateness, Referral
from models.desk import Absence
from models.enums import NoticeKind, ScopeKind
from models.mandate import Mandate
from models.organization import Group


class Level(IntEnum):
    """Up to whom a silence was told."""

    NOBODY = 0
    GROUP = 1
    MANAGERS = 2
    COORDINATORS = 3


_KINDS = {
    Level.GROUP: NoticeKind.LATE,
    Level.MANAGERS: NoticeKind.LATE_TO_MANAGER,
    Level.COORDINATORS: NoticeKind.LATE_TO_COORDINATOR,
}
_DAYS = {Level.MANAGERS: MANAGER_DAYS, Level.COORDINATORS: COORDINATOR_DAYS}


def level_at(due_at: datetime, now: datetime, departement: str = "") -> Level:
    """Return up to whom a silence has climbed; the holidays of the case's département count."""
    if now < due_at:
        return Level.NOBODY
    passed = [level for level, days in _DAYS.items() if now >= add_working_days(due_at, days, departement)]
    return max(passed, default=Level.GROUP)


@dataclass(frozen=True)
class _Late:
    referral_id: UUID
    case_id: UUID
    due_at: datetime


def run(at: datetime | None = None) -> str:
    """Tell what is late and was not told yet, a transaction a referral; return how many, in words."""
    return f"{one_by_one(_to_tell, _climb, at)} told"


def late_and_untold(now: datetime) -> Select[*tuple[Any, ...]]:
    """What is late now, less what was told to the top; a case whose mandate holds no more is left alone, since
    nobody may answer it. An index holds nothing that is not awaited, so that history costs nothing."""
    told = and_(col(Lateness.referral_id) == col(Referral.id), col(Lateness.due_at) == col(Referral.due_at))
    shared = exists().where(col(Mandate.case_id) == col(Referral.case_id), holds(now))
    level = func.coalesce(col(Lateness.level), int(Level.NOBODY))
    return (
        select(col(Referral.id), col(Referral.case_id), col(Referral.due_at), col(Case.departement), level)
        .join(Case, col(Case.id) == Referral.case_id)
        .outerjoin(Lateness, told)
        .where(col(Referral.due_at) <= now, level < int(Level.COORDINATORS), shared)
        .order_by(col(Referral.due_at))
    )


def _to_tell(work: Work) -> list[_Late]:
    return [
        _Late(referral_id, case_id, due_at)
        for referral_id, case_id, due_at, departement, known in work.session.execute(late_and_untold(work.now))
        if level_at(due_at, work.now, departement) > known
    ]


def _climb(work: Work, late: _Late) -> bool:
    """Tell those who were not told yet; the case is locked and read again: it may have been answered."""
    case = work.session.scalars(select(Case).where(col(Case.id) == late.case_id).with_for_update()).one()
    referral = work.session.get_one(Referral, late.referral_id, populate_existing=True)
    known = work.session.get(Lateness, referral.id)
    facts = case_facts(work, case)
    if referral.due_at != late.due_at or not facts.has_valid_mandate:
        return False
    told = Level(known.level) if known is not None and known.due_at == late.due_at else Level.NOBODY
    reached = level_at(late.due_at, work.now, case.departement)
    if reached <= told:
        return False
    parts: dict[UUID, Level] = {}
    for level in Level:
        if told < level <= reached:
            parts |= dict.fromkeys(_people(work, level, case, referral), level)
    for level, kind in _KINDS.items():
        _tell(work, kind, {who for who, part in parts.items() if part is level}, case, referral, late.due_at)
    if told is Level.NOBODY:
        threads.tell(work, case, facts)  # open lists say from now on that it is late
    if known is None:
        known = Lateness(referral_id=referral.id, due_at=late.due_at, level=reached)
        work.session.add(known)
    known.due_at, known.level = late.due_at, int(reached)
    return True


def _tell(
    work: Work, kind: NoticeKind, accounts: set[UUID], case: Case, referral: Referral, due_at: datetime
) -> None:
    """Who may read the case is led to it; the others learn which group is late, since when and where."""
    readers = accounts & {one.id for one in people.agents_of(work, frozenset({referral.group_id}))}
    key = f"{kind}:{referral.id}:{due_at:%Y%m%d%H%M%S}"
    for who, case_id in ((readers, case.id), (accounts - readers, None)):
        tell(
            work, who, kind, key=key, case_id=case_id, group_id=referral.group_id, is_urgent=case.is_urgent,
            departement=case.departement, since=due_at.isoformat(),
        )  # fmt: skip


def _people(work: Work, level: Level, case: Case, referral: Referral) -> Iterable[UUID]:
    """Who is told at a level; where nobody stands, those of the next one, administrators at the end: no silence
    is told to nobody."""
    for who in _ASKED[level - 1 :]:
        if found := who(work, case, referral):
            return found
    return people.administrators(work)


def _managers(work: Work, _: Case, referral: Referral) -> set[UUID]:
    query = select(col(Account.id)).join(Membership, col(Membership.account_id) == Account.id)
    query = query.where(col(Membership.group_id) == referral.group_id, col(Membership.is_manager))
    return set(work.session.scalars(query.where(col(Account.is_active))))


def _coordinators(work: Work, case: Case, referral: Referral) -> set[UUID]:
    group = work.session.get_one(Group, referral.group_id)
    query = select(col(Account.id)).join(Scope, col(Scope.account_id) == Account.id)
    query = query.where(
        col(Scope.kind) == ScopeKind.COORDINATOR,
        col(Scope.departement) == case.departement,
        or_(col(Scope.organization_id).is_(None), col(Scope.organization_id) == group.organization_id),
    )
    return set(work.session.scalars(query.where(col(Account.is_active))))


def _at_work(work: Work, _: Case, referral: Referral) -> set[UUID]:
    """Who has the referral, or stands in for them today; else everybody of the group."""
    agents = {one.id for one in people.agents_of(work, frozenset({referral.group_id}))}
    today = work.now.astimezone(PARIS).date()
    away = select(Absence).where(
        col(Absence.account_id) == referral.assignee_id, col(Absence.group_id) == referral.group_id,
        col(Absence.starts_on) <= today, col(Absence.ends_on) >= today,
    )  # fmt: skip
    absence = work.session.scalars(away.limit(1)).first()
    whose = referral.assignee_id if absence is None else absence.stand_in_id
    return {whose} if whose in agents else agents


_ASKED = (_at_work, _managers, _coordinators)
