"""Life of a referral, a case and a mandate: every transition is a row of a table. Pure.

A row drives the button (is it offered?), the service (is it allowed?) and the event in the thread. A
transition without a row does not exist. Source: domain, sections 3 and 5.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum

from models.enums import CaseStatus, EventKind, MandateStatus, ReferralStatus


class Gesture(StrEnum):
    """What is done to a referral, in the words of its button."""

    TAKE = "Je prends en charge"
    REPLY = "Répondre"
    RESOLVE = "Répondre et débloquer"
    ASK = "Demander une précision"
    NOT_COMPETENT = "Mon organisme n’est pas compétent"
    PASS = "Passer à un collègue"
    FLAG_PROCEDURE = "Une procédure standard existait"
    ANSWERED = "L’aidant répond"
    UNANSWERED = "L’aidant annule sa réponse"
    WITHDRAW = "Retirer la demande"
    REOPEN = "Rouvrir"
    TAKE_BACK = "Annuler l’envoi"
    HAND_OVER = "Passer à un autre membre du groupe"
    SET_FREE = "Rendre au groupe"


class Clock(Enum):
    """What a transition does to the due date of a referral."""

    KEEP = "inchangé"
    RESTART = "15 jours ouvrés"
    GO_ON = "15 jours ouvrés, sauf si l’on attend l’aidant : inchangé"
    STOP = "arrêté"


@dataclass(frozen=True)
class Move:
    """Where a gesture leads: the next state, the clock, whether one waits for the aidant, the event, whether
    the referral is nobody's from then on."""

    to: ReferralStatus
    clock: Clock
    waits: bool = False
    event: EventKind | None = None
    frees: bool = False


_S, _P, _R, _N, _W = (
    ReferralStatus.SENT,
    ReferralStatus.IN_PROGRESS,
    ReferralStatus.RESOLVED,
    ReferralStatus.NOT_COMPETENT,
    ReferralStatus.WITHDRAWN,
)
_TAKE = Move(_P, Clock.RESTART, event=EventKind.TAKEN)
_ASK = Move(_P, Clock.STOP, waits=True, event=EventKind.ASKED)
_RESOLVE = Move(_R, Clock.STOP, event=EventKind.REFERRAL_RESOLVED)
_REFUSE = Move(_N, Clock.STOP, event=EventKind.NOT_COMPETENT)
_PASS = Move(_P, Clock.RESTART, event=EventKind.PASSED)
_LEAVE = Move(_W, Clock.STOP, event=EventKind.WITHDRAWN)

REFERRAL_MOVES: dict[tuple[ReferralStatus, Gesture], Move] = {
    (_S, Gesture.TAKE): _TAKE,
    (_S, Gesture.REPLY): Move(_P, Clock.RESTART),
    (_S, Gesture.RESOLVE): _RESOLVE,
    (_S, Gesture.ASK): _ASK,
    (_S, Gesture.NOT_COMPETENT): _REFUSE,
    (_S, Gesture.PASS): _PASS,
    (_S, Gesture.FLAG_PROCEDURE): Move(_S, Clock.KEEP, event=EventKind.STANDARD_PROCEDURE),
    (_S, Gesture.WITHDRAW): _LEAVE,
    # What an agent asked the aidant is still awaited, whoever of the agents speaks or takes over meanwhile.
    (_P, Gesture.TAKE): Move(_P, Clock.GO_ON, event=EventKind.TAKEN),
    (_P, Gesture.REPLY): Move(_P, Clock.GO_ON),
    (_P, Gesture.RESOLVE): _RESOLVE,
    (_P, Gesture.ASK): _ASK,
    (_P, Gesture.NOT_COMPETENT): _REFUSE,
    (_P, Gesture.PASS): Move(_P, Clock.GO_ON, event=EventKind.PASSED),
    (_P, Gesture.FLAG_PROCEDURE): Move(_P, Clock.KEEP, event=EventKind.STANDARD_PROCEDURE),
    (_P, Gesture.ANSWERED): Move(_P, Clock.RESTART),
    (_P, Gesture.UNANSWERED): Move(_P, Clock.STOP, waits=True),
    (_P, Gesture.WITHDRAW): _LEAVE,
    (_P, Gesture.TAKE_BACK): Move(_P, Clock.RESTART),
    # Whose it was leaves the group: what was promised to the aidant stays promised.
    (_P, Gesture.HAND_OVER): Move(_P, Clock.KEEP, event=EventKind.HANDED_OVER),
    (_P, Gesture.SET_FREE): Move(_P, Clock.KEEP, event=EventKind.LEFT_FREE, frees=True),
    (_R, Gesture.REPLY): Move(_R, Clock.KEEP),
    (_R, Gesture.TAKE): _TAKE,
    (_R, Gesture.REOPEN): Move(_P, Clock.RESTART),
    (_R, Gesture.TAKE_BACK): Move(_P, Clock.RESTART),
    (_N, Gesture.REPLY): Move(_N, Clock.KEEP),
    (_N, Gesture.TAKE): _TAKE,
    (_N, Gesture.WITHDRAW): _LEAVE,
}


