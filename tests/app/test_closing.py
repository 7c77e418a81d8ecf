"""What the service closes by itself: announced first, with its whole delay, and only what nobody touched."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import col

from app import cases, closing, referrals, reminders
from app.closing import Quiet, Step, resolved_step, still_step
from app.deadlines import add_days, add_months
from app.errors import Forbidden
from app.french import long_date
from app.queries.lists import Filter, page
from app.queries.views import View
from app.queries.visibility import case_facts
from app.work import ByNobody, acting, reading
from models.case import Case
from models.enums import CaseStatus, EventKind, MandateStatus, NoticeKind, Outcome
from models.mandate import Mandate
from models.notice import Notice
from tests.app.plans import plan
from tests.app.scenes import (
    CAF,
    CPAM,
    act,
    case_row,
    close,
    entry_rows,
    leave,
    note,
    referral_rows,
    reopen,
    resolve,
    say,
    see,
    sent_case,
    take,
)
from tests.conftest import NOW, Cast

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
REMIND, ANNOUNCE, CLOSE = (add_days(NOW, days) for days in (10, 23, 30))
ELEVEN, TWELVE = add_months(NOW, 11), add_months(NOW, 12)

database = pytest.mark.usefixtures("database")


def told(kind: NoticeKind) -> list[UUID | None]:
    with reading(ByNobody()) as work:
        return list(work.session.scalars(select(col(Notice.account_id)).where(col(Notice.kind) == kind)))


def last(case_id: UUID) -> tuple[EventKind | None, str, str]:
    line = entry_rows(case_id)[-1]
    return line.event, line.author_name, str(line.details.get("what"))


def mandate_of(case_id: UUID) -> MandateStatus:
    with reading(ByNobody()) as work:
        return work.session.scalars(select(col(Mandate.status)).where(col(Mandate.case_id) == case_id)).one()


def take_again(cast: Cast, case_id: UUID, at: datetime) -> None:
    with act(cast, "bruno", at) as work:
        referrals.take(work, case_id, cast.groups[CAF], seen=cast.bruno)


def last_long(case_id: UUID) -> None:
    """Let the mandate hold as long as the test does."""
    with acting(ByNobody()) as work:
        theirs = select(Mandate).where(col(Mandate.case_id) == case_id)
        for one in work.session.scalars(theirs):
            one.expires_at = NOW + 1000 * DAY


def resolved_case(cast: Cast) -> UUID:
    case_id = sent_case(cast)
    resolve(cast, "bruno", case_id)
    return case_id


@database
class TestResolved:
    def test_is_reminded_announced_and_closed(self, cast: Cast) -> None:
        case_id = resolved_case(cast)
        before = len(entry_rows(case_id))
        closing.run_resolved(REMIND - SECOND)
        assert told(NoticeKind.TO_CLOSE) == []
        for at in (REMIND, REMIND + DAY):
            closing.run_resolved(at)
        assert told(NoticeKind.TO_CLOSE) == [cast.aline]
        closing.run_resolved(ANNOUNCE - SECOND)
        assert len(entry_rows(case_id)) == before, "reminding says nothing in the thread"
        for at in (ANNOUNCE, ANNOUNCE + HOUR):
            closing.run_resolved(at)
        assert last(case_id) == (EventKind.CLOSING_SOON, "", long_date(CLOSE))
        assert len(entry_rows(case_id)) == before + 1
        assert told(NoticeKind.CLOSING_SOON) == [cast.aline]
        closing.run_resolved(CLOSE - SECOND)
        assert case_row(case_id).status is CaseStatus.RESOLVED
        closing.run_resolved(CLOSE)
        assert last(case_id) == (EventKind.CLOSED_BY_SERVICE, "", "débloquée")
        assert set(told(NoticeKind.CLOSED_BY_SERVICE)) == {cast.aline, cast.bruno}
        closing.run_resolved(CLOSE + DAY)
        assert len(entry_rows(case_id)) == before + 2

    def test_is_closed_as_an_aidant_would(self, cast: Cast) -> None:
        case_id, other = resolved_case(cast), resolved_case(cast)
        closing.run_resolved(ANNOUNCE)
        close(cast, other, at=CLOSE)
        closing.run_resolved(CLOSE)
        for one in (case_id, other):
            case = case_row(one)
            assert (case.status, case.closed_at, case.outcome) == (CaseStatus.CLOSED, CLOSE, Outcome.SOLVED)
            assert mandate_of(one) is MandateStatus.ENDED
            assert referral_rows(one)[CAF].due_at is None
        assert case_row(case_id).usefulness is None, "nobody said it"
        with see(cast, "aline", CLOSE) as work:
            assert {row.case_id for row in page(work, Filter(View.CLOSED)).rows} == {case_id, other}
        reopen(cast, case_id, at=CLOSE + DAY)
        assert case_row(case_id).status is CaseStatus.IN_PROGRESS

    def test_an_outage_closes_nothing_unannounced(self, cast: Cast) -> None:
        case_id = resolved_case(cast)
        back = NOW + 200 * DAY
        assert closing.run_resolved(back) == "0 reminded, 1 announced, 0 closed"
        assert told(NoticeKind.TO_CLOSE) == [], "the announcement says it"
        assert last(case_id)[2] == long_date(back + 7 * DAY)
        closing.run_resolved(add_days(back, 7) - SECOND)
        assert case_row(case_id).status is CaseStatus.RESOLVED
        assert closing.run_resolved(add_days(back, 7)) == "0 reminded, 0 announced, 1 closed"
        assert case_row(case_id).status is CaseStatus.CLOSED

    @pytest.mark.parametrize("when", [REMIND - HOUR, ANNOUNCE - HOUR, ANNOUNCE + HOUR])
    def test_what_moved_again_is_left_alone(self, cast: Cast, when: datetime) -> None:
        case_id = resolved_case(cast)
        for at in (REMIND, ANNOUNCE):
            if at < when:
                closing.run_resolved(at)
        take_again(cast, case_id, when)
        known = len(entry_rows(case_id))
        for at in (REMIND, ANNOUNCE, CLOSE, CLOSE + 30 * DAY):
            closing.run_resolved(max(at, when))
        assert case_row(case_id).status is CaseStatus.IN_PROGRESS
        assert len(entry_rows(case_id)) == known

    def test_resolved_again_its_days_begin_again(self, cast: Cast) -> None:
        case_id = resolved_case(cast)
        closing.run_resolved(ANNOUNCE)
        take_again(cast, case_id, ANNOUNCE + HOUR)
        resolve(cast, "bruno", case_id, at=ANNOUNCE + DAY)
        closing.run_resolved(CLOSE + DAY)
        assert last(case_id)[0] is EventKind.REFERRAL_RESOLVED
        closing.run_resolved(add_days(ANNOUNCE + DAY, 23))
        assert last(case_id)[0] is EventKind.CLOSING_SOON

    def test_a_word_after_the_announcement_puts_it_off(self, cast: Cast) -> None:
        case_id = resolved_case(cast)
        closing.run_resolved(ANNOUNCE)
        say(cast, "aline", case_id, "Le versement n’est pas encore arrivé.", at=ANNOUNCE + DAY)
        closing.run_resolved(CLOSE + DAY)
        assert case_row(case_id).status is CaseStatus.RESOLVED
        again = add_days(ANNOUNCE + DAY, 23)
        closing.run_resolved(again)
        assert last(case_id) == (EventKind.CLOSING_SOON, "", long_date(add_days(again, 7)))
        closing.run_resolved(add_days(again, 7))
        assert case_row(case_id).status is CaseStatus.CLOSED

    def test_a_note_between_agents_puts_nothing_off(self, cast: Cast) -> None:
        """Else the aidant would learn from the date that there was one."""
        case_id = resolved_case(cast)
        closing.run_resolved(ANNOUNCE)
        note(cast, "bruno", case_id, at=ANNOUNCE + DAY)
        closing.run_resolved(CLOSE)
        assert case_row(case_id).status is CaseStatus.CLOSED

    def test_who_left_is_followed_by_the_house(self, cast: Cast) -> None:
        resolved_case(cast)
        leave(cast, "aline", "France Services de Guise")
        closing.run_resolved(REMIND)
        assert set(told(NoticeKind.TO_CLOSE)) == {cast.adam}

    def test_only_the_service_closes_so(self, cast: Cast) -> None:
        case_id = resolved_case(cast)
        with pytest.raises(Forbidden), act(cast, "aline") as work:
            case = work.session.get_one(Case, case_id)
            cases.close_by_service(work, case, case_facts(work, case), Outcome.SOLVED)


@database
class TestStill:
    def test_is_announced_a_month_before_and_closed(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        before = len(entry_rows(case_id))
        closing.run_still(ELEVEN - SECOND)
        assert len(entry_rows(case_id)) == before
        for at in (ELEVEN, ELEVEN + DAY):
            closing.run_still(at)
        assert last(case_id) == (EventKind.CLOSING_SOON, "", long_date(TWELVE))
        assert len(entry_rows(case_id)) == before + 1
        assert told(NoticeKind.CLOSING_SOON) == [cast.aline]
        closing.run_still(TWELVE - SECOND)
        assert case_row(case_id).status is CaseStatus.SENT
        closing.run_still(TWELVE)
        case = case_row(case_id)
        assert (case.status, case.outcome) == (CaseStatus.CLOSED, Outcome.DROPPED)
        assert last(case_id) == (EventKind.CLOSED_BY_SERVICE, "", "sans suite")
        assert referral_rows(case_id)[CAF].due_at is None

    def test_what_the_service_says_is_no_movement_but_new_to_read(self, cast: Cast) -> None:
        case_id, later = sent_case(cast), sent_case(cast, (CPAM,), at=NOW + DAY)
        reminders.run()
        closing.run_still(ELEVEN)
        with see(cast, "aline", ELEVEN) as work:
            rows = page(work, Filter(View.OPEN)).rows
        assert [row.case_id for row in rows] == [later, case_id]
        assert {row.case_id: row.activity_at for row in rows}[case_id] == NOW
        assert {row.case_id for row in rows if row.is_unread} == {case_id}

    @pytest.mark.parametrize(
        "touch",
        [
            lambda c, i, at: say(c, "aline", i, at=at),
            lambda c, i, at: say(c, "bruno", i, at=at),
            lambda c, i, at: take(c, "bruno", i, at=at),
        ],
    )
    def test_an_act_cancels_the_announcement(self, cast: Cast, touch: Any) -> None:
        case_id = sent_case(cast)
        last_long(case_id)
        closing.run_still(ELEVEN)
        touched = ELEVEN + DAY
        touch(cast, case_id, touched)
        known = len(entry_rows(case_id))
        closing.run_still(TWELVE + DAY)
        assert (case_row(case_id).status is CaseStatus.CLOSED, len(entry_rows(case_id))) == (False, known)
        closing.run_still(add_months(touched, 11))
        assert last(case_id) == (EventKind.CLOSING_SOON, "", long_date(add_months(touched, 12)))

    def test_an_outage_closes_nothing_unannounced(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        back = add_months(NOW, 30)
        assert closing.run_still(back) == "1 announced, 0 closed"
        assert last(case_id)[2] == long_date(add_months(back, 1))
        closing.run_still(add_months(back, 1) - SECOND)
        assert case_row(case_id).status is CaseStatus.SENT
        closing.run_still(add_months(back, 1))
        assert case_row(case_id).status is CaseStatus.CLOSED

    def test_what_is_resolved_or_closed_is_left_to_the_other(self, cast: Cast) -> None:
        resolved, closed = resolved_case(cast), sent_case(cast)
        close(cast, closed)
        known = len(entry_rows(resolved)), len(entry_rows(closed))
        closing.run_still(add_months(NOW, 20))
        assert (len(entry_rows(resolved)), len(entry_rows(closed))) == known


INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2045, 1, 1), timezones=st.just(UTC))
LATER = st.integers(0, 24 * 500).map(lambda hours: timedelta(hours=hours))


class TestAtAnyTime:
    @given(INSTANTS, st.lists(LATER, min_size=1, max_size=40), st.sampled_from([resolved_step, still_step]))
    def test_however_often_it_runs_it_is_announced_its_whole_delay_before(
        self, since: datetime, waits: list[timedelta], step_of: Any
    ) -> None:
        """Lived through run by run: never closed before its day, nor sooner than announced."""
        now, announced, reminded = since, None, False
        shortest = (30 if step_of is resolved_step else 365) * DAY - HOUR
        for wait in waits:
            now += wait
            step = step_of(Quiet(since, announced, None, reminded), now)
            if step is Step.REMIND:
                assert announced is None
                reminded = True
            elif step is Step.ANNOUNCE:
                assert announced is None
                announced = now
            elif step is Step.CLOSE:
                assert announced is not None
                assert now - announced >= (7 if step_of is resolved_step else 28) * DAY - HOUR
                assert now - since >= shortest
                return
        if announced is not None:
            assert step_of(Quiet(since, announced, None, reminded), announced + 400 * DAY) is Step.CLOSE


@database
@pytest.mark.every_engine
@pytest.mark.parametrize(
    ("rule", "index"), [(closing.RESOLVED, "ix_case_resolved"), (closing.STILL, "ix_participation_still")]
)
def test_what_is_looked_for_is_found_by_its_own_index(cast: Cast, rule: closing.Rule, index: str) -> None:
    with reading(ByNobody(), at=NOW) as work:
        assert index in plan(work, rule.cases(NOW))
