"""Who is absent today, and who stands in for them, in each group.

Who stands in may be absent too: then it is their own stand-in, and so on; nobody, when that leads nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.deadlines import PARIS
from app.french import long_date
from app.work import Work
from models.account import Account
from models.desk import Absence
from models.enums import Side

Place = tuple[UUID, UUID]  # an account, a group


@dataclass(frozen=True)
class Away:
    """An absence under way: its last day, and who stands in now (nobody: empty)."""

    until: date
    stand_in_id: UUID | None
    stand_in: str


def away_refusal(name: str, absence: Away) -> str:
    """Return why nothing is handed over to somebody who is absent, and to whom it can be."""
    who = f"{absence.stand_in} suit ses demandes" if absence.stand_in else "Choisissez une autre personne"
    return f"{name} est en absence jusqu’au {long_date(absence.until)}. {who}."


def today(work: Work) -> date:
    """Return the day it is in Paris: absences are days there."""
    return work.now.astimezone(PARIS).date()


def stand_in_of(work: Work, account_id: UUID, group_id: UUID) -> UUID | None:
    """Return who stands in today for somebody in a group; nothing when they are there, or when nobody does."""
    found = _under_way(work, {group_id})
    return _present(found, account_id, group_id) if (account_id, group_id) in found else None


def away(work: Work, places: Iterable[Place]) -> dict[Place, Away]:
    """Return, of these people in these groups, those who are absent today."""
    wanted = set(places)
    if not wanted:
        return {}
    found = _under_way(work, {group_id for _, group_id in wanted})
    absent = {place: _present(found, *place) for place in wanted if place in found}
    names = _names(work, {id_ for id_ in absent.values() if id_})
    return {
        place: Away(found[place].ends_on, id_, names.get(id_, "") if id_ else "")
        for place, id_ in absent.items()
    }


def stood_in_for(work: Work) -> frozenset[Place]:
    """Return whose work is the actor's too today, and in which group: those for whom they stand in, and the
    absent colleagues for whom nobody does."""
    me = work.actor.account_id
    found = _under_way(work, work.actor.groups(Side.AGENT))
    return frozenset(place for place in found if place[0] != me and _present(found, *place) in (me, None))


def _under_way(work: Work, group_ids: Iterable[UUID]) -> dict[Place, Absence]:
    ids, day = list(group_ids), today(work)
    if not ids:
        return {}
    query = select(Absence).where(
        col(Absence.group_id).in_(ids), col(Absence.ends_on) >= day, col(Absence.starts_on) <= day
    )
    return {(one.account_id, one.group_id): one for one in work.session.scalars(query)}


def _present(found: Mapping[Place, Absence], account_id: UUID, group_id: UUID) -> UUID | None:
    """Follow the stand-ins to the first who is there."""
    seen = {account_id}
    while (absence := found.get((account_id, group_id))) is not None:
        if absence.stand_in_id is None or absence.stand_in_id in seen:
            return None
        account_id = absence.stand_in_id
        seen.add(account_id)
    return account_id


def _names(work: Work, account_ids: set[UUID]) -> dict[UUID, str]:
    if not account_ids:
        return {}
    query = select(col(Account.id), col(Account.first_name), col(Account.last_name))
    rows = work.session.execute(query.where(col(Account.id).in_(account_ids)))
    return {id_: f"{first} {last[:1]}." for id_, first, last in rows}
