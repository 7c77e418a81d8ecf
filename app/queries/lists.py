"""The lists of cases: views, counts, rows, pages. Nothing here grows with the table, only with what is open.

A page is read by keyset on ``participation (holder, open, activity)``: one index walk a holder, however
many cases there are; the other orders (``queries.order``) sort what is open. Rows are plain columns, not
entities.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    exists,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.queries.list_rows import ReferralChip as ReferralChip
from app.queries.list_rows import Row as Row
from app.queries.list_rows import initials as initials
from app.queries.list_rows import ranked, rows_of
from app.queries.order import Cursor, Order, beyond, instant, orders_for, sorting
from app.queries.views import COUNTED, View, in_view
from app.queries.visibility import places
from app.work import Work
from models.case import Case, Participation, ReadMark, Referral
from models.enums import ReferralStatus, Side
from models.organization import Group, Organization

PAGE = 25
MOST = 200  # rows read at once, when a list that was unrolled is read again
_BATCH = 1_000  # cases whose organisations are read together


@dataclass(frozen=True)
class Filter:
    """What a list shows: a view, narrowed by theme, by organisation, to urgent cases; and in which order.

    ``words`` are what somebody searches by instead (``queries.finding``): among all that they may read, or in
    this list only (``here``)."""

    view: View = View.OPEN
    theme: str = ""
    organization: str = ""
    urgent: bool = False
    words: str = ""
    sort: Order = Order.ACTIVITY
    here: bool = False

    @property
    def order(self) -> Order:
        """The order in which it stands: the one asked for, if the view has it."""
        return self.sort if self.sort in orders_for(self.view) else Order.ACTIVITY


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
    rows = tuple(chain.from_iterable(rows_of(work, shown.order, batch) for batch in batches))
    return rows[:most], len(found) > most


def first_view(work: Work) -> View:
    """Return where the dashboard begins: for an Agent+ what waits for a gesture of theirs, while there is some.

    Anybody else begins with all that is open: the person in front of an Aidant+ may ask about any case.
    """
    has_queue = work.actor.groups(Side.AGENT) and page(work, Filter(View.TO_DO), size=1).rows
    return View.TO_DO if has_queue else View.OPEN


def counts(work: Work) -> dict[View, int]:
    """Return how many cases each view holds, «Clôturées» excepted, in one query over what is open."""
    return dict(zip(COUNTED, counted(work, [in_view(work, view) for view in COUNTED]), strict=True))


def counted(work: Work, each: Sequence[ColumnElement[bool]]) -> Sequence[int]:
    """Return how many open cases meet each of these conditions."""
    query = (
        select(*(func.count().filter(one) for one in each))
        .select_from(Participation)
        .join(Case, col(Case.id) == Participation.case_id)
        .outerjoin(ReadMark, _own_mark(work))
        .where(or_(false(), *_places_once(work)), col(Participation.is_open))
    )
    return work.session.execute(query).one()


def _found(work: Work, shown: Filter, after: Cursor | None, only: UUID | None, size: int) -> list[Any]:
    """Return the cases of the page and one more, in their order."""
    walks = [
        work.session.execute(_walk(work, shown, after, only, place).limit(size + 1))
        for place in _places_once(work)
    ]
    return sorted(chain(*walks), key=lambda row: ranked(shown.order, row), reverse=True)[: size + 1]


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
    agent = work.actor.groups(Side.AGENT)
    query = (
        select(
            col(Participation.case_id), col(Participation.activity_at), col(Case.subject), col(Case.civility),
            col(Case.usager_last_name), col(Case.commune), col(Case.status), col(Case.is_urgent),
            col(Case.theme_code), col(Case.sent_at), instant(shown.order, agent).label("at"),
            col(Participation.side), col(Case.usager_first_name), col(Case.departement),
            (col(Participation.last_seq) > func.coalesce(col(ReadMark.seq), 0)).label("is_unread"),
        )
        .join(Case, col(Case.id) == Participation.case_id)
        .outerjoin(ReadMark, _own_mark(work))
        .where(place, col(Participation.is_open) == (shown.view is not View.CLOSED), in_view(work, shown.view))
        .order_by(*sorting(shown.order, agent))
    )  # fmt: skip
    query = query.where(*narrowed(shown))
    if only is not None:
        query = query.where(col(Participation.case_id) == only)
    if after is not None:
        query = query.where(beyond(shown.order, after, agent))
    return query


def walks(work: Work, lists: Iterable[Filter], after: Cursor | None) -> list[Select[*tuple[Any, ...]]]:
    """Return the walks of some lists, newest first, in each list one for each of ``visibility.held_as``: for
    who looks for more than rows."""
    each = _places_once(work)
    plain = [replace(shown, sort=Order.ACTIVITY) for shown in lists]
    return [_walk(work, shown, after, None, place) for shown in plain for place in each]


def as_rows(work: Work, found: list[Any], size: int) -> Page:
    """Return what ``walks`` found as a page of rows; one more than ``size`` says that there is a next one."""
    return _paged(work, Order.ACTIVITY, found, size)


def _paged(work: Work, order: Order, found: list[Any], size: int) -> Page:
    rows = rows_of(work, order, found[:size])
    if len(found) <= size:
        return Page(rows, None)
    last = found[size - 1]
    return Page(rows, Cursor(last.at, last.case_id, last.is_urgent, rows[-1].rank))


def narrowed(shown: Filter) -> Iterator[ColumnElement[bool]]:
    """Yield what narrows a list, its words left out."""
    if shown.theme:
        yield col(Case.theme_code) == shown.theme
    if shown.urgent:
        yield col(Case.is_urgent).is_(True)
    if shown.organization:
        yield _sent_to(shown.organization)


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
