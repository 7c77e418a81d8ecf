"""The views of the dashboard: what each one holds, for whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, true
from sqlmodel import col

from app.deadlines import PARIS, UNANSWERED_DAYS, working_days_before
from app.lifecycle import Gesture
from app.queries.standing_in import stood_in_for
from app.work import Work
from models.account import Account, Membership
from models.case import Case, Participation, ReadMark, Referral, ReferralStep
from models.enums import CaseStatus, MandateStatus, ReferralStatus, Side
from models.mandate import Mandate


class View(StrEnum):
    """The views of the dashboard; the value is what stands in the address."""

    TO_DO = "a-faire"
    UNREAD = "non-lues"
    LATE = "en-souffrance"
    TO_REDIRECT = "a-reorienter"
    TO_CLOSE = "a-cloturer"
    OPEN = "toutes"
    CLOSED = "cloturees"


VIEW_LABELS: dict[View, str] = {
    View.TO_DO: "À faire par moi",
    View.UNREAD: "Non lues",
    View.LATE: "En souffrance",
    View.TO_REDIRECT: "À réorienter",
    View.TO_CLOSE: "Débloquées à clôturer",
    View.OPEN: "Toutes en cours",
    View.CLOSED: "Clôturées",
}
COUNTED = tuple(view for view in View if view is not View.CLOSED)


def views_for(work: Work) -> tuple[View, ...]:
    """Return the views that make sense for this actor: the aidants' own two are not offered to agents."""
    if work.actor.groups(Side.AIDANT):
        return tuple(View)
    return tuple(view for view in View if view not in (View.TO_REDIRECT, View.TO_CLOSE))


def in_view(work: Work, view: View) -> ColumnElement[bool]:
    """Return what a view holds, among the open (for «Clôturées»: the closed) cases of the actor."""
    me, agent = work.actor.account_id, work.actor.groups(Side.AGENT)
    ours = col(Participation.side) == Side.AGENT
    referral = col(Referral.case_id) == col(Participation.case_id)
    # An agent looks at its own group's referral; the aidant at all of them.
    mine = and_(referral, col(Referral.group_id).in_(agent))
    concerned = theirs(agent)
    # Nobody may act on a case whose mandate holds no more: it is not the agents' turn.
    may_act = _held_until() > work.now
    match view:
        case View.TO_DO:
            free = and_(
                col(Referral.status).in_((ReferralStatus.SENT, ReferralStatus.IN_PROGRESS)),
                col(Referral.assignee_id).is_(None),
                col(Referral.is_waiting).is_(False),
            )
            kept = and_(
                col(Referral.status) == ReferralStatus.IN_PROGRESS,
                or_(col(Referral.assignee_id) == me, *_absent_ones(work)),
                col(Referral.is_waiting).is_(False),
            )
            back = col(Case.status).in_((CaseStatus.TO_REDIRECT, CaseStatus.RESOLVED))
            asked = exists().where(referral, col(Referral.is_waiting))
            return or_(
                and_(exists().where(mine, or_(free, kept)), may_act),
                and_(~ours, or_(col(Case.author_id) == me, _author_left()), or_(back, asked)),
                and_(~ours, _long_unanswered(work)),
            )
        case View.UNREAD:
            return col(Participation.last_seq) > func.coalesce(col(ReadMark.seq), 0)
        case View.LATE:
            late = exists().where(referral, concerned, col(Referral.due_at) <= work.now)
            return and_(late, or_(~ours, may_act))
        case View.TO_REDIRECT:
            return col(Case.status) == CaseStatus.TO_REDIRECT
        case View.TO_CLOSE:
            return col(Case.status) == CaseStatus.RESOLVED
        case View.OPEN | View.CLOSED:
            return true()


def theirs(agent: Iterable[UUID]) -> ColumnElement[bool]:
    """The referrals whose clock a row shows: on the agents' side those of one's own groups, else all."""
    return or_(col(Referral.group_id).in_(agent), col(Participation.side) != Side.AGENT)


def _long_unanswered(work: Work) -> ColumnElement[bool]:
    """What has waited for an answer of the structure for so long that it is everybody's there: who raised the
    case may be away. A referral's steps say since when."""
    local = work.now.astimezone(PARIS)
    limit = working_days_before(work.now, UNANSWERED_DAYS, local.time())
    of_case = col(Referral.case_id) == col(Participation.case_id)
    since = and_(col(ReferralStep.referral_id) == col(Referral.id), col(ReferralStep.created_at) > limit)
    just_asked = exists().where(since, col(ReferralStep.gesture) == Gesture.ASK.name)
    return or_(
        exists().where(of_case, col(Referral.is_waiting), ~just_asked),
        and_(col(Case.status) == CaseStatus.TO_REDIRECT, ~exists().where(of_case, since)),
    )


def _held_until() -> ColumnElement[datetime]:
    """Until when the mandate of a case holds (``visibility.holds``): read by its case alone, lest an engine
    without figures goes through all that hold, for each row."""
    until = func.max(case((col(Mandate.status) == MandateStatus.ACTIVE, col(Mandate.expires_at))))
    return select(until).where(col(Mandate.case_id) == col(Participation.case_id)).scalar_subquery()


def _absent_ones(work: Work) -> list[ColumnElement[bool]]:
    """What absent colleagues have, where the actor or nobody stands in for them today, each in its group."""
    return [
        and_(col(Referral.assignee_id) == account_id, col(Referral.group_id) == group_id)
        for account_id, group_id in stood_in_for(work)
    ]


def _author_left() -> ColumnElement[bool]:
    """Who raised the case is no longer there: it is everybody's in the structure."""
    return ~exists().where(
        col(Membership.account_id) == col(Case.author_id),
        col(Membership.group_id) == col(Case.structure_id),
        col(Account.id) == col(Case.author_id),
        col(Account.is_active),
    )
