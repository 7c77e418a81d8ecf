"""Absences that are not over, as screens show them: one's own, those of a group."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.errors import NotFound
from app.policy import may_declare_absence
from app.queries.people import PersonView, agents_of
from app.queries.standing_in import today
from app.work import Work
from models.account import Account
from models.desk import Absence
from models.organization import Group


@dataclass(frozen=True)
class AbsenceView:
    """An absence; ``is_under_way``: it has begun."""

    id: UUID
    account_id: UUID
    name: str
    group_id: UUID
    group: str
    starts_on: date
    ends_on: date
    stand_in_id: UUID | None
    stand_in: str
    is_under_way: bool


def mine(work: Work) -> tuple[AbsenceView, ...]:
    """Return one's own absences, the next one first."""
    return _views(work, col(Absence.account_id) == work.actor.account_id)


def of_group(work: Work, group_id: UUID) -> tuple[AbsenceView, ...]:
    """Return the absences of a group. The caller has checked who may see them."""
    return _views(work, col(Absence.group_id) == group_id)


def one(work: Work, absence_id: UUID) -> AbsenceView:
    """Return an absence to who may change it."""
    found = _views(work, col(Absence.id) == absence_id)
    if not found or not may_declare_absence(work.actor, found[0].account_id, found[0].group_id):
        raise NotFound
    return found[0]


def stand_ins(work: Work, account_id: UUID, group_id: UUID) -> tuple[PersonView, ...]:
    """Return who may stand in for somebody in a group, to who may declare that absence."""
    if not may_declare_absence(work.actor, account_id, group_id):
        raise NotFound
    return tuple(one for one in agents_of(work, frozenset({group_id})) if one.id != account_id)


def _views(work: Work, which: ColumnElement[bool]) -> tuple[AbsenceView, ...]:
    stand_in, day = aliased(Account), today(work)
    query = (
        select(
            Absence, col(Account.first_name), col(Account.last_name), col(Group.name),
            col(stand_in.first_name), col(stand_in.last_name),
        )
        .join(Account, col(Account.id) == Absence.account_id)
        .join(Group, col(Group.id) == Absence.group_id)
        .outerjoin(stand_in, col(stand_in.id) == Absence.stand_in_id)
        .where(which, col(Absence.ends_on) >= day)
        .order_by(col(Absence.starts_on), col(Absence.id))
    )  # fmt: skip
    return tuple(_view(day, *row) for row in work.session.execute(query))


def _view(day: date, one: Absence, first: str, last: str, group: str, *who: Any) -> AbsenceView:
    return AbsenceView(
        one.id, one.account_id, f"{first} {last}", one.group_id, group, one.starts_on, one.ends_on,
        one.stand_in_id, f"{who[0]} {who[1]}" if who[0] else "", one.starts_on <= day,
    )  # fmt: skip
