"""Each view of the dashboard against a plain evaluation of what it promises, for everybody in a small world."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.deadlines import add_working_days
from app.policy import side_in
from app.queries import lists
from app.queries.lists import Filter
from app.queries.order import Order
from app.queries.views import COUNTED, View, views_for
from app.queries.visibility import case_facts
from app.threads import readable_by
from app.work import Work
from models.case import Case, ReadMark, Referral
from models.enums import CaseStatus, Civility, ReferralStatus, Side
from models.organization import Group, Organization
from models.thread import Entry
from tests.app.scenes import (
    CAF,
    CPAM,
    GUISE,
    MSA,
    ask,
    close,
    draft,
    invite,
    join,
    mandate,
    not_competent,
    note,
    reopen,
    resolve,
    revoke,
    say,
    see,
    send,
    sent_case,
    take,
    withdraw,
)
from tests.conftest import NOW, Cast

pytestmark = [pytest.mark.every_engine, pytest.mark.usefixtures("database")]
DAY = timedelta(days=1)
FORGOTTEN = NOW + 8 * DAY  # what an aidant alone was asked, on the Monday or the day after, is everybody's
LATER = NOW + 6 * DAY  # a Sunday: what was sent on NOW and nobody touched is late
EVERYBODY = ("aline", "adam", "chloe", "bruno", "marc", "basile", "mathilde", "camille", "denis")


@dataclass(frozen=True)
class Known:
    """A case as one person should find it in a list."""

    case: Case
    side: Side
    referrals: list[Referral]
    activity_at: datetime
    is_unread: bool
    holds: bool

    def watched(self, work: Work) -> list[Referral]:
        """The referrals whose clock this person looks at."""
        agent = work.actor.groups(Side.AGENT)
        return [r for r in self.referrals if self.side is Side.AIDANT or r.group_id in agent]

    def due_at(self, work: Work) -> datetime | None:
        return min((r.due_at for r in self.watched(work) if r.due_at), default=None)

    def is_in(self, view: View, work: Work) -> bool:
        agent = work.actor.groups(Side.AGENT)
        mine = [r for r in self.referrals if r.group_id in agent]
        if (self.case.status is CaseStatus.CLOSED) != (view is View.CLOSED):
            return False
        match view:
            case View.TO_DO:
                return any(
                    self.holds and
                    (r.status is ReferralStatus.SENT
                    or (r.status is ReferralStatus.IN_PROGRESS and r.assignee_id == work.actor.account_id
                        and not r.is_waiting))
                    for r in mine
                ) or (
                    self.side is Side.AIDANT
                    and (self.case.author_id == work.actor.account_id or work.now >= FORGOTTEN)
                    and (self.case.status in (CaseStatus.TO_REDIRECT, CaseStatus.RESOLVED)
                         or any(r.is_waiting for r in self.referrals))
                )  # fmt: skip
            case View.UNREAD:
                return self.is_unread
            case View.LATE:
                due = self.due_at(work)
                return due is not None and due <= work.now and (self.side is Side.AIDANT or self.holds)
            case View.TO_REDIRECT:
                return self.case.status is CaseStatus.TO_REDIRECT
            case View.TO_CLOSE:
                return self.case.status is CaseStatus.RESOLVED
            case View.OPEN | View.CLOSED:
                return True


def known(work: Work) -> list[Known]:
    """Everything the actor reads, newest first, one case after the other: no list, no participation."""
    found = []
    for case in work.session.scalars(select(Case).where(col(Case.status) != CaseStatus.DRAFT)):
        facts = case_facts(work, case)
        side = side_in(work.actor, facts)
        if side is None:
            continue
        lines = work.session.scalars(
            select(Entry).where(col(Entry.case_id) == case.id, col(Entry.audience).in_(readable_by(side)))
        ).all()
        mark = work.session.get(ReadMark, (case.id, work.actor.account_id))
        last = max(line.seq for line in lines)
        found.append(
            Known(
                case,
                side,
                list(work.session.scalars(select(Referral).where(col(Referral.case_id) == case.id))),
                max(line.created_at for line in lines),
                last > (mark.seq if mark else 0),
                facts.has_valid_mandate,
            )
        )
    return sorted(found, key=lambda one: (one.activity_at, one.case.id), reverse=True)


def small_world(cast: Cast) -> None:
    """Cases in every state, some of them late, read, noted or shared by name; people with several places."""
    join(cast, "adam", CAF, Side.AGENT)  # on both sides of the same cases
    join(cast, "marc", CPAM, Side.AGENT)  # in two recipients at once
    join(cast, "chloe", GUISE, Side.AIDANT)
    at = iter(NOW + n * timedelta(minutes=1) for n in range(100))
    draft(cast)
    sent_case(cast, (CAF, CPAM), at=next(at), theme="sante", subject="Jamais ouverte")
    one = sent_case(cast, (CAF, CPAM), ("carsat",), at=next(at), urgent="oui", urgency_reason="Expulsion")
    take(cast, "bruno", one, at=next(at))
    invite(cast, "bruno", one, "camille", at=next(at))
    note(cast, "marc", one, at=next(at))
    two = sent_case(cast, (CAF, MSA), at=next(at), by="adam")
    ask(cast, "bruno", two, at=next(at))
    not_competent(cast, "mathilde", two, MSA, at=next(at))
    three = sent_case(cast, (CAF, CPAM), at=next(at))
    not_competent(cast, "bruno", three, at=next(at))
    withdraw(cast, three, CPAM, at=next(at))
    four = sent_case(cast, (CPAM,), ("caf",), at=next(at), by="chloe")
    resolve(cast, "basile", four, CPAM, at=next(at))
    invite(cast, "basile", four, "bruno", at=next(at))
    note(cast, "bruno", four, at=next(at))
    five = sent_case(cast, (CAF,), at=next(at))
    resolve(cast, "marc", five, at=next(at))
    close(cast, five, at=next(at))
    six = sent_case(cast, (CAF,), at=next(at))
    take(cast, "bruno", six, at=next(at))
    close(cast, six, at=next(at))
    reopen(cast, six, at=next(at))
    say(cast, "aline", two, at=NOW + DAY)
    ask(cast, "bruno", six, at=NOW + DAY)
    note(cast, "bruno", six, at=NOW + 2 * DAY)
    seven = draft(cast, (CAF,))
    revoked = mandate(cast, seven)
    send(cast, seven, at=next(at))
    revoke(cast, revoked, at=next(at))


def test_every_view_of_everybody(cast: Cast) -> None:
    small_world(cast)
    seen = set()
    for who, now in product(EVERYBODY, (NOW + 3 * timedelta(hours=1), LATER, FORGOTTEN + DAY)):
        with see(cast, who, now) as work:
            everything, counted = known(work), lists.counts(work)
            for view in View:
                expected = [(one.case.id, one.is_unread) for one in everything if one.is_in(view, work)]
                page = lists.page(work, Filter(view))
                assert [row.due_at for row in page.rows] == [
                    one.due_at(work) for one in everything if one.is_in(view, work)
                ]
                assert [(row.case_id, row.is_unread) for row in page.rows] == expected, (who, view)
                assert [row.activity_at for row in page.rows] == [
                    one.activity_at for one in everything if one.is_in(view, work)
                ]
                assert page.after is None
                if view is not View.CLOSED:
                    assert counted[view] == len(expected), (who, view)
                seen |= {(one.side, view) for one in everything if one.is_in(view, work)}
    assert seen == set(product(Side, View)), "a view that is empty for everybody proves nothing"


def plainly_sorted(work: Work, found: list[Known], order: Order) -> list[Known]:
    """Sort what was found newest first: the case itself ends every tie, the later one first."""
    never = datetime(9999, 1, 1, tzinfo=UTC)
    by_case = sorted(found, key=lambda one: one.case.id, reverse=True)
    match order:
        case Order.ACTIVITY:
            return sorted(by_case, key=lambda one: one.activity_at, reverse=True)
        case Order.DUE:
            return sorted(by_case, key=lambda one: one.due_at(work) or never)
        case Order.SENT:
            return sorted(by_case, key=lambda one: one.case.sent_at or never)
        case Order.URGENT:
            moved = sorted(by_case, key=lambda one: one.activity_at, reverse=True)
            return sorted(moved, key=lambda one: not one.case.is_urgent)


def test_every_order_of_every_view(cast: Cast) -> None:
    """Closed cases have one order: another that an address asks for changes nothing there."""
    small_world(cast)
    told: dict[Order, set[bool]] = {order: set() for order in Order}
    for who in EVERYBODY:
        with see(cast, who, LATER) as work:
            everything = known(work)
            for view, order in product(View, Order):
                plain = [one for one in everything if one.is_in(view, work)]
                expected = plainly_sorted(work, plain, order if view is not View.CLOSED else Order.ACTIVITY)
                rows = lists.page(work, Filter(view, sort=order)).rows
                assert [row.case_id for row in rows] == [one.case.id for one in expected], (who, view, order)
                assert [row.rank for row in rows] == sorted((row.rank for row in rows), reverse=True)
                told[order].add(expected != plainly_sorted(work, plain, Order.ACTIVITY))
    assert told == {order: {False, order is not Order.ACTIVITY} for order in Order}, (
        "an order that changes nothing"
    )


FILTERS = (("sante", "", False), ("x", "", False), ("", "caf", False), ("", "cpam", False), ("", "", True),
           ("logement", "cpam", True))  # fmt: skip


def test_filters_narrow_every_view_down_to_one_case(cast: Cast) -> None:
    small_world(cast)
    for who, view in product(("aline", "bruno"), (View.OPEN, View.LATE, View.CLOSED)):
        with see(cast, who, LATER) as work:
            everything = [one for one in known(work) if one.is_in(view, work)]
            codes = _codes(work)
            for theme, code, urgent in FILTERS:
                expected = [
                    one.case.id
                    for one in everything
                    if theme in ("", one.case.theme_code)
                    and (not urgent or one.case.is_urgent)
                    and (not code or code in {codes[r.group_id] for r in one.referrals if _is_kept(r)})
                ]
                rows = lists.page(work, Filter(view, theme, code, urgent)).rows
                assert [row.case_id for row in rows] == expected, (who, view, theme, code, urgent)
            page = lists.page(work, Filter(view)).rows
            for case_id in work.session.scalars(select(col(Case.id))):
                found = lists.page(work, Filter(view), only=case_id).rows
                assert found == tuple(row for row in page if row.case_id == case_id)


def test_a_row_says_each_organisation_with_its_own_state(cast: Cast) -> None:
    case_id = sent_case(cast, (CAF, CPAM, MSA), civility="mme", last_name="kaddour")
    take(cast, "bruno", case_id)
    ask(cast, "mathilde", case_id, MSA)
    with see(cast, "aline", LATER) as work:
        (row,) = lists.page(work, Filter()).rows
    assert (row.usager, row.commune, row.subject) == ("Mme\u00a0K.", "Guise", "APL non versée depuis août")
    assert [(c.organization, c.status, c.is_late, c.is_waiting, c.assignee) for c in row.referrals] == [
        ("CAF", ReferralStatus.IN_PROGRESS, False, False, "Bruno C."),
        ("CPAM", ReferralStatus.SENT, True, False, ""),
        ("MSA", ReferralStatus.IN_PROGRESS, False, True, "Mathilde G."),
    ]
    withdraw(cast, case_id, CPAM)
    with see(cast, "aline", LATER) as work:
        assert [c.organization for c in lists.page(work, Filter()).rows[0].referrals] == ["CAF", "MSA"]


class TestNotes:
    """A note between agents moves nothing in the aidants' list and marks nothing unread."""

    def test_it_is_not_felt_by_the_structure(self, cast: Cast) -> None:
        older, newer = sent_case(cast, at=NOW), sent_case(cast, at=NOW + timedelta(minutes=1))
        before = {who: self.shown(cast, who) for who in ("aline", "adam", "bruno", "marc")}
        note(cast, "bruno", older, at=NOW + DAY)
        assert {who: self.shown(cast, who) for who in ("aline", "adam")} == {
            who: before[who] for who in ("aline", "adam")
        }
        assert [row[0] for row in self.shown(cast, "marc")] == [older, newer]
        say(cast, "bruno", newer, at=NOW + 2 * DAY)
        assert [row[0] for row in self.shown(cast, "aline")] == [newer, older]

    def test_nor_by_somebody_on_both_sides(self, cast: Cast) -> None:
        join(cast, "adam", CAF, Side.AGENT)
        case_id = sent_case(cast)
        say(cast, "adam", case_id)
        before = self.shown(cast, "adam")
        note(cast, "bruno", case_id, at=NOW + DAY)
        assert self.shown(cast, "adam") == before == [(case_id, NOW, False)]

    def shown(self, cast: Cast, who: str) -> list[tuple[UUID, datetime, bool]]:
        with see(cast, who, NOW + 3 * DAY) as work:
            return [(row.case_id, row.activity_at, row.is_unread) for row in lists.page(work, Filter()).rows]


