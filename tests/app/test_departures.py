"""Who leaves a group, or whose account is closed: the preview, where the work goes, what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from app import absences, people
from app.departures import Plan
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.events import RightsChanged, Signal
from app.queries import case as views
from app.queries import groups, leaving, lists
from app.queries.leaving import Leaving
from app.queries.views import View
from app.references import reference
from app.work import ByNobody, reading
from models.account import Account, Membership
from models.base import new_id
from models.case import ReadMark
from models.desk import Absence
from models.enums import EventKind, ReferralStatus, Side
from tests.app.scenes import (
    CAF,
    CPAM,
    GUISE,
    MSA,
    act,
    ask,
    close,
    draft,
    entry_rows,
    join,
    leave,
    not_competent,
    referral_rows,
    reopen,
    resolve,
    row_counts,
    see,
    sent_case,
    take,
)
from tests.app.security.entering import journal, told
from tests.conftest import NOW, Cast

__all__ = ["told"]
pytestmark = pytest.mark.usefixtures("database")


def preview(cast: Cast, by: str, of: str = "bruno", group: str = CAF) -> Leaving:
    with see(cast, by) as work:
        return leaving.leaving(work, getattr(cast, of), cast.groups[group])


def remove(cast: Cast, by: str, plan: Plan | None = None, of: str = "bruno", group: str = CAF) -> None:
    with act(cast, by, NOW + timedelta(days=1)) as work:
        people.remove_member(work, getattr(cast, of), cast.groups[group], plan or {})


def planned(found: Leaving, *to: UUID | None) -> dict[UUID, UUID | None]:
    cases = [case for group in found.groups for case in group.cases]
    return {case.referral_id: whom for case, whom in zip(cases, to, strict=True)}


def three(cast: Cast) -> list[UUID]:
    """Three open cases that Bruno has, the last one waiting for the aidant."""
    made = [sent_case(cast, subject=f"Demande numéro {n}") for n in range(3)]
    for case_id in made[:2]:
        take(cast, "bruno", case_id)
    ask(cast, "bruno", made[2])
    return made


def members(group_id: UUID) -> set[UUID]:
    with reading(ByNobody()) as work:
        query = select(col(Membership.account_id)).where(col(Membership.group_id) == group_id)
        return set(work.session.scalars(query))


class TestPreview:
    def test_each_open_case_to_who_reads_it(self, cast: Cast) -> None:
        made = three(cast)
        for case_id in (sent_case(cast), sent_case(cast)):
            take(cast, "marc", case_id)  # a colleague's
        for end in (resolve, not_competent):
            case_id = sent_case(cast)
            end(cast, "bruno", case_id)
        closed = sent_case(cast)
        take(cast, "bruno", closed)
        close(cast, closed)
        for by in ("marc", "bruno"):
            (group,) = preview(cast, by).groups
            assert [case.case_id for case in group.cases] == made
            assert [case.subject for case in group.cases] == [f"Demande numéro {n}" for n in range(3)]
            assert [case.is_waiting for case in group.cases] == [False, False, True]
            assert [one.id for one in group.colleagues] == [cast.marc]
            assert not group.is_last

    def test_masked_for_who_may_not_read_the_cases(self, cast: Cast) -> None:
        made = three(cast)
        with act(cast, "marc") as work:  # responsable, and agent no more
            query = select(Membership).where(col(Membership.account_id) == cast.marc)
            work.session.scalars(query).one().side = None
        for by in ("denis", "marc"):
            (group,) = preview(cast, by).groups
            assert {(case.subject, case.usager) for case in group.cases} == {("", "")}
            assert [case.reference for case in group.cases] == [reference(id_) for id_ in made]
            assert group.is_last  # Marc is no agent any more

    def test_the_last_agent(self, cast: Cast) -> None:
        sent_case(cast, (MSA,))
        (group,) = preview(cast, "denis", "mathilde", MSA).groups
        assert (group.is_last, group.free) == (True, 1)
        assert group.colleagues == ()

    def test_an_aidant_s_cases_stay_with_the_structure(self, cast: Cast) -> None:
        sent_case(cast)
        draft(cast)
        (group,) = preview(cast, "denis", "aline", GUISE).groups
        assert (group.cases, group.authored, group.drafts, group.is_last) == ((), 1, 1, False)
        leave(cast, "adam", GUISE)
        (group,) = preview(cast, "denis", "aline", GUISE).groups
        assert (group.authored, group.is_last) == (1, True), "nobody would follow it any more"

    def test_for_whom_they_stand_in(self, cast: Cast) -> None:
        for who, stand_in, first, last in (
            (cast.bruno, cast.marc, "23/11", "27/11"),
            (cast.bruno, cast.marc, "14/12", "18/12"),
            (cast.marc, cast.bruno, "30/11", "01/12"),
        ):
            with act(cast, "denis") as work:
                caf = cast.groups[CAF]
                absences.declare(work, who, caf, starts_on=first, ends_on=last, stand_in=stand_in)
        (group,) = preview(cast, "denis", "marc").groups
        assert group.stands_in == (
            ("Bruno Carlier", date(2026, 11, 27)), ("Bruno Carlier", date(2026, 12, 18)),
        )  # fmt: skip
        with see(cast, "denis", NOW + timedelta(days=5)) as work:
            (group,) = leaving.leaving(work, cast.marc, caf).groups
        assert group.stands_in == (("Bruno Carlier", date(2026, 12, 18)),)

    @pytest.mark.parametrize("by", ["aline", "basile", "colette", "olivier", "chloe"])
    def test_not_for_others(self, cast: Cast, by: str) -> None:
        with pytest.raises(NotFound):
            preview(cast, by)
        with see(cast, by) as work, pytest.raises(Forbidden):
            leaving.closing(work, cast.bruno)
        with see(cast, by) as work, pytest.raises(NotFound):
            groups.group(work, cast.groups[CAF])

    def test_nor_of_who_is_no_member(self, cast: Cast) -> None:
        for by in ("denis", "marc"):
            with pytest.raises(NotFound):
                preview(cast, by, "basile")
        with see(cast, "denis") as work, pytest.raises(NotFound):
            leaving.closing(work, new_id())


class TestHandingOver:
    @pytest.mark.parametrize("by", ["marc", "denis", "bruno"])
    def test_two_to_a_colleague_one_to_the_group(self, cast: Cast, told: list[Signal], by: str) -> None:
        made = three(cast)
        before = [referral_rows(case_id)[CAF] for case_id in made]
        told.clear()
        remove(cast, by, planned(preview(cast, by), cast.marc, None, cast.marc))
        assert members(cast.groups[CAF]) == {cast.marc}
        after = [referral_rows(case_id)[CAF] for case_id in made]
        assert [row.assignee_id for row in after] == [cast.marc, None, cast.marc]
        kept = [(row.status, row.due_at, row.is_waiting) for row in before]
        assert [(row.status, row.due_at, row.is_waiting) for row in after] == kept
        assert [entry_rows(case_id)[-1].event for case_id in made] == [
            EventKind.HANDED_OVER, EventKind.LEFT_FREE, EventKind.HANDED_OVER,
        ]  # fmt: skip
        assert entry_rows(made[0])[-1].details["what"] == "Marc Dubois"
        assert RightsChanged(frozenset({cast.bruno})) in told
        with see(cast, "bruno") as work, pytest.raises(NotFound):
            views.case(work, made[0])
        with see(cast, "marc") as work:
            to_do = {row.case_id for row in lists.page(work, lists.Filter(View.TO_DO)).rows}
            assert to_do == set(made[:2])  # the third waits for the aidant
            history = views.case(work, made[1]).referrals[0].history[-1]
            assert (history.gesture, history.assignee) == ("SET_FREE", "")

    def test_never_without_a_place_for_each(self, cast: Cast) -> None:
        made = three(cast)
        whole = planned(preview(cast, "marc"), cast.marc, cast.marc, None)
        before = row_counts()
        with pytest.raises(Conflict):
            remove(cast, "marc")
        for missing in whole:
            with pytest.raises(Conflict):
                remove(cast, "marc", {id_: to for id_, to in whole.items() if id_ != missing})
        more = sent_case(cast)
        take(cast, "bruno", more)  # since the preview
        with pytest.raises(Conflict, match="Rien n’a été changé"):
            remove(cast, "marc", whole)
        assert cast.bruno in members(cast.groups[CAF])
        assert referral_rows(made[0])[CAF].assignee_id == cast.bruno
        resolve(cast, "bruno", more)
        resolve(cast, "bruno", made[0])  # less than was seen hinders nothing
        remove(cast, "marc", whole)
        assert referral_rows(made[0])[CAF].status is ReferralStatus.RESOLVED
        assert before["Case"] + 1 == row_counts()["Case"]

    @pytest.mark.parametrize("to", ["bruno", "basile", "aline", "denis"])
    def test_only_to_another_agent_of_the_group(self, cast: Cast, to: str) -> None:
        three(cast)
        whom = getattr(cast, to)
        with pytest.raises(Invalid):
            remove(cast, "denis", planned(preview(cast, "denis"), whom, None, None))
        with pytest.raises(Invalid):
            remove(cast, "denis", planned(preview(cast, "denis"), new_id(), None, None))
        assert cast.bruno in members(cast.groups[CAF])

    def test_nor_to_somebody_absent(self, cast: Cast) -> None:
        three(cast)
        with act(cast, "marc") as work:
            absences.declare(
                work, cast.marc, cast.groups[CAF], starts_on="23/11", ends_on="27/11", stand_in=cast.bruno
            )
        with pytest.raises(Invalid, match="Marc Dubois est en absence"):
            remove(cast, "denis", planned(preview(cast, "denis"), cast.marc, None, None))
        remove(cast, "denis", planned(preview(cast, "denis"), None, None, None))
        with reading(ByNobody()) as work:  # and nobody stands in for Marc any more
            assert work.session.scalars(select(Absence)).one().stand_in_id is None

    def test_a_plan_reaches_no_other_case(self, cast: Cast) -> None:
        other = sent_case(cast, (CPAM,))
        take(cast, "basile", other, CPAM)
        three(cast)
        plan = planned(preview(cast, "marc"), None, None, None)
        plan[referral_rows(other)[CPAM].id] = cast.marc
        remove(cast, "marc", plan)
        assert referral_rows(other)[CPAM].assignee_id == cast.basile

    def test_who_hands_over_without_reading_has_read_nothing(self, cast: Cast) -> None:
        made = three(cast)
        remove(cast, "denis", planned(preview(cast, "denis"), cast.marc, None, None))
        with reading(ByNobody()) as work:
            query = select(ReadMark).where(col(ReadMark.account_id) == cast.denis)
            assert work.session.scalars(query).all() == []
        last = entry_rows(made[0])[-1]
        assert (last.author_name, last.author_group) == ("Denis Moreau", "")

    def test_in_one_group_only(self, cast: Cast) -> None:
        join(cast, "bruno", CPAM, Side.AGENT)
        elsewhere = sent_case(cast, (CPAM,))
        take(cast, "bruno", elsewhere, CPAM)
        made = three(cast)
        remove(cast, "marc", planned(preview(cast, "marc"), None, None, None))
        assert referral_rows(elsewhere)[CPAM].assignee_id == cast.bruno
        assert referral_rows(made[0])[CAF].assignee_id is None

    def test_a_closed_one_waits_for_somebody_if_it_is_reopened(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        take(cast, "bruno", case_id)
        close(cast, case_id)
        remove(cast, "marc")
        reopen(cast, case_id)
        assert referral_rows(case_id)[CAF].assignee_id is None

    def test_what_an_aidant_leaves_is_to_do_for_the_structure(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        not_competent(cast, "bruno", case_id)

        def to_do(who: str) -> list[UUID]:
            with see(cast, who) as work:
                return [row.case_id for row in lists.page(work, lists.Filter(View.TO_DO)).rows]

        assert (to_do("aline"), to_do("adam")) == ([case_id], [])
        remove(cast, "aline", of="aline", group=GUISE)
        assert to_do("adam") == [case_id]
        assert to_do("aline") == []


class TestClosingAnAccount:
    def test_over_all_groups(self, cast: Cast) -> None:
        join(cast, "bruno", CPAM, Side.AGENT)
        at_cpam = sent_case(cast, (CPAM,))
        take(cast, "bruno", at_cpam, CPAM)
        made = three(cast)
        with see(cast, "denis") as work:
            found = leaving.closing(work, cast.bruno)
        assert [(group.name, len(group.cases)) for group in found.groups] == [(CAF, 3), (CPAM, 1)]
        plan = planned(found, cast.marc, None, None, cast.basile)
        with pytest.raises(Conflict), act(cast, "denis") as work:
            people.deactivate(work, cast.bruno)
        with pytest.raises(Conflict), act(cast, "denis") as work:
            people.deactivate(work, cast.bruno, {id_: to for id_, to in plan.items() if to != cast.basile})
        with pytest.raises(Invalid), act(cast, "denis") as work:  # Marc is not of the CPAM
            people.deactivate(work, cast.bruno, dict.fromkeys(plan, cast.marc))
        with act(cast, "denis", NOW) as work:
            assert work.session.get_one(Account, cast.bruno).is_active
            people.deactivate(work, cast.bruno, plan)
        assert referral_rows(at_cpam)[CPAM].assignee_id == cast.basile
        assert [referral_rows(id_)[CAF].assignee_id for id_ in made] == [cast.marc, None, None]
        assert len(journal("account.deactivated")) == 1


class TestGroup:
    def test_members_and_what_each_has(self, cast: Cast) -> None:
        three(cast)
        sent_case(cast)
        with see(cast, "marc") as work:
            found = groups.group(work, cast.groups[CAF])
        assert [(one.name, one.open_cases, one.is_manager) for one in found.members] == [
            ("Bruno Carlier", 3, False), ("Marc Dubois", 0, True),
        ]  # fmt: skip
        assert (found.free, found.may_close_accounts) == (1, False)
