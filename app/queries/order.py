"""In which order a list stands. Each order has one rank a row, and goes on where a page ended.

«Dernière activité» walks the index of the list. The others are reckoned over what is open for one holder, which
does not grow with history, and so are offered for open cases only. A closed case does not move any more: for it
the last activity is its closing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, literal, or_, select
from sqlmodel import col

from app.queries.views import View, theirs
from models.base import UTCDateTime
from models.case import Case, Participation, Referral


class Order(StrEnum):
    """The orders of a list; the value is what stands in the address."""

    ACTIVITY = "activite"
    DUE = "echeance"
    SENT = "transmission"
    URGENT = "urgence"


ORDER_LABELS: dict[Order, str] = {
    Order.ACTIVITY: "Dernière activité",
    Order.DUE: "Échéance la plus proche",
    Order.SENT: "Transmise depuis le plus longtemps",
    Order.URGENT: "Urgentes d’abord",
}
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)  # the due date of what has none: after all the others
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class Cursor:
    """Where a page ends: the next one holds what stands after."""

    at: datetime
    case_id: UUID
    is_urgent: bool
    rank: str


def orders_for(view: View) -> tuple[Order, ...]:
    """Return the orders of a view: history has the one that its index walks."""
    return (Order.ACTIVITY,) if view is View.CLOSED else tuple(Order)


def instant(order: Order, agent: frozenset[UUID]) -> Any:
    """Return the instant that an order looks at: what moved, what is due first, when the case was sent.

    ``agent`` are the groups where the actor is Agent+: there, another organisation's clock is not theirs."""
    match order:
        case Order.DUE:
            due = select(func.min(col(Referral.due_at))).where(
                col(Referral.case_id) == Participation.case_id, theirs(agent)
            )
            return func.coalesce(due.scalar_subquery(), literal(_NEVER, UTCDateTime), type_=UTCDateTime)
        case Order.SENT:
            return col(Case.sent_at)
        case Order.ACTIVITY | Order.URGENT:
            return col(Participation.activity_at)


def sorting(order: Order, agent: frozenset[UUID]) -> tuple[Any, ...]:
    """Return what the rows of one holder are sorted by; the case ends every tie."""
    at = instant(order, agent)
    first = (col(Case.is_urgent).desc(),) if order is Order.URGENT else ()
    return (*first, at.asc() if _is_rising(order) else at.desc(), col(Participation.case_id).desc())


def beyond(order: Order, after: Cursor, agent: frozenset[UUID]) -> ColumnElement[bool]:
    """Return the condition that keeps what stands after the end of a page."""
    at, id_ = instant(order, agent), col(Participation.case_id)
    if _is_rising(order):
        return and_(at >= after.at, or_(at > after.at, id_ < after.case_id))
    same = and_(at <= after.at, or_(at < after.at, id_ < after.case_id))
    if order is not Order.URGENT:
        return same
    urgent = col(Case.is_urgent)
    return or_(~urgent, and_(urgent, same)) if after.is_urgent else and_(~urgent, same)


def rank(order: Order, at: datetime, case_id: UUID, is_urgent: bool) -> str:
    """Return the rank of a row, a text: the greatest stands first, here, in SQL and on an open page."""
    if _is_rising(order):
        return f"{(_NEVER - at) // _TICK:020d}{case_id}"
    return f"{int(is_urgent) if order is Order.URGENT else ''}{at.isoformat()}{case_id}"


def _is_rising(order: Order) -> bool:
    return order in (Order.DUE, Order.SENT)
