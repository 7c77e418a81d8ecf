"""What somebody leaves behind in a group: each open referral they have, to whom it can go, what else ends.

Who sees the preview may not read the cases: then the subject and the usager are absent, not hidden.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from app.errors import Forbidden, NotFound
from app.policy import may_manage_accounts, may_remove_member
from app.queries.groups import open_cases
from app.queries.lists import initials
from app.queries.people import PersonView, agents_of, name_of
from app.queries.standing_in import Away, away, today
from app.queries.visibility import visible_cases
from app.references import reference
from app.work import Work
from models.account import Account, Membership
from models.case import Case, Referral
from models.desk import Absence
from models.enums import CaseStatus, ReferralStatus, Side
from models.organization import Group


class Held(NamedTuple):
    """An open referral that somebody has."""

    referral_id: UUID
    case_id: UUID
    group_id: UUID


@dataclass(frozen=True)
class LeavingCase:
    """One of them. Who may not read the case has its ``reference``, no ``subject`` and no ``usager``."""

    referral_id: UUID
    case_id: UUID
    reference: str
    group: str
    sent_at: datetime
    due_at: datetime | None
    is_late: bool
    is_waiting: bool
    subject: str
    usager: str
    departement: str


@dataclass(frozen=True)
class LeavingGroup:
    """A group that somebody leaves: what they have there and who could take over. ``is_last``: nobody stays on
    their side, for the ``free`` cases that nobody has either. ``stands_in``: for whom they do, until when.
    On the aidants' side, ``authored`` open cases stay with the structure, ``drafts`` nobody sees any more."""

    id: UUID
    name: str
    side: Side | None
    cases: tuple[LeavingCase, ...]
    colleagues: tuple[PersonView, ...]
    absent: dict[UUID, Away]
    is_last: bool
    free: int
    authored: int
    drafts: int
    stands_in: tuple[tuple[str, date], ...] = ()


@dataclass(frozen=True)
class Leaving:
    """Who leaves, and which groups."""

    account_id: UUID
    name: str
    groups: tuple[LeavingGroup, ...]


def held(work: Work, account_id: UUID, group_ids: Iterable[UUID]) -> list[Held]:
    """Return the open referrals that somebody has in these groups, those of closed cases left out."""
    query = (
        select(col(Referral.id), col(Referral.case_id), col(Referral.group_id))
        .join(Case, col(Case.id) == Referral.case_id)
        .where(
            col(Referral.assignee_id) == account_id, col(Referral.group_id).in_(list(group_ids)),
            col(Referral.status) == ReferralStatus.IN_PROGRESS, col(Case.status) != CaseStatus.CLOSED,
        )
        .order_by(col(Referral.id))
    )  # fmt: skip
    return [Held(*row) for row in work.session.execute(query)]


def leaving(work: Work, account_id: UUID, group_id: UUID) -> Leaving:
    """Return what happens when somebody leaves a group: for its responsable, administrators and themselves."""
    if not may_remove_member(work.actor, account_id, group_id):
        raise NotFound
    return _leaving(work, account_id, group_id)


def closing(work: Work, account_id: UUID) -> Leaving:
    """Return what happens when an account is closed, in all its groups: for administrators."""
    if not may_manage_accounts(work.actor):
        raise Forbidden("Seul un administrateur peut désactiver un compte.")
    return _leaving(work, account_id, None)


def _leaving(work: Work, account_id: UUID, group_id: UUID | None) -> Leaving:
    query = (
        select(col(Group.id), col(Group.name), col(Membership.side))
        .join(Membership, col(Membership.group_id) == Group.id)
        .where(col(Membership.account_id) == account_id)
        .order_by(col(Group.name))
    )
    if group_id is not None:
        query = query.where(col(Group.id) == group_id)
    places = work.session.execute(query).all()
    if not places and (group_id is not None or work.session.get(Account, account_id) is None):
        raise NotFound("Cette personne n’est pas membre du groupe.")
    groups = tuple(_group(work, account_id, *place) for place in places)
    return Leaving(account_id, name_of(work, account_id), groups)


def _group(work: Work, account_id: UUID, group_id: UUID, name: str, side: Side | None) -> LeavingGroup:
    others = agents_of(work, frozenset({group_id}))
    colleagues = tuple(one for one in others if one.id != account_id)
    absent = {place[0]: one for place, one in away(work, ((c.id, group_id) for c in colleagues)).items()}
    authored, drafts = _authored(work, account_id, group_id) if side is Side.AIDANT else (0, 0)
    is_last = _is_last(work, account_id, group_id, side)
    free = open_cases(work, group_id).get(None, 0) if is_last and side is Side.AGENT else 0
    cases = _cases(work, account_id, group_id)
    return LeavingGroup(
        group_id, name, side, cases, colleagues, absent, is_last, free, authored, drafts,
        _stands_in(work, account_id, group_id),
    )  # fmt: skip


def _is_last(work: Work, account_id: UUID, group_id: UUID, side: Side | None) -> bool:
    """Whether nobody else active stands on this side in the group."""
    others = (
        select(col(Account.id))
        .join(Membership, col(Membership.account_id) == Account.id)
        .where(
            col(Membership.group_id) == group_id, col(Membership.side) == side, col(Account.id) != account_id,
            col(Account.is_active),
        )
    )  # fmt: skip
    return side is not None and work.session.scalar(others.limit(1)) is None


def _stands_in(work: Work, account_id: UUID, group_id: UUID) -> tuple[tuple[str, date], ...]:
    """For whom somebody stands in there, today or later, and until which day."""
    query = (
        select(col(Account.first_name), col(Account.last_name), col(Absence.ends_on))
        .join(Absence, col(Absence.account_id) == Account.id)
        .where(
            col(Absence.stand_in_id) == account_id, col(Absence.group_id) == group_id,
            col(Absence.ends_on) >= today(work),
        )
        .order_by(col(Absence.ends_on), col(Account.last_name))
    )  # fmt: skip
    return tuple((f"{first} {last}", until) for first, last, until in work.session.execute(query))


def _cases(work: Work, account_id: UUID, group_id: UUID) -> tuple[LeavingCase, ...]:
    ids = [one.referral_id for one in held(work, account_id, (group_id,))]
    readable = visible_cases(work.actor).label("readable")
    query = (
        select(
            Referral, col(Group.name), col(Case.subject), col(Case.civility), col(Case.usager_last_name),
            col(Case.departement), readable,
        )
        .join(Case, col(Case.id) == Referral.case_id)
        .join(Group, col(Group.id) == Referral.group_id)
        .where(col(Referral.id).in_(ids))
        .order_by(col(Referral.due_at).is_(None), col(Referral.due_at), col(Referral.id))
    )  # fmt: skip
    return tuple(
        LeavingCase(
            one.id, one.case_id, reference(one.case_id), group, one.sent_at, one.due_at,
            one.due_at is not None and one.due_at <= work.now, one.is_waiting,
            subject if may_read else "", initials(civility, last_name) if may_read else "", departement,
        )
        for one, group, subject, civility, last_name, departement, may_read in work.session.execute(query)
    )  # fmt: skip


def _authored(work: Work, account_id: UUID, group_id: UUID) -> tuple[int, int]:
    is_draft = col(Case.status) == CaseStatus.DRAFT
    query = select(func.count().filter(~is_draft), func.count().filter(is_draft)).where(
        col(Case.author_id) == account_id, col(Case.structure_id) == group_id,
        col(Case.status) != CaseStatus.CLOSED,
    )  # fmt: skip
    row = work.session.execute(query).one()
    return row[0], row[1]
