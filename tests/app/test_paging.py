"""Long lists: pages of fifty that neither repeat nor lose a row, and a number of queries that never grows."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, event, insert
from sqlmodel import SQLModel

from app import messages, threads
from app.mandate_text import current
from app.queries import case as views
from app.queries import lists, thread
from app.queries.lists import PAGE, Filter, Row
from app.queries.order import Order
from app.queries.views import View
from app.work import ByNobody, Database, Work, acting
from models.base import new_id
from models.case import Case, Participation, Referral
from models.enums import CaseStatus, Civility, MandateStatus, MandateWay, Party, ReferralStatus, Side
from models.mandate import Mandate
from tests.app.plans import plan
from tests.app.scenes import (
    CAF,
    CPAM,
    GUISE,
    MSA,
    act,
    invite,
    join,
    see,
    sent_case,
    take,
)
from tests.conftest import NOW, Cast

pytestmark = pytest.mark.every_engine


def many_cases(cast: Cast, count: int, *holders: tuple[str | UUID, Party]) -> list[UUID]:
    """Write this many cases at once, held by some of these places, many of them moving at the same instants."""
    tables = (Case, Mandate, Participation, Referral)
    rows: dict[type[SQLModel], list[dict[str, Any]]] = {table: [] for table in tables}
    with acting(ByNobody(), at=NOW) as work:
        text_id = current(work).id
    ids = [new_id() for _ in range(count)]
    chance = random.Random(count)
    for case_id in ids:
        number = chance.randrange(1, 9)
        rows[Case].append({
            "id": case_id, "created_at": NOW, "author_id": cast.aline, "structure_id": cast.groups[GUISE],
            "status": CaseStatus.IN_PROGRESS, "departement": "02", "commune": "Guise",
            "civility": Civility.NONE, "usager_first_name": "S", "usager_last_name": "K", "subject": "Sujet",
            "is_urgent": number > 6, "urgency_reason": "", "last_seq": number,
            "sent_at": NOW - timedelta(days=number),
            "theme_code": "logement",
        })  # fmt: skip
        rows[Mandate].append({
            "id": new_id(), "created_at": NOW, "case_id": case_id, "structure_id": cast.groups[GUISE],
            "author_id": cast.aline, "text_id": text_id, "way": MandateWay.SCREEN, "holder": {},
            "status": MandateStatus.ACTIVE, "theme_label": "", "shown_text": {}, "shown_sha256": "",
            "expires_at": NOW + timedelta(days=99), "accepted_at": NOW, "end_reason": "",
        })  # fmt: skip
        held = [holder for holder in holders if chance.random() < 0.7] or [chance.choice(holders)]
        for holder, party in held:
            rows[Participation].append({
                "case_id": case_id, "holder_id": cast.groups[holder] if isinstance(holder, str) else holder,
                "party": party, "side": Side.AIDANT if party is Party.STRUCTURE else Side.AGENT,
                "is_open": True, "activity_at": NOW - timedelta(minutes=chance.randrange(12)),
                "last_seq": number,
            })  # fmt: skip
        if chance.random() < 0.8:
            rows[Referral].append({
                "id": new_id(), "created_at": NOW, "case_id": case_id, "group_id": cast.groups[CAF],
                "status": ReferralStatus.SENT, "sent_at": NOW, "is_waiting": False,
                "had_standard_procedure": False, "due_at": NOW + timedelta(minutes=chance.randrange(-3, 3)),
            })  # fmt: skip
    with acting(ByNobody(), at=NOW) as work:
        for table, values in rows.items():
            if values:
                work.session.execute(insert(table), values)
    return ids


def every_page(work: Work, shown: Filter) -> list[Row]:
    """Turn the pages to the end; each holds 25 rows but the last."""
    rows: list[Row] = []
    after = None
    while True:
        page = lists.page(work, shown, after)
        rows += page.rows
        if page.after is None:
            assert len(page.rows) <= PAGE
            return rows
        assert len(page.rows) == PAGE == 25
        after = page.after


PEOPLE: dict[str, tuple[tuple[str, Party], ...]] = {
    "aline": ((GUISE, Party.STRUCTURE),),
    "bruno": ((CAF, Party.RECIPIENT),),
    "marc": ((CAF, Party.RECIPIENT), (CPAM, Party.RECIPIENT)),
    "adam": ((GUISE, Party.STRUCTURE), (CAF, Party.RECIPIENT), (MSA, Party.RECIPIENT)),
}


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("who", PEOPLE)
def test_no_row_twice_and_none_lost(cast: Cast, who: str) -> None:
    """Also for people who hold the same case in several places that moved at different times."""
    for group, party in PEOPLE[who][1:]:
        join(cast, who, group, Side.AIDANT if party is Party.STRUCTURE else Side.AGENT)
    guest = [(getattr(cast, who), Party.INVITED)] if who != "aline" else []
    ids = many_cases(cast, 170, *PEOPLE[who], *guest)
    with see(cast, who) as work:
        found = every_page(work, Filter())
        assert sorted(row.case_id for row in found) == sorted(ids)
        moved = [(row.activity_at, row.case_id) for row in found]
        assert moved == sorted(moved, reverse=True)
        for order in set(Order) - {Order.ACTIVITY}:
            again = every_page(work, Filter(sort=order))
            assert sorted(row.case_id for row in again) == sorted(ids), order
            assert [row.rank for row in again] == sorted((row.rank for row in again), reverse=True)
            assert _looked_at(order, again) == sorted(_looked_at(order, again))
        counted = lists.counts(work)
        for view in (View.OPEN, View.UNREAD, View.TO_DO, View.LATE):
            rows = every_page(work, Filter(view))
            assert len({row.case_id for row in rows}) == len(rows) == counted[view]
        assert 0 < counted[View.LATE] < counted[View.OPEN] == 170


def _looked_at(order: Order, found: list[Row]) -> list[Any]:
    """What an order looks at, the least first."""
    if order is Order.URGENT:
        return [not row.is_urgent for row in found]
    if order is Order.SENT:
        return [row.sent_at for row in found]
    return [row.due_at or NOW + timedelta(days=9) for row in found]


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("count", [0, 1, 24, 25, 26, 50, 100])
def test_where_pages_end(cast: Cast, count: int) -> None:
    if count:
        many_cases(cast, count, (CAF, Party.RECIPIENT))
    with see(cast, "bruno") as work:
        assert len(every_page(work, Filter())) == count


@pytest.mark.usefixtures("database")
def test_a_page_goes_on_where_it_was_when_rows_come_and_move(cast: Cast) -> None:
    many_cases(cast, 120, (CAF, Party.RECIPIENT))
    with see(cast, "bruno") as work:
        first = lists.page(work, Filter())
        below = [row.case_id for row in every_page(work, Filter())[PAGE:]]
    sent_case(cast, at=NOW + timedelta(minutes=1))
    with see(cast, "bruno") as work:
        second = lists.page(work, Filter(), first.after)
        third = lists.page(work, Filter(), second.after)
    assert [row.case_id for row in second.rows + third.rows] == below[: 2 * PAGE]
    with see(cast, "bruno") as work:
        again = lists.page(work, Filter(), size=3 * PAGE)
    known = [row.case_id for row in first.rows] + below
    assert [row.case_id for row in again.rows[1:]] == known[: 3 * PAGE - 1]


class TestQueries:
    """What a screen asks costs the same number of queries for one case or sixty, one message or sixty."""

    @pytest.fixture
    def counted(self, database: Database) -> Iterator[Callable[[], int]]:
        """Count the SELECTs since the last time one asked."""
        seen: list[str] = []

        def note(_c: Connection, _cursor: object, statement: str, *_: object) -> None:
            if statement.lstrip().upper().startswith("SELECT"):
                seen.append(statement)

        def since() -> int:
            count = len(seen)
            seen.clear()
            return count

        event.listen(database.engine, "before_cursor_execute", note)
        yield since
        event.remove(database.engine, "before_cursor_execute", note)

    def cost(self, cast: Cast, who: str, counted: Callable[[], int], ask: Callable[[Work], object]) -> int:
        with see(cast, who) as work:
            counted()
            ask(work)
            return counted()

    def test_lists(self, cast: Cast, counted: Callable[[], int]) -> None:
        asked: dict[str, Callable[[Work], object]] = {
            "page": lambda work: lists.page(work, Filter(View.OPEN, "logement", "caf")),
            "due": lambda work: lists.page(work, Filter(sort=Order.DUE)),
            "counts": lists.counts,
        }
        expected = {
            # One of them: who is absent today, of those who have a case there; for whom an agent stands in.
            "page": {"aline": 3, "bruno": 4},
            "due": {"aline": 3, "bruno": 4},
            "counts": {"aline": 1, "bruno": 2},
        }
        for size in (1, 59):
            many_cases(cast, size, (CAF, Party.RECIPIENT), (GUISE, Party.STRUCTURE))
            case_id = sent_case(cast)
            take(cast, "bruno", case_id)
            for name, ask in asked.items():
                for who, queries in expected[name].items():
                    nobody_s = name == "due" and size > 1  # the case that somebody has is on another page
                    assert self.cost(cast, who, counted, ask) == queries - nobody_s, (name, who, size)

    def test_a_case_and_its_thread(self, cast: Cast, counted: Callable[[], int]) -> None:
        case_id = sent_case(cast, (CAF,), ("cpam", "msa"))
        invite(cast, "bruno", case_id, "basile")
        costs = []
        for size in (1, 59):
            with act(cast, "bruno") as work:
                for _ in range(size):
                    messages.post(work, case_id, "Bonjour", key=new_id())
            costs += [
                (
                    self.cost(cast, who, counted, lambda work: views.case(work, case_id)),
                    self.cost(cast, who, counted, lambda work: thread.entries(work, case_id)),
                    self.cost(cast, who, counted, lambda work: thread.readers(work, case_id)),
                )
                for who in ("aline", "bruno")
            ]
        assert costs == [(16, 5, 1), (13, 5, 1)] * 2

    def test_more_recipients_cost_no_more(self, cast: Cast, counted: Callable[[], int]) -> None:
        costs = []
        for to in ((CAF,), (CAF, CPAM, MSA)):
            case_id = sent_case(cast, to)
            for who in ("aline", "bruno"):
                costs.append(self.cost(cast, who, counted, lambda work, c=case_id: views.case(work, c)))  # type: ignore[misc]
        assert costs == [14, 11] * 2

    def test_posting_costs_the_same_in_a_longer_thread(self, cast: Cast, counted: Callable[[], int]) -> None:
        case_id = sent_case(cast, (CAF, CPAM))
        costs = []
        for _ in range(8):
            counted()
            with act(cast, "bruno") as work:
                messages.post(work, case_id, "Bonjour", key=new_id())
                threads.mark_read(work, case_id, 2)
            costs.append(counted())
        assert len(set(costs[1:])) == 1  # the first one also takes the referral in charge
        assert max(costs) <= 22  # whom it tells included


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("view", [View.TO_DO, View.LATE])
def test_whether_a_mandate_holds_is_read_by_its_case(cast: Cast, view: View) -> None:
    """All that hold are not gone through for each row, even by an engine that has no figures yet."""
    for who in ("aline", "bruno"):
        with see(cast, who) as work:
            said = plan(work, lists.walks(work, [Filter(view)], None)[0])
        assert "ix_mandate_case_id" in said, said
        assert "ix_mandate_status" not in said, said
        assert view is View.LATE or "ix_referral_step_referral_id" in said, said
