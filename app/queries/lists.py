"""The lists of cases: views, counts, rows, pages. Nothing here grows with the table, only with what is open.

A page is read by keyset on ``participation (holder, open, activity)``: one index walk a holder, however
many cases there are. Rows are plain columns, not entities.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true, union_all
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.queries.visibility import held_by, places
from app.work import Work
from models.account import Account
from models.case import Case, Participation, ReadMark, Referral
from models.enums import CaseStatus, Civility, ReferralStatus, Side
from models.organization import Group, Organization

PAGE = 50


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


@dataclass(frozen=True)
class Filter:
    """What a list shows: a view, narrowed by theme, by organisation, to urgent cases."""

    view: View = View.OPEN
    theme: str = ""
    organization: str = ""
    urgent: bool = False


@dataclass(frozen=True)
class Cursor:
    """Where a page ends: the next one holds what moved before."""

    activity_at: datetime
    case_id: UUID


@dataclass(frozen=True)
class ReferralChip:
    """An organisation in a row, with its own state. ``due_at`` is empty when its clock does not run."""

    organization: str
    status: ReferralStatus
    is_late: bool
    is_waiting: bool
    assignee: str
    due_at: datetime | None


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


@dataclass(frozen=True)
class Page:
    """Rows, newest first, and where the next page begins (``None`` at the end)."""

    rows: tuple[Row, ...]
    after: Cursor | None


def page(work: Work, shown: Filter, after: Cursor | None = None, *, only: UUID | None = None) -> Page:
    """Return one page of a list (at most 50 rows); ``only`` reads one case, if the list holds it."""
    found = _page_ids(work, shown, after, only)
    rows = _rows(work, found[:PAGE])
    more = len(found) > PAGE
    return Page(rows, Cursor(found[PAGE - 1][1], found[PAGE - 1][0]) if more else None)


def counts(work: Work) -> dict[View, int]:
    """Return how many cases each view holds, «Clôturées» excepted, in one query over what is open."""
    query = (
        select(*(func.count(col(Case.id).distinct()).filter(_in_view(work, view)) for view in COUNTED))
        .select_from(Participation)
        .join(Case, col(Case.id) == Participation.case_id)
        .outerjoin(ReadMark, _own_mark(work))
        .where(held_by(work.actor), col(Participation.is_open))
    )
    return dict(zip(COUNTED, work.session.execute(query).one(), strict=True))


def views_for(work: Work) -> tuple[View, ...]:
    """Return the views that make sense for this actor: the aidants' own two are not offered to agents."""
    if work.actor.groups(Side.AIDANT):
        return tuple(View)
    return tuple(view for view in View if view not in (View.TO_REDIRECT, View.TO_CLOSE))


def _page_ids(
    work: Work, shown: Filter, after: Cursor | None, only: UUID | None
) -> list[tuple[UUID, datetime, bool]]:
    """Return (case, activity, unread) of the page and of one row more, newest first."""
    walks = [_walk(work, shown, after, only, place) for place in places(work.actor)]
    if not walks:
        return []
    if len(walks) == 1:
        return [(id_, at, seq > read) for id_, at, seq, read in work.session.execute(walks[0])]
    together = union_all(*(select(walk.subquery()) for walk in walks)).subquery()
    case_id, activity_at, seq, read = together.c
    query = (
        select(case_id, func.max(activity_at), func.max(seq), func.max(read))
        .group_by(case_id)
        .order_by(func.max(activity_at).desc(), case_id.desc())
        .limit(PAGE + 1)
    )
    return [(id_, at, seq > read) for id_, at, seq, read in work.session.execute(query)]


def _walk(
    work: Work, shown: Filter, after: Cursor | None, only: UUID | None, place: ColumnElement[bool]
) -> Select[UUID, datetime, int, int]:
    """Walk the index of one holder, newest first, keeping what the view holds."""
    query = (
        select(
            col(Participation.case_id),
            col(Participation.activity_at),
            col(Participation.last_seq),
            func.coalesce(col(ReadMark.seq), 0),
        )
        .join(Case, col(Case.id) == Participation.case_id)
        .outerjoin(ReadMark, _own_mark(work))
        .where(place, col(Participation.is_open) == (shown.view is not View.CLOSED), _in_view(work, shown.view))
        .order_by(col(Participation.activity_at).desc(), col(Participation.case_id).desc())
        .limit(PAGE + 1)
    )
    if shown.theme:
        query = query.where(col(Case.theme_code) == shown.theme)
    if shown.urgent:
        query = query.where(col(Case.is_urgent))
    if shown.organization:
        query = query.where(_sent_to(shown.organization))
    if only is not None:
        query = query.where(col(Participation.case_id) == only)
    if after is not None:
        at, id_ = col(Participation.activity_at), col(Participation.case_id)
        query = query.where(
            at <= after.activity_at, or_(at < after.activity_at, id_ < after.case_id), _not_shown(work, after)
        )
    return query


