"""The gestures of an Agent+, each on its own referral: states, due dates, what others never feel."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app import referrals
from app.errors import Conflict, Forbidden, NotFound
from app.work import Work
from models.base import new_id
from models.case import Referral
from models.enums import CaseStatus, EventKind, ReferralStatus
from tests.app.scenes import (
    CAF,
    CPAM,
    MSA,
    act,
    ask,
    case_row,
    entry_rows,
    leave,
    not_competent,
    referral_rows,
    resolve,
    row_counts,
    say,
    sent_case,
    take,
    withdraw,
)
from tests.conftest import NOW, Cast

pytestmark = pytest.mark.usefixtures("database")
DAY = timedelta(days=1)
THREE, FIFTEEN = datetime(2026, 11, 26, 9, 30, tzinfo=UTC), datetime(2026, 12, 14, 9, 30, tzinfo=UTC)
State = tuple[ReferralStatus, UUID | None, datetime | None, bool]


def state(referral: Referral) -> State:
    return referral.status, referral.assignee_id, referral.due_at, referral.is_waiting


def states(case_id: UUID) -> dict[str, State]:
    return {name: state(row) for name, row in referral_rows(case_id).items()}


GESTURES: dict[str, tuple[Callable[[Cast, UUID, UUID, Work], object], ReferralStatus, datetime | None]] = {
    "take": (lambda c, i, g, w: referrals.take(w, i, g, seen=None), ReferralStatus.IN_PROGRESS, FIFTEEN),
    "resolve": (
        lambda c, i, g, w: referrals.resolve(w, i, g, "Réglé.", key=new_id()), ReferralStatus.RESOLVED, None),
    "ask": (
        lambda c, i, g, w: referrals.ask(w, i, g, "Lequel ?", key=new_id()), ReferralStatus.IN_PROGRESS, None),
    "not competent": (
        lambda c, i, g, w: referrals.not_competent(w, i, g, key=new_id()), ReferralStatus.NOT_COMPETENT, None),
    "pass": (lambda c, i, g, w: referrals.pass_to(w, i, g, c.marc), ReferralStatus.IN_PROGRESS, FIFTEEN),
    "flag": (lambda c, i, g, w: referrals.flag_procedure(w, i, g), ReferralStatus.SENT, THREE),
}  # fmt: skip


class TestEachOnItsOwn:
    @pytest.mark.parametrize("gesture", GESTURES)
    def test_a_gesture_moves_its_referral_and_no_other(self, cast: Cast, gesture: str) -> None:
        case_id = sent_case(cast, (CAF, CPAM, MSA))
        take(cast, "basile", case_id, CPAM)
        before = states(case_id)
        do, status, due = GESTURES[gesture]
        with act(cast, "bruno") as work:
            do(cast, case_id, cast.groups[CAF], work)
        after = states(case_id)
        assert (after[CAF][0], after[CAF][2]) == (status, due)
        assert {name: after[name] for name in (CPAM, MSA)} == {name: before[name] for name in (CPAM, MSA)}

    @pytest.mark.parametrize(
        ("who", "refusal"),
        [("basile", Forbidden), ("aline", Forbidden), ("mathilde", NotFound), ("denis", NotFound)],
    )
    def test_never_on_another_s(self, cast: Cast, who: str, refusal: type[Exception]) -> None:
        case_id = sent_case(cast, (CAF, CPAM))
        before = row_counts(), states(case_id)
        for gesture, _, _ in GESTURES.values():
            with pytest.raises(refusal), act(cast, who) as work:
                gesture(cast, case_id, cast.groups[CAF], work)
        assert (row_counts(), states(case_id)) == before

    def test_nor_on_one_that_is_not_there(self, cast: Cast) -> None:
        case_id = sent_case(cast, (CAF,))
        for gesture, _, _ in GESTURES.values():
            with pytest.raises(Forbidden), act(cast, "bruno") as work:
                gesture(cast, case_id, cast.groups[CPAM], work)
            with pytest.raises(NotFound), act(cast, "basile") as work:
                gesture(cast, case_id, cast.groups[CPAM], work)
            with pytest.raises(NotFound), act(cast, "bruno") as work:
                gesture(cast, new_id(), cast.groups[CAF], work)

    def test_who_left_the_group_makes_no_gesture(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        take(cast, "bruno", case_id)
        leave(cast, "bruno", CAF)
        with pytest.raises(NotFound):
            resolve(cast, "bruno", case_id)


class TestClock:
    """Three working days to the first gesture, fifteen after each; waiting for the aidant stops it."""

    def test_sent(self, cast: Cast) -> None:
        assert states(sent_case(cast))[CAF] == (ReferralStatus.SENT, None, THREE, False)

    def test_with_the_holidays_of_the_departement(self, cast: Cast) -> None:
        sent = datetime(2026, 12, 23, 9, 0, tzinfo=UTC)
        case_id = sent_case(cast, at=sent)
        assert states(case_id)[CAF][2] == datetime(2026, 12, 29, 9, 0, tzinfo=UTC)

    @pytest.mark.parametrize("gesture", ["take", "say"])
    def test_each_gesture_gives_fifteen_days_again(self, cast: Cast, gesture: str) -> None:
        case_id = sent_case(cast)
        take(cast, "bruno", case_id, at=NOW - 30 * DAY)
        if gesture == "say":
            say(cast, "bruno", case_id)
        else:
            with act(cast, "marc") as work:
                referrals.take(work, case_id, cast.groups[CAF], seen=cast.bruno)
        assert states(case_id)[CAF][2] == FIFTEEN

    def test_asking_stops_it_and_the_aidant_s_answer_starts_it_again(self, cast: Cast) -> None:
        case_id = sent_case(cast, (CAF, CPAM))
        take(cast, "basile", case_id, CPAM, at=NOW - DAY)
        other = states(case_id)[CPAM]
        ask(cast, "bruno", case_id, at=NOW - DAY)
        assert states(case_id)[CAF] == (ReferralStatus.IN_PROGRESS, cast.bruno, None, True)
        say(cast, "basile", case_id, at=NOW - DAY)  # another organisation does not answer for the aidant
        assert states(case_id)[CAF] == (ReferralStatus.IN_PROGRESS, cast.bruno, None, True)
        say(cast, "adam", case_id, at=NOW)
        assert states(case_id)[CAF] == (ReferralStatus.IN_PROGRESS, cast.bruno, FIFTEEN, False)
        assert states(case_id)[CPAM][0] == other[0]

    def test_an_aidant_s_message_does_not_move_who_waits_for_nothing(self, cast: Cast) -> None:
        case_id = sent_case(cast, (CAF, CPAM))
        take(cast, "bruno", case_id, at=NOW - DAY)
        before = states(case_id)
        say(cast, "aline", case_id, at=NOW + DAY)
        assert states(case_id) == before


class TestTake:
    def test_by_name(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        take(cast, "bruno", case_id)
        assert states(case_id)[CAF] == (ReferralStatus.IN_PROGRESS, cast.bruno, FIFTEEN, False)
        last = entry_rows(case_id)[-1]
        assert (last.event, last.author_name, last.author_group) == (EventKind.TAKEN, "Bruno Carlier", CAF)

    def test_twice_is_once(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        take(cast, "bruno", case_id)
        before = row_counts()
        take(cast, "bruno", case_id, at=NOW + DAY)
        assert row_counts() == before

    def test_somebody_was_faster(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        take(cast, "bruno", case_id)
        with pytest.raises(Conflict, match="Bruno Carlier vient de prendre cette demande en charge"):
            take(cast, "marc", case_id)
        assert states(case_id)[CAF][1] == cast.bruno

    def test_from_a_colleague_whose_name_was_shown(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        take(cast, "bruno", case_id)
        with act(cast, "marc") as work:
            referrals.take(work, case_id, cast.groups[CAF], seen=cast.bruno)
        assert states(case_id)[CAF][1] == cast.marc

    def test_what_nobody_has_any_more(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        take(cast, "bruno", case_id)
        withdraw(cast, case_id, CAF)
        with act(cast, "aline") as work:
            referrals.associate(work, case_id, cast.groups[CAF])
        with act(cast, "marc") as work:  # a page that still showed Bruno
            referrals.take(work, case_id, cast.groups[CAF], seen=cast.bruno)
        assert states(case_id)[CAF][1] == cast.marc

    @pytest.mark.parametrize("end", [resolve, not_competent])
    def test_again_after_an_end(self, cast: Cast, end: Callable[[Cast, str, UUID], None]) -> None:
        case_id = sent_case(cast)
        end(cast, "bruno", case_id)
        with act(cast, "bruno") as work:
            referrals.take(work, case_id, cast.groups[CAF], seen=referral_rows(case_id)[CAF].assignee_id)
        assert states(case_id)[CAF] == (ReferralStatus.IN_PROGRESS, cast.bruno, FIFTEEN, False)
        assert referral_rows(case_id)[CAF].resolved_at is None
        assert case_row(case_id).status is CaseStatus.IN_PROGRESS
