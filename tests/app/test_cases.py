"""A case is closed with its outcome, and reopened within six months; a page too old changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app import cases, mandates, messages, referrals
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.lifecycle import REOPENING_DAYS
from app.queries import mandates as views
from app.work import Work
from models.base import new_id
from models.enums import CaseStatus, EventKind, MandateStatus, Outcome, ReferralStatus, Usefulness
from tests.app.scenes import (
    CAF,
    CPAM,
    MSA,
    act,
    ask,
    case_row,
    close,
    draft,
    entry_rows,
    mandate,
    mandate_row,
    not_competent,
    present,
    referral_rows,
    reopen,
    resolve,
    revoke,
    row_counts,
    say,
    see,
    send,
    sent_case,
    take,
    withdraw,
)
from tests.conftest import NOW, Cast

pytestmark = pytest.mark.usefixtures("database")
DAY = timedelta(days=1)


class TestClosing:
    def test_by_any_aidant_of_the_structure(self, cast: Cast) -> None:
        case_id = sent_case(cast, (CAF, CPAM))
        ask(cast, "bruno", case_id)
        with act(cast, "adam", NOW + DAY) as work:
            cases.close(work, case_id, Outcome.PARTLY, Usefulness.SOMEWHAT)
        case = case_row(case_id)
        assert (case.status, case.closed_at) == (CaseStatus.CLOSED, NOW + DAY)
        assert (case.outcome, case.usefulness) == (Outcome.PARTLY, Usefulness.SOMEWHAT)
        assert {(r.due_at, r.is_waiting) for r in referral_rows(case_id).values()} == {(None, False)}
        last = entry_rows(case_id)[-1]
        assert (last.event, last.details) == (EventKind.CLOSED, {"what": "débloquée en partie"})

    def test_never_by_others(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        for who, refusal in (
            ("bruno", Forbidden),
            ("chloe", NotFound),
            ("basile", NotFound),
            ("denis", NotFound),
        ):
            with pytest.raises(refusal):
                close(cast, case_id, who)

    def test_outcome_and_usefulness_are_asked(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        with pytest.raises(Invalid) as refused, act(cast, "aline") as work:
            cases.close(work, case_id, None, None)
        assert set(refused.value.fields) == {"outcome", "usefulness"}
        with pytest.raises(Invalid) as refused, act(cast, "aline") as work:
            cases.close(work, case_id, Outcome.SOLVED, None)
        assert set(refused.value.fields) == {"usefulness"}
        assert case_row(case_id).status is CaseStatus.SENT

    def test_it_ends_the_mandate(self, cast: Cast) -> None:
        case_id = draft(cast)
        mandate_id = mandate(cast, case_id)
        send(cast, case_id)
        close(cast, case_id, at=NOW + DAY)
        row = mandate_row(mandate_id)
        assert (row.status, row.ended_at) == (MandateStatus.ENDED, NOW + DAY)

    def test_with_an_expired_mandate_and_an_older_one_to_sign(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        waiting = present(cast, case_id, more=("msa",))
        close(cast, case_id, at=NOW + 400 * DAY)
        assert case_row(case_id).status is CaseStatus.CLOSED
        assert mandate_row(waiting).status is MandateStatus.PRESENTED  # expired by itself


STALE: dict[str, tuple[str, Callable[[Cast, UUID, Work], object]]] = {
    "close": ("aline", lambda c, id_, w: cases.close(w, id_, Outcome.SOLVED, Usefulness.VERY)),
    "message of an aidant": ("adam", lambda c, id_, w: messages.post(w, id_, "Bonjour", key=new_id())),
    "message of an agent": ("bruno", lambda c, id_, w: messages.post(w, id_, "Bonjour", key=new_id())),
    "take": ("bruno", lambda c, id_, w: referrals.take(w, id_, c.groups[CAF], seen=None)),
    "resolve": ("bruno", lambda c, id_, w: referrals.resolve(w, id_, c.groups[CAF], "Réglé", key=new_id())),
    "ask": ("bruno", lambda c, id_, w: referrals.ask(w, id_, c.groups[CAF], "Lequel ?", key=new_id())),
    "not competent": ("bruno", lambda c, id_, w: referrals.not_competent(w, id_, c.groups[CAF], key=new_id())),
    "pass": ("bruno", lambda c, id_, w: referrals.pass_to(w, id_, c.groups[CAF], c.marc)),
    "flag": ("bruno", lambda c, id_, w: referrals.flag_procedure(w, id_, c.groups[CAF])),
    "associate": ("aline", lambda c, id_, w: referrals.associate(w, id_, c.groups[CPAM])),
    "invite": ("bruno", lambda c, id_, w: referrals.invite(w, id_, c.basile)),
    "withdraw": ("aline", lambda c, id_, w: referrals.withdraw(w, id_, c.groups[CAF])),
}


def test_a_stale_page_on_a_closed_case(cast: Cast) -> None:
    case_id = sent_case(cast, also=("cpam",))
    close(cast, case_id)
    before = row_counts()
    for who, gesture in STALE.values():
        with pytest.raises(Conflict, match="a été clôturée entre-temps"), act(cast, who) as work:
            gesture(cast, case_id, work)
        assert row_counts() == before


class TestReopening:
    def closed(self, cast: Cast, to: tuple[str, ...] = (CAF, CPAM)) -> UUID:
        case_id = sent_case(cast, to)
        for who, group in (("bruno", CAF), ("basile", CPAM)):
            if group in to:
                resolve(cast, who, case_id, group)
        close(cast, case_id)
        return case_id

    def test_it_goes_on_where_it_was(self, cast: Cast) -> None:
        case_id = self.closed(cast)
        reopen(cast, case_id, "adam", NOW + DAY)
        case = case_row(case_id)
        assert (case.status, case.closed_at, case.resolved_at) == (CaseStatus.IN_PROGRESS, None, None)
        assert (case.outcome, case.usefulness) == (None, None)
        for row in referral_rows(case_id).values():
            assert (row.status, row.resolved_at) == (ReferralStatus.IN_PROGRESS, None)
            assert row.due_at is not None
        assert say(cast, "bruno", case_id)
        last = entry_rows(case_id)[-2]
        assert (last.event, last.details["what"]) == (
            EventKind.REOPENED, "Le versement s’est arrêté de nouveau.",
        )  # fmt: skip

    def test_each_referral_keeps_its_own_state(self, cast: Cast) -> None:
        case_id = sent_case(cast, (CAF, CPAM, MSA))
        not_competent(cast, "bruno", case_id)
        withdraw(cast, case_id, MSA)
        close(cast, case_id)
        reopen(cast, case_id, at=NOW + DAY)
        rows = referral_rows(case_id)
        assert [rows[name].status for name in (CAF, CPAM, MSA)] == [
            ReferralStatus.NOT_COMPETENT, ReferralStatus.SENT, ReferralStatus.WITHDRAWN,
        ]  # fmt: skip
        assert [rows[name].due_at is None for name in (CAF, CPAM, MSA)] == [
            True,
            False,
            True,
        ]
        assert case_row(case_id).status is CaseStatus.IN_PROGRESS

    def test_nobody_competent_is_still_nobody_competent(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        not_competent(cast, "bruno", case_id)
        close(cast, case_id)
        reopen(cast, case_id)
        assert case_row(case_id).status is CaseStatus.TO_REDIRECT

    def test_a_reason_is_asked(self, cast: Cast) -> None:
        case_id = self.closed(cast)
        reasons: tuple[Any, ...] = ("", "  ", "bref", "x" * 301, "\x00" * 6, None, {"x": "long"})
        for reason in reasons:
            with pytest.raises(Invalid) as refused, act(cast, "aline") as work:
                cases.reopen(work, case_id, reason)
            assert "reason" in refused.value.fields
        assert case_row(case_id).status is CaseStatus.CLOSED

    def test_for_six_months(self, cast: Cast) -> None:
        case_id = self.closed(cast)
        end = NOW + REOPENING_DAYS * DAY
        with pytest.raises(Forbidden, match="depuis plus de six mois"):
            reopen(cast, case_id, at=end + timedelta(seconds=1))

    def test_at_the_last_instant_with_a_longer_mandate(self, cast: Cast) -> None:
        case_id = draft(cast)
        mandate_id = mandate(cast, case_id, months=12)
        send(cast, case_id)
        close(cast, case_id)
        reopen(cast, case_id, at=NOW + REOPENING_DAYS * DAY)
        row = mandate_row(mandate_id)
        assert (row.status, row.ended_at) == (MandateStatus.ACTIVE, None)

    def test_not_under_a_mandate_that_the_person_has_refused_anew(self, cast: Cast) -> None:
        case_id = self.closed(cast)
        other = present(cast, case_id, at=NOW + DAY)
        with act(cast, "aline", NOW + DAY) as work:
            mandates.refuse(work, other)
        with pytest.raises(Conflict, match="n’est plus en vigueur"):
            reopen(cast, case_id, at=NOW + DAY)

    def test_a_case_that_is_open(self, cast: Cast) -> None:
        with pytest.raises(Conflict, match="Transmise"):
            reopen(cast, sent_case(cast))

    def test_never_by_an_agent(self, cast: Cast) -> None:
        with pytest.raises(Forbidden):
            reopen(cast, self.closed(cast), "bruno")

    def test_the_mandate_beyond_its_term(self, cast: Cast) -> None:
        case_id = draft(cast)
        mandate_id = mandate(cast, case_id, months=1)
        send(cast, case_id)
        close(cast, case_id)
        with pytest.raises(Conflict, match="Faites signer un nouveau mandat"):
            reopen(cast, case_id, at=mandate_row(mandate_id).expires_at)
        assert case_row(case_id).status is CaseStatus.CLOSED
        mandate(cast, case_id, at=NOW + 60 * DAY)
        reopen(cast, case_id, at=NOW + 60 * DAY)
        assert case_row(case_id).status is CaseStatus.SENT

    def test_the_mandate_that_held_holds_again_whatever_was_presented_since(self, cast: Cast) -> None:
        case_id = draft(cast)
        mandate_id = mandate(cast, case_id)
        send(cast, case_id)
        amendment = present(cast, case_id, more=("msa",))
        close(cast, case_id)
        assert mandate_row(amendment).status is MandateStatus.RENOUNCED
        reopen(cast, case_id)
        assert mandate_row(mandate_id).status is MandateStatus.ACTIVE
        take(cast, "bruno", case_id)

    def test_a_revoked_mandate_stays_revoked(self, cast: Cast) -> None:
        case_id = draft(cast)
        mandate_id = mandate(cast, case_id)
        send(cast, case_id)
        revoke(cast, mandate_id)
        close(cast, case_id)
        with pytest.raises(Conflict, match="Faites signer"):
            reopen(cast, case_id)
        assert mandate_row(mandate_id).status is MandateStatus.REVOKED

    @pytest.mark.parametrize("who", ["aline", "adam"])
    def test_a_mandate_revoked_by_any_aidant_while_closed_is_not_resumed(self, cast: Cast, who: str) -> None:
        case_id = draft(cast)
        mandate_id = mandate(cast, case_id)
        send(cast, case_id)
        close(cast, case_id)
        with see(cast, who) as work:
            assert views.document(work, mandate_id).may_be_revoked
        revoke(cast, mandate_id, who, NOW + DAY)
        assert entry_rows(case_id)[-1].event is EventKind.MANDATE_REVOKED
        with pytest.raises(Conflict, match="Faites signer"):
            reopen(cast, case_id, at=NOW + DAY)
        row = mandate_row(mandate_id)
        assert (row.status, row.ended_at, row.end_reason) == (
            MandateStatus.REVOKED, NOW + DAY, "Demandé au guichet.",
        )  # fmt: skip
        with see(cast, who) as work:
            assert not views.document(work, mandate_id).may_be_revoked

    def test_nor_is_one_of_before_when_what_replaced_it_is_revoked(self, cast: Cast) -> None:
        """The second has the shorter term: past it, the first alone could resume."""
        case_id = draft(cast)
        first = mandate(cast, case_id)
        send(cast, case_id)
        close(cast, case_id)
        second = mandate(cast, case_id, months=1)
        reopen(cast, case_id)
        with see(cast, "aline") as work:
            assert not views.document(work, first).may_be_revoked
            assert views.document(work, second).may_be_revoked
        revoke(cast, second)
        close(cast, case_id)
        with pytest.raises(Conflict, match="Faites signer"):
            reopen(cast, case_id, at=mandate_row(second).expires_at)
        assert mandate_row(first).status is MandateStatus.REVOKED
