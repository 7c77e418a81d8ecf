"""The lists of cases: views, counts, rows, pages. Nothing here grows with the table, only with what is open.

A page is read by keyset on ``participation (holder, open, activity)``: one index walk a holder, however
many cases there are; the other orders (``queries.order``) sort what is open. Rows are plain columns, not
entities.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.personal_data import words
from app.queries.order import Cursor, Order, beyond, instant, orders_for, rank, sorting
from app.queries.standing_in import Away, away
from app.queries.views import COUNTED, View, in_view
from app.queries.visibility import places
from app.work import Work
from models.account import Account
from models.case import Case, Participation, ReadMark, Referral
from models.enums import CaseStatus, Civility, ReferralStatus, Side
from models.organization import Group, Organization

PAGE = 25
MOST = 200  # rows read at once, when a list that was unrolled is read again
_BATCH = 1_000  # cases whose organisations are read together
_MAX_WORDS = 8


@dataclass(frozen=True)
class Filter:
    """What a list shows: a view, narrowed by theme, by organisation, to urgent cases, by words found in the
    subject, the usager's name or the commune; and in which order."""

    view: View = View.OPEN
    theme: str = ""
    organization: str = ""
    urgent: bool = False
    words: str = ""
    sort: Order = Order.ACTIVITY

    @property
    def order(self) -> Order:
        """The order in which it stands: the one asked for, if the view has it."""
        return self.sort if self.sort in orders_for(self.view) else Order.ACTIVITY


@dataclass(frozen=True)
class ReferralChip:
    """An organisation in a row, with its own state. ``due_at`` is empty when its clock does not run; ``away``
    says that the assignee is absent today, and who stands in."""

    organization: str
    status: ReferralStatus
    is_late: bool
    is_waiting: bool
    assignee: str
    due_at: datetime | None
    away: Away | None = None


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


@dataclass(frozen=True)
class Page:
    """Rows, in their order, and where the next page begins (``None`` at the end)."""

    rows: tuple[Row, ...]
    after: Cursor | None


def page(
    work: Work, shown: Filter, after: Cursor | None = None, *, only: UUID | None = None, size: int = PAGE
) -> Page:
    """Return ``size`` rows of a list (``MOST`` at most); ``only`` reads one case, if the list holds it."""
    size = min(size, MOST)
    return _paged(work, shown.order, _found(work, shown, after, only, size), size)


def whole(work: Work, shown: Filter, most: int) -> tuple[tuple[Row, ...], bool]:
    """Return a list at one instant, ``most`` rows of it, and whether it holds more."""
    found = _found(work, shown, None, None, most)
    batches = (found[first : first + _BATCH] for first in range(0, min(len(found), most), _BATCH))
    return tuple(chain.from_iterable(_rows(work, shown.order, batch) for batch in batches))[:most], len(
        found
    ) > most


def first_view(work: Work) -> View:
    """Return where the dashboard begins: for an Agent+ what waits for a gesture of theirs, while there is some.

    Anybody else begins with all that is open: the person in front of an Aidant+ may ask about any case.
    """
    has_queue = work.actor.groups(Side.AGENT) and page(work, Filter(View.TO_DO), size=1).rows
    return View.TO_DO if has_queue else View.OPEN


def counts(work: Work) -> dict[View, int]:
    """Return how many cases each view holds, «Clôturées» excepted, in one query over what is open."""
    query = (
        select(*(func.count().filter(in_view(work, view)) for view in COUNTED))
        .select_from(Participation)
        .join(Case, col(Case.id) == Participation.case_id)
        .outerjoin(ReadMark, _own_mark(work))
        .where(or_(false(), *_places_once(work)), col(Participation.is_open))
    )
    return dict(zip(COUNTED, work.session.execute(query).one(), strict=True))


def _found(work: Work, shown: Filter, after: Cursor | None, only: UUID | None, size: int) -> list[Any]:
    """Return the cases of the page and one more, in their order."""
    walks = [
        work.session.execute(_walk(work, shown, after, only, place).limit(size + 1))
        for place in _places_once(work)
    ]
    return sorted(chain(*walks), key=lambda row: _rank(shown.order, row), reverse=True)[: size + 1]


def _rank(order: Order, row: Any) -> str:
    return rank(order, row.at, row.case_id, row.is_urgent)


