"""What an Agent+ answers, and what becomes of the case: resolved, not theirs, handed over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from app import referrals
from app.errors import Conflict, Invalid
from models.base import new_id
from models.enums import CaseStatus, EntryKind, EventKind, ReferralStatus, Side
from tests.app.scenes import (
    CAF,
    CPAM,
    GUISE,
    MSA,
    act,
    ask,
    case_row,
    entry_rows,
    join,
    not_competent,
    referral_rows,
    resolve,
    row_counts,
    say,
    sent_case,
    take,
    withdraw,
)
from tests.app.test_referrals import FIFTEEN, THREE, states
from tests.conftest import NOW, Cast

pytestmark = pytest.mark.usefixtures("database")
DAY = timedelta(days=1)


class TestAnswers:
    def test_resolving_says_it_and_does_it(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        resolve(cast, "bruno", case_id)
        assert states(case_id)[CAF] == (ReferralStatus.RESOLVED, cast.bruno, None, False)
        message, event = entry_rows(case_id)[2:]
        assert (message.kind, message.text) == (EntryKind.MESSAGE, "C’est réglé.")
        assert event.event is EventKind.REFERRAL_RESOLVED

    @pytest.mark.parametrize("gesture", [referrals.resolve, referrals.ask])
    def test_an_answer_has_words(self, cast: Cast, gesture: Callable[..., None]) -> None:
        case_id = sent_case(cast)
        before = (row_counts(), states(case_id))
        for text in ("", "   ", "x" * 10_001, None, {"x": 1}):
            with pytest.raises(Invalid) as refused, act(cast, "bruno") as work:
                gesture(work, case_id, cast.groups[CAF], text, key=new_id())
            assert "text" in refused.value.fields
        assert (row_counts(), states(case_id)) == before

    def test_thanking_later_does_not_change_when_it_was_resolved(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        resolve(cast, "bruno", case_id)
        say(cast, "bruno", case_id, "Bonne journée.", at=NOW + DAY)
        row = referral_rows(case_id)[CAF]
        assert (row.status, row.resolved_at, row.due_at) == (ReferralStatus.RESOLVED, NOW, None)

    def test_what_is_resolved_cannot_be_resolved_again(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        resolve(cast, "bruno", case_id)
        for gesture in (resolve, ask, not_competent):
            with pytest.raises(Conflict, match="débloquée"):
                gesture(cast, "marc", case_id)

    def test_a_reply_takes_what_nobody_had(self, cast: Cast) -> None:
        case_id = sent_case(cast, (CAF, CPAM))
        say(cast, "bruno", case_id)
        assert states(case_id)[CAF] == (ReferralStatus.IN_PROGRESS, cast.bruno, FIFTEEN, False)
        say(cast, "marc", case_id)
        assert states(case_id)[CAF][1] == cast.bruno
        assert states(case_id)[CPAM] == (ReferralStatus.SENT, None, THREE, False)

    def test_an_answer_is_signed_by_the_group_it_is_made_for(self, cast: Cast) -> None:
        join(cast, "bruno", CPAM, Side.AGENT)
        case_id = sent_case(cast, (CAF, CPAM))
        resolve(cast, "bruno", case_id, CPAM)
        assert {entry.author_group for entry in entry_rows(case_id)[2:]} == {CPAM}
        assert states(case_id)[CAF] == (ReferralStatus.SENT, None, THREE, False)

    def test_who_is_on_both_sides_speaks_for_the_structure(self, cast: Cast) -> None:
        join(cast, "aline", CAF, Side.AGENT)
        case_id = sent_case(cast)
        ask(cast, "bruno", case_id)
        say(cast, "aline", case_id)
        assert entry_rows(case_id)[-1].author_group == GUISE
        assert states(case_id)[CAF] == (ReferralStatus.IN_PROGRESS, cast.bruno, FIFTEEN, False)


class TestNotCompetent:
    def test_with_a_better_recipient(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        with act(cast, "bruno") as work:
            referrals.not_competent(
                work,
                case_id,
                cast.groups[CAF],
                text="Voyez la MSA.",
                better=cast.organizations["msa"],
                key=new_id(),
            )
        assert referral_rows(case_id)[CAF].better_organization_id == cast.organizations["msa"]
        message, event = entry_rows(case_id)[2:]
        assert (message.text, event.event, event.details) == (
            "Voyez la MSA.", EventKind.BETTER_RECIPIENT, {"what": MSA},
        )  # fmt: skip
        assert case_row(case_id).status is CaseStatus.TO_REDIRECT

    def test_with_one_that_is_none(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        before = row_counts()
        with pytest.raises(Invalid), act(cast, "bruno") as work:
            referrals.not_competent(work, case_id, cast.groups[CAF], better=cast.groups[CAF], key=new_id())
        assert row_counts() == before

    @pytest.mark.parametrize("text", ["", "Pas nous."])
    def test_twice_is_once(self, cast: Cast, text: str) -> None:
        case_id, key = sent_case(cast), new_id()
        with act(cast, "bruno") as work:
            referrals.not_competent(work, case_id, cast.groups[CAF], text=text, key=key)
        before = row_counts()
        with act(cast, "bruno") as work:
            referrals.not_competent(work, case_id, cast.groups[CAF], text=text, key=key)
        assert row_counts() == before


class TestPassAndFlag:
    def test_to_a_colleague(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        for _ in range(2):
            with act(cast, "bruno") as work:
                referrals.pass_to(work, case_id, cast.groups[CAF], cast.marc)
        assert states(case_id)[CAF] == (ReferralStatus.IN_PROGRESS, cast.marc, FIFTEEN, False)
        assert [e.details.get("what") for e in entry_rows(case_id) if e.event is EventKind.PASSED] == [
            "Marc Dubois"
        ]

    def test_who_was_faster_keeps_it(self, cast: Cast) -> None:
        join(cast, "basile", CAF, Side.AGENT)
        case_id = sent_case(cast)
        take(cast, "basile", case_id)
        for seen in (None, cast.bruno):
            with pytest.raises(Conflict, match="vient de prendre"), act(cast, "bruno") as work:
                referrals.pass_to(work, case_id, cast.groups[CAF], cast.marc, seen=seen)
        assert states(case_id)[CAF][1] == cast.basile
        with act(cast, "bruno") as work:
            referrals.pass_to(work, case_id, cast.groups[CAF], cast.marc, seen=cast.basile)
        assert states(case_id)[CAF][1] == cast.marc

    @pytest.mark.parametrize("colleague", ["basile", "aline", "denis", "nobody"])
    def test_never_to_others(self, cast: Cast, colleague: str) -> None:
        case_id = sent_case(cast, (CAF, CPAM))
        with pytest.raises(Invalid), act(cast, "bruno") as work:
            referrals.pass_to(work, case_id, cast.groups[CAF], getattr(cast, colleague, new_id()))
        assert states(case_id)[CAF] == (ReferralStatus.SENT, None, THREE, False)

    def test_a_procedure_is_flagged_once(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        for who in ("bruno", "marc"):
            with act(cast, who) as work:
                referrals.flag_procedure(work, case_id, cast.groups[CAF])
        assert referral_rows(case_id)[CAF].had_standard_procedure
        assert [e.event for e in entry_rows(case_id)].count(EventKind.STANDARD_PROCEDURE) == 1


def test_the_case_follows_its_referrals(cast: Cast) -> None:
    case_id = sent_case(cast, (CAF, CPAM, MSA))
    seen = []
    steps: tuple[Callable[[], None], ...] = (
        lambda: take(cast, "bruno", case_id),
        lambda: not_competent(cast, "basile", case_id, CPAM),
        lambda: resolve(cast, "bruno", case_id, at=NOW + DAY),
        lambda: resolve(cast, "mathilde", case_id, MSA, at=NOW + 2 * DAY),
        lambda: take(cast, "basile", case_id, CPAM),
        lambda: withdraw(cast, case_id, CPAM, at=NOW + 3 * DAY),
    )
    for step in steps:
        step()
        seen.append((case_row(case_id).status, case_row(case_id).resolved_at))
    progress = (CaseStatus.IN_PROGRESS, None)
    assert seen == [
        progress, progress, progress, (CaseStatus.RESOLVED, NOW + 2 * DAY), progress,
        (CaseStatus.RESOLVED, NOW + 3 * DAY),
    ]  # fmt: skip


def test_nobody_left_or_competent_goes_back_to_the_aidant(cast: Cast) -> None:
    case_id = sent_case(cast, (CAF, CPAM))
    not_competent(cast, "bruno", case_id)
    assert case_row(case_id).status is CaseStatus.IN_PROGRESS
    withdraw(cast, case_id, CPAM)
    assert case_row(case_id).status is CaseStatus.TO_REDIRECT
