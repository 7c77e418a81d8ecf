"""The rows of a list: plain columns, and each organisation of a case with its own state."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, literal_column, select
from sqlmodel import col

from app.queries.order import Order, rank
from app.queries.standing_in import Away, away
from app.work import Work
from models.account import Account
from models.case import Referral
from models.enums import CaseStatus, Civility, ReferralStatus, Side
from models.organization import Group, Organization


@dataclass(frozen=True)
class ReferralChip:
    """An organisation in a row, with its own state. ``due_at`` is empty when its clock does not run; ``away``
    says that the assignee is absent today, and who stands in; ``is_ours`` that it is of a group
    where the actor is Agent+."""

    organization: str
    status: ReferralStatus
    is_late: bool
    is_waiting: bool
    assignee: str
    due_at: datetime | None
    away: Away | None = None
    is_ours: bool = False


@dataclass(frozen=True)
class Row:
    """A case as a list shows it."""

    case_id: UUID
    subject: str
    usager: str
    commune: str
    status: CaseStatus
    is_urgent: bool
    is_unread: bool
    activity_at: datetime
    referrals: tuple[ReferralChip, ...]
    theme: str
    sent_at: datetime
    rank: str  # the greatest stands first
    departement: str
    due_at: datetime | None  # the first that runs; on the agents' side, of one's own groups


def ranked(order: Order, row: Any) -> str:
    """Return the rank of what a list found."""
    return rank(order, row.at, row.case_id, row.is_urgent)


def rows_of(work: Work, order: Order, found: list[Any]) -> tuple[Row, ...]:
    """Return what a list found as its rows."""
    chips = _chips(work, [row.case_id for row in found])
    return tuple(
        Row(
            case_id=row.case_id,
            subject=row.subject,
            usager=initials(row.civility, row.usager_last_name),
            commune=row.commune,
            status=row.status,
            is_urgent=row.is_urgent,
            is_unread=row.is_unread,
            activity_at=row.activity_at,
            referrals=tuple(chips[row.case_id]),
            theme=row.theme_code or "",
            sent_at=row.sent_at,
            rank=ranked(order, row),
            departement=row.departement,
            due_at=_first_due(row.side, chips[row.case_id]),
        )
        for row in found
    )


def _first_due(side: Side, chips: list[ReferralChip]) -> datetime | None:
    """An agent looks at the clocks of their own groups; the aidant at all of them."""
    watched = [one for one in chips if one.is_ours or side is not Side.AGENT]
    return min((one.due_at for one in watched if one.due_at), default=None)


_INITIAL = func.substr(col(Account.last_name), literal_column("1"), literal_column("1"))
# Looked up for each row: a join would read every account to show at most a hundred.
_ASSIGNEE = (
    select(col(Account.first_name) + literal_column("' '") + _INITIAL + literal_column("'.'"))
    .where(col(Account.id) == Referral.assignee_id)
    .scalar_subquery()
)
# No parameter but the ids: psycopg keeps what it read of a statement up to fifty parameters, a page's.
_CHIPS = (
    select(
        col(Referral.case_id), col(Organization.short_name), col(Referral.status), col(Referral.due_at),
        col(Referral.is_waiting), _ASSIGNEE, col(Referral.assignee_id), col(Referral.group_id),
    )
    .join(Group, col(Group.id) == Referral.group_id)
    .join(Organization, col(Organization.id) == Group.organization_id)
    .where(col(Referral.case_id).in_(bindparam("ids", expanding=True)))
    .order_by(col(Referral.id))
)  # fmt: skip


def _chips(work: Work, ids: list[UUID]) -> dict[UUID, list[ReferralChip]]:
    chips: dict[UUID, list[ReferralChip]] = defaultdict(list)
    if not ids:
        return chips
    rows = work.session.execute(_CHIPS, {"ids": ids}).all()
    under_way = ((row[6], row[7]) for row in rows if row[6] and row[2] is ReferralStatus.IN_PROGRESS)
    absent, ours = away(work, under_way), work.actor.groups(Side.AGENT)
    for case_id, name, status, due_at, waiting, who, *place in rows:
        if status is not ReferralStatus.WITHDRAWN:
            late = due_at is not None and due_at <= work.now
            out = absent.get((place[0], place[1]))
            chips[case_id].append(
                ReferralChip(name, status, late, waiting, who or "", due_at, out, place[1] in ours)
            )
    return chips


def initials(civility: Civility, last_name: str) -> str:
    """Return «Mme K.»: what lists and screens in the open show of an usager."""
    letter = f"{last_name[:1].upper()}." if last_name else ""
    return letter if civility is Civility.NONE else f"{civility.label}\u00a0{letter}"