def _places_once(work: Work) -> tuple[ColumnElement[bool], ...]:
    """The actor's places, each without the cases that one before it holds: a case stands in a list once, as
    it moved for the side on which the actor reads it."""
    other = aliased(Participation)
    earlier, same_case = places(work.actor, other), col(other.case_id) == col(Participation.case_id)
    return tuple(
        and_(place, ~exists().where(same_case, or_(*earlier[:rank]))) if rank else place
        for rank, place in enumerate(places(work.actor))
    )


def _walk(
    work: Work, shown: Filter, after: Cursor | None, only: UUID | None, place: ColumnElement[bool]
) -> Select[*tuple[Any, ...]]:
    """Walk the index of one holder in the order asked for, keeping what the view holds."""
    query = (
        select(
            col(Participation.case_id), col(Participation.activity_at), col(Case.subject), col(Case.civility),
            col(Case.usager_last_name), col(Case.commune), col(Case.status), col(Case.is_urgent),
            col(Case.theme_code), col(Case.sent_at), instant(shown.order).label("at"),
            col(Participation.side), col(Case.usager_first_name),
            (col(Participation.last_seq) > func.coalesce(col(ReadMark.seq), 0)).label("is_unread"),
        )
        .join(Case, col(Case.id) == Participation.case_id)
        .outerjoin(ReadMark, _own_mark(work))
        .where(place, col(Participation.is_open) == (shown.view is not View.CLOSED), in_view(work, shown.view))
        .order_by(*sorting(shown.order))
    )  # fmt: skip
    if shown.theme:
        query = query.where(col(Case.theme_code) == shown.theme)
    if shown.urgent:
        query = query.where(col(Case.is_urgent))
    if shown.organization:
        query = query.where(_sent_to(shown.organization))
    for word in words(shown.words)[:_MAX_WORDS]:
        query = query.where(col(Case.search_text).contains(word, autoescape=True))
    if only is not None:
        query = query.where(col(Participation.case_id) == only)
    if after is not None:
        query = query.where(beyond(shown.order, after))
    return query


def walks(work: Work, lists: Iterable[Filter], after: Cursor | None) -> list[Select[*tuple[Any, ...]]]:
    """Return the walks of some lists whatever is typed, newest first, in each list one for each of
    ``visibility.held_as``: for who looks for more than rows."""
    each = _places_once(work)
    plain = [replace(shown, words="", sort=Order.ACTIVITY) for shown in lists]
    return [_walk(work, shown, after, None, place) for shown in plain for place in each]


def as_rows(work: Work, found: list[Any], size: int) -> Page:
    """Return what ``walks`` found as a page of rows; one more than ``size`` says that there is a next one."""
    return _paged(work, Order.ACTIVITY, found, size)


def _paged(work: Work, order: Order, found: list[Any], size: int) -> Page:
    rows = _rows(work, order, found[:size])
    if len(found) <= size:
        return Page(rows, None)
    last = found[size - 1]
    return Page(rows, Cursor(last.at, last.case_id, last.is_urgent, rows[-1].rank))


def _own_mark(work: Work) -> ColumnElement[bool]:
    return and_(
        col(ReadMark.case_id) == Participation.case_id, col(ReadMark.account_id) == work.actor.account_id
    )


def _sent_to(code: str) -> ColumnElement[bool]:
    return exists().where(
        col(Referral.case_id) == Participation.case_id,
        col(Referral.status) != ReferralStatus.WITHDRAWN,
        col(Group.id) == Referral.group_id,
        col(Organization.id) == Group.organization_id,
        col(Organization.code) == code,
    )


def _rows(work: Work, order: Order, found: list[Any]) -> tuple[Row, ...]:
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
            rank=_rank(order, row),
        )
        for row in found
    )


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
    absent = away(work, under_way)
    for case_id, name, status, due_at, waiting, who, *place in rows:
        if status is not ReferralStatus.WITHDRAWN:
            late = due_at is not None and due_at <= work.now
            out = absent.get((place[0], place[1]))
            chips[case_id].append(ReferralChip(name, status, late, waiting, who or "", due_at, out))
    return chips


def initials(civility: Civility, last_name: str) -> str:
    """Return «Mme K.»: what lists and screens in the open show of an usager."""
    letter = f"{last_name[:1].upper()}." if last_name else ""
    return letter if civility is Civility.NONE else f"{civility.label}\u00a0{letter}"
