"""Absences: the days on which an Agent+ does not work, and who stands in for them in the group.

Declared by the person, the responsable of the group or an administrator. During it the stand-in has the absent
one's open referrals to do as well (``queries.views``). Source: issue of the daily work, point 2.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import col

from app import typed
from app.as_typed import read_coming
from app.errors import Forbidden, Invalid, NotFound
from app.events import CaseChanged
from app.french import long_date
from app.journal import record
from app.policy import may_declare_absence
from app.queries.people import agents_of, name_of
from app.queries.standing_in import stand_in_of as stand_in_of
from app.queries.standing_in import today
from app.work import Work
from models.account import Membership
from models.base import new_id
from models.case import Referral
from models.desk import Absence
from models.enums import ReferralStatus

LONGEST = timedelta(days=366)


def declare(
    work: Work, account_id: UUID, group_id: UUID, *, starts_on: object, ends_on: object, stand_in: UUID | None
) -> UUID:
    """Declare an absence, both days included, as typed; return its id.

    ``stand_in`` may be nobody only where the group has no other agent.
    """
    _require(work, account_id, group_id)
    first, last = _days(work, starts_on, ends_on)
    for other in _of(work, account_id, group_id, first, last):
        days = f"du {long_date(other.starts_on)} au {long_date(other.ends_on)}"
        raise Invalid(starts_on=f"Une absence est déjà déclarée {days}. Modifiez-la, ou changez ces dates.")
    _check_stand_in(work, account_id, group_id, first, last, stand_in)
    absence = Absence(
        id=new_id(), created_at=work.now, account_id=account_id, group_id=group_id, starts_on=first,
        ends_on=last, stand_in_id=stand_in,
    )  # fmt: skip
    work.session.add(absence)
    record(work, "absence.declared", account=account_id, group=group_id, stand_in=stand_in or "")
    _tell(work, absence, stand_in)
    return absence.id


def change(work: Work, absence_id: UUID, *, ends_on: object, stand_in: UUID | None) -> None:
    """Change the last day or who stands in, of an absence that is not over."""
    absence = _absence(work, absence_id)
    last = _day(work, ends_on, "ends_on")
    _in_order(absence.starts_on, last)
    for other in _of(work, absence.account_id, absence.group_id, absence.starts_on, last):
        if other.id != absence.id:
            until = long_date(other.starts_on)
            raise Invalid(ends_on=f"Une autre absence commence le {until}. Choisissez un jour avant.")
    begins = max(absence.starts_on, today(work))
    _check_stand_in(work, absence.account_id, absence.group_id, begins, last, stand_in)
    before, absence.stand_in_id, absence.ends_on = absence.stand_in_id, stand_in, last
    record(work, "absence.changed", account=absence.account_id, group=absence.group_id, stand_in=stand_in or "")
    _tell(work, absence, before, stand_in)


def end_early(work: Work, absence_id: UUID) -> None:
    """End an absence: the person is back today. One that has not begun is taken away."""
    absence = _absence(work, absence_id)
    _tell(work, absence, absence.stand_in_id)
    yesterday = today(work) - timedelta(days=1)
    if absence.starts_on > yesterday:
        work.session.delete(absence)
    else:
        absence.ends_on = yesterday
    record(work, "absence.ended", account=absence.account_id, group=absence.group_id)


def leave(work: Work, account_id: UUID, group_id: UUID) -> None:
    """Somebody leaves a group: their absences there that are not over go, and they stand in for nobody there.
    The caller has checked who may."""
    query = select(Absence).where(
        col(Absence.group_id) == group_id,
        col(Absence.ends_on) >= today(work),
        or_(col(Absence.account_id) == account_id, col(Absence.stand_in_id) == account_id),
    )
    for absence in work.session.scalars(query):
        if absence.account_id == account_id:
            work.session.delete(absence)
        else:
            absence.stand_in_id = None
        _tell(work, absence, account_id)


def _absence(work: Work, absence_id: UUID) -> Absence:
    """Return an absence that is not over, to who may change it; others do not learn that it is there."""
    query = select(Absence).where(col(Absence.id) == absence_id).with_for_update()
    absence = work.session.scalar(query)
    if absence is None or not may_declare_absence(work.actor, absence.account_id, absence.group_id):
        raise NotFound
    if absence.ends_on < today(work):
        raise Invalid(ends_on="Cette absence est finie. Déclarez-en une autre.")
    return absence


def _require(work: Work, account_id: UUID, group_id: UUID) -> None:
    """Refuse who may not; hold the place of the absent one, so that two absences cannot cross."""
    if not may_declare_absence(work.actor, account_id, group_id):
        raise Forbidden("Seuls la personne, le responsable du groupe ou un administrateur peuvent le faire.")
    place = col(Membership.account_id) == account_id, col(Membership.group_id) == group_id
    work.session.scalar(select(Membership).where(*place).with_for_update())
    if not any(one.id == account_id for one in agents_of(work, frozenset({group_id}))):
        raise NotFound("Cette personne n’est pas Agent+ de ce groupe.")


def _days(work: Work, starts_on: object, ends_on: object) -> tuple[date, date]:
    first, last = _day(work, starts_on, "starts_on"), _day(work, ends_on, "ends_on")
    _in_order(first, last)
    return first, last


def _day(work: Work, text: object, field: str) -> date:
    """Return a day as typed, not in the past and within a year."""
    day = read_coming(typed.text(text, field), today(work))
    if day is None:
        raise Invalid(**{field: "Écrivez un jour, par exemple 14/12 ou 14 décembre."})
    if day < today(work):
        raise Invalid(**{field: f"Le {long_date(day)} est passé. Écrivez un jour à venir."})
    if day > today(work) + LONGEST:
        raise Invalid(**{field: f"Le {long_date(day)} est dans plus d’un an. Écrivez un jour plus proche."})
    return day


def _in_order(first: date, last: date) -> None:
    if last < first:
        sentence = f"Le dernier jour vient avant le premier, le {long_date(first)}. Corrigez l’un des deux."
        raise Invalid(ends_on=sentence)


def _of(work: Work, account_id: UUID, group_id: UUID, first: date, last: date) -> list[Absence]:
    """Return somebody's absences in a group that touch these days."""
    query = select(Absence).where(
        col(Absence.account_id) == account_id, col(Absence.group_id) == group_id,
        col(Absence.ends_on) >= first, col(Absence.starts_on) <= last,
    )  # fmt: skip
    return list(work.session.scalars(query.order_by(col(Absence.starts_on))))