def move(status: ReferralStatus, gesture: Gesture) -> Move | None:
    """Return where a gesture leads from a state, or nothing when it cannot be made there."""
    return REFERRAL_MOVES.get((status, gesture))


def next_status(referrals: Iterable[ReferralStatus]) -> CaseStatus:
    """Return the state of an open case from the states of its referrals.

    Nobody left, or nobody competent: back to the aidant. Resolved only when every remaining one is.
    """
    kept = [status for status in referrals if status is not _W]
    competent = [status for status in kept if status is not _N]
    if not competent:
        return CaseStatus.TO_REDIRECT
    if all(status is _R for status in competent):
        return CaseStatus.RESOLVED
    if all(status is _S for status in kept):
        return CaseStatus.SENT
    return CaseStatus.IN_PROGRESS


class CaseGesture(StrEnum):
    """What is done to a whole case."""

    SEND = "Transmettre"
    CLOSE = "Clôturer"
    REOPEN = "Rouvrir"
    ASSOCIATE = "Associer"


_OPEN = (CaseStatus.SENT, CaseStatus.IN_PROGRESS, CaseStatus.TO_REDIRECT, CaseStatus.RESOLVED)

# Where a case goes; ``None`` means: recomputed from its referrals (``next_status``).
CASE_MOVES: dict[tuple[CaseStatus, CaseGesture], CaseStatus | None] = {
    (CaseStatus.DRAFT, CaseGesture.SEND): CaseStatus.SENT,
    **{(status, CaseGesture.CLOSE): CaseStatus.CLOSED for status in _OPEN},
    **{(status, CaseGesture.ASSOCIATE): None for status in _OPEN},
    (CaseStatus.CLOSED, CaseGesture.REOPEN): None,
}

REOPENING_DAYS = 183  # six months (domain, section 3)


class MandateGesture(StrEnum):
    """What happens to a mandate."""

    PRESENT = "Présenter"
    CONSENT = "Donner son accord"
    REFUSE = "Refuser"
    ACCEPT = "Accepter au nom de la structure"
    REVOKE = "Révoquer"
    RENOUNCE = "Abandonner"
    SUPERSEDE = "Remplacer"
    EXPIRE = "Expirer"
    END = "Terminer avec la demande"
    RESUME = "Reprendre avec la demande"


_M = MandateStatus
MANDATE_MOVES: dict[tuple[MandateStatus, MandateGesture], MandateStatus] = {
    (_M.DRAFT, MandateGesture.PRESENT): _M.PRESENTED,
    (_M.DRAFT, MandateGesture.RENOUNCE): _M.RENOUNCED,
    (_M.DRAFT, MandateGesture.SUPERSEDE): _M.SUPERSEDED,
    (_M.PRESENTED, MandateGesture.CONSENT): _M.CONSENTED,
    (_M.PRESENTED, MandateGesture.REFUSE): _M.REFUSED,
    (_M.PRESENTED, MandateGesture.RENOUNCE): _M.RENOUNCED,
    (_M.PRESENTED, MandateGesture.SUPERSEDE): _M.SUPERSEDED,
    (_M.PRESENTED, MandateGesture.EXPIRE): _M.EXPIRED,
    (_M.CONSENTED, MandateGesture.ACCEPT): _M.ACTIVE,
    (_M.CONSENTED, MandateGesture.REVOKE): _M.REVOKED,
    (_M.CONSENTED, MandateGesture.RENOUNCE): _M.RENOUNCED,
    (_M.CONSENTED, MandateGesture.SUPERSEDE): _M.SUPERSEDED,
    (_M.CONSENTED, MandateGesture.EXPIRE): _M.EXPIRED,
    (_M.ACTIVE, MandateGesture.REVOKE): _M.REVOKED,
    (_M.ACTIVE, MandateGesture.RENOUNCE): _M.RENOUNCED,
    (_M.ACTIVE, MandateGesture.SUPERSEDE): _M.SUPERSEDED,
    (_M.ACTIVE, MandateGesture.EXPIRE): _M.EXPIRED,
    (_M.ACTIVE, MandateGesture.END): _M.ENDED,
    (_M.ENDED, MandateGesture.REVOKE): _M.REVOKED,
    (_M.ENDED, MandateGesture.RESUME): _M.ACTIVE,
}


def mandate_status(status: MandateStatus, expires_at: datetime, now: datetime) -> MandateStatus:
    """Return the state of a mandate at an instant: what happened to it, or its term if that came first."""
    if now >= expires_at:
        return MANDATE_MOVES.get((status, MandateGesture.EXPIRE), status)
    return status


def mandate_holds(status: MandateStatus, expires_at: datetime, now: datetime) -> bool:
    """Whether the structure may act under this mandate at this instant."""
    return mandate_status(status, expires_at, now) is _M.ACTIVE


def may_be_taken_back(status: MandateStatus, expires_at: datetime, now: datetime) -> bool:
    """Whether there is an agreement to take back: it holds, or could hold yet. One that ended with its case
    could resume until its term."""
    is_over = now >= expires_at
    return not is_over and (status, MandateGesture.REVOKE) in MANDATE_MOVES