def test_unread_is_one_s_own(cast: Cast) -> None:
    case_id = sent_case(cast)
    say(cast, "bruno", case_id)
    unread = {}
    for who in ("aline", "adam", "bruno", "marc"):
        with see(cast, who) as work:
            unread[who] = lists.page(work, Filter()).rows[0].is_unread
    assert unread == {"aline": True, "adam": True, "bruno": False, "marc": True}


def test_an_agent_s_row_has_their_own_clock(cast: Cast) -> None:
    """The silence of another organisation stays in its chip: neither the date of the row nor its place."""
    case_id = sent_case(cast, (CAF, CPAM))
    resolve(cast, "bruno", case_id)
    other = sent_case(cast, (CAF,), at=NOW + DAY)
    due = {}
    for who in ("aline", "bruno", "basile"):
        with see(cast, who, LATER) as work:
            rows = lists.page(work, Filter(sort=Order.DUE)).rows
            due[who] = [(row.case_id, row.due_at) for row in rows]
            assert [chip.is_late for chip in rows[[row.case_id for row in rows].index(case_id)].referrals] == [
                False, True,
            ]  # fmt: skip
    first, second = add_working_days(NOW, 3), add_working_days(NOW + DAY, 3)
    assert due["aline"] == [(case_id, first), (other, second)]
    assert due["bruno"] == [(other, second), (case_id, None)]
    assert due["basile"] == [(case_id, first)]


