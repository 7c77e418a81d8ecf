"""A silence climbs: at the due hour, 2 and 5 working days later, each person once, nobody once it is broken."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from app import escalation, events, referrals
from app.deadlines import PARIS, add_working_days
from app.escalation import Level, level_at
from app.queries.lists import Filter, counts, page
from app.queries.views import View
from app.work import ByNobody, acting, reading
from models.account import Account, Membership, Scope
from models.desk import Absence
from models.enums import NoticeKind, ScopeKind
from models.mandate import Mandate
from models.notice import Notice
from models.organization import Group
from tests.app.plans import plan
from tests.app.scenes import (
    CAF,
    CPAM,
    act,
    ask,
    leave,
    mandate,
    not_competent,
    referral_rows,
    resolve,
    revoke,
    say,
    see,
    sent_case,
    take,
    withdraw,
)
from tests.conftest import NOW, Cast

pytestmark = pytest.mark.usefixtures("database")
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
DUE = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)  # a Thursday: three working days after NOW
TO_MANAGERS = datetime(2026, 11, 30, 9, 30, tzinfo=UTC)  # the Monday
TO_COORDINATORS = datetime(2026, 12, 3, 9, 30, tzinfo=UTC)
LATE, MANAGER, COORDINATOR = (
    NoticeKind.LATE, NoticeKind.LATE_TO_MANAGER, NoticeKind.LATE_TO_COORDINATOR,
)  # fmt: skip


def notices() -> list[Notice]:
    late = select(Notice).where(col(Notice.kind).in_((LATE, MANAGER, COORDINATOR)))
    with reading(ByNobody()) as work:
        return list(work.session.scalars(late.order_by(col(Notice.id))))


def told(cast: Cast) -> Counter[tuple[str, NoticeKind]]:
    """Who was told what, by first name."""
    names = {value: name for name, value in vars(cast).items() if isinstance(value, UUID)}
    return Counter((names[one.account_id], one.kind) for one in notices() if one.account_id)


def add(*rows: Any) -> None:
    with acting(ByNobody(), at=NOW) as work:
        work.session.add_all(rows)


def agents(cast: Cast) -> Counter[tuple[str, NoticeKind]]:
    return Counter({("bruno", LATE): 1, ("marc", LATE): 1})


class TestClimbing:
    def test_to_the_group_its_responsables_and_the_coordinators_each_once(self, cast: Cast) -> None:
        sent_case(cast)
        escalation.run(DUE - SECOND)
        assert told(cast) == Counter()
        everybody = agents(cast)
        for at, more in (
            (DUE, everybody),
            (DUE + HOUR, Counter()),
            (TO_MANAGERS - SECOND, Counter()),
            (TO_MANAGERS, Counter({("marc", MANAGER): 1})),
            (TO_COORDINATORS - SECOND, Counter()),
            (TO_COORDINATORS, Counter({("colette", COORDINATOR): 1})),
            (TO_COORDINATORS + 60 * DAY, Counter()),
        ):
            before = told(cast)
            escalation.run(at)
            escalation.run(at)
            assert told(cast) - before == more, at

    def test_an_outage_tells_each_person_once_in_their_highest_part(self, cast: Cast) -> None:
        sent_case(cast)
        assert escalation.run(TO_COORDINATORS + DAY) == "1 told"
        assert told(cast) == Counter({("bruno", LATE): 1, ("marc", MANAGER): 1, ("colette", COORDINATOR): 1})
        assert escalation.run(TO_COORDINATORS + 2 * DAY) == "0 told"

    def test_its_agent_is_told_alone_and_everybody_once_that_one_has_left(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        take(cast, "bruno", case_id)
        due = referral_rows(case_id)[CAF].due_at
        assert due is not None
        escalation.run(due)
        assert told(cast) == Counter({("bruno", LATE): 1})
        other = sent_case(cast, at=NOW + DAY)
        take(cast, "bruno", other, at=NOW + DAY)
        leave(cast, "bruno", CAF)
        before = told(cast)
        escalation.run(due + DAY)
        assert told(cast) - before == Counter({("marc", LATE): 1})

    def test_who_is_away_is_not_told_but_who_stands_in(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        take(cast, "bruno", case_id)
        due = referral_rows(case_id)[CAF].due_at
        assert due is not None
        first, end = date(2026, 12, 1), date(2026, 12, 31)
        add(
            Absence(
                created_at=NOW, account_id=cast.bruno, group_id=cast.groups[CAF], starts_on=first, ends_on=end,
                stand_in_id=cast.marc,
            )
        )  # fmt: skip
        escalation.run(due)
        assert told(cast) == Counter({("marc", LATE): 1})

    def test_each_referral_climbs_by_itself(self, cast: Cast) -> None:
        case_id = sent_case(cast, (CAF, CPAM))
        take(cast, "bruno", case_id)
        escalation.run(DUE)
        assert {who for who, _ in told(cast)} & {"bruno", "marc"} == set()
        assert told(cast)["basile", LATE] == 1

    def test_another_silence_is_told_anew(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        escalation.run(TO_COORDINATORS)
        take(cast, "bruno", case_id, at=TO_COORDINATORS + HOUR)
        due = referral_rows(case_id)[CAF].due_at
        assert due is not None
        before = told(cast)
        escalation.run(due - SECOND)
        assert told(cast) == before
        escalation.run(due)
        assert told(cast) - before == Counter({("bruno", LATE): 1})
        escalation.run(add_working_days(due, 5, "02"))
        assert told(cast)["colette", COORDINATOR] == 2

    def test_open_lists_hear_of_the_first_silence(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        heard: list[events.Signal] = []
        stop = events.listen(heard.append)
        for at in (DUE, TO_MANAGERS, TO_COORDINATORS):
            escalation.run(at)
        stop()
        changed = [one for one in heard if isinstance(one, events.CaseChanged)]
        assert changed == [
            events.CaseChanged(case_id, frozenset({cast.groups[CAF], cast.groups["France Services de Guise"]}))
        ]

    def test_an_urgent_case_is_flagged(self, cast: Cast) -> None:
        sent_case(cast, urgent="oui", urgency_reason="Expulsion demain")
        sent_case(cast, (CPAM,))
        escalation.run(DUE)
        flags = {one.group_id: one.is_urgent for one in notices()}
        assert flags == {cast.groups[CAF]: True, cast.groups[CPAM]: False}

    def test_the_mailbox_of_the_group_is_told_once_of_the_first_silence_only(self, cast: Cast) -> None:
        with acting(ByNobody(), at=NOW) as work:
            work.session.get_one(Group, cast.groups[CAF]).mailbox = "bal@caf.example"
        sent_case(cast)
        for at in (DUE, DUE + HOUR, TO_MANAGERS, TO_COORDINATORS):
            escalation.run(at)
        assert [one.kind for one in notices() if one.account_id is None] == [LATE]


class TestNobody:
    @pytest.mark.parametrize(
        "answer",
        [
            lambda c, i: take(c, "bruno", i, at=DUE - HOUR),
            lambda c, i: say(c, "bruno", i, at=DUE - HOUR),
            lambda c, i: ask(c, "bruno", i, at=DUE - HOUR),
            lambda c, i: resolve(c, "bruno", i, at=DUE - HOUR),
            lambda c, i: not_competent(c, "bruno", i, at=DUE - HOUR),
            lambda c, i: withdraw(c, i, CAF, at=DUE - HOUR),
        ],
    )
    def test_is_told_of_what_was_answered_meanwhile(self, cast: Cast, answer: Any) -> None:
        answer(cast, sent_case(cast))
        escalation.run(DUE + DAY)
        assert told(cast) == Counter()

    def test_is_told_of_what_is_answered_between_the_look_and_the_word(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        case_id = sent_case(cast)
        with reading(ByNobody(), at=DUE) as work:
            found = escalation._to_tell(work)
        take(cast, "bruno", case_id, at=DUE)
        monkeypatch.setattr(escalation, "_to_tell", lambda work: found)
        assert len(found) == 1
        assert escalation.run(DUE) == "0 told"
        assert told(cast) == Counter()

    def test_while_the_aidant_is_awaited_whatever_agents_say(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        ask(cast, "bruno", case_id)
        say(cast, "bruno", case_id, "Sans urgence.", at=NOW + HOUR)
        with act(cast, "bruno", NOW + HOUR) as work:
            referrals.pass_to(work, case_id, cast.groups[CAF], cast.marc)
        escalation.run(NOW + 90 * DAY)
        assert told(cast) == Counter()
        say(cast, "aline", case_id, "Voici.", at=NOW + 91 * DAY)
        due = referral_rows(case_id)[CAF].due_at
        assert due == add_working_days(NOW + 91 * DAY, 15, "02")
        escalation.run(due)
        assert told(cast) == Counter({("marc", LATE): 1})

    def test_while_the_mandate_holds_no_more_since_nobody_may_answer(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        theirs = select(col(Mandate.id)).where(col(Mandate.case_id) == case_id)
        with reading(ByNobody()) as work:
            mandate_id = work.session.scalars(theirs).one()
        revoke(cast, mandate_id, at=NOW + HOUR)
        escalation.run(DUE)
        assert told(cast) == Counter()
        again = TO_COORDINATORS + HOUR
        mandate(cast, case_id, at=again)
        escalation.run(again)
        assert told(cast) == Counter(), "a new mandate gives its whole time again"
        due = referral_rows(case_id)[CAF].due_at
        assert due == add_working_days(again, 3, "02")
        escalation.run(due)
        assert told(cast) == agents(cast)

    def test_a_new_mandate_restarts_what_was_frozen_alone(self, cast: Cast) -> None:
        """Neither a mandate that replaces one in force, nor what waits for the aidant."""
        case_id = sent_case(cast, (CAF, CPAM))
        ask(cast, "basile", case_id, CPAM)
        mandate(cast, case_id, at=NOW + DAY)
        assert referral_rows(case_id)[CAF].due_at == DUE
        over = NOW + 200 * DAY  # its term has come
        mandate(cast, case_id, at=over)
        rows = referral_rows(case_id)
        assert rows[CAF].due_at == add_working_days(over, 3, "02")
        assert (rows[CPAM].due_at, rows[CPAM].is_waiting) == (None, True)


class TestWhoAndWhat:
    def test_coordinators_of_the_departement_and_of_the_organisation_if_theirs_is_one(self, cast: Cast) -> None:
        caf, cpam = cast.organizations["caf"], cast.organizations["cpam"]
        for who, departement, organization in (
            (cast.olivier, "02", caf), (cast.camille, "02", cpam), (cast.didier, "59", None),
            (cast.fatou, None, None),
        ):  # fmt: skip
            add(Scope(created_at=NOW, account_id=who, kind=ScopeKind.COORDINATOR, departement=departement,
                      organization_id=organization))  # fmt: skip
        add(Scope(created_at=NOW, account_id=cast.pascal, kind=ScopeKind.OBSERVER, departement="02"))
        sent_case(cast)
        escalation.run(TO_COORDINATORS)
        assert {who for who, kind in told(cast) if kind is COORDINATOR} == {"colette", "olivier"}

    def test_an_account_that_was_closed_is_told_nothing(self, cast: Cast) -> None:
        sent_case(cast)
        with acting(ByNobody(), at=NOW) as work:
            for who in (cast.marc, cast.colette):
                work.session.get_one(Account, who).is_active = False
        escalation.run(TO_COORDINATORS)
        assert told(cast) == Counter({("bruno", LATE): 1, ("denis", COORDINATOR): 1})

    @pytest.mark.parametrize(
        ("nobody", "at", "who"),
        [
            (("marc",), TO_MANAGERS, {("bruno", LATE), ("colette", MANAGER)}),
            (("marc", "colette"), TO_MANAGERS, {("bruno", LATE), ("denis", MANAGER)}),
            (("colette",), TO_COORDINATORS, {("bruno", LATE), ("marc", MANAGER), ("denis", COORDINATOR)}),
            (("bruno", "marc"), DUE, {("colette", LATE)}),
        ],
    )
    def test_a_level_that_nobody_holds_is_the_next_one_s(
        self, cast: Cast, nobody: tuple[str, ...], at: datetime, who: set[tuple[str, NoticeKind]]
    ) -> None:
        sent_case(cast)
        with acting(ByNobody(), at=NOW) as work:
            for name in nobody:
                work.session.get_one(Account, getattr(cast, name)).is_active = False
        escalation.run(at)
        assert set(told(cast)) == who

    def test_who_may_not_read_the_case_is_led_to_none(self, cast: Cast) -> None:
        add(Membership(created_at=NOW, account_id=cast.didier, group_id=cast.groups[CAF], is_manager=True))
        case_id = sent_case(cast)
        escalation.run(TO_COORDINATORS)
        led = {one.account_id: one.case_id for one in notices()}
        assert led == {cast.bruno: case_id, cast.marc: case_id, cast.didier: None, cast.colette: None}
        for one in notices():
            assert one.group_id == cast.groups[CAF]
            assert one.details == {"departement": "02", "since": DUE.isoformat()}

    def test_a_responsable_on_the_aidants_side_of_the_group_is_no_reader(self, cast: Cast) -> None:
        with acting(ByNobody(), at=NOW) as work:
            mine = col(Membership.account_id) == cast.marc
            row = work.session.scalars(select(Membership).where(mine)).one()
            row.side = None
        sent_case(cast)
        escalation.run(TO_MANAGERS)
        assert told(cast) == Counter({("bruno", LATE): 1, ("marc", MANAGER): 1})
        assert {one.case_id for one in notices() if one.account_id == cast.marc} == {None}


class TestView:
    """«En souffrance»: what is late, from the very hour, for those who may do something about it."""

    def late(self, cast: Cast, who: str, at: datetime) -> set[UUID]:
        with see(cast, who, at) as work:
            rows = page(work, Filter(View.LATE)).rows
            assert counts(work)[View.LATE] == len(rows)
        for row in rows:
            assert any(chip.is_late for chip in row.referrals)
        return {row.case_id for row in rows}

    def test_each_sees_what_is_late_of_theirs(self, cast: Cast) -> None:
        add(Membership(created_at=NOW, account_id=cast.didier, group_id=cast.groups[CAF], is_manager=True))
        case_id = sent_case(cast, (CAF, CPAM))
        take(cast, "basile", case_id, CPAM)
        at = {who: self.late(cast, who, DUE) for who in (
            "aline", "adam", "chloe", "bruno", "marc", "basile", "colette", "denis", "didier",
        )}  # fmt: skip
        theirs = {who for who, found in at.items() if found}
        assert theirs == {"aline", "adam", "bruno", "marc"}
        assert all(found == {case_id} for found in at.values() if found)
        assert self.late(cast, "bruno", DUE - SECOND) == set()
        assert self.late(cast, "basile", DUE + 30 * DAY) == {case_id}

    def test_what_is_answered_or_awaited_from_the_aidant_is_not(self, cast: Cast) -> None:
        for answer in (take, ask, resolve, not_competent):
            answer(cast, "bruno", sent_case(cast))
        assert self.late(cast, "bruno", DUE + DAY) == set()
        assert self.late(cast, "aline", DUE + DAY) == set()


class TestLevel:
    @pytest.mark.parametrize(
        ("at", "departement", "level"),
        [
            ("2026-03-31 10:00", "", Level.NOBODY),
            ("2026-04-01 10:00", "", Level.GROUP),
            ("2026-04-03 09:59", "", Level.GROUP),
            ("2026-04-03 10:00", "02", Level.MANAGERS),
            ("2026-04-03 10:00", "67", Level.GROUP),  # Good Friday
            ("2026-04-07 10:00", "67", Level.MANAGERS),  # after Easter Monday
            ("2026-04-09 10:00", "02", Level.COORDINATORS),
            ("2026-04-09 10:00", "67", Level.MANAGERS),
            ("2026-04-10 10:00", "67", Level.COORDINATORS),
        ],
    )
    def test_the_holidays_of_the_departement_count(self, at: str, departement: str, level: Level) -> None:
        def paris(text: str) -> datetime:
            return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=PARIS).astimezone(UTC)

        assert level_at(paris("2026-04-01 10:00"), paris(at), departement) is level


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # PostgreSQL begins where a table is empty
def test_what_is_late_is_found_by_its_index(cast: Cast) -> None:
    with reading(ByNobody(), at=NOW) as work:
        assert "ix_referral_due" in plan(work, escalation.late_and_untold(NOW))


@pytest.mark.every_engine
def test_what_is_told_to_the_top_is_not_read_again(cast: Cast) -> None:
    """What is looked for is the late ones that may climb, whatever is closed or was told."""
    for _ in range(3):
        sent_case(cast)
    assert escalation.run(TO_COORDINATORS) == "3 told"
    with reading(ByNobody(), at=TO_COORDINATORS + DAY) as work:
        assert escalation._to_tell(work) == []


def test_one_that_fails_hinders_no_other(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = sent_case(cast), sent_case(cast, (CPAM,))
    climb = escalation._climb

    def failing(work: Any, late: Any) -> bool:
        if late.case_id == bad:
            raise RuntimeError
        return climb(work, late)

    monkeypatch.setattr(escalation, "_climb", failing)
    with pytest.raises(RuntimeError):
        escalation.run(DUE)
    assert {one.case_id for one in notices()} == {good}
