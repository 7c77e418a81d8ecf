"""The life of a referral, a case and a mandate, as whole tables: «–» is a gesture that cannot be made there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import Enum
from itertools import combinations_with_replacement

import pytest

from app.lifecycle import (
    CASE_MOVES,
    MANDATE_MOVES,
    REFERRAL_MOVES,
    REOPENING_DAYS,
    CaseGesture,
    Clock,
    Gesture,
    MandateGesture,
    mandate_holds,
    mandate_status,
    move,
    next_status,
)
from models.enums import CaseStatus, MandateStatus, ReferralStatus
from tests.app.test_policy import cells

NEXT = """
                sent           in_progress    resolved     not_competent  withdrawn
TAKE            in_progress    in_progress    in_progress  in_progress    –
REPLY           in_progress    in_progress    resolved     not_competent  –
RESOLVE         resolved       resolved       –            –              –
ASK             in_progress    in_progress    –            –              –
NOT_COMPETENT   not_competent  not_competent  –            –              –
PASS            in_progress    in_progress    –            –              –
FLAG_PROCEDURE  sent           in_progress    –            –              –
ANSWERED        –              in_progress    –            –              –
UNANSWERED      –              in_progress    –            –              –
WITHDRAW        withdrawn      withdrawn      –            withdrawn      –
REOPEN          –              –              in_progress  –              –
TAKE_BACK       –              in_progress    in_progress  –              –
HAND_OVER       –              in_progress    –            –              –
SET_FREE        –              in_progress    –            –              –
"""

# The due date: «15j» a new one, «15j/=» the same unless the aidant is asked: still none, «stop» none, «attend»
# none while the aidant is asked, «=» the same.
CLOCK = """
                sent    in_progress  resolved  not_competent  withdrawn
TAKE            15j     15j/=        15j       15j            –
REPLY           15j     15j/=        =         =              –
RESOLVE         stop    stop         –         –              –
ASK             attend  attend       –         –              –
NOT_COMPETENT   stop    stop         –         –              –
PASS            15j     15j/=        –         –              –
FLAG_PROCEDURE  =       =            –         –              –
ANSWERED        –       15j          –         –              –
UNANSWERED      –       attend       –         –              –
WITHDRAW        stop    stop         –         stop           –
REOPEN          –       –            15j       –              –
TAKE_BACK       –       15j          15j       –              –
HAND_OVER       –       =            –         –              –
SET_FREE        –       =            –         –              –
"""

# What the thread says; «.» is nothing, the message itself being there.
EVENT = """
                sent                in_progress         resolved  not_competent  withdrawn
TAKE            taken               taken               taken     taken          –
REPLY           .                   .                   .         .              –
RESOLVE         referral_resolved   referral_resolved   –         –              –
ASK             asked               asked               –         –              –
NOT_COMPETENT   not_competent       not_competent       –         –              –
PASS            passed              passed              –         –              –
FLAG_PROCEDURE  standard_procedure  standard_procedure  –         –              –
ANSWERED        –                   .                   –         –              –
UNANSWERED      –                   .                   –         –              –
WITHDRAW        withdrawn           withdrawn           –         withdrawn      –
REOPEN          –                   –                   .         –              –
TAKE_BACK       –                   .                   .         –              –
HAND_OVER       –                   handed_over         –         –              –
SET_FREE        –                   left_free           –         –              –
"""

# «*»: recomputed from the referrals.
CASES = """
           draft  sent    in_progress  to_redirect  resolved  closed
SEND       sent   –       –            –            –         –
ASSOCIATE  –      *       *            *            *         –
CLOSE      –      closed  closed       closed       closed    –
REOPEN     –      –       –            –            –         *
"""

# A case whose referrals are in these states (S sent, P in progress, R resolved, N not competent, W withdrawn).
CASE_OF_REFERRALS = {
    CaseStatus.SENT: "S SS SW SSS SSW SWW",
    CaseStatus.IN_PROGRESS: "P SP SR SN PP PR PN PW SSP SSR SSN SPP SPR SPN SPW SRR SRN SRW SNN SNW "
    "PPP PPR PPN PPW PRR PRN PRW PNN PNW PWW",
    CaseStatus.RESOLVED: "R RR RN RW RRR RRN RRW RNN RNW RWW",
    CaseStatus.TO_REDIRECT: "∅ N W NN NW WW NNN NNW NWW WWW",
}

MANDATES = """
           draft       presented   consented   active      ended   expired  revoked  renounced  superseded  refused
PRESENT    presented   –           –           –           –       –        –        –          –           –
CONSENT    –           consented   –           –           –       –        –        –          –           –
REFUSE     –           refused     –           –           –       –        –        –          –           –
ACCEPT     –           –           active      –           –       –        –        –          –           –
REVOKE     –           –           revoked     revoked     revoked –        –        –          –           –
RENOUNCE   renounced   renounced   renounced   renounced   –       –        –        –          –           –
SUPERSEDE  superseded  superseded  superseded  superseded  –       –        –        –          –           –
EXPIRE     –           expired     expired     expired     –       –        –        –          –           –
END        –           –           –           ended       –       –        –        –          –           –
RESUME     –           –           –           –           active  –        –        –          –           –
"""  # noqa: E501

# What a mandate is, and whether one may act under it, around its term.
TERM = """
            before           at               after
