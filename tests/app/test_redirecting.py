"""A recipient that is not competent: who could help instead, what the aidant is offered, what is kept of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlmodel import col

from app import referrals
from app.errors import Invalid, NotFound, OutsideMandate
from app.queries import case as views
from app.queries import lists, redirecting
from app.queries.case import CaseView
from app.queries.views import View
from app.work import ByNobody, acting
from models.account import Account
from models.base import new_id
from models.enums import CaseStatus, ReferralStatus
from pages.components.history import history
from pages.components.redirecting import offered, to_redirect
from tests.app.scenes import (
    CAF,
    CARSAT,
    CPAM,
    MSA,
    act,
    ask,
    case_row,
    close,
    mandate,
    not_competent,
    note,
    referral_rows,
    reopen,
    resolve,
    revoke,
    row_counts,
    say,
    see,
    sent_case,
    take,
    withdraw,
)
from tests.conftest import NOW, Cast

pytestmark = pytest.mark.usefixtures("database")
DAY = timedelta(days=1)
THREE, FIFTEEN = datetime(2026, 11, 26, 9, 30, tzinfo=UTC), datetime(2026, 12, 14, 9, 30, tzinfo=UTC)


def refuse(cast: Cast, who: str, case_id: UUID, group: str, better: str) -> None:
    with act(cast, who) as work:
        referrals.not_competent(
            work, case_id, cast.groups[group], better=cast.organizations[better], key=new_id()
        )


def view(cast: Cast, who: str, case_id: UUID) -> CaseView:
    with see(cast, who) as work:
        return views.case(work, case_id)


def offers(cast: Cast, who: str, case_id: UUID) -> list[str]:
    """What the head of the case offers to somebody, in the words of its buttons."""
    seen = view(cast, who, case_id)
    html = str(to_redirect(seen) or "")
    return [group.name for group in offered(seen) if f"Transmettre à {group.name}" in html]


def everybody_leaves(cast: Cast, *names: str) -> None:
    with acting(ByNobody(), at=NOW) as work:
        gone = col(Account.id).in_([getattr(cast, name) for name in names])
        work.session.execute(update(Account).where(gone).values(is_active=False))


class TestOffered:
    def test_the_group_of_the_departement_in_one_tap(self, cast: Cast) -> None:
        case_id = sent_case(cast, (CPAM,), also=("msa",))
        refuse(cast, "basile", case_id, CPAM, "msa")
        for who in ("aline", "adam"):
            assert offers(cast, who, case_id) == [MSA]
        assert offers(cast, "basile", case_id) == []
        with act(cast, "adam") as work:
            referrals.associate(work, case_id, offered(view(cast, "adam", case_id))[0].id)
        assert referral_rows(case_id)[MSA].status is ReferralStatus.SENT
        assert case_row(case_id).status is CaseStatus.IN_PROGRESS
        assert offers(cast, "aline", case_id) == []
        better = view(cast, "aline", case_id).referrals[0].better
        assert better is not None
        assert better.is_recipient

    def test_all_that_are_proposed_each_once(self, cast: Cast) -> None:
        case_id = sent_case(cast, (CPAM, CAF, "DDFIP – Aisne"), also=("msa", "carsat"))
        refuse(cast, "basile", case_id, CPAM, "msa")
        assert case_row(case_id).status is CaseStatus.IN_PROGRESS
        assert offers(cast, "aline", case_id) == [MSA]  # while others still look at it
        refuse(cast, "bruno", case_id, CAF, "carsat")
        refuse(cast, "didier", case_id, "DDFIP – Aisne", "msa")
        assert case_row(case_id).status is CaseStatus.TO_REDIRECT
        assert sorted(offers(cast, "aline", case_id)) == [CARSAT, MSA]

    def test_outside_the_mandate_it_is_offered_and_refused_with_the_way_out(self, cast: Cast) -> None:
        case_id = sent_case(cast, (CPAM,))
        refuse(cast, "basile", case_id, CPAM, "msa")
        assert offers(cast, "aline", case_id) == [MSA]
        before = row_counts()
        with pytest.raises(OutsideMandate) as refused, act(cast, "aline") as work:
            referrals.associate(work, case_id, cast.groups[MSA])
        assert refused.value.organizations == (cast.organizations["msa"],)
        assert row_counts() == before

    def test_nobody_there_is_said(self, cast: Cast) -> None:
        case_id = sent_case(cast, (CPAM,), also=("msa",))
        everybody_leaves(cast, "mathilde")
        refuse(cast, "basile", case_id, CPAM, "msa")
        seen = view(cast, "aline", case_id)
        assert seen.referrals[0].better == redirecting.Better("MSA", ())
        assert offers(cast, "aline", case_id) == []
        assert "Associez un autre organisme" in str(to_redirect(seen))

    def test_without_the_right_to_associate_no_gesture_is_named(self, cast: Cast) -> None:
        case_id = sent_case(cast, (CPAM,), also=("msa",))
        refuse(cast, "basile", case_id, CPAM, "msa")
        revoke(cast, mandate(cast, case_id))
        html = str(to_redirect(view(cast, "aline", case_id)))
        assert "Le partage est suspendu" in html
        assert "button" not in html
        assert "ssociez" not in html
        assert "Transmettez" not in html

    @pytest.mark.parametrize("end", ["closed", "taken back", "withdrawn"])
    def test_no_longer_once_it_is_settled_otherwise(self, cast: Cast, end: str) -> None:
        case_id = sent_case(cast, (CPAM, CAF), also=("msa",))
        refuse(cast, "basile", case_id, CPAM, "msa")
        assert offers(cast, "aline", case_id) == [MSA]
        match end:
            case "closed":
                close(cast, case_id)
            case "withdrawn":
                withdraw(cast, case_id, CPAM)
            case _:
                take(cast, "basile", case_id, CPAM)
        assert offers(cast, "aline", case_id) == []

    def test_one_s_own_organisation_nor_an_aidants_one_cannot_be_named(self, cast: Cast) -> None:
        case_id = sent_case(cast, (CPAM,))
        for code in ("cpam", "ccas"):
            with pytest.raises(Invalid, match="Choisissez"):
                refuse(cast, "basile", case_id, CPAM, code)
        assert referral_rows(case_id)[CPAM].status is ReferralStatus.SENT

    def test_where_it_leads_is_said_to_who_names_it_and_to_nobody_else(self, cast: Cast) -> None:
        case_id = sent_case(cast, (CPAM,))
        with see(cast, "basile") as work:
            found = redirecting.better_for(work, case_id, cast.organizations["msa"])
            assert found is not None
            assert found.name == MSA
            assert redirecting.better_for(work, case_id, new_id()) is None
        for who in ("mathilde", "chloe", "denis"):
            with see(cast, who) as work, pytest.raises(NotFound):
                redirecting.better_for(work, case_id, cast.organizations["msa"])


class TestToRedirect:
    def test_in_the_view_of_the_structure_until_it_is_redirected(self, cast: Cast) -> None:
        def listed(who: str) -> bool:
            with see(cast, who) as work:
                rows = lists.page(work, lists.Filter(View.TO_REDIRECT)).rows
                assert lists.counts(work)[View.TO_REDIRECT] == len(rows)
            return [row.case_id for row in rows] == [case_id]

        case_id = sent_case(cast, (CPAM, CAF), also=("msa",))
        not_competent(cast, "basile", case_id, CPAM)
        assert not listed("aline")
        not_competent(cast, "bruno", case_id, CAF)
        assert listed("aline")
        assert listed("adam")
        with act(cast, "aline") as work:
            referrals.associate(work, case_id, cast.groups[MSA])
        assert not listed("aline")


class TestHistory:
    def steps(self, cast: Cast, who: str, case_id: UUID, group: str = CAF) -> list[tuple[object, ...]]:
        referral = next(one for one in view(cast, who, case_id).referrals if one.group == group)
        return [(s.gesture, s.who, s.assignee, s.due_at, s.status.value) for s in referral.history]

    def test_each_gesture_with_who_whose_and_when(self, cast: Cast) -> None:
        case_id = sent_case(cast, (CAF, CPAM), at=NOW - DAY)
        take(cast, "bruno", case_id)
        ask(cast, "bruno", case_id)
        say(cast, "adam", case_id)
        with act(cast, "bruno") as work:
            referrals.pass_to(work, case_id, cast.groups[CAF], cast.marc)
        note(cast, "basile", case_id)
        say(cast, "marc", case_id)
        resolve(cast, "marc", case_id)
        expected = [
            ("SENT", "Aline L.", "", datetime(2026, 11, 25, 22, 59, 59, 999999, tzinfo=UTC), "sent"),
            ("TAKE", "Bruno C.", "Bruno C.", FIFTEEN, "in_progress"),
            ("ASK", "Bruno C.", "Bruno C.", None, "in_progress"),
            ("ANSWERED", "Adam B.", "Bruno C.", FIFTEEN, "in_progress"),
            ("PASS", "Bruno C.", "Marc D.", FIFTEEN, "in_progress"),
            ("REPLY", "Marc D.", "Marc D.", FIFTEEN, "in_progress"),
            ("RESOLVE", "Marc D.", "Marc D.", None, "resolved"),
        ]
        for who in ("aline", "marc", "basile"):
            found = self.steps(cast, who, case_id)
            assert [step[:3] for step in found] == [step[:3] for step in expected]
            assert [step[3:] for step in found][1:] == [step[3:] for step in expected][1:]
        assert [step[0] for step in self.steps(cast, "aline", case_id, CPAM)] == ["SENT"]

    def test_sent_again_and_reopened(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        withdraw(cast, case_id, CAF)
        with act(cast, "aline") as work:
            referrals.associate(work, case_id, cast.groups[CAF])
        close(cast, case_id)
        reopen(cast, case_id)
        assert [(s[0], s[3]) for s in self.steps(cast, "aline", case_id)] == [
            ("SENT", THREE), ("WITHDRAW", None), ("SENT", THREE), ("REOPEN", THREE),
        ]  # fmt: skip

    def test_a_resolved_one_whose_agent_is_gone_waits_for_somebody_when_reopened(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        resolve(cast, "bruno", case_id)
        close(cast, case_id)
        everybody_leaves(cast, "bruno")
        reopen(cast, case_id)
        assert (referral_rows(case_id)[CAF].status, referral_rows(case_id)[CAF].assignee_id) == (
            ReferralStatus.IN_PROGRESS, None,
        )  # fmt: skip
        with see(cast, "marc") as work:
            assert [row.case_id for row in lists.page(work, lists.Filter(View.TO_DO)).rows] == [case_id]

    def test_folded_and_in_words(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        ask(cast, "bruno", case_id)
        html = str(history(view(cast, "aline", case_id).referrals[0].history, "x", NOW))
        assert html.startswith("<details")
        assert " open" not in html.partition(">")[0]
        assert "Précision demandée, délai suspendu" in html
        assert html.count("Suivie par Bruno") == 1
        assert history((), "x", NOW) is None