def _check_stand_in(
    work: Work, account_id: UUID, group_id: UUID, first: date, last: date, stand_in: UUID | None
) -> None:
    """Refuse who cannot stand in: not an active agent of the group, the absent one, absent all these days."""
    others = {one.id for one in agents_of(work, frozenset({group_id}))} - {account_id}
    if stand_in is None and others:
        raise Invalid(stand_in="Choisissez qui suivra les demandes pendant ce temps.")
    if stand_in is None:
        return
    if stand_in not in others:
        raise Invalid(stand_in="Cette personne n’est pas Agent+ de ce groupe. Choisissez-en une autre.")
    covered = {
        one.starts_on + timedelta(days=n)
        for one in _of(work, stand_in, group_id, first, last)
        for n in range((one.ends_on - one.starts_on).days + 1)
    }
    if all(first + timedelta(days=n) in covered for n in range((last - first).days + 1)):
        name = name_of(work, stand_in)
        raise Invalid(stand_in=f"{name} sera en absence tous ces jours aussi. Choisissez une autre personne.")


def _tell(work: Work, absence: Absence, *stand_ins: UUID | None) -> None:
    """Have the lists and pages follow, when the absence is under way: whose open referrals it is about."""
    work.session.flush()
    if not absence.starts_on <= today(work) <= absence.ends_on:
        return
    query = select(col(Referral.case_id)).where(
        col(Referral.assignee_id) == absence.account_id, col(Referral.group_id) == absence.group_id,
        col(Referral.status) == ReferralStatus.IN_PROGRESS,
    )  # fmt: skip
    told = frozenset({absence.account_id, absence.group_id, *filter(None, stand_ins)})
    for case_id in work.session.scalars(query):
        work.signal(CaseChanged(case_id, told))