def _not_shown(work: Work, after: Cursor) -> ColumnElement[bool]:
    """Leave out a case that another place of the same actor already put on an earlier page."""
    if len(places(work.actor)) < 2:
        return true()
    other = aliased(Participation)
    return ~exists().where(
        col(other.case_id) == col(Participation.case_id),
        col(other.holder_id).in_(work.actor.holders),
        col(other.activity_at) > after.activity_at,
    )


def _own_mark(work: Work) -> ColumnElement[bool]:
    return and_(
        col(ReadMark.case_id) == Participation.case_id, col(ReadMark.account_id) == work.actor.account_id
    )


def _in_view(work: Work, view: View) -> ColumnElement[bool]:
    """Return what a view holds, among the open (for «Clôturées»: the closed) cases of the actor."""
    me, agent = work.actor.account_id, work.actor.groups(Side.AGENT)
    ours = col(Participation.side) == Side.AGENT
    referral = col(Referral.case_id) == col(Participation.case_id)
    # An agent looks at its own group's referral; the aidant at all of them.
    mine = and_(referral, col(Referral.group_id).in_(agent))
    concerned = or_(and_(ours, col(Referral.group_id).in_(agent)), ~ours)
    match view:
        case View.TO_DO:
            free = and_(col(Referral.status) == ReferralStatus.SENT, col(Referral.assignee_id).is_(None))
            kept = and_(
                col(Referral.status) == ReferralStatus.IN_PROGRESS,
                col(Referral.assignee_id) == me,
                col(Referral.is_waiting).is_(False),
            )
            back = col(Case.status).in_((CaseStatus.TO_REDIRECT, CaseStatus.RESOLVED))
            asked = exists().where(referral, col(Referral.is_waiting))
            return or_(
                and_(ours, exists().where(mine, or_(free, kept))),
                and_(~ours, col(Case.author_id) == me, or_(back, asked)),
            )
        case View.UNREAD:
            return col(Participation.last_seq) > func.coalesce(col(ReadMark.seq), 0)
        case View.LATE:
            return exists().where(referral, concerned, col(Referral.due_at) <= work.now)
        case View.TO_REDIRECT:
            return col(Case.status) == CaseStatus.TO_REDIRECT
        case View.TO_CLOSE:
            return col(Case.status) == CaseStatus.RESOLVED
        case View.OPEN | View.CLOSED:
            return true()


def _sent_to(code: str) -> ColumnElement[bool]:
    return exists().where(
        col(Referral.case_id) == Participation.case_id,
        col(Referral.status) != ReferralStatus.WITHDRAWN,
        col(Group.id) == Referral.group_id,
        col(Organization.id) == Group.organization_id,
        col(Organization.code) == code,
    )


def _rows(work: Work, found: list[tuple[UUID, datetime, bool]]) -> tuple[Row, ...]:
    ids = [case_id for case_id, _, _ in found]
    if not ids:
        return ()
    chips = _chips(work, ids)
    query = select(
        col(Case.id), col(Case.subject), col(Case.civility), col(Case.usager_last_name), col(Case.commune),
        col(Case.status), col(Case.is_urgent),
    ).where(col(Case.id).in_(ids))  # fmt: skip
    cases = {row[0]: row for row in work.session.execute(query)}
    return tuple(
        Row(
            case_id=case_id,
            subject=cases[case_id][1],
            usager=initials(cases[case_id][2], cases[case_id][3]),
            commune=cases[case_id][4],
            status=cases[case_id][5],
            is_urgent=cases[case_id][6],
            is_unread=unread,
            activity_at=at,
            referrals=tuple(chips[case_id]),
        )
        for case_id, at, unread in found
    )


def _chips(work: Work, ids: list[UUID]) -> dict[UUID, list[ReferralChip]]:
    query = (
        select(
            col(Referral.case_id), col(Organization.short_name), col(Referral.status), col(Referral.due_at),
            col(Referral.is_waiting), col(Account.first_name), col(Account.last_name),
        )
        .join(Group, col(Group.id) == Referral.group_id)
        .join(Organization, col(Organization.id) == Group.organization_id)
        .outerjoin(Account, col(Account.id) == Referral.assignee_id)
        .where(col(Referral.case_id).in_(ids), col(Referral.status) != ReferralStatus.WITHDRAWN)
        .order_by(col(Referral.id))
    )  # fmt: skip
    chips: dict[UUID, list[ReferralChip]] = defaultdict(list)
    for case_id, name, status, due_at, waiting, first, last in work.session.execute(query):
        late = due_at is not None and due_at <= work.now
        assignee = f"{first} {last[:1]}." if first else ""
        chips[case_id].append(ReferralChip(name, status, late, waiting, assignee, due_at))
    return chips


def initials(civility: Civility, last_name: str) -> str:
    """Return «Mme K.»: what lists and screens in the open show of an usager."""
    letter = f"{last_name[:1].upper()}." if last_name else ""
    return letter if civility is Civility.NONE else f"{civility.label}\u00a0{letter}"