draft       draft            draft            draft
presented   presented        expired          expired
consented   consented        expired          expired
active      active+holds     expired          expired
ended       ended            ended            ended
expired     expired          expired          expired
revoked     revoked          revoked          revoked
renounced   renounced        renounced        renounced
superseded  superseded       superseded       superseded
refused     refused          refused          refused
"""
EXPIRES = datetime(2027, 5, 23, 22, 0, tzinfo=UTC)
SECOND = timedelta(microseconds=1)
INSTANTS = {"before": EXPIRES - SECOND, "at": EXPIRES, "after": EXPIRES + SECOND}


def as_table(gestures: type[Enum], statuses: type[Enum], cell: Callable[..., str]) -> dict[str, dict[str, str]]:
    return {
        gesture.name: {str(status.value): cell(status, gesture) for status in statuses} for gesture in gestures
    }


def test_where_a_gesture_leads_a_referral() -> None:
    def cell(status: ReferralStatus, gesture: Gesture) -> str:
        step = move(status, gesture)
        return str(step.to) if step else "–"

    assert as_table(Gesture, ReferralStatus, cell) == cells(NEXT)


def test_what_a_gesture_does_to_the_clock() -> None:
    words = {
        (Clock.RESTART, False): "15j", (Clock.STOP, False): "stop", (Clock.STOP, True): "attend",
        (Clock.KEEP, False): "=", (Clock.GO_ON, False): "15j/=",
    }  # fmt: skip

    def cell(status: ReferralStatus, gesture: Gesture) -> str:
        step = move(status, gesture)
        return words[step.clock, step.waits] if step else "–"

    assert as_table(Gesture, ReferralStatus, cell) == cells(CLOCK)


def test_what_the_thread_says_of_a_gesture() -> None:
    def cell(status: ReferralStatus, gesture: Gesture) -> str:
        step = move(status, gesture)
        return str(step.event or ".") if step else "–"

    assert as_table(Gesture, ReferralStatus, cell) == cells(EVENT)


def test_a_due_date_runs_only_while_a_gesture_is_awaited() -> None:
    """Whatever leads to a state without a clock stops it (the database checks it too)."""
    for (status, gesture), step in REFERRAL_MOVES.items():
        running = step.to in (ReferralStatus.SENT, ReferralStatus.IN_PROGRESS)
        if step.clock in (Clock.RESTART, Clock.GO_ON):
            assert running
        if step.clock is Clock.KEEP:
            assert step.to is status, gesture
        if step.clock is Clock.GO_ON:
            assert (step.to, status) == (ReferralStatus.IN_PROGRESS,) * 2, gesture


def test_the_life_of_a_case() -> None:
    def cell(status: CaseStatus, gesture: CaseGesture) -> str:
        return str(CASE_MOVES[status, gesture] or "*") if (status, gesture) in CASE_MOVES else "–"

    assert as_table(CaseGesture, CaseStatus, cell) == cells(CASES)
    assert 181 <= REOPENING_DAYS <= 184  # six months


LETTERS = {
    "S": ReferralStatus.SENT, "P": ReferralStatus.IN_PROGRESS, "R": ReferralStatus.RESOLVED,
    "N": ReferralStatus.NOT_COMPETENT, "W": ReferralStatus.WITHDRAWN,
}  # fmt: skip


@pytest.mark.parametrize("status", CASE_OF_REFERRALS)
def test_a_case_follows_its_referrals(status: CaseStatus) -> None:
    for word in CASE_OF_REFERRALS[status].split():
        referrals = [LETTERS[letter] for letter in word if letter != "∅"]
        assert next_status(referrals) is status, word
        assert next_status(reversed(referrals)) is status, word


def test_every_case_of_up_to_three_referrals_is_in_the_table() -> None:
    words = [word for listed in CASE_OF_REFERRALS.values() for word in listed.split()]
    every = ["".join(word) or "∅" for size in range(4) for word in combinations_with_replacement("SPRNW", size)]
    assert sorted(words) == sorted(every)


def test_the_life_of_a_mandate() -> None:
    def cell(status: MandateStatus, gesture: MandateGesture) -> str:
        return str(MANDATE_MOVES.get((status, gesture), "–"))

    assert as_table(MandateGesture, MandateStatus, cell) == cells(MANDATES)


def test_the_term_of_a_mandate() -> None:
    found = {
        str(status): {
            when: str(mandate_status(status, EXPIRES, now))
            + ("+holds" if mandate_holds(status, EXPIRES, now) else "")
            for when, now in INSTANTS.items()
        }
        for status in MandateStatus
    }
    assert found == cells(TERM)