def test_what_the_structure_leaves_unanswered_is_everybody_s_after_five_working_days(cast: Cast) -> None:
    def to_do(who: str, at: datetime) -> set[UUID]:
        with see(cast, who, at) as work:
            return {row.case_id for row in lists.page(work, Filter(View.TO_DO)).rows}

    asked, again, back = sent_case(cast), sent_case(cast), sent_case(cast)
    ask(cast, "bruno", asked)
    ask(cast, "bruno", again)
    not_competent(cast, "bruno", back)
    say(cast, "aline", again, at=NOW + DAY)
    ask(cast, "bruno", again, at=NOW + 2 * DAY)
    limit = add_working_days(NOW, 5)
    assert to_do("adam", limit - timedelta(seconds=1)) == set()
    assert to_do("adam", limit) == {asked, back}
    assert to_do("adam", limit + 2 * DAY) == to_do("aline", limit) == {asked, again, back}
    assert to_do("chloe", limit + 2 * DAY) == set()


@pytest.mark.parametrize(("who", "missing"), [("aline", set()), ("bruno", {View.TO_REDIRECT, View.TO_CLOSE})])
def test_views_that_are_offered(cast: Cast, who: str, missing: set[View]) -> None:
    with see(cast, who) as work:
        assert set(View) - set(views_for(work)) == missing


def test_nobody_s_list_is_empty(cast: Cast) -> None:
    sent_case(cast)
    with see(cast, "denis") as work:
        assert lists.counts(work) == dict.fromkeys(COUNTED, 0)
        assert lists.page(work, Filter()) == lists.Page((), None)


@pytest.mark.parametrize(
    ("civility", "name", "shown"),
    [
        (Civility.MADAME, "Kaddour", "Mme\u00a0K."), (Civility.COUPLE, "éluard", "M. et Mme\u00a0É."),
        (Civility.NONE, "de la Tour", "D."), (Civility.NONE, "", ""),
    ],
)  # fmt: skip
def test_initials(civility: Civility, name: str, shown: str) -> None:
    assert lists.initials(civility, name) == shown


def _is_kept(referral: Referral) -> bool:
    return referral.status is not ReferralStatus.WITHDRAWN


def _codes(work: Work) -> dict[UUID, str]:
    query = select(col(Group.id), col(Organization.code)).join(
        Organization, col(Organization.id) == Group.organization_id
    )
    return {row[0]: row[1] for row in work.session.execute(query)}
