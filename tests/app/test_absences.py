"""Absences with a stand-in: who declares them, what is refused, whose the work is meanwhile."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from app import absences, referrals
from app.errors import Forbidden, Invalid, NotFound
from app.events import CaseChanged, Signal
from app.queries import absent, lists, people
from app.queries import case as views
from app.queries.standing_in import Away
from app.queries.views import View
from app.work import ByNobody, reading
from models.base import new_id
from models.desk import Absence
from models.enums import Side
from tests.app.scenes import CAF, CPAM, act, ask, join, leave, see, sent_case, take
from tests.app.security.entering import journal, told
from tests.conftest import NOW, Cast

__all__ = ["told"]
pytestmark = pytest.mark.usefixtures("database")
DAY = timedelta(days=1)
TODAY = date(2026, 11, 23)


def declare(
    cast: Cast, by: str, of: str = "bruno", first: str = "23/11", last: str = "27/11",
    stand_in: str | None = "marc", group: str = CAF,
) -> UUID:  # fmt: skip
    with act(cast, by) as work:
        who = getattr(cast, stand_in) if stand_in else None
        return absences.declare(
            work, getattr(cast, of), cast.groups[group], starts_on=first, ends_on=last, stand_in=who
        )


def rows() -> list[Absence]:
    with reading(ByNobody()) as work:
        return list(work.session.scalars(select(Absence).order_by(col(Absence.starts_on))))


def to_do(cast: Cast, who: str, days: int = 0) -> list[UUID]:
    with see(cast, who, NOW + days * DAY) as work:
        found = [row.case_id for row in lists.page(work, lists.Filter(View.TO_DO)).rows]
        assert lists.counts(work)[View.TO_DO] == len(found)
        return found


class TestDeclare:
    @pytest.mark.parametrize("by", ["bruno", "marc", "denis"])
    def test_the_person_the_responsable_and_an_administrator(self, cast: Cast, by: str) -> None:
        declare(cast, by)
        (row,) = rows()
        assert (row.account_id, row.group_id, row.stand_in_id) == (cast.bruno, cast.groups[CAF], cast.marc)
        assert (row.starts_on, row.ends_on) == (TODAY, date(2026, 11, 27))
        (line,) = journal("absence.declared")
        assert (line.actor_id, line.details["account"]) == (getattr(cast, by), str(cast.bruno))

    @pytest.mark.parametrize("by", ["aline", "basile", "colette", "olivier", "chloe"])
    def test_nobody_else(self, cast: Cast, by: str) -> None:
        with pytest.raises(Forbidden):
            declare(cast, by)
        with pytest.raises(Forbidden):  # one's own, where one is no agent
            declare(cast, by, of=by)
        assert rows() == []

    def test_who_could_stand_in_is_for_who_may_declare_it(self, cast: Cast) -> None:
        for by, of in (("bruno", "bruno"), ("marc", "bruno"), ("denis", "bruno")):
            with see(cast, by) as work:
                found = absent.stand_ins(work, getattr(cast, of), cast.groups[CAF])
            assert [one.id for one in found] == [cast.marc]
        forged = [("bruno", "bruno", CPAM), ("bruno", "marc", CAF), ("basile", "bruno", CAF),
                  ("aline", "aline", CAF), ("colette", "bruno", CAF)]  # fmt: skip
        for by, of, group in forged:
            with see(cast, by) as work, pytest.raises(NotFound):
                absent.stand_ins(work, getattr(cast, of), cast.groups[group])
        with see(cast, "bruno") as work:
            assert {one.id for one in people.colleagues(work, cast.groups[CAF])} == {cast.bruno, cast.marc}
            with pytest.raises(NotFound):
                people.colleagues(work, cast.groups[CPAM])

    def test_only_for_an_agent_of_the_group(self, cast: Cast) -> None:
        with pytest.raises(NotFound):
            declare(cast, "denis", of="basile")
        with pytest.raises(NotFound):
            declare(cast, "denis", of="aline", group="France Services de Guise")

    @pytest.mark.parametrize(
        ("first", "last", "field"),
        [
            ("22/11/2026", "27/11", "starts_on"), ("bientôt", "27/11", "starts_on"), ("", "", "starts_on"),
            ("27/11", "24/11/2026", "ends_on"), ("23/11", "", "ends_on"), ("24/11", "24/12/2027", "ends_on"),
            ("1/1/2028", "2/1/2028", "starts_on"),
        ],
    )  # fmt: skip
    def test_days_that_are_none(self, cast: Cast, first: str, last: str, field: str) -> None:
        with pytest.raises(Invalid) as refused:
            declare(cast, "bruno", first=first, last=last)
        assert set(refused.value.fields) == {field}
        assert rows() == []

    def test_forged_values_are_refused(self, cast: Cast) -> None:
        for value in (None, 3, ["23/11"]):
            with pytest.raises(Invalid), act(cast, "bruno") as work:
                absences.declare(
                    work, cast.bruno, cast.groups[CAF], starts_on=value, ends_on=value, stand_in=cast.marc
                )

    def test_not_twice_the_same_days_in_a_group(self, cast: Cast) -> None:
        declare(cast, "bruno", first="24/11", last="26/11")
        for first, last in (("23/11", "24/11"), ("25/11", "25/11"), ("26/11", "30/11"), ("23/11", "30/11")):
            with pytest.raises(Invalid, match="déjà déclarée du 24\u00a0novembre"):
                declare(cast, "bruno", first=first, last=last)
        declare(cast, "bruno", first="27/11", last="30/11")
        join(cast, "bruno", CPAM, Side.AGENT)
        declare(cast, "bruno", first="24/11", last="26/11", stand_in="basile", group=CPAM)
        assert len(rows()) == 3

    @pytest.mark.parametrize("stand_in", ["bruno", "basile", "aline", "denis", None])
    def test_who_cannot_stand_in(self, cast: Cast, stand_in: str | None) -> None:
        with pytest.raises(Invalid) as refused:
            declare(cast, "bruno", stand_in=stand_in)
        assert set(refused.value.fields) == {"stand_in"}

    def test_alone_in_a_group_nobody_stands_in(self, cast: Cast) -> None:
        declare(cast, "mathilde", of="mathilde", stand_in=None, group="MSA Picardie – Aisne")
        assert rows()[0].stand_in_id is None

    def test_not_somebody_who_is_absent_all_these_days(self, cast: Cast) -> None:
        join(cast, "basile", CAF, Side.AGENT)
        declare(cast, "marc", of="marc", first="23/11", last="25/11", stand_in="basile")
        with pytest.raises(Invalid, match="Marc Dubois"):
            declare(cast, "bruno", first="24/11", last="25/11")
        declare(cast, "bruno", first="24/11", last="26/11")


class TestChange:
    def test_the_last_day_and_the_stand_in(self, cast: Cast) -> None:
        join(cast, "basile", CAF, Side.AGENT)
        id_ = declare(cast, "bruno")
        with act(cast, "marc") as work:
            absences.change(work, id_, ends_on="1er décembre", stand_in=cast.basile)
        assert (rows()[0].ends_on, rows()[0].stand_in_id) == (date(2026, 12, 1), cast.basile)
        assert len(journal("absence.changed")) == 1

    def test_not_into_another_nor_before_it_began(self, cast: Cast) -> None:
        id_ = declare(cast, "bruno", first="25/11", last="26/11")
        declare(cast, "bruno", first="30/11", last="30/11")
        for last in ("24/11", "30/11", "1/12"):
            with pytest.raises(Invalid), act(cast, "bruno") as work:
                absences.change(work, id_, ends_on=last, stand_in=cast.marc)
        with pytest.raises(Invalid), act(cast, "bruno") as work:
            absences.change(work, id_, ends_on="26/11", stand_in=None)

    def test_ending_it_early(self, cast: Cast) -> None:
        id_ = declare(cast, "bruno")
        with act(cast, "bruno", NOW + 2 * DAY) as work:
            absences.end_early(work, id_)
        assert rows()[0].ends_on == TODAY + DAY
        with pytest.raises(Invalid), act(cast, "bruno", NOW + 2 * DAY) as work:
            absences.end_early(work, id_)
        assert len(journal("absence.ended")) == 1

    def test_one_that_has_not_begun_is_taken_away(self, cast: Cast) -> None:
        for first in ("23/11", "24/11"):
            id_ = declare(cast, "bruno", first=first)
            with act(cast, "marc") as work:
                absences.end_early(work, id_)
            assert rows() == []

    @pytest.mark.parametrize("by", ["aline", "basile", "colette", "olivier"])
    def test_by_nobody_else(self, cast: Cast, by: str) -> None:
        id_ = declare(cast, "bruno")
        for change in (
            lambda work: absences.change(work, id_, ends_on="26/11", stand_in=cast.marc),
            lambda work: absences.end_early(work, id_),
            lambda work: absent.one(work, id_),
        ):
            with pytest.raises(NotFound), act(cast, by) as work:
                change(work)
        with pytest.raises(NotFound), act(cast, "denis") as work:
            absences.end_early(work, new_id())


class TestStandingIn:
    def test_the_work_is_the_stand_in_s_too_on_these_days_only(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        take(cast, "bruno", case_id)
        declare(cast, "bruno", first="24/11", last="25/11")
        assert [to_do(cast, "marc", days) for days in range(4)] == [[], [case_id], [case_id], []]
        assert all(to_do(cast, "bruno", days) == [case_id] for days in range(4))

    def test_not_what_waits_for_the_aidant_nor_another_group_s(self, cast: Cast) -> None:
        join(cast, "bruno", CPAM, Side.AGENT)
        join(cast, "marc", CPAM, Side.AGENT)
        asked, elsewhere = sent_case(cast), sent_case(cast, (CPAM,))
        ask(cast, "bruno", asked)
        take(cast, "bruno", elsewhere, CPAM)
        declare(cast, "bruno")
        assert to_do(cast, "marc") == []

    def test_a_stand_in_who_is_absent_too_has_their_own(self, cast: Cast) -> None:
        join(cast, "basile", CAF, Side.AGENT)
        case_id = sent_case(cast)
        take(cast, "bruno", case_id)
        declare(cast, "bruno", last="27/11")
        declare(cast, "marc", of="marc", first="24/11", last="25/11", stand_in="basile")
        group = cast.groups[CAF]
        for days, who in enumerate(("marc", "basile", "basile", "marc")):
            with see(cast, "denis", NOW + days * DAY) as work:
                assert absences.stand_in_of(work, cast.bruno, group) == getattr(cast, who)
            assert to_do(cast, who, days) == [case_id]
        with see(cast, "denis", NOW + 5 * DAY) as work:
            assert absences.stand_in_of(work, cast.bruno, group) is None

    def test_in_a_ring_nobody_is_there(self, cast: Cast) -> None:
        declare(cast, "bruno", last="24/11")
        join(cast, "basile", CAF, Side.AGENT)
        id_ = declare(cast, "marc", of="marc", first="23/11", last="24/11", stand_in="basile")
        with act(cast, "marc") as work:
            work.session.get_one(Absence, id_).stand_in_id = cast.bruno
        with see(cast, "denis") as work:
            assert absences.stand_in_of(work, cast.bruno, cast.groups[CAF]) is None
            assert absences.stand_in_of(work, cast.basile, cast.groups[CAF]) is None

    def test_said_in_the_case_and_in_lists(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        take(cast, "bruno", case_id)
        declare(cast, "bruno")
        out = Away(date(2026, 11, 27), cast.marc, "Marc D.")
        for who in ("aline", "marc"):
            with see(cast, who) as work:
                assert views.case(work, case_id).referrals[0].away == out
                assert lists.page(work, lists.Filter()).rows[0].referrals[0].away == out
            with see(cast, who, NOW + 5 * DAY) as work:
                assert views.case(work, case_id).referrals[0].away is None

    def test_nothing_is_passed_to_somebody_absent(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        declare(cast, "denis")
        with pytest.raises(Invalid) as refused, act(cast, "marc") as work:
            referrals.pass_to(work, case_id, cast.groups[CAF], cast.bruno)
        assert refused.value.fields == {
            "colleague": "Bruno Carlier est en absence jusqu’au 27\u00a0novembre\u00a02026. "
            "Marc D. suit ses demandes."
        }
        with act(cast, "marc", NOW + 5 * DAY) as work:
            referrals.pass_to(work, case_id, cast.groups[CAF], cast.bruno)

    def test_open_lists_and_pages_follow(self, cast: Cast, told: list[Signal]) -> None:
        case_id = sent_case(cast)
        take(cast, "bruno", case_id)
        told.clear()
        later = declare(cast, "bruno", first="30/11", last="30/11")
        assert told == []
        declare(cast, "bruno")
        holders = frozenset({cast.bruno, cast.marc, cast.groups[CAF]})
        assert told == [CaseChanged(case_id, holders)]
        with act(cast, "bruno") as work:
            absences.end_early(work, later)
        assert told == [CaseChanged(case_id, holders)]

    def test_who_left_stands_in_for_nobody(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        take(cast, "bruno", case_id)
        declare(cast, "bruno")
        with act(cast, "denis") as work:
            absences.leave(work, cast.marc, cast.groups[CAF])
        leave(cast, "marc", CAF)
        assert rows()[0].stand_in_id is None
        join(cast, "basile", CAF, Side.AGENT)
        assert [to_do(cast, "basile", days) for days in (0, 5)] == [[case_id], []], (
            "it is the group's meanwhile"
        )
        with act(cast, "denis") as work:
            absences.leave(work, cast.bruno, cast.groups[CAF])
        assert rows() == []
